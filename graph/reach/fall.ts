import { int32s } from '../arrays.ts'
import type { FlatIndex } from '../index/flat-index.ts'
import type { CompiledEstate } from '../outage/compile.ts'
import { flatOf } from '../outage/flat-of.ts'
import { fallBoardFor, type FallBoard } from './fall-board.ts'
import { fallRun } from './fall-run.ts'

/**
 * What is lost for good when things stop and relationships are cut, all at once and for ever: who, not when. With
 * sessions and tolerances at zero and no end, every span of the engine is "from then on", so its rules come down to: an
 * entity is out when a hard need has no alternative left. Equal to `simulate` on an unveiled model (a law says so), and
 * some hundred times cheaper: prices of thousands of cuts and the fall of every credential are made of this. A copy that is cut
 * keeps the value that it has, so that more loss never means less fall.
 *
 * The lists are numbers of entities and hold until the next call for the same estate.
 */
export interface Fall {
  /** Out in the best case. */
  readonly certain: Int32Array
  /** Out in the worst case. */
  readonly possible: Int32Array
  /** Degraded in either, and out in none. */
  readonly degraded: readonly number[]
}

export interface Loss {
  /** Entity numbers. */
  readonly struck: readonly number[]
  /** Relationship numbers. */
  readonly cut?: readonly number[]
  /** Of `struck`, those that the platform may never refuse (`lag` without an end): out in the worst case only. */
  readonly unsure?: ReadonlySet<number>
}

/** Where one worker asks what falls: its board, and a list of who is out in the worst case. */
export interface FallPlace {
  readonly board: FallBoard
  readonly possible: Int32Array
}

export function fallPlaceFor(index: FlatIndex): FallPlace {
  return { board: fallBoardFor(index), possible: int32s(index.entities) }
}

const places = new WeakMap<CompiledEstate, FallPlace>()

function placeOf(model: CompiledEstate): FallPlace {
  const known = places.get(model)
  if (known) return known
  const made = fallPlaceFor(flatOf(model).index)
  places.set(model, made)
  return made
}

/** Cost follows what falls, not the size of the estate. */
export function fallOf(model: CompiledEstate, loss: Loss): Fall {
  const cut = loss.cut?.length ? edgesCut(model, loss.cut) : undefined
  return fallAt(placeOf(model), loss.struck, loss.unsure, cut)
}

/** The same over an index alone; `cut` are edges of it. The lists hold until the next call for the same place. */
export function fallAt(
  { board, possible }: FallPlace,
  struck: readonly number[],
  unsure?: ReadonlySet<number>,
  cut?: ReadonlySet<number>,
): Fall {
  const isUnsure = unsure !== undefined && unsure.size > 0
  board.softened.length = 0
  const possibleCount = fallRun(board, true, struck, cut)
  possible.set(board.queue.subarray(0, possibleCount))
  const worst = board.epoch
  let certainCount = possibleCount
  // Where nothing was met that the two cases count differently, they are the same.
  if (isUnsure || board.differs) {
    const sure = isUnsure ? struck.filter((one) => !unsure.has(one)) : struck
    certainCount = fallRun(board, false, sure, cut)
  }
  return {
    certain: board.queue.subarray(0, certainCount),
    possible: possible.subarray(0, possibleCount),
    // Who is out in the best case is in the worst.
    degraded: stillUp(board, worst),
  }
}

/** Edges of cut relationships and of what runs over them. */
function edgesCut(model: CompiledEstate, relationships: readonly number[]): ReadonlySet<number> {
  const edges = flatOf(model).edges()
  const cut = new Set<number>()
  const add = (relationship: number) => {
    if (edges[relationship]! >= 0) cut.add(edges[relationship]!)
  }
  for (const relationship of relationships) {
    add(relationship)
    for (const carried of model.carriedBy.get(relationship) ?? []) add(carried)
  }
  return cut
}

/** Of what degraded, each once, what is out in no case since `epoch`: in a large fall most of it is. */
function stillUp({ softened: { items, length }, out }: FallBoard, epoch: number): number[] {
  const found: number[] = []
  for (let at = 0; at < length; at++) if (out[items[at]!]! < epoch) found.push(items[at]!)
  return found.length < 2 ? found : [...new Set(found)]
}
