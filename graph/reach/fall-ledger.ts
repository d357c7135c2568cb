import { bufferOf } from '../arrays.ts'
import { reserve } from '../index/engine-memory.ts'
import { engineKernel, type KernelCalls } from '../index/engine-kernels.ts'
import { clearDesks, deskBytes, deskParts, takeDesk, type FallDesks } from './fall-desks.ts'
import { HELD, type fallBits, type FallView } from './fall-view.ts'

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
 * cursor from which each thread takes the next block. Without a memory it is but the columns.
 */
export interface FallLedger {
  readonly view: FallView
  readonly things: Int32Array
  readonly unsure: Uint8Array | null
  /** One word: the next thing that nobody has taken. */
  readonly cursor: Int32Array
  /** `FALL_WIDTH` numbers a thing: `fallColumns`. */
  readonly falls: Float64Array
  /** A fall of more is counted upon that of a hub, where there is one. Answers do not depend on it. */
  readonly large: number
  readonly shared: FallShared
  /** Where workers write; who finds none left makes one. */
  readonly desks: FallDesks | null
}

/** What all clerks of a ledger read and write; addresses are those of bytes. */
export interface FallShared {
  /** Four words an entity: `kernels/falls/state` says which. */
  readonly rows: Uint32Array
  readonly hasWorth: boolean
  /** Numbers of systems are below it. */
  readonly systems: number
  /** What is learnt of hubs: all zeros before the first thing is taken. */
  readonly bestHubs: Uint16Array
  readonly hubs: Int32Array
  readonly hubEnd: Int32Array
  readonly waiting: Int32Array
}

/** Takes copies. The view may lie in no memory: then the twins work on it. */
export function fallLedgerOf(
  view: FallView,
  { things, unsure, worth }: FallSubject,
  desks: FallDesks | null = null,
): FallLedger {
  const room = (bytes: number): [buffer: ArrayBufferLike, at: number] => {
    const at = roomIn(view, bytes)
    return at > 0 ? [view.memory!.buffer, at] : [bufferOf(bytes), 0]
  }
  const words = (length: number) => new Int32Array(...room(4 * length), length)
  const copied = words(things.length)
  copied.set(things)
  const refused = unsure ? new Uint8Array(...room(unsure.length), unsure.length) : null
  refused?.set(unsure!)
  const length = FALL_WIDTH * things.length
  return {
    view,
    things: copied,
    unsure: refused,
    cursor: words(1),
    falls: new Float64Array(...room(8 * length), length),
    large: worth ? LARGE.summed : LARGE.counted,
    shared: {
      rows: rowsOf(view, new Uint32Array(...room(ROW * view.entities), (ROW / 4) * view.entities), worth),
      hasWorth: worth !== undefined,
      systems: worth ? systemsIn(worth.systems) : 0,
      bestHubs: new Uint16Array(...room(2 * view.entities), view.entities),
      hubs: words((HUB / 4) * MOST_HUBS),
      hubEnd: words(1),
      waiting: words(things.length),
    },
    desks,
  }
}

/** Numbers of systems are below it. */
export const systemsIn = (systems: Int32Array): number => 1 + systems.reduce((most, one) => Math.max(most, one), -1)

function roomIn({ memory }: FallView, bytes: number): number {
  if (!memory) return 0
  const at = reserve({ memory, bytes: HELD }, bytes)
  if (at === 0) throw new RangeError('no room for the falls of so many things')
  return at
}

/** `kernels/falls/state`: bytes of a row and of a hub, and hubs of either case. */
const ROW = 16
const HUB = 40
const MOST_HUBS = 8192

/** Where the edges of each entity lie and whether any of them only degrades; its system and what it is worth. */
function rowsOf({ entities, start, edges }: FallView, rows: Uint32Array, worth: FallSubject['worth']): Uint32Array {
  const SOFT: typeof fallBits.soft = 16
  for (let entity = 0, at = 0; entity < entities; entity++, at += ROW / 4) {
    const end = start[entity + 1]!
    // What only degrades comes last in a row.
    const softens = end > start[entity]! && (edges[2 * end - 1]! & SOFT) !== 0 ? 1 : 0
    const system = worth ? worth.systems[entity]! : -1
    rows[at] = edges.byteOffset + 8 * start[entity]!
    rows[at + 1] = edges.byteOffset + 8 * end + softens
    rows[at + 2] = system < 0 ? -1 : 2 * system + worth!.tier1[system]!
    rows[at + 3] = worth ? worth.each[entity]! : 0
  }
  return rows
}

/** The same ledger as before its first thing was taken, while nobody works on it, nor will who did beside who comes. */
export function rewindLedger({ cursor, desks, shared: { rows, bestHubs, hubs, hubEnd } }: FallLedger): void {
  if (desks) clearDesks(desks)
  for (let at = ROW / 4 - 1; at < rows.length; at += ROW / 4) rows[at]! &= 0xffff
  for (const words of [cursor, bestHubs, hubs, hubEnd]) words.fill(0)
}

/** One worker at a ledger: the kernel, with everything that it writes. */
export interface FallClerk {
  readonly ledger: FallLedger
  readonly kernel: KernelCalls
}

/** Small, so that all end at about the same time. */
const BLOCK = 128
/** `FallLedger.large`: smaller where whoever is out costs more, as it is summed up, too. */
const LARGE = { summed: 512, counted: 2048 }

/** As a worker has two bytes for it. */
const MOST_ALTERNATIVES = 0xffff

function isCountable({ counted }: FallView): boolean {
  return counted.every((count) => count <= MOST_ALTERNATIVES)
}

/** A worker's own; undefined where there is no kernel, or no room for another worker. */
export function fallClerkFor(ledger: FallLedger): FallClerk | undefined {
  const { view, shared, things, unsure, falls, large } = ledger
  const { memory, entities } = view
  const kernel = memory ? engineKernel('falls', memory) : undefined
  if (!memory || !kernel) return undefined
  if (!isCountable(view)) return undefined
  const groupCount = view.counted.length >> 1
  const size = { entities, groups: groupCount, edges: view.edges.length >> 1, systems: shared.systems }
  const at = (ledger.desks && takeDesk(ledger.desks)) || reserve({ memory, bytes: HELD }, deskBytes(size))
  if (at === 0) return undefined
  const { rows, hasWorth, bestHubs, hubs, hubEnd, waiting } = shared
  kernel['useView']!(entities, rows.byteOffset, groupCount, view.counted.byteOffset)
  kernel['useMarks']!(...deskParts(size, at))
  kernel['useHubs']!(bestHubs.byteOffset, hubs.byteOffset, hubEnd.byteOffset, waiting.byteOffset)
  kernel['useSubject']!(
    things.byteOffset,
    unsure?.byteOffset ?? 0,
    hasWorth ? 1 : 0,
    falls.byteOffset,
    Math.min(large, entities),
    shared.systems,
  )
  return { ledger, kernel }
}

/**
 * Takes blocks of the ledger until none is left, then what waits for a hub, of whomever. `did` hears how many things are
 * done, of this worker. Returns how many it finished: all of those that it took, or fewer or more where others work, too.
 */
export function countLedger({ ledger, kernel }: FallClerk, did: (count: number) => void = () => undefined): number {
  const size = ledger.things.length
  let told = 0
  kernel['open']!()
  for (;;) {
    const first = Atomics.add(ledger.cursor, 0, BLOCK)
    if (first >= size) break
    tell(kernel['countEach']!(first, Math.min(size, first + BLOCK)))
  }
  for (let done = kernel['settle']!(); done >= 0; done = kernel['settle']!()) tell(done)
  return told

  function tell(done: number): void {
    if (done > told) did(done - told)
    told = done
  }
}
