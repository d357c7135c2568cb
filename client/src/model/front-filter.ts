import { fits, readFilter, type FilterProblem, type Term, type Told } from '../../../graph/filter.ts'
import type { BlastReply } from '../../../graph/wire.ts'
import type { SystemRow } from './fold.ts'
import { sumCells } from './fold.ts'
import { total, worstFirst } from './verdict.ts'

/** Keys that the filter of the front understands; words match the name of the system. */
export const frontKeys = ['own', 'sys', 'tier', 'verdict', 'band'] as const

export interface FrontFilter {
  /** Ids of rows that fit; `null`: all do. */
  readonly rows: ReadonlySet<string> | null
  readonly problem: FilterProblem | null
  /** Dependants in rows that fit, of all. */
  readonly matched: number
  readonly of: number
}

/** Which rows of the front a filter leaves. A filter that is not understood leaves all, and says at which character. */
export function frontFilter(reply: BlastReply, rows: readonly SystemRow[], text: string): FrontFilter {
  const of = rows.reduce((sum, row) => sum + total(sumCells(row.cells)), 0)
  if (text.trim() === '') return { rows: null, problem: null, matched: of, of }
  const terms = readFilter(text, frontKeys)
  if ('message' in terms) return { rows: null, problem: terms, matched: of, of }
  const fitting = rows.filter((row) => isFit(reply, row, terms))
  const matched = fitting.reduce((sum, row) => sum + total(sumCells(row.cells)), 0)
  return { rows: new Set(fitting.map(({ id }) => id)), problem: null, matched, of }
}

function isFit(reply: BlastReply, { system, cells }: SystemRow, terms: readonly Term[]): boolean {
  const told: Readonly<Record<string, () => Told>> = {
    own: () => system.owner ?? system.team,
    sys: () => system.name,
    tier: () => system.tier,
    verdict: () => worstFirst.filter((verdict) => sumCells(cells)[verdict] > 0),
    band: () =>
      reply.bands.filter((_, band) => cells[band] && total(cells[band]) > 0).flatMap(({ id, title }) => [id, title]),
  }
  return fits(terms, system.name, (key) => told[key]!())
}
