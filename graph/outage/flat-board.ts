import { float64s, int32s, uint8s } from '../arrays.ts'
import { CONFIRMED, confidenceIn } from '../index/edge-classes.ts'
import { standingBits } from '../index/columns.ts'
import { CLASS_WIDTH, classColumns, type FlatIndex } from '../index/flat-index.ts'
import { channels } from './channels.ts'
import { growing, type Growing } from './growing.ts'
import { momentsOf, type Moments } from './moments.ts'
import { TIMING_WIDTH, timingColumns } from './timings.ts'

/** What a run reads of each class of edges: bits, and three numbers of seconds. */
export interface ClassTable {
  readonly bits: Uint8Array
  /** `CLASS_SECONDS` a class: see `classSeconds`. */
  readonly seconds: Float64Array
  /** How often it was told anew: kernels keep a table of their own. */
  told: number
}

export const CLASS_SECONDS = 4
/**
 * A span over an edge begins so much later than what it comes from, and ends so much later; with `cadence` where this
 * run adds it (engine.md rules 4 to 6).
 */
export const classSeconds = {
  /** The thing is down, or the edge is cut. */
  down: 0,
  /** The value is refused and open sessions hold. */
  session: 1,
  /** The value is refused because of what the credential needs. */
  lost: 2,
  end: 3,
} as const
export const classBits = {
  channel: 7,
  soft: 8,
  confirmed: 16,
  /** As a need of its own it counts in this run. */
  counts: 32,
  /** The dependent is out while the thing itself is. */
  down: 64,
} as const

/** Words of an entity's line, which is 32 bytes: two numbers of seconds, then four words. */
export const LINE = 4
export const WORDS = 2 * LINE
export const words = {
  /** The line counts while this is the epoch. */
  stamp: 4,
  flags: 5,
  /** Place in `refused` of what is refused in it, and one more. */
  refused: 6,
  /** How often its end grew. */
  growths: 7,
} as const
export const flags = { queued: 1, struck: 2, soft: 4 } as const

/**
 * What one run writes, one board a worker. Everything carries the epoch of the run that wrote it, so nothing is cleared
 * between two questions and a question costs what it affects.
 */
export interface FlatBoard {
  readonly index: FlatIndex
  epoch: number
  /** Start and end of what its needs do to each entity, then `words`. */
  readonly lines: Float64Array
  readonly lineWords: Int32Array
  /** Start and end of what its soft needs do to it; counts where the flag says so. */
  readonly softened: Float64Array
  /** Start, end and epoch of each slot that is out. */
  readonly slots: Float64Array
  readonly slotWords: Int32Array
  /** Epoch, and how many counted members are out, of each group. */
  readonly groups: Int32Array
  /** Entities whose line counts. */
  touched: Int32Array
  touchedCount: number
  readonly moments: Moments
  /** Entities to look at before time passes. */
  queue: Int32Array
  /** Walks over copies of a value: which places the present one has seen. */
  walk: number
  readonly walked: Int32Array
  readonly places: Growing
  /** Two widest refusals of a place, where open sessions hold and where they do not: four numbers. */
  refused: Float64Array
  refusedCount: number
  /** A bit an entity, all zero between two uses: puts numbers in order. */
  readonly bits: Int32Array
  /** Of the worst and of the best case. */
  readonly tables: readonly [worst: ClassTable, best: ClassTable]
}

export function boardFor(index: FlatIndex): FlatBoard {
  const { entities, groupOfSlot, groupConfirmed } = index
  const lines = float64s(LINE * entities)
  const slots = float64s(3 * groupOfSlot.length)
  return {
    index,
    epoch: 0,
    lines,
    lineWords: new Int32Array(lines.buffer),
    softened: float64s(2 * entities),
    slots,
    slotWords: new Int32Array(slots.buffer),
    groups: int32s(2 * groupConfirmed.length),
    touched: new Int32Array(1024),
    touchedCount: 0,
    moments: momentsOf(),
    queue: new Int32Array(1024),
    walk: 0,
    walked: int32s(entities),
    places: growing(),
    refused: new Float64Array(64),
    refusedCount: 0,
    bits: int32s((entities + 31) >> 5),
    tables: [classTable(index, true), classTable(index, false)],
  }
}

const tables = new WeakMap<FlatIndex, readonly [worst: ClassTable, best: ClassTable]>()

/** The table of one of the two runs; all boards of an index share it. */
export function classTable(index: FlatIndex, worst: boolean): ClassTable {
  let both = tables.get(index)
  if (!both) tables.set(index, (both = [classTableOf(index, true), classTableOf(index, false)]))
  return both[worst ? 0 : 1]
}

/** An index over which changes are laid has new classes: boards that were made before know them from now on. */
export function retellClasses(index: FlatIndex): void {
  tables.get(index)?.forEach((table, i) => {
    const now = classTableOf(index, i === 0)
    table.bits.set(now.bits)
    table.seconds.set(now.seconds)
    table.told++
  })
}

function classTableOf({ classes, timings }: FlatIndex, worst: boolean): ClassTable {
  const count = classes.length / CLASS_WIDTH
  const bits = uint8s(count)
  const seconds = float64s(count * CLASS_SECONDS)
  for (let i = 0; i < count; i++) {
    const standing = classes[i * CLASS_WIDTH + classColumns.standing]!
    const confirmed = confidenceIn(standing) === CONFIRMED
    bits[i] =
      classes[i * CLASS_WIDTH + classColumns.channel]! |
      ((standing & standingBits.soft) !== 0 ? classBits.soft : 0) |
      (confirmed ? classBits.confirmed : 0) |
      (worst || confirmed ? classBits.counts : 0) |
      (isDown(classes[i * CLASS_WIDTH + classColumns.channel]!) ? classBits.down : 0)
    const row = classes[i * CLASS_WIDTH + classColumns.timing]! * TIMING_WIDTH
    const tolerance = timings[row + (worst ? timingColumns.toleranceMin : timingColumns.toleranceMax)]!
    const session = timings[row + (worst ? timingColumns.sessionMin : timingColumns.sessionMax)]!
    const cadence = timings[row + timingColumns.cadence]!
    const at = i * CLASS_SECONDS
    seconds[at + classSeconds.down] = worst ? tolerance : tolerance + cadence
    seconds[at + classSeconds.session] = worst ? session : session + cadence
    // An identity deleted under a session may take it along.
    seconds[at + classSeconds.lost] = worst ? 0 : session + cadence
    seconds[at + classSeconds.end] = worst ? cadence : 0
  }
  return { bits, seconds, told: 0 }
}

function isDown(channel: number): boolean {
  return channel === channels.flow || channel === channels.reads
}
