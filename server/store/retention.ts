import type { ImportId, ImportManifest, RetentionPolicy } from './contract.ts'

const DAY_MILLISECONDS = 86_400_000

/** Which of these imports a policy lets go. Heads and pinned ones never go. */
export function expired(
  imports: readonly ImportManifest[],
  heads: ReadonlySet<ImportId>,
  { keep, days, now, pinned = [] }: RetentionPolicy,
): readonly ImportManifest[] {
  const stays = new Set([...heads, ...pinned])
  const oldest = Date.parse(now) - days * DAY_MILLISECONDS
  const seen = new Map<string, number>()
  return [...imports]
    .sort((a, b) => b.seq - a.seq)
    .filter((one) => {
      const newer = seen.get(one.scope) ?? 0
      seen.set(one.scope, newer + 1)
      // A time that cannot be read keeps its import.
      return newer >= keep && Date.parse(one.at) < oldest && !stays.has(one.id)
    })
}
