import type { AuditEntry, AuditQuery, AuditReply, AuditRow } from '../../graph/wire-audit.ts'
import type { AuditStore } from '../store/contract.ts'
import { actionRow } from './actions.ts'
import { readBackwards } from './read-chain.ts'

/** Entries looked at for one reply. */
const LOOK_AT = 20_000
const LIMIT = 100

export type Found = Omit<AuditReply, 'verdict'>

/** Entries of one chain that a query leaves, newest first. `nameOf`: today's name of an id, where the reader may see it. */
export async function searchAudit(
  audit: AuditStore,
  chain: string,
  query: AuditQuery,
  nameOf: (id: string) => string | null,
): Promise<Found> {
  const limit = query.limit ?? LIMIT
  const isWanted = filterOf(query)
  const rows: AuditRow[] = []
  const actors = new Set<string>()
  const codes = new Set<string>()
  let [looked, cursor] = [0, null as number | null]
  for await (const { seq, record } of readBackwards(audit, chain, query.cursor)) {
    if (rows.length === limit || looked === LOOK_AT) {
      cursor = seq + 1
      break
    }
    looked++
    if (!record) continue
    const { entry } = record
    actors.add(entry.actor)
    codes.add(entry.action)
    if (isWanted(entry)) rows.push(rowOf(entry, nameOf))
  }
  return {
    rows,
    cursor,
    actors: [...actors].sort(),
    actions: [...codes].sort().map((code) => ({ code, words: actionRow(code).words })),
  }
}

export function rowOf(entry: AuditEntry, nameOf: (id: string) => string | null): AuditRow {
  const { kind, words } = actionRow(entry.action)
  return {
    ...entry,
    kind,
    words,
    objectName: entry.object === null ? null : nameOf(entry.object),
    checkpoint: entry.action === 'audit.checkpoint',
  }
}

function filterOf({ who, action, object, outcome, kind, from, to }: AuditQuery): (entry: AuditEntry) => boolean {
  const [begin, end] = [momentOf(from, 'T00:00:00.000Z'), momentOf(to, 'T23:59:59.999Z')]
  return (entry) =>
    (who === undefined || entry.actor === who) &&
    (action === undefined || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    (object === undefined || isAbout(entry, new Set([object]))) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (kind === undefined || actionRow(entry.action).kind === kind) &&
    (begin === undefined || Date.parse(entry.ts) >= begin) &&
    (end === undefined || Date.parse(entry.ts) <= end)
}

/** Milliseconds; a day alone gets `rest`. A time that is none bounds nothing away: NaN compares false. */
export function momentOf(text: string | undefined, rest: string): number | undefined {
  if (text === undefined || text === '') return undefined
  return Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text + rest : text)
}

/** Does the entry name one of these ids: as its object, in its route, as its plan? */
export function isAbout({ object, scope, detail }: AuditEntry, ids: ReadonlySet<string>): boolean {
  const named = [object, scope, detail.plan, ...Object.values(detail.params ?? {}), ...Object.values(detail.more ?? {})]
  return named.some((one) => typeof one === 'string' && ids.has(one))
}
