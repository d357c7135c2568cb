import { max, scaleSqrt } from 'd3'
import type { FrontCell, FrontRow } from './fold.ts'
import { total, verdictRows } from './verdict.ts'

/** Side of a glyph and the step from one to the next, px. */
export const GLYPH = 14
export const GLYPH_STEP = 18
/** Hard ceiling for one picture (client.md section 11); a glyph is one element, its cell one more. */
export const SVG_LIMIT = 1_500

export interface FrontForm {
  /** Glyphs in a line of a cell. */
  readonly perLine: number
  /** Cells with more than this are drawn as a bar. */
  readonly glyphsAtMost: number
  /** Length of a bar, px. */
  readonly barLength: (count: number) => number
}

/** Glyphs that a cell would draw, outlines of a diff among them. */
export const places = (cell: FrontCell): number => cell.slots?.length ?? total(cell)

const drawn = (rows: readonly FrontRow[]): FrontCell[] =>
  rows.flatMap((row) => (row.kind === 'more' ? [] : row.cells.filter((cell) => cell !== null)))

/**
 * How cells are drawn in columns of this width: two lines of glyphs, or a bar of length √count on one scale for all.
 * What would pass the ceiling of elements lowers the number of glyphs for every cell: the same count always looks alike.
 */
export function frontForm(rows: readonly FrontRow[], columnWidth: number): FrontForm {
  const room = Math.max(GLYPH_STEP * 2, columnWidth - 24)
  const perLine = Math.max(2, Math.min(12, Math.floor((room + 4) / GLYPH_STEP)))
  const cells = drawn(rows)
  const fits = (most: number): boolean => {
    let elements = 0
    for (const cell of cells) if (places(cell) <= most) elements += places(cell) + 1
    return elements <= SVG_LIMIT
  }
  const glyphsAtMost = [perLine * 2, perLine, 2].map((n) => Math.min(n, 24)).find(fits) ?? 0
  const scale = scaleSqrt()
    .domain([0, Math.max(glyphsAtMost, max(cells, total) ?? 1)])
    .range([0, room])
  return { perLine, glyphsAtMost, barLength: (count) => Math.max(6, scale(count)) }
}

/** Parts of a bar, px, in glyph order; they add up to its length and none is invisible. */
export function barParts(
  cell: FrontCell,
  length: number,
): { verdict: (typeof verdictRows)[number]['verdict']; width: number }[] {
  const count = total(cell)
  return verdictRows
    .filter((row) => cell[row.verdict] > 0)
    .map((row) => ({ verdict: row.verdict, width: Math.max(1.5, (cell[row.verdict] / count) * length) }))
}
