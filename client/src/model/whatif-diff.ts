import type { FoldRow, FrontCell, FrontRow, Member, SystemRow } from './fold.ts'
import { GLYPH_STEP } from './cell-form.ts'
import { total } from './verdict.ts'
import type { Verdict } from '../../../graph/wire.ts'

/** A place in a cell: whoever stands there, or the outline of who stood there and went. */
export interface Slot {
  readonly member: Member
  readonly ghost: boolean
}

/**
 * Rows of the answer after the steps, with what was before in each cell. A dependant that stays keeps its old place, one
 * that went leaves its outline there, one that came stands behind. `before` and `after` are the same rows in the same order.
 */
export function withGhosts(before: readonly FrontRow[], after: readonly FrontRow[]): FrontRow[] {
  const was = new Map(before.map((row) => [row.id, row]))
  return after.map((row) => {
    const old = was.get(row.id)
    if (row.kind === 'more' || !old || old.kind === 'more') return row
    const cells = row.cells.map((cell, band) => besides(old.cells[band] ?? null, cell))
    return { ...row, cells }
  })
}

const none = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
const isNamed = (cell: FrontCell | null): boolean => cell === null || cell.members.length >= total(cell)

function besides(before: FrontCell | null, after: FrontCell | null): FrontCell | null {
  if (before === null && after === null) return null
  const { members: _, ...was } = before ?? { ...none, members: [] }
  const now = after ?? { ...none, members: [] }
  if (!isNamed(before) || !isNamed(after)) return { ...now, was }
  const standing = new Map(now.members.map((member) => [member.id, member]))
  const old = before?.members ?? []
  const known = new Set(old.map(({ id }) => id))
  const slots: Slot[] = [
    ...old.map((member) => ({ member: standing.get(member.id) ?? member, ghost: !standing.has(member.id) })),
    ...now.members.filter(({ id }) => !known.has(id)).map((member) => ({ member, ghost: false })),
  ]
  return { ...now, was, slots }
}

/** The same systems in the order of the first answer: steps never reorder rows (client.md 3.4). */
export function inOrderOf(order: readonly string[], rows: readonly SystemRow[]): SystemRow[] {
  const at = new Map(order.map((id, i) => [id, i]))
  return rows.toSorted((a, b) => (at.get(a.id) ?? order.length) - (at.get(b.id) ?? order.length))
}

/** Places of one cell as they are drawn. */
export const slotsOf = (cell: FrontCell): readonly Slot[] =>
  cell.slots ?? cell.members.map((member) => ({ member, ghost: false }))

/** Middle of the first glyph of a column, px from its left edge: border, padding, half a glyph. */
const FIRST = 1 + 9 + 2 + 7

/** Middle of a place, px from the left edge of the first column. */
export const placeX = (band: number, slot: number, perLine: number, column: number): number =>
  band * column + FIRST + (slot % perLine) * GLYPH_STEP

export interface Trail {
  readonly from: number
  readonly to: number
  readonly verdict: Verdict
}

/** Lines from where dependants of a row stood to where they stand, px; one for each verdict they come to. */
export function trailsOf(
  row: SystemRow | FoldRow,
  perLine: number,
  column: number,
  isDrawn: (cell: FrontCell) => boolean = () => true,
): Trail[] {
  const left = new Map<string, number>()
  const came = new Map<string, { x: number; verdict: Verdict }>()
  row.cells.forEach((cell, band) => {
    if (!cell?.slots || !isDrawn(cell)) return
    cell.slots.forEach(({ member, ghost }, i) => {
      const x = placeX(band, i, perLine, column)
      if (ghost) left.set(member.id, x)
      else came.set(member.id, { x, verdict: member.verdict })
    })
  })
  const trails = new Map<Verdict, { from: number; to: number }>()
  for (const [id, from] of left) {
    const target = came.get(id)
    if (!target) continue
    const known = trails.get(target.verdict)
    const [low, high] = [Math.min(from, target.x), Math.max(from, target.x)]
    trails.set(target.verdict, { from: Math.min(known?.from ?? low, low), to: Math.max(known?.to ?? high, high) })
  }
  return [...trails].map(([verdict, { from, to }]) => ({ verdict, from, to }))
}

/** Where each glyph stands, by dependant: row and px from the left edge of the first column. */
export function glyphPlaces(
  rows: readonly FrontRow[],
  perLine: number,
  column: number,
): Map<string, { row: string; x: number }> {
  const places = new Map<string, { row: string; x: number }>()
  for (const row of rows) {
    if (row.kind === 'more') continue
    row.cells.forEach((cell, band) => {
      if (!cell) return
      slotsOf(cell).forEach(({ member, ghost }, i) => {
        if (!ghost) places.set(`${row.id} ${member.id}`, { row: row.id, x: placeX(band, i, perLine, column) })
      })
    })
  }
  return places
}
