import { copyOf } from '../arrays.ts'
import { engineKernel, type KernelCalls } from '../index/engine-kernels.ts'
import { reserve } from '../index/engine-memory.ts'
import { roomOf, type FlatIndex } from '../index/flat-index.ts'
import { WIDE } from '../index/sections.ts'
import { CLASS_SECONDS, classBits, classSeconds, classTable, type ClassTable } from './flat-board.ts'

/**
 * What both runs of a change without an end leave: from `at` on `rows` entities, ascending, then from `columnsAt` on two
 * columns of numbers of the worst run (since when its needs fail, since when it degrades; Infinity is never) and the same
 * of the best run, which are left out where they are the same. No other answer is ever written there.
 */
export interface KernelAnswer {
  readonly buffer: ArrayBufferLike
  /** In bytes, as is `columnsAt`. */
  readonly at: number
  readonly rows: number
  readonly columnsAt: number
  readonly isSame: boolean
}

/** kernels/outage.ts over one index, with what one worker writes; its twin is `runForGood`. */
export interface OutageKernel {
  /**
   * Both runs of the same change; they differ in the moment alone. Null where the same things start earlier again and
   * again: the twin keeps to the order of time. Null where memory is at its end, and always after that. Throws what the
   * kernel failed with; from then on null.
   */
  answer(struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number): KernelAnswer | null
  /** The runs alone: rows that were met, negative as above. For measurements. */
  run(struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number): number
}

/** Undefined where there is no kernel, or the index does not lie where one can look. */
export function outageKernelFor(index: FlatIndex): OutageKernel | undefined {
  const calls = engineKernel('outage', index.memory ?? undefined)
  const room = roomOf(index)
  if (!calls || !room || !liesIn(index)) return undefined
  const { memory } = room
  const take = (bytes: number): number => {
    const start = reserve(room, bytes)
    if (start === 0) throw new RangeError('no room for what a worker writes')
    return start
  }
  try {
    const tellClasses = bind(calls, index, take)
    return asked(calls, index, tellClasses, areas(calls, take, memory, index.entities))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function asked(calls: KernelCalls, index: FlatIndex, tellClasses: () => void, areas: Areas): OutageKernel {
  const table = classTable(index, true)
  let { told } = table
  const { run, answer } = calls as Record<'run' | 'answer', (...numbers: number[]) => number>

  function ask(work: typeof run, struck: Iterable<number>, cut: ReadonlySet<number>, worst: number, best: number) {
    if (told !== table.told) {
      tellClasses()
      told = table.told
    }
    let count = 0
    for (const one of struck) areas.put(count++, one)
    const cuts = cut.size === 0 ? count : areas.putAll(count, Int32Array.from(cut).sort())
    for (;;) {
      const { at } = areas.input()
      const found = work(at, count, at + 4 * count, cuts - count, worst, best)
      if (found >= 0 || found === TANGLED) return found
      areas.enlarge(found)
    }
  }

  let isOver = false
  const taken = taker()
  return {
    run: (struck, cut, worst, best) => ask(run, struck, cut, worst, best),
    answer(struck, cut, worst, best) {
      if (isOver) return null
      try {
        const found = ask(answer, struck, cut, worst, best)
        if (found < 0) return null
        const rows = found >> 1
        const isSame = (found & 1) === 1
        const columnsAt = (4 * rows + 7) & -8
        const { buffer, byteOffset: at } = taken(areas.output(), columnsAt / 8 + (isSame ? 2 : 4) * rows)
        return { buffer, at, rows, columnsAt: at + columnsAt, isSame }
      } catch (error) {
        // What it was writing is left half written: nothing is asked of it any more.
        isOver = true
        if (error instanceof RangeError) return null
        throw error
      }
    },
  }
}

/** Numbers of a buffer that small answers share, one after the other, and how large such an answer may be. */
const SHEET = 8192
const SMALL = 1024
/** From so many on one call is faster than a loop. */
const BLOCK = 24

/**
 * Takes numbers out of the shared memory. Most answers are a few lines long, and a buffer of its own costs more than
 * everything else about them; what is written of a sheet is never written again.
 */
function taker(): (from: Float64Array, count: number) => { buffer: ArrayBufferLike; byteOffset: number } {
  let sheet = new Float64Array(0)
  let used = 0
  return (from, count) => {
    if (count > SMALL) return copyOf(from, count)
    if (used + count > sheet.length) {
      sheet = new Float64Array(SHEET)
      used = 0
    }
    const at = used
    used += count
    if (count > BLOCK) sheet.set(from.subarray(0, count), at)
    // No pair of entities is a number that is none: such could come out changed.
    else for (let i = 0; i < count; i++) sheet[at + i] = from[i]!
    return { buffer: sheet.buffer, byteOffset: 8 * at }
  }
}

/** An index with changes laid over it may have sections elsewhere. */
function liesIn(index: FlatIndex): boolean {
  const { inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed } = index
  return [inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed].every(
    ({ buffer }) => buffer === index.buffer,
  )
}

/** As in kernels/outage/ground.ts: a row of what is met, a line of a class, and a bit of one. */
const ROW_BYTES = 64
const CLASS_BYTES = 64
const PLAIN = 128

/** Says where everything lies. Returns what writes the classes anew. */
function bind(calls: KernelCalls, index: FlatIndex, take: (bytes: number) => number): () => void {
  const { inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed, entities } = index
  const places = [inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed].map(
    ({ byteOffset }) => byteOffset,
  )
  const tables = [classTable(index, true), classTable(index, false)] as const
  const count = tables[0].bits.length
  const [lines, bits] = [take(CLASS_BYTES * count), take(4 * count)]
  calls.look!(...places, index.classBits, lines, bits)
  // By entity its row; rows, and a list of places, which may hold one twice. It looks some rows ahead.
  const [rowOf, rows, list] = [4, ROW_BYTES, 8].map((bytes) => take(bytes * (entities + 8)))
  const groups = groupConfirmed.length
  // A bit an entity, and one for each eight bytes of those.
  const marks = take(8 * (((entities + 63) >> 6) + ((entities + 4095) >> 12)))
  calls.write!(entities, rowOf!, rows!, list!, marks, take(16 * groupOfSlot.length), take(16 * groups), groups)
  const { buffer } = index.memory!
  const numbers = new Float64Array(buffer, lines, (CLASS_BYTES / 8) * count)
  const words = new Int32Array(buffer, bits, count)
  const tell = () => fillClasses(numbers, words, tables, index.classBits === WIDE)
  tell()
  return tell
}

function fillClasses(
  numbers: Float64Array,
  words: Int32Array,
  tables: readonly [worst: ClassTable, best: ClassTable],
  isWide: boolean,
): void {
  const [{ bits }] = tables
  for (let i = 0; i < bits.length; i++) {
    const bit = bits[i]!
    const of = (side: number) => tables.map(({ seconds }) => seconds[CLASS_SECONDS * i + side]!)
    const down = of(classSeconds.down)
    // As a need of its own it counts in the best run only where it is confirmed.
    const own = (bit & classBits.confirmed) !== 0 ? down : [down[0]!, Infinity]
    numbers.set([own, down, of(classSeconds.session), of(classSeconds.lost)].flat(), (i * CLASS_BYTES) / 8)
    words[i] = bit | ((bit & classBits.down) !== 0 && !isWide ? PLAIN : 0)
  }
}

/** What the kernel says instead of a number, by kernels/outage/ground.ts. */
const FULL_QUEUE = -1
const TANGLED = -3

/** Bytes that a row of an answer takes: its entity and four numbers; and where it is listed, of few rows more. */
const OUTPUT_BYTES = 4 + 8 * 4
const LISTED_BYTES = 4
const FEW_LISTED_BYTES = 24 * 8

type Areas = ReturnType<typeof areas>

/** What grows when it is full: what is asked, the queue, and what leaves. */
function areas(
  calls: KernelCalls,
  take: (bytes: number) => number,
  memory: { buffer: ArrayBufferLike },
  entities: number,
) {
  // Behind each is room for what is written before it is known whether it counts.
  let queue = { at: take((1 << 14) + 64), bytes: 1 << 14 }
  let output = outputFor(Math.min(1024, entities))
  let input = inputFor(64)
  function outputFor(rows: number) {
    const at = take(OUTPUT_BYTES * rows + 64)
    return {
      rows,
      at,
      list: take(Math.max(FEW_LISTED_BYTES, LISTED_BYTES * rows) + 64),
      numbers: new Float64Array(memory.buffer, at, Math.ceil((OUTPUT_BYTES * rows) / 8) + 1),
    }
  }
  function inputFor(length: number) {
    const at = take(4 * length)
    return { at, words: new Int32Array(memory.buffer, at, length) }
  }
  const widen = () => calls.widen!(queue.at, queue.at + queue.bytes, output.at, output.rows, output.list)
  function put(place: number, number: number): void {
    if (place === input.words.length) {
      const { words } = input
      input = inputFor(2 * place)
      input.words.set(words)
    }
    input.words[place] = number
  }
  widen()
  return {
    input: () => input,
    output: () => output.numbers,
    put,
    putAll(place: number, numbers: Int32Array): number {
      numbers.forEach((number, i) => put(place + i, number))
      return place + numbers.length
    },
    enlarge(full: number): void {
      if (full === FULL_QUEUE) queue = { at: take(2 * queue.bytes + 64), bytes: 2 * queue.bytes }
      else output = outputFor(Math.min(4 * output.rows, entities))
      widen()
    },
  }
}
