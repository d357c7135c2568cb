/**
 * How the flat index lies in one buffer, in memory and on disk alike: a header, then each array at the next multiple of
 * 64 bytes (a line of cache). Counts are in the header, so where a section begins follows from them.
 */

export const MAGIC = 0x5846_4b00 // "\0KFX"
/** Counts up with every change of the layout or of what it means: a file of another version is built anew. */
export const VERSION = 1
export const HEADER_BYTES = 512
/** Words of the header; the words after them hold the name of what the index was made from. */
export const headerWords = {
  magic: 0,
  version: 1,
  checksum: 2,
  bytes: 3,
  entities: 5,
  described: 6,
  edgeCount: 7,
  slots: 8,
  groups: 9,
  classCount: 10,
  timingRows: 11,
  accessEdges: 12,
  classBits: 13,
  relationships: 14,
  nameBytes: 15,
} as const
/** Where the name begins, and how long it may be. */
export const NAME_AT = 256
export const NAME_LIMIT = HEADER_BYTES - NAME_AT

/** Numbers that decide the layout. */
export interface Counts {
  readonly entities: number
  /** Entities from here on are only named by relationships. */
  readonly described: number
  /** Relationships that carry breakage or values. */
  readonly edgeCount: number
  /** Places in groups of alternatives; number 0 is none and takes a place. */
  readonly slots: number
  readonly groups: number
  readonly classCount: number
  readonly timingRows: number
  /** Relationships that carry compromise. */
  readonly accessEdges: number
  /** Low bits of an edge's second word that hold its class; 32: its slot has a section of its own. */
  readonly classBits: number
  /** Relationships that the index was made from, whatever they carry. */
  readonly relationships: number
}

export const WIDE = 32

const counted = Object.keys({
  entities: 0,
  described: 0,
  edgeCount: 0,
  slots: 0,
  groups: 0,
  classCount: 0,
  timingRows: 0,
  accessEdges: 0,
  classBits: 0,
  relationships: 0,
} satisfies Record<keyof Counts, number>) as (keyof Counts)[]

export function writeCounts(header: Int32Array, counts: Counts): void {
  for (const name of counted) header[headerWords[name]] = counts[name]
}

export function readCounts(header: Int32Array): Counts {
  return Object.fromEntries(counted.map((name) => [name, header[headerWords[name]]!])) as unknown as Counts
}

/** Length of each section in items of its type, in their order in the buffer. */
export function sectionLengths(counts: Counts): Record<SectionName, number> {
  return {
    inStart: counts.entities + 1,
    edges: 2 * counts.edgeCount,
    slotOfEdge: counts.classBits === WIDE ? counts.edgeCount : 0,
    groupOfSlot: counts.slots,
    groupStart: counts.groups + 1,
    groupConfirmed: counts.groups,
    classes: 4 * counts.classCount,
    timings: counts.timingRows * 7,
    accessStart: counts.entities + 1,
    accessTo: counts.accessEdges,
    entityKind: counts.entities,
  }
}

/** Bytes of one item. */
export const sectionItems = {
  inStart: 4,
  edges: 4,
  slotOfEdge: 4,
  groupOfSlot: 4,
  groupStart: 4,
  groupConfirmed: 4,
  classes: 4,
  timings: 8,
  accessStart: 4,
  accessTo: 4,
  entityKind: 2,
} as const
export type SectionName = keyof typeof sectionItems

const LINE = 64

/** Where each section begins, and how large the whole is, in bytes. */
export function placeSections(counts: Counts): { readonly at: Record<SectionName, number>; readonly bytes: number } {
  const lengths = sectionLengths(counts)
  const at = {} as Record<SectionName, number>
  let next = HEADER_BYTES
  for (const name of Object.keys(sectionItems) as SectionName[]) {
    at[name] = next
    next += Math.ceil((lengths[name] * sectionItems[name]) / LINE) * LINE
  }
  return { at, bytes: next }
}
