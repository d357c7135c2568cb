import type { CompiledEstate } from '../outage/compile.ts'
import { flatOf } from '../outage/flat-of.ts'
import type { Growing } from '../outage/growing.ts'
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

const boards = new WeakMap<CompiledEstate, { readonly board: FallBoard; readonly possible: Int32Array }>()

function boardOf(model: CompiledEstate) {
  const known = boards.get(model)
  if (known) return known
  const made = { board: fallBoardFor(flatOf(model).index), possible: new Int32Array(model.entityIds.length) }
  boards.set(model, made)
  return made
}

/** Cost follows what falls, not the size of the estate. */
export function fallOf(model: CompiledEstate, loss: Loss): Fall {
  const { board, possible } = boardOf(model)
  const cut = loss.cut?.length ? edgesCut(model, loss.cut) : undefined
  const isUnsure = loss.unsure !== undefined && loss.unsure.size > 0
  board.softened.length = 0
  const possibleCount = fallRun(board, true, loss.struck, cut)
  possible.set(board.queue.subarray(0, possibleCount))
  const worst = board.epoch
  let certainCount = possibleCount
  // Where nothing was met that the two cases count differently, they are the same.
  if (isUnsure || board.differs) {
    const sure = isUnsure ? loss.struck.filter((one) => !loss.unsure!.has(one)) : loss.struck
    certainCount = fallRun(board, false, sure, cut)
  }
  return {
    certain: board.queue.subarray(0, certainCount),
    possible: possible.subarray(0, possibleCount),
    // Who is out in the best case is in the worst.
    degraded: unique(board.softened).filter((entity) => board.out[entity]! < worst),
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

function unique({ items, length }: Growing): number[] {
  return [...new Set(items.subarray(0, length))]
}
