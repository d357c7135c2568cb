import { ascending, has } from './ascending.ts'
import { countRows, withMissed, type FlatOutages } from './flat-outages.ts'
import type { Strike } from './flat-run.ts'
import { runForGood } from './for-good.ts'
import { goodFlags, goodWords, type GoodBoard } from './for-good-board.ts'
import { NO_END, NO_START } from './span.ts'
import type { RunColumns } from './run-columns.ts'

/** Both runs of a change without an end; the worst is made first, as the best lies inside it. */
export function outagesForGood(board: GoodBoard, worst: Strike, best: Strike): FlatOutages {
  runForGood(board, true, worst)
  const entities = affectedOn(board)
  const possible = columnsOn(board, entities, worst.inv)
  runForGood(board, false, best)
  const certain = columnsOn(board, entities, best.inv)
  if (countAffected(board) === countRows(certain)) return { entities, certain, possible }
  const missed = affectedOn(board, entities)
  return withMissed({ entities, certain, possible }, missed, columnsOn(board, missed, best.inv))
}

function isAffected({ lines, lineWords }: GoodBoard, entity: number): boolean {
  const SHOWS: number = goodFlags.struck | goodFlags.soft
  return lines[4 * entity] !== Infinity || (lineWords[8 * entity + goodWords.flags]! & SHOWS) !== 0
}

function countAffected(board: GoodBoard): number {
  const { touched, touchedCount } = board
  let count = 0
  for (let i = 0; i < touchedCount; i++) if (isAffected(board, touched[i]!)) count++
  return count
}

/** Everything out or degraded by the last run, ascending; of it only what is not in `known`. */
function affectedOn(board: GoodBoard, known?: Int32Array): Int32Array {
  const { touched, touchedCount } = board
  const found = new Int32Array(touchedCount)
  let count = 0
  for (let i = 0; i < touchedCount; i++) {
    const entity = touched[i]!
    if (!isAffected(board, entity)) continue
    if (!known || !has(known, entity)) found[count++] = entity
  }
  return ascending(board.bits, found.subarray(0, count))
}

function columnsOn(board: GoodBoard, entities: Int32Array, inv: number): RunColumns {
  const { lines, lineWords, seen } = board
  const size = entities.length
  const all = new Float64Array(6 * size)
  const column = (number: number) => all.subarray(number * size, (number + 1) * size)
  for (let row = 0; row < size; row++) {
    const entity = entities[row]!
    const known = lineWords[8 * entity + goodWords.state]! >= seen
    const flags = known ? lineWords[8 * entity + goodWords.flags]! : 0
    const start = known ? lines[4 * entity]! : NO_START
    const out = (flags & goodFlags.struck) !== 0 && inv < start ? inv : start
    const soft = out === NO_START && (flags & goodFlags.soft) !== 0
    all[row] = out
    all[size + row] = out === NO_START ? NO_END : Infinity
    all[2 * size + row] = start
    all[3 * size + row] = start === NO_START ? NO_END : Infinity
    all[4 * size + row] = soft ? lines[4 * entity + 1]! : NO_START
    all[5 * size + row] = soft ? Infinity : NO_END
  }
  return {
    out: { start: column(0), end: column(1) },
    needs: { start: column(2), end: column(3) },
    degraded: { start: column(4), end: column(5) },
  }
}
