import { bufferOf } from '../arrays.ts'
import type { Growing } from '../outage/growing.ts'
import { growing, push } from '../outage/growing.ts'
import { reserve } from './engine-memory.ts'
import { emptyIndex, indexIn, roomOf, type FlatIndex } from './flat-index.ts'
import { classKey, sortOfClass } from './class-key.ts'
import type { OverlayGround } from './overlay-ground.ts'
import { WIDE } from './sections.ts'

/** A relationship as `Columns` has it, one by itself. */
export interface OverlayRelationship {
  readonly from: number
  readonly to: number
  /** Place in `relationshipKindNames`. */
  readonly kind: number
  /** See `standingOf`. */
  readonly standing: number
  /** Number of the name of its need, -1 for none; names that nobody had get numbers that nobody has. */
  readonly need: number
  /** A row of the base's timings, or `TIMING_WIDTH` seconds. */
  readonly timing: number | readonly number[]
}

/** A relationship that was added, with what the index made of it. */
export interface AddedRelationship extends OverlayRelationship {
  timingRow: number
}

/** What there is no more room for: then the index has to be made anew. */
export type Full = 'entities' | 'edges' | 'access' | 'slots' | 'groups' | 'classes' | 'timings'

export class OverlayFull extends Error {
  override name = 'OverlayFull'
  readonly full: Full
  constructor(full: Full) {
    super(`no room for more ${full} over this index: make it anew`)
    this.full = full
  }
}

/**
 * A view of an index with changes laid over it. Rows that change are copied behind the rows of the base, so nothing of
 * the base is ever written and whoever else reads it sees no change; what is done can be taken back. One thread owns it.
 */
export interface Overlay {
  readonly base: FlatIndex
  readonly ground: OverlayGround
  /** What engines walk. Its counts are how much there is room for, so boards made for it serve until it is full. */
  readonly index: FlatIndex
  entityCount: number
  edgeTail: number
  accessTail: number
  slotCount: number
  groupCount: number
  classCount: number
  timingCount: number
  /** Rows that begin before are not written but copied: those of the base and, while something is supposed, all. */
  edgesFrozen: number
  accessFrozen: number
  readonly limits: { readonly slots: number; readonly classes: number }
  /** Classes by what is in them; the index may have several of one content, of which the first stands for all. */
  readonly classNumbers: Map<number, number>
  readonly sameClass: Int32Array
  readonly sorts: Uint8Array
  readonly timingNumbers: Map<string, number>
  /** New entities; those of the base come before. */
  readonly newEntities: { readonly id: string; readonly kind: number }[]
  /** Relationships that are not there any more, and new ones: numbers go on after those of the base. */
  readonly gone: Set<number>
  readonly added: AddedRelationship[]
  readonly namedAdded: Map<number, number[]>
  /** Slots that are not what the ground says. */
  readonly slotNow: Map<number, number>
  /** What to put back, while something is supposed. */
  log: OverlayLog | null
  /** Something did not fit: the index is of no use any more, see `editedColumns`. */
  broken: Full | null
}

export interface OverlayLog {
  /** Which of `pointers`, the place in it, and what stood there. */
  readonly words: Growing
  readonly gone: number[]
  /** Relationship and its slot before, -1: as the ground says. */
  readonly slots: number[]
  readonly timings: string[]
  readonly classes: number[]
}

/** Room for changes: a share of what there is, and something for small estates. */
const roomFor = (count: number, least = 1024): number => count + (count >> 2) + least
/** For rows, which are copied whole. */
const LEAST_ROWS = 32_768
const MORE_CLASSES = 256
const MORE_TIMINGS = 256

/**
 * Lays nothing over an index yet. Copies it once, at the speed of memory, into a place with room for a quarter more;
 * edits then cost what they change. `ground` is of the columns that the index was made of.
 */
export function overlayOf(base: FlatIndex, ground: OverlayGround): Overlay {
  const isWide = base.classBits === WIDE
  const classRoom = base.classCount + MORE_CLASSES
  const limits = {
    classes: isWide ? classRoom : Math.min(classRoom, 2 ** base.classBits),
    slots: isWide ? roomFor(base.slots) : Math.min(roomFor(base.slots), 2 ** (32 - base.classBits)),
  }
  const index = withRoom(base, limits)
  const overlay: Overlay = {
    base,
    ground,
    index,
    entityCount: base.entities,
    edgeTail: base.edgeCount,
    accessTail: base.accessEdges,
    slotCount: base.slots,
    groupCount: base.groups,
    classCount: base.classCount,
    timingCount: base.timingRows,
    edgesFrozen: base.edgeCount + 1,
    accessFrozen: base.accessEdges + 1,
    limits,
    classNumbers: new Map(),
    sameClass: new Int32Array(limits.classes),
    sorts: new Uint8Array(limits.classes),
    timingNumbers: new Map(),
    newEntities: [],
    gone: new Set(),
    added: [],
    namedAdded: new Map(),
    slotNow: new Map(),
    log: null,
    broken: null,
  }
  for (let i = 0; i < base.classCount; i++) {
    const key = classKey(index.classes, i)
    const first = overlay.classNumbers.get(key) ?? i
    overlay.classNumbers.set(key, first)
    overlay.sameClass[i] = first
    overlay.sorts[i] = sortOfClass(index.classes, i)
  }
  return overlay
}

/**
 * The same index in a place of its own with room, laid out as an index of that size, ends of rows behind it. Pages that
 * nothing is written to take no memory.
 */
function withRoom(base: FlatIndex, limits: Overlay['limits']): FlatIndex {
  const { memory, ...made } = emptyIndex({
    ...base,
    entities: base.entities + (base.entities >> 4) + 1024,
    edgeCount: roomFor(base.edgeCount, LEAST_ROWS),
    slots: limits.slots,
    groups: roomFor(base.groups),
    classCount: limits.classes,
    timingRows: base.timingRows + MORE_TIMINGS,
    accessEdges: roomFor(base.accessEdges, LEAST_ROWS),
  })
  const lengths = [made.entities, made.groups, made.entities]
  const room = roomOf({ memory, ...made })
  const places = room ? lengths.map((length) => reserve(room, 4 * length)) : []
  // What was reserved may have made the memory grow: only its buffer of now shows everything.
  const index = room && !places.includes(0) ? indexIn(room.memory.buffer, room.memory) : { ...made, memory: null }
  const [inEnd, groupEnd, accessEnd] = lengths.map((length, i) =>
    index.memory ? new Int32Array(index.buffer, places[i]!, length) : new Int32Array(bufferOf(4 * length)),
  ) as [Int32Array, Int32Array, Int32Array]
  inEnd.set(base.inEnd.subarray(0, base.entities))
  groupEnd.set(base.groupEnd.subarray(0, base.groups))
  accessEnd.set(base.accessEnd.subarray(0, base.entities))
  index.inStart.set(base.inStart.subarray(0, base.entities))
  index.groupStart.set(base.groupStart.subarray(0, base.groups))
  index.accessStart.set(base.accessStart.subarray(0, base.entities))
  for (const name of ['edges', 'slotOfEdge', 'groupOfSlot', 'groupConfirmed', 'classes', 'accessTo'] as const)
    index[name].set(base[name])
  index.timings.set(base.timings)
  index.entityKind.set(base.entityKind)
  return { ...index, inEnd, groupEnd, accessEnd }
}

const pointers = ['inStart', 'inEnd', 'accessStart', 'accessEnd', 'groupStart', 'groupEnd', 'groupConfirmed'] as const
type Pointer = (typeof pointers)[number]
const pointerNumbers = Object.fromEntries(pointers.map((name, i) => [name, i])) as Record<Pointer, number>

/** Writes where something begins or ends, noting what stood there while something is supposed. */
export function point({ index, log }: Overlay, name: Pointer, at: number, value: number): void {
  const items = index[name]
  if (log) {
    push(log.words, pointerNumbers[name])
    push(log.words, at)
    push(log.words, items[at]!)
  }
  items[at] = value
}

export function emptyLog(): OverlayLog {
  return { words: growing(), gone: [], slots: [], timings: [], classes: [] }
}

/** Puts back what `point` noted. */
export function restorePointers({ index }: Overlay, { words }: OverlayLog): void {
  for (let i = words.length - 3; i >= 0; i -= 3)
    index[pointers[words.items[i]!]!][words.items[i + 1]!] = words.items[i + 2]!
}

/** Share of the room for changed rows that is taken; from 1 on nothing fits. At about a half, make the index anew. */
export function roomTaken({ base, index, edgeTail, accessTail }: Overlay): number {
  const share = (tail: number, was: number, room: number): number => (tail - was) / (room - was)
  return Math.max(
    share(edgeTail, base.edgeCount, index.edgeCount),
    share(accessTail, base.accessEdges, index.accessEdges),
  )
}
