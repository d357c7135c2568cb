import { uint8s } from '../arrays.ts'
import { edgesNow, suppose, type OverlayEdits } from '../index/overlay-edit.ts'
import { groundOf } from '../index/overlay-ground.ts'
import { overlayOf, type Overlay, type OverlayRelationship } from '../index/overlay.ts'
import type { FlatIndex } from '../index/flat-index.ts'
import { standingBits } from '../index/columns.ts'
import type { CompiledEstate } from './compile.ts'
import { boardFor, type FlatBoard } from './flat-board.ts'
import { columnsOf, flatOf } from './flat-of.ts'
import { goodBoardFor, type GoodBoard } from './for-good-board.ts'
import { TIMING_WIDTH } from './timings.ts'

/** An index to ask of while something is laid over it: boards, and edges of relationships by their numbers. */
export interface Ask {
  board(): FlatBoard
  goodBoard(): GoodBoard
  edges(relationships: Iterable<number>): Set<number>
}

/** The overlay of a compiled estate, with what this thread writes on it. Nothing lies over it between two questions. */
interface Place {
  readonly overlay: Overlay
  board(): FlatBoard
  goodBoard(): GoodBoard
}

/** What is laid over: `place` of each relationship that is not as in the base, by its number, among those added. */
interface Laid {
  readonly base: CompiledEstate
  readonly edits: OverlayEdits
  readonly places: ReadonlyMap<number, number>
}

interface Over {
  readonly numbers: Int32Array
  readonly baseOf: () => CompiledEstate
  laid: Laid | null | undefined
}

/** Above so many an index of its own is as fast. */
const MOST_EDITS = 10_000

const overs = new WeakMap<CompiledEstate, Over>()
const places = new WeakMap<CompiledEstate, Place>()

/**
 * Says that an estate is another with a few relationships gone, changed or new: questions of it are asked of the index
 * of that one, the difference laid over it. `numbers`: number that each relationship has there, -1: it is new. Whatever
 * the two compiled estates say differently is found, so it need not be said what changed.
 */
export function laidOver(estate: CompiledEstate, numbers: Int32Array, baseOf: () => CompiledEstate): void {
  overs.set(estate, { numbers, baseOf, laid: undefined })
}

/** Asks while the difference lies over the base's index; null: it has an index of its own, or it does not fit. */
export function askOver<T>(estate: CompiledEstate, ask: (over: Ask) => T): { readonly answer: T } | null {
  const over = overs.get(estate)
  if (!over) return null
  if (over.laid === undefined) over.laid = differences(estate, over)
  const { laid, numbers } = over
  if (!laid) return null
  const { overlay, board, goodBoard } = placeOf(laid.base)
  const first = laid.base.from.length
  const edges = (relationships: Iterable<number>) =>
    edgesNow(
      overlay,
      Array.from(relationships, (one) => (laid.places.has(one) ? first + laid.places.get(one)! : numbers[one]!)),
    )
  const found = suppose(overlay, laid.edits, () => ask({ board, goodBoard, edges }))
  if ('answer' in found) return found
  over.laid = null
  return null
}

function placeOf(base: CompiledEstate): Place {
  const known = places.get(base)
  if (known) return known
  const overlay = overlayOf(flatOf(base).index, groundOf(columnsOf(base)))
  const index: FlatIndex = overlay.index
  let board: FlatBoard | null = null
  let goodBoard: GoodBoard | null = null
  const place: Place = {
    overlay,
    board: () => (board ??= boardFor(index)),
    goodBoard: () => (goodBoard ??= goodBoardFor(index)),
  }
  places.set(base, place)
  return place
}

/** What has to be laid over the base, O(relationships) over columns; null: too much of it. */
function differences(estate: CompiledEstate, { numbers, baseOf }: Over): Laid | null {
  const base = baseOf()
  const rowThere = rowsThere(estate.timings, base.timings)
  const needThere = needsThere(estate, base)
  const isThere = uint8s(base.from.length)
  const added: OverlayRelationship[] = []
  const places = new Map<number, number>()
  for (let i = 0; i < numbers.length; i++) {
    const was = numbers[i]!
    const row = rowThere[estate.timing[i]!]!
    const need = estate.need[i]! < 0 ? -1 : needThere(estate.need[i]!)
    if (
      was >= 0 &&
      row === base.timing[was] &&
      need === base.need[was] &&
      estate.confidence[i] === base.confidence[was] &&
      estate.soft[i] === base.soft[was] &&
      estate.kind[i] === base.kind[was]
    ) {
      isThere[was] = 1
      continue
    }
    if (added.length === MOST_EDITS) return null
    places.set(i, added.length)
    added.push({
      from: estate.from[i]!,
      to: estate.to[i]!,
      kind: estate.kind[i]!,
      standing: (estate.confidence[i]! << standingBits.confidenceShift) | estate.soft[i]! | standingBits.noReach,
      need,
      timing: row >= 0 ? row : secondsOf(estate.timings, estate.timing[i]!),
    })
  }
  const removed: number[] = []
  for (let i = isThere.indexOf(0); i >= 0; i = isThere.indexOf(0, i + 1)) removed.push(i)
  return removed.length > MOST_EDITS ? null : { base, edits: { removed, added }, places }
}

const secondsOf = (timings: Float64Array, row: number): number[] =>
  Array.from(timings.subarray(row * TIMING_WIDTH, (row + 1) * TIMING_WIDTH))

/** Row of the same seconds in another table, -1 where it has none. */
function rowsThere(timings: Float64Array, there: Float64Array): Int32Array {
  const rows = new Map<string, number>()
  for (let row = 0; row < there.length / TIMING_WIDTH; row++) {
    const key = secondsOf(there, row).join(' ')
    if (!rows.has(key)) rows.set(key, row)
  }
  return Int32Array.from({ length: timings.length / TIMING_WIDTH }, (_, row) => {
    const isSame = (row + 1) * TIMING_WIDTH <= there.length
    const key = secondsOf(timings, row).join(' ')
    return isSame && key === secondsOf(there, row).join(' ') ? row : (rows.get(key) ?? -1)
  })
}

/** Numbers of the names of needs in the base; new ones get numbers that nobody there has. */
function needsThere({ needNames }: CompiledEstate, base: CompiledEstate): (need: number) => number {
  let isPrefix = needNames.length >= base.needNames.length
  for (let i = 0; isPrefix && i < base.needNames.length; i++) isPrefix = needNames[i] === base.needNames[i]
  if (isPrefix) return (need) => need
  const known = new Map(base.needNames.map((name, number) => [name, number]))
  const there = needNames.map((name, number) => known.get(name) ?? base.needNames.length + number)
  return (need) => there[need]!
}
