import { float64s, int32s } from '../arrays.ts'
import { LINE, WORDS, flags, words, type FlatBoard } from './flat-board.ts'
import { runFlat, type Strike } from './flat-run.ts'
import { ascending, has } from './ascending.ts'
import { NO_END, NO_START } from './span.ts'
import type { RunColumns } from './run-columns.ts'

/** What a change puts out in both runs, as columns; see `Outages`. */
export interface FlatOutages {
  readonly entities: Int32Array
  readonly certain: RunColumns
  readonly possible: RunColumns
}

/**
 * Both runs of a change. Of the two, the worst is made first: the best lies inside it.
 * @returns null where ends grow round a cycle: ask the engine that looks ahead.
 */
export function flatOutages(board: FlatBoard, worst: Strike, best: Strike): FlatOutages | null {
  if (!runFlat(board, true, worst)) return null
  const entities = affectedOn(board)
  const possible = columnsOn(board, entities, worst)
  if (!runFlat(board, false, best)) return null
  const certain = columnsOn(board, entities, best)
  if (countAffected(board) === countRows(certain)) return { entities, certain, possible }
  const missed = affectedOn(board, entities)
  return withMissed({ entities, certain, possible }, missed, columnsOn(board, missed, best))
}

/** Rows in which anything is out or degraded. */
export function countRows({ out, degraded }: RunColumns): number {
  let count = 0
  for (let row = 0; row < out.start.length; row++)
    if (out.end[row]! > out.start[row]! || degraded.end[row]! > degraded.start[row]!) count++
  return count
}

function isAffected({ lines, lineWords, softened }: FlatBoard, entity: number): boolean {
  const flag = lineWords[entity * WORDS + words.flags]!
  if ((flag & flags.struck) !== 0 || lines[entity * LINE + 1]! > lines[entity * LINE]!) return true
  return (flag & flags.soft) !== 0 && softened[2 * entity + 1]! > softened[2 * entity]!
}

function countAffected(board: FlatBoard): number {
  const { touched, touchedCount } = board
  let count = 0
  for (let i = 0; i < touchedCount; i++) if (isAffected(board, touched[i]!)) count++
  return count
}

/** Everything out or degraded by the last run, ascending; of it only what is not in `known`. */
function affectedOn(board: FlatBoard, known?: Int32Array): Int32Array {
  const { touched, touchedCount } = board
  const found = int32s(touchedCount)
  let count = 0
  for (let i = 0; i < touchedCount; i++) {
    const entity = touched[i]!
    if (!isAffected(board, entity)) continue
    if (!known || !has(known, entity)) found[count++] = entity
  }
  return ascending(board.bits, found.subarray(0, count))
}

function columnsOn(board: FlatBoard, entities: Int32Array, { inv, until }: Strike): RunColumns {
  const { lines, lineWords, softened, epoch } = board
  const size = entities.length
  const all = float64s(6 * size)
  const column = (number: number) => all.subarray(number * size, (number + 1) * size)
  const out = { start: column(0), end: column(1) }
  const needs = { start: column(2), end: column(3) }
  const degraded = { start: column(4).fill(NO_START), end: column(5).fill(NO_END) }
  for (let row = 0; row < size; row++) {
    const entity = entities[row]!
    const known = lineWords[entity * WORDS + words.stamp] === epoch
    const flag = known ? lineWords[entity * WORDS + words.flags]! : 0
    const start = known ? lines[entity * LINE]! : NO_START
    const end = known ? lines[entity * LINE + 1]! : NO_END
    const struck = (flag & flags.struck) !== 0
    const outStart = struck && inv < start ? inv : start
    const outEnd = struck && until > end ? until : end
    all[row] = outStart
    all[size + row] = outEnd
    all[2 * size + row] = start
    all[3 * size + row] = end
    if ((flag & flags.soft) === 0 || outEnd > outStart) continue
    degraded.start[row] = softened[2 * entity]!
    degraded.end[row] = softened[2 * entity + 1]!
  }
  return { out, needs, degraded }
}

/** The best case puts nothing out that the worst does not; should rules ever differ in that, nothing is lost here. */
export function withMissed(
  { entities, certain, possible }: FlatOutages,
  missed: Int32Array,
  more: RunColumns,
): FlatOutages {
  const all = int32s(entities.length + missed.length)
  const order = Array.from({ length: all.length }, (_, i) => i)
  const at = (i: number) => (i < entities.length ? entities[i]! : missed[i - entities.length]!)
  order.sort((a, b) => at(a) - at(b))
  order.forEach((from, row) => (all[row] = at(from)))
  const none = (absent: number) => float64s(missed.length).fill(absent)
  const nothing = { start: none(NO_START), end: none(NO_END) }
  const spans = (name: keyof RunColumns, first: RunColumns, second: RunColumns | null) => {
    const column = (side: 'start' | 'end') => {
      const tail = second ? second[name][side] : nothing[side]
      return Float64Array.from(order, (i) => (i < entities.length ? first[name][side][i]! : tail[i - entities.length]!))
    }
    return { start: column('start'), end: column('end') }
  }
  const joined = (first: RunColumns, second: RunColumns | null): RunColumns => ({
    out: spans('out', first, second),
    needs: spans('needs', first, second),
    degraded: spans('degraded', first, second),
  })
  return { entities: all, certain: joined(certain, more), possible: joined(possible, null) }
}
