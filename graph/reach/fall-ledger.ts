import { reserve } from '../index/engine-memory.ts'
import { engineKernel, type KernelCalls } from '../index/engine-kernels.ts'
import { bufferOf } from '../index/flat-index.ts'
import { HELD, type FallView } from './fall-view.ts'

/** Numbers of a row of `falls`. Only the last two are there where nothing is said of what each is worth. */
export const fallColumns = { weight: 0, breaks: 1, unknown: 2, systems: 3, tier1: 4, certain: 5, possible: 6 } as const
export const FALL_WIDTH = 7

/** What is counted, and of which things. */
export interface FallSubject {
  readonly things: Int32Array
  /** By thing: whether it is ever refused is not known. */
  readonly unsure?: Uint8Array
  /** By entity; absent: only who is out is counted. */
  readonly worth?: {
    /** `countedAs` in the low two bits, the weight above them. */
    readonly each: Uint16Array
    /** Business system, negative: none. */
    readonly systems: Int32Array
    /** Of a system: it is of tier 1. */
    readonly tier1: Uint8Array
  }
}

/**
 * The falls of many things as work that threads share, for the kernel `falls`: columns in the memory of a view, and a
 * cursor from which each thread takes the next block.
 */
export interface FallLedger {
  readonly view: FallView
  readonly subject: FallSubject
  /** One word: the next thing that nobody has taken. */
  readonly cursor: Int32Array
  /** `FALL_WIDTH` numbers a thing: `fallColumns`. */
  readonly falls: Float64Array
}

/** Takes copies. The view may lie in no memory: then the twins work on it. */
export function fallLedgerOf(view: FallView, { things, unsure, worth }: FallSubject): FallLedger {
  const placed = <T extends ArrayBufferView>(bytes: number, over: (buffer: ArrayBufferLike, at: number) => T): T => {
    const at = roomIn(view, bytes)
    return at > 0 ? over(view.memory!.buffer, at) : over(bufferOf(bytes), 0)
  }
  const words = (from: Int32Array) => {
    const made = placed(from.byteLength, (buffer, at) => new Int32Array(buffer, at, from.length))
    made.set(from)
    return made
  }
  const bytes = (from: Uint8Array) => {
    const made = placed(from.length, (buffer, at) => new Uint8Array(buffer, at, from.length))
    made.set(from)
    return made
  }
  const halves = (from: Uint16Array) => {
    const made = placed(from.byteLength, (buffer, at) => new Uint16Array(buffer, at, from.length))
    made.set(from)
    return made
  }
  const length = FALL_WIDTH * things.length
  return {
    view,
    subject: {
      things: words(things),
      ...(unsure && { unsure: bytes(unsure) }),
      ...(worth && {
        worth: { each: halves(worth.each), systems: words(worth.systems), tier1: bytes(worth.tier1) },
      }),
    },
    cursor: placed(4, (buffer, at) => new Int32Array(buffer, at, 1)),
    falls: placed(8 * length, (buffer, at) => new Float64Array(buffer, at, length)),
  }
}

function roomIn({ memory }: FallView, bytes: number): number {
  if (!memory) return 0
  const at = reserve({ memory, bytes: HELD }, bytes)
  if (at === 0) throw new RangeError('no room for the falls of so many things')
  return at
}

/** One worker at a ledger: the kernel, with everything that it writes. */
export interface FallClerk {
  readonly ledger: FallLedger
  readonly kernel: KernelCalls
}

const BLOCK = 512
/** A fall of more is counted upon that of a hub, where there is one. */
const LARGE = 2048
/** `kernels/falls/state`: hubs of either case, three words each, and whom the search for them asks. */
const MOST_HUBS = 8192
const ASKED = 1056

/**
 * A worker's own; undefined where there is no kernel, or no room for another worker. `large`: from how many on a fall is
 * counted upon another; answers do not depend on it.
 */
export function fallClerkFor(ledger: FallLedger, large = LARGE): FallClerk | undefined {
  const { view, subject, falls } = ledger
  const { memory, entities } = view
  const kernel = memory ? engineKernel('falls', memory) : undefined
  if (!memory || !kernel) return undefined
  const edgeCount = view.edges.length >> 1
  const groupCount = view.counted.length >> 1
  const systemCount = subject.worth ? 1 + subject.worth.systems.reduce((most, one) => Math.max(most, one), -1) : 0
  const parts = {
    out: 2 * entities,
    refused: 2 * entities,
    soft: 2 * entities,
    reads: 2 * edgeCount,
    groups: 16 * groupCount,
    queue: 4 * (entities + 1),
    places: 4 * (entities + 1),
    counted: 4 * edgeCount,
    worstHubs: 2 * entities,
    bestHubs: 2 * entities,
    hubs: 12 * MOST_HUBS,
    waiting: 4 * subject.things.length,
    asked: 4 * ASKED,
    systemMarks: 4 * systemCount,
  }
  const at = {} as Record<keyof typeof parts, number>
  let bytes = 0
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) {
    at[name] = bytes
    bytes += Math.ceil(parts[name] / 64) * 64
  }
  const base = reserve({ memory, bytes: HELD }, bytes)
  if (base === 0) return undefined
  for (const name of Object.keys(parts) as (keyof typeof parts)[]) at[name] += base
  const groups = new Int32Array(memory.buffer, at.groups, 4 * groupCount)
  for (let group = 0; group < groupCount; group++) {
    groups[4 * group + 2] = view.counted[2 * group]!
    groups[4 * group + 3] = view.counted[2 * group + 1]!
  }
  kernel['useView']!(entities, view.start.byteOffset, view.edges.byteOffset, at.groups, edgeCount, groupCount)
  kernel['useMarks']!(at.out, at.refused, at.reads, at.soft, at.queue, at.places, at.counted)
  kernel['useHubs']!(at.worstHubs, at.bestHubs, at.hubs, at.waiting, at.asked)
  const { things, unsure, worth } = subject
  kernel['useSubject']!(
    things.byteOffset,
    unsure?.byteOffset ?? 0,
    worth?.each.byteOffset ?? 0,
    worth?.systems.byteOffset ?? 0,
    worth?.tier1.byteOffset ?? 0,
    at.systemMarks,
    falls.byteOffset,
    Math.min(large, entities),
  )
  return { ledger, kernel }
}

/**
 * Takes blocks of the ledger until none is left, then counts what waited for a hub. `did` hears how many things are done,
 * of this worker. Returns how many were its own.
 */
export function countLedger({ ledger, kernel }: FallClerk, did: (count: number) => void = () => undefined): number {
  const size = ledger.subject.things.length
  let taken = 0
  let told = 0
  kernel['open']!()
  for (;;) {
    const first = Atomics.add(ledger.cursor, 0, BLOCK)
    if (first >= size) break
    const end = Math.min(size, first + BLOCK)
    taken += end - first
    tell(taken - kernel['countEach']!(first, end))
  }
  kernel['settle']!()
  tell(taken)
  return taken

  function tell(done: number): void {
    if (done > told) did(done - told)
    told = Math.max(told, done)
  }
}
