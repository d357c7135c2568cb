import { ends } from '../../graph/estate/estate.ts'
import type { SeenUse } from '../../graph/wire-acts.ts'
import { logPart, type LogPart } from './estate-of-logs.ts'
import { logRecords, withoutRefusal } from './log-records.ts'

/** What logs say of some things after a moment. */
export interface SeenInLogs {
  /** `of`: the id of the thing that was used. */
  readonly seen: readonly (SeenUse & { readonly of: string })[]
  /** The last moment of the logs; undefined where none is dated. */
  readonly until: string | undefined
  /** The last moment of each log that is dated. */
  readonly reaches: readonly { readonly log: string; readonly until: string }[]
  readonly records: number
}

/** Refusals of more different kinds are one kind. */
const MOST_CODES = 50

/**
 * Who used, or tried to use, any of these things since a moment: first and last success and refusal of each. Records
 * with one outcome are read by the importers as a log of their own, so callers are named as everywhere.
 *
 * @param ids of the credential that was changed and of the places that hold it
 */
export async function seenInLogs(
  paths: readonly string[],
  since: string,
  ids: ReadonlySet<string>,
): Promise<SeenInLogs> {
  const parts = new Map<string, LogPart>()
  const from = Date.parse(since)
  const reaches = new Map<string, number>()
  let records = 0
  for await (const one of logRecords(paths, { other: 0 })) {
    const at = Date.parse(one.at ?? '')
    if (!(at >= from)) continue
    reaches.set(one.log, Math.max(reaches.get(one.log) ?? -Infinity, at))
    records++
    const code = one.code ?? ''
    const name = parts.has(code) || parts.size < MOST_CODES ? code : 'other'
    const part = parts.get(name) ?? logPart('since')
    parts.set(name, part)
    part.add(one.log, code === '' ? one.record : withoutRefusal(one))
  }
  const seen: (SeenUse & { of: string })[] = []
  for (const [code, part] of parts) {
    const estate = await part.estate()
    for (const relationship of estate.relationships) {
      if (relationship.kind !== 'USES_CREDENTIAL' && relationship.kind !== 'USES_SECRET') continue
      const { from: user, to } = ends(estate, relationship)
      const of = estate.entities[to]!.id
      if (!ids.has(of)) continue
      const { id, name } = estate.entities[user]!
      for (const { firstSeen, lastSeen } of relationship.evidence ?? [])
        for (const at of new Set([firstSeen, lastSeen]))
          if (at !== undefined) seen.push({ of, who: id, name, at, ok: code === '', ...(code !== '' && { code }) })
    }
  }
  const last = Math.max(...reaches.values())
  return {
    ...{ seen, records, until: reaches.size === 0 ? undefined : new Date(last).toISOString() },
    reaches: [...reaches].map(([log, until]) => ({ log, until: new Date(until).toISOString() })),
  }
}
