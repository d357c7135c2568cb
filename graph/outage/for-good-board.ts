import { float64s, int32s } from '../arrays.ts'
import type { FlatIndex } from '../index/flat-index.ts'
import { classTable, type ClassTable } from './flat-board.ts'
import { growing, type Growing } from './growing.ts'
import { outageKernelFor, type OutageKernel } from './kernel-board.ts'
import { momentsOf, type Moments } from './moments.ts'

/** An entity's line is 32 bytes: its start, the start of what its soft needs do to it, and two words. */
export const GOOD_LINE = 4
export const goodWords = {
  /** `seen` or `done` of the run that wrote it; older ones do not count. */
  state: 4,
  flags: 5,
} as const

export const goodFlags = {
  struck: 1,
  /** What a struck credential loses by its own needs has been handed on. */
  lost: 2,
  soft: 4,
  /** Values are refused in it: open sessions hold, or do not. */
  keeps: 8,
  keepsNot: 16,
} as const

/** What one worker asks changes over that are never undone. */
export interface GoodBoard {
  readonly index: FlatIndex
  /** Null: the twin does the work. */
  readonly kernel: OutageKernel | null
  /** Made when it is first asked for. */
  twin(): TwinBoard
}

/** `kernel`: whether one is used where there is one. */
export function goodBoardFor(index: FlatIndex, kernel = true): GoodBoard {
  let twin: TwinBoard | null = null
  return {
    index,
    kernel: (kernel && outageKernelFor(index)) || null,
    twin: () => (twin ??= twinBoardFor(index)),
  }
}

/**
 * What one run writes of a change that is never undone: every outage then lasts for good, and an entity is its start
 * alone. Nothing is cleared between two questions, as states rise with the run.
 */
export interface TwinBoard {
  readonly index: FlatIndex
  /** Even: seen in this run; one more: done. */
  seen: number
  readonly lines: Float64Array
  readonly lineWords: Int32Array
  /** Start of each slot that is out, and the run that wrote it: 16 bytes. */
  readonly slots: Float64Array
  readonly slotWords: Int32Array
  /** Run, and how many counted members are out, of each group. */
  readonly groups: Int32Array
  touched: Int32Array
  touchedCount: number
  readonly moments: Moments
  queue: Int32Array
  tail: number
  walk: number
  readonly walked: Int32Array
  readonly places: Growing
  readonly bits: Int32Array
  readonly tables: readonly [worst: ClassTable, best: ClassTable]
}

function twinBoardFor(index: FlatIndex): TwinBoard {
  const { entities, groupOfSlot, groupConfirmed } = index
  const lines = float64s(GOOD_LINE * entities)
  const slots = float64s(2 * groupOfSlot.length)
  return {
    index,
    seen: 0,
    lines,
    lineWords: new Int32Array(lines.buffer),
    slots,
    slotWords: new Int32Array(slots.buffer),
    groups: int32s(2 * groupConfirmed.length),
    touched: new Int32Array(1024),
    touchedCount: 0,
    moments: momentsOf(),
    queue: new Int32Array(1024),
    tail: 0,
    walk: 0,
    walked: int32s(entities),
    places: growing(),
    bits: int32s((entities + 31) >> 5),
    tables: [classTable(index, true), classTable(index, false)],
  }
}
