import { along, ends, type Estate } from '../estate/estate.ts'
import type { UseOf } from '../wire-cutover.ts'

/** Importers of what happened. Their evidence is dated by the log, everybody else's by the import. */
const logs: ReadonlySet<string> = new Set(['cloudtrail', 'vault-audit', 'kubernetes-audit', 'github-audit'])

/** Name of an importer of logs, and the last moment that it speaks of. */
export interface LogReach {
  readonly log: string
  readonly until: string
}

/** Uses that imported logs show of these things, and how far those logs reach. */
export function seenInEstate(
  estate: Estate,
  ids: readonly string[],
): { seen: UseOf[]; reaches: LogReach[]; records: number } {
  const seen: UseOf[] = []
  for (const id of new Set(ids)) {
    const index = estate.indexOf.get(id)
    if (index === undefined) continue
    for (const number of along(estate.in, index)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'USES_CREDENTIAL' && relationship.kind !== 'USES_SECRET') continue
      const { id: who, name } = estate.entities[ends(estate, relationship).from]!
      for (const { source, firstSeen, lastSeen, note } of relationship.evidence ?? []) {
        if (!logs.has(source)) continue
        // Both readers of logs begin the note of what never got in with this word.
        const ok = note?.startsWith('refused') !== true
        for (const at of new Set([firstSeen, lastSeen])) if (at !== undefined) seen.push({ of: id, who, name, at, ok })
      }
    }
  }
  return { seen, reaches: reachesOf(estate), records: seen.length }
}

/** How far each log reaches: that nobody used a thing until then is known, later it is not. */
function reachesOf(estate: Estate): LogReach[] {
  const last = new Map<string, string>()
  for (const { evidence } of estate.relationships)
    for (const { source, lastSeen } of evidence ?? [])
      if (lastSeen !== undefined && logs.has(source) && lastSeen > (last.get(source) ?? '')) last.set(source, lastSeen)
  return [...last].map(([log, until]) => ({ log, until }))
}
