import type { Estate } from '../estate/estate.ts'
import type { ItemsQuery, ItemsReply } from '../wire.ts'
import { assessed, rowsOf, snapshotOf, worstFirst } from './blast.ts'
import { dependentOf } from './dependent.ts'

const PAGE = 200

/** The dependents of a cell, a row, a verdict, or all of them; 200 a page. */
export function answerItems(estate: Estate, id: string, query: ItemsQuery, now: string): ItemsReply {
  const assessment = assessed(estate, id, query, now)
  const rows = rowsOf(assessment)
  const system = query.sys === undefined ? undefined : rows[query.sys]
  const members = assessment.dependents.filter(
    (one) =>
      (query.sys === undefined || one.system === system) &&
      (query.band === undefined || one.band === query.band) &&
      (query.verdict === undefined || one.verdict === query.verdict),
  )
  const from = Math.max(0, Math.floor(query.cursor ?? 0))
  const page = worstFirst(assessment, members).slice(from, from + PAGE)
  return {
    snapshot: snapshotOf(estate),
    total: members.length,
    items: page.map((one) => dependentOf(assessment, one, rows)),
    ...(from + PAGE < members.length && { next: from + PAGE }),
  }
}
