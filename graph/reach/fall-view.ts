import { CONFIRMED, confidenceIn } from '../index/edge-classes.ts'
import { standingBits } from '../index/columns.ts'
import { CLASS_WIDTH, bufferOf, classColumns, type FlatIndex } from '../index/flat-index.ts'
import { WIDE } from '../index/sections.ts'
import { channels } from '../outage/channels.ts'

/** Low bits of an edge's second word; its group, counted from 1, lies above them. */
export const fallBits = { confirmed: 1, reads: 2, holds: 4, syncs: 8, groupShift: 4 } as const

/**
 * The operational view without times and without what only degrades: what the fall of every credential is counted
 * over. Read only and in buffers that workers share; what a worker writes is `FallCounter`.
 */
export interface FallView {
  readonly entities: number
  readonly start: Int32Array
  /** Two words an edge: the dependent; `fallBits`. In a row needs come first, then what holds, then what syncs. */
  readonly edges: Int32Array
  /** Alternatives that have to be out, in the worst and in the best case, by group from 1 on: two words. */
  readonly counted: Int32Array
}

const COPIES = fallBits.holds | fallBits.syncs

const words = (count: number): Int32Array => new Int32Array(bufferOf(4 * count))

/** O(edges). */
export function fallViewOf(index: FlatIndex): FallView {
  const { entities, inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed, classBits } =
    index
  const mask = classBits === WIDE ? -1 : 2 ** classBits - 1
  const bitsOf = fallBitsOf(index)
  const start = words(entities + 1)
  for (let entity = 0; entity < entities; entity++) {
    let count = 0
    for (let edge = inStart[entity]!; edge < inEnd[entity]!; edge++)
      if (bitsOf[edges[2 * edge + 1]! & mask]! >= 0) count++
    start[entity + 1] = start[entity]! + count
  }
  const rows = words(2 * start[entities]!)
  for (let entity = 0; entity < entities; entity++) {
    let at = 2 * start[entity]!
    for (const sort of [0, fallBits.holds, fallBits.syncs])
      for (let edge = inStart[entity]!; edge < inEnd[entity]!; edge++) {
        const word = edges[2 * edge + 1]!
        const bits = bitsOf[word & mask]!
        if (bits < 0 || (bits & COPIES) !== sort) continue
        const slot = classBits === WIDE ? slotOfEdge[edge]! : word >>> classBits
        rows[at++] = edges[2 * edge]!
        rows[at++] = bits | (slot === 0 ? 0 : (groupOfSlot[slot]! + 1) << fallBits.groupShift)
      }
  }
  const counted = words(2 * groupConfirmed.length + 2)
  for (let group = 0; group < groupConfirmed.length; group++) {
    counted[2 * group + 2] = groupConfirmed[group]!
    counted[2 * group + 3] = groupEnd[group]! - groupStart[group]!
  }
  return { entities, start, edges: rows, counted }
}

/** `fallBits` of each class, -1 for one that only degrades. */
function fallBitsOf({ classes }: FlatIndex): Int8Array {
  return Int8Array.from({ length: classes.length / CLASS_WIDTH }, (_, i) => {
    const channel = classes[i * CLASS_WIDTH + classColumns.channel]!
    const standing = classes[i * CLASS_WIDTH + classColumns.standing]!
    const confirmed = confidenceIn(standing) === CONFIRMED ? fallBits.confirmed : 0
    if (channel === channels.holds) return confirmed | fallBits.holds
    if (channel === channels.syncs) return confirmed | fallBits.syncs
    if ((standing & standingBits.soft) !== 0) return -1
    return channel === channels.reads ? confirmed | fallBits.reads : confirmed
  })
}
