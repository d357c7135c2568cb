import { copyOf, float64s, int32s } from '../arrays.ts'
import { ascending, has, placeOf } from './ascending.ts'
import { countRows, withMissed, type FlatOutages } from './flat-outages.ts'
import type { Strike } from './flat-run.ts'
import { runForGood } from './for-good.ts'
import { goodFlags, goodWords, type GoodBoard, type TwinBoard } from './for-good-board.ts'
import type { KernelAnswer } from './kernel-board.ts'
import { NO_END, NO_START } from './span.ts'
import type { RunColumns, SpanColumns } from './run-columns.ts'

/** Both runs of a change without an end; the two strikes are of the same things and edges. */
export function outagesForGood(board: GoodBoard, worst: Strike, best: Strike): FlatOutages {
  const answer = board.kernel?.answer(worst.struck, worst.cut, worst.inv, best.inv)
  return answer ? outagesOf(answer, worst, best) : twinOutages(board.twin(), worst, best)
}

function outagesOf(answer: KernelAnswer, worst: Strike, best: Strike): FlatOutages {
  const entities = new Int32Array(answer.buffer, answer.at, answer.rows)
  const possible = new KernelRun(answer, entities, answer.columnsAt, worst)
  const isOne = answer.isSame && worst.inv === best.inv
  const certain = isOne
    ? possible
    : new KernelRun(answer, entities, answer.columnsAt + (answer.isSame ? 0 : 16 * answer.rows), best)
  return { entities, certain, possible }
}

/**
 * One run of an answer that a kernel left. A class, because thousands of answers are made a second and their views are
 * made when they are asked for: an object with getters of its own takes longer than the kernel for most answers.
 */
class KernelRun implements RunColumns {
  readonly #answer: KernelAnswer
  readonly #entities: Int32Array
  readonly #at: number
  readonly #strike: Strike
  #out: SpanColumns | undefined
  #needs: SpanColumns | undefined
  #degraded: SpanColumns | undefined

  constructor(answer: KernelAnswer, entities: Int32Array, at: number, strike: Strike) {
    this.#answer = answer
    this.#entities = entities
    this.#at = at
    this.#strike = strike
  }

  get needs(): SpanColumns {
    return (this.#needs ??= this.#spans(0))
  }

  get degraded(): SpanColumns {
    return (this.#degraded ??= this.#spans(1))
  }

  get out(): SpanColumns {
    return (this.#out ??= withStruck(this.needs, this.#entities, this.#strike))
  }

  #spans(column: number): SpanColumns {
    const { buffer, rows } = this.#answer
    return { start: new Float64Array(buffer, this.#at + 8 * column * rows, rows), end: foreverOf(rows) }
  }
}

/** What is never undone ends never: one column for all of it, and parts of it that are asked for often. */
let forever: Float64Array = new Float64Array(4096).fill(Infinity)
const parts: (Float64Array | undefined)[] = new Array(1024)

function foreverOf(rows: number): Float64Array {
  if (rows < parts.length) return (parts[rows] ??= forever.subarray(0, rows))
  if (rows > forever.length) forever = float64s(2 * rows).fill(Infinity)
  return forever.subarray(0, rows)
}

/** What the needs do, and what the change itself does. */
function withStruck(needs: SpanColumns, entities: Int32Array, { struck, inv }: Strike): SpanColumns {
  if (inv === Infinity) return needs
  const start = copyOf(needs.start)
  for (const entity of struck) {
    const row = placeOf(entities, entity)
    start[row] = Math.min(inv, start[row]!)
  }
  return { start, end: needs.end }
}

/** The worst is made first, as the best lies inside it. */
function twinOutages(board: TwinBoard, worst: Strike, best: Strike): FlatOutages {
  runForGood(board, true, worst)
  const entities = affectedOn(board)
  const take = entities.length < LARGE ? columnsOn : lateColumnsOn
  const possible = take(board, entities, worst.inv).columns
  runForGood(board, false, best)
  const { columns: certain, count } = take(board, entities, best.inv)
  if (countAffected(board) === count) return { entities, certain, possible }
  const missed = affectedOn(board, entities)
  return withMissed({ entities, certain, possible }, missed, columnsOn(board, missed, best.inv).columns)
}

/** From so many rows on, columns that follow from others are made when they are asked for. */
const LARGE = 4096

/** What one run leaves, and in how many rows there is anything. */
interface Taken {
  readonly columns: RunColumns
  readonly count: number
}

function isAffected({ lines, lineWords }: TwinBoard, entity: number): boolean {
  const SHOWS: number = goodFlags.struck | goodFlags.soft
  return lines[4 * entity] !== Infinity || (lineWords[8 * entity + goodWords.flags]! & SHOWS) !== 0
}

function countAffected(board: TwinBoard): number {
  const { touched, touchedCount } = board
  let count = 0
  for (let i = 0; i < touchedCount; i++) if (isAffected(board, touched[i]!)) count++
  return count
}

/** Everything out or degraded by the last run, ascending; of it only what is not in `known`. */
function affectedOn(board: TwinBoard, known?: Int32Array): Int32Array {
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

function columnsOn(board: TwinBoard, entities: Int32Array, inv: number): Taken {
  const { lines, lineWords, seen } = board
  const size = entities.length
  const all = float64s(6 * size)
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
  const columns = {
    out: { start: column(0), end: column(1) },
    needs: { start: column(2), end: column(3) },
    degraded: { start: column(4), end: column(5) },
  }
  return { columns, count: countRows(columns) }
}

/**
 * The same of a large answer. All that the board knows of a row is when its needs fail and when it degrades, so that
 * alone leaves it; an end is never, or there is none. Half the time of an answer went into writing down the rest.
 */
function lateColumnsOn(board: TwinBoard, entities: Int32Array, inv: number): Taken {
  const STATE: typeof goodWords.state = 4
  const FLAGS: typeof goodWords.flags = 5
  const SHOWS: number = goodFlags.struck | goodFlags.soft
  const { lines, lineWords, seen } = board
  const starts = float64s(entities.length)
  const struck: number[] = []
  let softened: Float64Array | null = null
  let count = 0
  for (let row = 0; row < starts.length; row++) {
    const entity = entities[row]!
    if (lineWords[8 * entity + STATE]! < seen) {
      starts[row] = NO_START
      continue
    }
    const start = lines[4 * entity]!
    const shown = lineWords[8 * entity + FLAGS]! & SHOWS
    starts[row] = start
    if (start !== NO_START || shown !== 0) count++
    if (shown === 0) continue
    if ((shown & goodFlags.struck) !== 0) struck.push(row)
    if ((shown & goodFlags.soft) === 0 || start !== NO_START) continue
    if ((shown & goodFlags.struck) !== 0 && inv < NO_START) continue
    softened ??= float64s(starts.length).fill(NO_START)
    softened[row] = lines[4 * entity + 1]!
  }
  return { columns: lateColumns(starts, struck, inv, softened), count }
}

function lateColumns(starts: Float64Array, struck: number[], inv: number, softened: Float64Array | null): RunColumns {
  let out: SpanColumns | undefined
  let needs: SpanColumns | undefined
  let degraded: SpanColumns | undefined
  return {
    get out() {
      return (out ??= forGoodFrom(withRows(starts, struck, inv)))
    },
    get needs() {
      return (needs ??= forGoodFrom(starts))
    },
    get degraded() {
      return (degraded ??= forGoodFrom(softened ?? float64s(starts.length).fill(NO_START)))
    },
  }
}

function withRows(starts: Float64Array, struck: readonly number[], inv: number): Float64Array {
  const all = copyOf(starts)
  for (const row of struck) all[row] = Math.min(inv, starts[row]!)
  return all
}

function forGoodFrom(start: Float64Array): SpanColumns {
  const end = float64s(start.length)
  for (let row = 0; row < end.length; row++) end[row] = start[row] === NO_START ? NO_END : Infinity
  return { start, end }
}
