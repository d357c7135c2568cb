import { uint16s } from '../arrays.ts'
import type { Columns } from '../index/columns.ts'
import { standingBits } from '../index/columns.ts'
import type { FlatIndex } from '../index/flat-index.ts'
import { edgesOf, indexOf } from '../index/index-of.ts'
import type { CompiledEstate } from './compile.ts'
import { boardFor, type FlatBoard } from './flat-board.ts'
import { goodBoardFor, type GoodBoard } from './for-good-board.ts'

/** The flat index of a compiled estate, with what this thread writes on it. */
export interface Flat {
  readonly index: FlatIndex
  /** For changes that end, and for those that do not; each made when it is first asked for. */
  board(): FlatBoard
  goodBoard(): GoodBoard
  /** Edge of each relationship, -1 where it carries nothing. Asked for by cuts only. */
  edges(): Int32Array
}

const flats = new WeakMap<CompiledEstate, Flat>()
const kept = new WeakMap<CompiledEstate, () => FlatIndex | undefined>()

/** Where the index of this compiled estate lies that was made of it before; it is opened when `flatOf` wants it. */
export function keepFlat(estate: CompiledEstate, open: () => FlatIndex | undefined): void {
  kept.set(estate, () => {
    const index = open()
    return index && isOf(index, estate) ? index : undefined
  })
}

/** The rows of times are numbered as they came: an index that numbers them otherwise is one of another estate. */
function isOf({ entities, relationships, timings }: FlatIndex, estate: CompiledEstate): boolean {
  return (
    entities === estate.entityIds.length &&
    relationships === estate.from.length &&
    timings.length === estate.timings.length &&
    timings.every((seconds, at) => seconds === estate.timings[at])
  )
}

/** Made once per compiled estate. O(relationships). */
export function flatOf(estate: CompiledEstate): Flat {
  const known = flats.get(estate)
  if (known) return known
  const index = kept.get(estate)?.() ?? indexOf(columnsOf(estate))
  let edges: Int32Array | null = null
  let board: FlatBoard | null = null
  let goodBoard: GoodBoard | null = null
  const flat: Flat = {
    index,
    board: () => (board ??= boardFor(index)),
    goodBoard: () => (goodBoard ??= goodBoardFor(index)),
    edges: () => (edges ??= edgesOf(index, columnsOf(estate))),
  }
  flats.set(estate, flat)
  return flat
}

/** A compiled estate as columns: operational only, it knows neither names nor compromise. */
export function columnsOf(estate: CompiledEstate): Columns {
  const none = new Int32Array(0)
  return {
    entityCount: estate.entityIds.length,
    describedCount: estate.describedCount,
    ids: { bytes: new Uint8Array(0), offsets: new Uint32Array(1) },
    entityKind: uint16s(estate.entityIds.length),
    relationshipCount: estate.from.length,
    from: estate.from,
    to: estate.to,
    kind: estate.kind,
    standing: estate.confidence.map(
      (confidence, i) => (confidence << standingBits.confidenceShift) | estate.soft[i]! | standingBits.noReach,
    ),
    need: estate.need,
    timing: estate.timing,
    timings: estate.timings,
    picked: none,
    agent: none,
    carried: none,
    carrier: none,
  }
}
