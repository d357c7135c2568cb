import type { MovesReply } from '../../../graph/wire-acts.ts'
import type { BlastReply, Cell, Overall, Verdict } from '../../../graph/wire.ts'
import { MEMBERS_SHOWN, type Member } from './fold.ts'
import { total, type Counts } from './verdict.ts'

/** Where a dependant stands: a number in the bands of the table, and its verdict. */
export interface Standing {
  readonly band: number
  readonly verdict: Verdict
}

/** What a set of ticked steps makes of an answer. `cells` count bands as the move table does. */
export interface Folded {
  readonly cells: readonly Cell[]
  readonly counts: Counts
  /** Dependants that stand elsewhere, or otherwise, than without any step. */
  readonly moved: number
}

const glyphOrder: readonly Verdict[] = ['breaks', 'steps', 'unknown', 'keeps']
/** What fails, with or without a known remedy: what steps are for. */
export const failing = (counts: Counts): number => counts.breaks + counts.steps

/** Bits of the ticked steps; a step the table does not know has none. */
export function maskOf(moves: MovesReply, ticked: readonly string[]): number {
  return moves.steps.reduce((mask, { id }, bit) => (ticked.includes(id) ? mask | (1 << bit) : mask), 0)
}

/** Where the dependants of a row of the table stand: the first alternative all of whose bits are ticked. */
export function standingAt(moves: MovesReply, row: number, mask: number): Standing {
  const list = moves.alternatives[moves.alt[row]!] ?? []
  return list.find((one) => (one.mask & mask) === one.mask) ?? { band: moves.band[row]!, verdict: moves.verdict[row]! }
}

export function countsAt(moves: MovesReply, mask: number): Counts {
  const counts = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
  moves.count.forEach((count, row) => (counts[standingAt(moves, row, mask).verdict] += count))
  return counts
}

interface Growing {
  sys: number
  band: number
  breaks: number
  unknown: number
  steps: number
  keeps: number
  members: Member[]
}

/** The whole picture after the steps of `mask`, from the table alone. `base`: names of who stays in crowded cells. */
export function foldMoves(moves: MovesReply, mask: number, base: BlastReply): Folded {
  const cells = new Map<number, Growing>()
  const crowded = crowdedCells(moves, mask, base)
  let moved = 0
  moves.count.forEach((count, row) => {
    const { band, verdict } = standingAt(moves, row, mask)
    const sys = moves.sys[row]!
    if (band !== moves.band[row] || verdict !== moves.verdict[row]) moved += count
    const key = sys * moves.bands.length + band
    const cell = cells.get(key) ?? { sys, band, breaks: 0, unknown: 0, steps: 0, keeps: 0, members: [] }
    cell[verdict] += count
    for (const { id, name } of moves.members[row] ?? []) cell.members.push({ id, name, verdict })
    cells.set(key, cell)
  })
  for (const [key, members] of crowded) cells.get(key)?.members.push(...members)
  return {
    cells: [...cells.values()].map((cell) => ({
      ...cell,
      members: inGlyphOrder(cell.members).slice(0, MEMBERS_SHOWN),
    })),
    counts: countsAt(moves, mask),
    moved,
  }
}

/** Glyph order, then id: as the server orders them, so that a tick and a reload draw the same. */
const inGlyphOrder = (members: readonly Member[]): Member[] =>
  members.toSorted((a, b) => glyphOrder.indexOf(a.verdict) - glyphOrder.indexOf(b.verdict) || (a.id < b.id ? -1 : 1))

/**
 * Members that the answer names in crowded cells and that surely stay: nobody unnamed of that cell and verdict moves.
 * The table names nobody of a row of more than 24.
 */
function crowdedCells(moves: MovesReply, mask: number, base: BlastReply): Map<number, Member[]> {
  const found = new Map<number, Member[]>()
  const unnamed = new Map<string, boolean>()
  moves.count.forEach((count, row) => {
    if ((moves.members[row]?.length ?? 0) === count) return
    const { band, verdict } = standingAt(moves, row, mask)
    const key = `${moves.sys[row]} ${moves.band[row]} ${moves.verdict[row]}`
    const stays = band === moves.band[row] && verdict === moves.verdict[row]
    unnamed.set(key, stays && (unnamed.get(key) ?? true))
  })
  if (unnamed.size === 0) return found
  const named = new Set(moves.members.flatMap((row) => row.map(({ id }) => id)))
  for (const cell of base.cells) {
    const band = bandIn(moves, base.bands[cell.band]!.id)
    for (const member of cell.members) {
      if (named.has(member.id) || unnamed.get(`${cell.sys} ${band} ${member.verdict}`) !== true) continue
      const key = cell.sys * moves.bands.length + band
      found.set(key, [...(found.get(key) ?? []), member])
    }
  }
  return found
}

export const bandIn = (moves: MovesReply, id: string): number => moves.bands.findIndex((band) => band.id === id)

const severity: readonly Overall[] = ['safe', 'safe-after-steps', 'cannot-say', 'not-safe']

/** Verdict of the whole change by its counts (client.md 2), never better than `best`: what the server allows at best. */
export function overallAfter(counts: Counts, best: Overall, ticked: number): Overall {
  const byCounts: Overall =
    counts.breaks > 0
      ? 'not-safe'
      : counts.unknown > 0 || total(counts) === 0
        ? 'cannot-say'
        : counts.steps > 0 || ticked > 0
          ? 'safe-after-steps'
          : 'safe'
  return severity[Math.max(severity.indexOf(byCounts), severity.indexOf(best))]!
}
