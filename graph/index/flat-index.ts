import { bufferOf } from '../arrays.ts'
import { engineMemory, MEMORY_FROM, type EngineMemory, type Room } from './engine-memory.ts'
import { HEADER_BYTES, placeSections, readCounts, sectionLengths, writeCounts, type Counts } from './sections.ts'

/**
 * The estate as the engine walks it: two views in one buffer that is only read, so that workers share it. The
 * operational view lists, for each thing, who depends on it; the access view, for each thing, what compromise of it
 * reaches. What carries neither is not in it, and names are not: an entity is a number.
 */
export interface FlatIndex extends Counts {
  /** What it lies in, from its first byte on; of an engine's memory more follows behind it. */
  readonly buffer: ArrayBufferLike
  /** Where kernels can look at it (see `engineMemory`); null: it lies in a buffer of its own. */
  readonly memory: EngineMemory | null
  /**
   * Edges of entity `i`: `inStart[i] … inEnd[i] - 1`. Of an index as it was made, `inEnd` is `inStart` from its second
   * item on; with changes laid over it, a row may stand elsewhere.
   */
  readonly inStart: Int32Array
  readonly inEnd: Int32Array
  /** Two words an edge: the dependent, then its class in the low `classBits` and its slot above them. */
  readonly edges: Int32Array
  /** Slot of each edge where classes and slots do not fit into one word, else empty. */
  readonly slotOfEdge: Int32Array
  /** Slot 0 is none: the edge is a need of its own. */
  readonly groupOfSlot: Int32Array
  /** Slots of group `g`: `groupStart[g] … groupEnd[g] - 1`, the confirmed ones first; each has at least one. */
  readonly groupStart: Int32Array
  readonly groupEnd: Int32Array
  readonly groupConfirmed: Int32Array
  /** What edges have in common, four words a class: `classColumns`. */
  readonly classes: Int32Array
  /** Rows of `TIMING_WIDTH` seconds. */
  readonly timings: Float64Array
  /** What `i` reaches: `accessStart[i] … accessEnd[i] - 1` of `accessTo`. */
  readonly accessStart: Int32Array
  readonly accessEnd: Int32Array
  readonly accessTo: Int32Array
  /** Place in `entityKindNames`. */
  readonly entityKind: Uint16Array
}

export const CLASS_WIDTH = 4
export const classColumns = {
  /** `channels`. */
  channel: 0,
  /** Confidence and strength: `standingBits`, confidence capped where a kind is only ever seen. */
  standing: 1,
  /** Row of `timings`. */
  timing: 2,
  /** Place in `relationshipKindNames`. */
  kind: 3,
} as const

/** Zeros for an index of so many bytes: in an engine's memory from `MEMORY_FROM` on, where there is one. */
export function placeFor(bytes: number): Pick<FlatIndex, 'buffer' | 'memory'> {
  const memory = (bytes >= MEMORY_FROM && engineMemory(bytes)) || null
  return { buffer: memory?.buffer ?? bufferOf(bytes), memory }
}

/** An index of this size with nothing in it yet. */
export function emptyIndex(counts: Counts): FlatIndex {
  const { buffer, memory } = placeFor(placeSections(counts).bytes)
  writeCounts(new Int32Array(buffer, 0, HEADER_BYTES / 4), counts)
  return indexIn(buffer, memory)
}

/** Its bytes, as they lie: what a file holds. */
export function bytesOf(index: FlatIndex): Uint8Array {
  return new Uint8Array(index.buffer, 0, placeSections(index).bytes)
}

/** Where workers take room beside an index in an engine's memory. */
export function roomOf(index: FlatIndex): Room | undefined {
  return index.memory ? { memory: index.memory, bytes: placeSections(index).bytes } : undefined
}

/** The same index in a memory that kernels can look at, however small it is; as it was where there is none. */
export function inEngineMemory(index: FlatIndex): FlatIndex {
  const bytes = bytesOf(index)
  const memory = index.memory ?? engineMemory(bytes.length)
  if (index.memory || !memory) return index
  new Uint8Array(memory.buffer).set(bytes)
  return indexIn(memory.buffer, memory)
}

/**
 * The views of an index that lies at the beginning of a buffer; `memory`: that buffer is of it. It is not checked here:
 * see `openSnapshot`.
 */
export function indexIn(buffer: ArrayBufferLike, memory: EngineMemory | null = null): FlatIndex {
  const counts = readCounts(new Int32Array(buffer, 0, HEADER_BYTES / 4))
  const { at } = placeSections(counts)
  const lengths = sectionLengths(counts)
  const words = (name: keyof typeof at) => new Int32Array(buffer, at[name], lengths[name])
  const [inStart, groupStart, accessStart] = [words('inStart'), words('groupStart'), words('accessStart')]
  return {
    ...counts,
    buffer,
    memory,
    inStart,
    inEnd: inStart.subarray(1),
    edges: words('edges'),
    slotOfEdge: words('slotOfEdge'),
    groupOfSlot: words('groupOfSlot'),
    groupStart,
    groupEnd: groupStart.subarray(1),
    groupConfirmed: words('groupConfirmed'),
    classes: words('classes'),
    timings: new Float64Array(buffer, at.timings, lengths.timings),
    accessStart,
    accessEnd: accessStart.subarray(1),
    accessTo: words('accessTo'),
    entityKind: new Uint16Array(buffer, at.entityKind, lengths.entityKind),
  }
}
