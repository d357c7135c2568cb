import { engineKernel, type KernelCalls } from '../index/engine-kernels.ts'
import { reserve } from '../index/engine-memory.ts'
import { roomOf, type FlatIndex } from '../index/flat-index.ts'
import { CLASS_SECONDS, classBits, classSeconds, classTable, type ClassTable } from './flat-board.ts'

/** What both runs of a change without an end leave: `count` rows, entities ascending, in one buffer of its own. */
export interface KernelAnswer {
  readonly entities: Int32Array
  /** When its needs fail, or where they do not, when it degrades: `sorts` says which. Of the worst and the best run. */
  readonly worst: Float64Array
  /** The same array where the two runs do not differ. */
  readonly best: Float64Array
  readonly sorts: Uint8Array
}

/** Bits of `KernelAnswer.sorts`. */
export const sorts = { softWorst: 1, softBest: 2, struckWorst: 4, struckBest: 8 } as const

/** kernels/outage.ts over one index, with what one worker writes; its twin is `runForGood`. */
export interface OutageKernel {
  /**
   * Both runs of the same change; they differ in the moment alone. Null where memory is at its end, and always after
   * that. Throws what the kernel failed with; from then on null.
   */
  answer(struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number): KernelAnswer | null
  /** The runs alone: rows that were met. For measurements. */
  run(struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number): number
}

/** Undefined where there is no kernel, or the index does not lie where one can look. */
export function outageKernelFor(index: FlatIndex): OutageKernel | undefined {
  const calls = engineKernel('outage', index.memory ?? undefined)
  const room = roomOf(index)
  if (!calls || !room || !liesIn(index)) return undefined
  const take = (bytes: number): number => {
    const start = reserve(room, bytes)
    if (start === 0) throw new RangeError('no room for what a worker writes')
    return start
  }
  let tellClasses: () => void
  try {
    tellClasses = bind(calls, index, take)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  const { memory } = room
  const growing = areas(calls, take)
  const table = classTable(index, true)
  let { told } = table
  let input = { at: 0, length: 0 }
  let output: { at: number; rows: number; bytes: Uint8Array } = { at: 0, rows: 0, bytes: new Uint8Array(0) }

  function run(struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number): number {
    if (told !== table.told) {
      tellClasses()
      told = table.told
    }
    const struckList = [...struck]
    const size = struckList.length + cut.size
    if (size > input.length) {
      const length = Math.max(64, 2 * size)
      input = { at: take(4 * length), length }
    }
    const words = new Int32Array(memory.buffer, input.at, size)
    words.set(struckList)
    if (cut.size > 0) words.set(Int32Array.from(cut).sort(), struckList.length)
    for (;;) {
      const cuts = input.at + 4 * struckList.length
      const met = calls!.answer!(input.at, struckList.length, cuts, cut.size, worst, best)
      if (met >= 0) return met
      growing.enlarge(met)
    }
  }

  const answerNow: OutageKernel['answer'] = (struck, cut, worst, best) => {
    run(struck, cut, worst, best)
    const rows = calls.select!()
    if (rows > output.rows) {
      const room = Math.max(1024, Math.min(2 * rows, index.entities))
      const at = take(ROW_BYTES * room)
      output = { at, rows: room, bytes: new Uint8Array(memory.buffer, at, ROW_BYTES * room) }
    }
    const isSame = calls.isSame!() === 1
    const [bestAt, entitiesAt] = isSame ? [0, 8 * rows] : [8 * rows, 16 * rows]
    const sortsAt = entitiesAt + 4 * rows
    const { at } = output
    calls.leave!(at, at + bestAt, at + entitiesAt, at + sortsAt, isSame ? 0 : 1)
    const { buffer } = output.bytes.slice(0, sortsAt + rows)
    const worstStarts = new Float64Array(buffer, 0, rows)
    return {
      worst: worstStarts,
      best: isSame ? worstStarts : new Float64Array(buffer, bestAt, rows),
      entities: new Int32Array(buffer, entitiesAt, rows),
      sorts: new Uint8Array(buffer, sortsAt, rows),
    }
  }

  let isOver = false
  return {
    run,
    answer(struck, cut, worst, best) {
      if (isOver) return null
      try {
        return answerNow(struck, cut, worst, best)
      } catch (error) {
        // What it was writing is left half written: nothing is asked of it any more.
        isOver = true
        if (error instanceof RangeError) return null
        throw error
      }
    },
  }
}

/** Two starts, an entity and its sorts. */
const ROW_BYTES = 21

/** An index with changes laid over it may have sections elsewhere. */
function liesIn(index: FlatIndex): boolean {
  const { inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed } = index
  return [inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed].every(
    ({ buffer }) => buffer === index.buffer,
  )
}

/** As in kernels/outage.ts: a line of a class has for either run three numbers of seconds and a word of bits. */
const CLASS_BYTES = 64
const DIFFERS = 128
const SECONDS = [classSeconds.down, classSeconds.session, classSeconds.lost]

/** Says where everything lies. Returns what writes the classes anew. */
function bind(calls: KernelCalls, index: FlatIndex, take: (bytes: number) => number): () => void {
  const { inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed, entities } = index
  const places = [inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed].map(
    ({ byteOffset }) => byteOffset,
  )
  const tables = [classTable(index, true), classTable(index, false)] as const
  const classes = take(CLASS_BYTES * tables[0].bits.length)
  const numbers = new Float64Array(index.memory!.buffer, classes, (CLASS_BYTES / 8) * tables[0].bits.length)
  calls.look!(...places, index.classBits, classes)
  // By entity its row; rows, what only degrades, a list of places, a set of bits. It looks some rows ahead.
  const [rowOf, rows, softs, list] = [4, 32, 16, 4].map((bytes) => take(bytes * (entities + 8)))
  const bits = take(bytesOfBits(entities))
  const groups = groupConfirmed.length
  calls.write!(entities, rowOf!, rows!, softs!, list!, bits, take(16 * groupOfSlot.length), take(16 * groups), groups)
  const tell = () => fillClasses(numbers, tables)
  tell()
  return tell
}

function fillClasses(numbers: Float64Array, tables: readonly [ClassTable, ClassTable]): void {
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length)
  const [{ bits }, other] = tables
  for (let i = 0; i < bits.length; i++) {
    const at = (i * CLASS_BYTES) / 8
    const sides = SECONDS.map((side) => tables.map(({ seconds }) => seconds[CLASS_SECONDS * i + side]!))
    const differs =
      bits[i] !== other.bits[i] ||
      (bits[i]! & classBits.confirmed) === 0 ||
      sides.some(([worst, best]) => worst !== best)
    numbers.set(sides.flat(), at)
    tables.forEach((table, run) => (words[2 * at + 12 + run] = table.bits[i]! | (differs ? DIFFERS : 0)))
  }
}

/** By kernels/bit-sets.ts. */
function bytesOfBits(numbers: number): number {
  const first = (numbers >>> 6) + 1
  const second = (first >>> 6) + 1
  return 8 * (first + second + (second >>> 6) + 1)
}

/** What grows when it is full, by the kernel's word for it: -1 the queue, -2 entries of moments, -3 moments. */
function areas(calls: KernelCalls, take: (bytes: number) => number) {
  // Behind each is room for what only looks ahead.
  const made = (bytes: number) => ({ at: take(bytes + 64), bytes })
  // Tables of 256, 1,024 and 4,096 moments, 16 bytes each; the heap has room for half of all.
  let moments = made(16 * (256 + 1024 + 4096))
  let heap = made(moments.bytes / 4)
  let queue = made(1 << 14)
  let entries = made(1 << 14)
  const widen = () => {
    const ends = [queue, entries, moments].flatMap(({ at, bytes }) => [at, at + bytes])
    calls.widen!(...ends, heap.at)
  }
  widen()
  return {
    enlarge(full: number): void {
      if (full === -1) queue = made(2 * queue.bytes)
      else if (full === -2) entries = made(2 * entries.bytes)
      else {
        moments = made(4 * moments.bytes)
        heap = made(moments.bytes / 4)
      }
      widen()
    },
  }
}
