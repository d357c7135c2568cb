import { int32s } from '../arrays.ts'
import type { FlatIndex } from '../index/flat-index.ts'
import { classTable, type ClassTable } from '../outage/flat-board.ts'
import { growing, type Growing } from '../outage/growing.ts'

/**
 * What one worker writes while it asks what falls. The index is only read and shared between workers; this is not.
 * Marks count while they equal the epoch, so nothing is cleared between two questions.
 */
export interface FallBoard {
  readonly index: FlatIndex
  epoch: number
  readonly out: Int32Array
  readonly refused: Int32Array
  readonly soft: Int32Array
  readonly slots: Int32Array
  /** Epoch, and how many counted members are out, of each group. */
  readonly groups: Int32Array
  /** Who is out, in the order in which it was found. */
  readonly queue: Int32Array
  readonly softened: Growing
  readonly places: Growing
  /** The last run met something that only one of the two cases counts. */
  differs: boolean
  readonly tables: readonly [worst: ClassTable, best: ClassTable]
}

export function fallBoardFor(index: FlatIndex): FallBoard {
  const { entities, groupOfSlot, groupConfirmed } = index
  return {
    index,
    epoch: 0,
    out: int32s(entities),
    refused: int32s(entities),
    soft: int32s(entities),
    slots: int32s(groupOfSlot.length),
    groups: int32s(2 * groupConfirmed.length),
    queue: int32s(entities),
    softened: growing(),
    places: growing(),
    differs: false,
    tables: [classTable(index, true), classTable(index, false)],
  }
}
