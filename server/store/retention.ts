import type { ImportId, PrunedScope, RetentionPolicy } from './contract.ts'

const DAY_MILLISECONDS = 86_400_000

/** As much of an import as decides whether it stays. */
export interface DatedImport {
  readonly id: ImportId
  readonly scope: string
  readonly seq: number
  readonly at: string
}

/** What a policy lets go, oldest first, and what becomes of each scope, by its id. */
export interface Decided<One> {
  readonly gone: readonly One[]
  readonly scopes: readonly PrunedScope[]
}

/** Which of these imports a policy lets go. Heads and pinned ones never go. */
export function decided<One extends DatedImport>(
  imports: readonly One[],
  heads: ReadonlySet<ImportId>,
  { keep, days, now, pinned = [], pinnedUpTo = 0 }: RetentionPolicy,
): Decided<One> {
  const stays = new Set([...heads, ...pinned])
  const oldest = Date.parse(now) - days * DAY_MILLISECONDS
  const scopes = new Map<string, { -readonly [Field in keyof PrunedScope]: PrunedScope[Field] }>()
  const gone: One[] = []
  for (const one of [...imports].sort((a, b) => b.seq - a.seq)) {
    const scope = scopes.get(one.scope) ?? { scope: one.scope, gone: 0, from: null, to: null, newest: 0, young: 0, referred: 0 } // prettier-ignore
    scopes.set(one.scope, scope)
    if (scope.newest < keep) scope.newest++
    // A time that cannot be read keeps its import.
    else if (!(Date.parse(one.at) < oldest)) scope.young++
    else if (stays.has(one.id) || one.seq <= pinnedUpTo) scope.referred++
    else {
      gone.push(one)
      scope.gone++
      scope.from = scope.from === null || one.at < scope.from ? one.at : scope.from
      scope.to = scope.to === null || one.at > scope.to ? one.at : scope.to
    }
  }
  const byId = [...scopes.values()].sort((a, b) => (a.scope < b.scope ? -1 : 1))
  return { gone: gone.reverse(), scopes: byId }
}
