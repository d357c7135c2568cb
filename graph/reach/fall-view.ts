import { bufferOf } from '../arrays.ts'
import { CONFIRMED, confidenceIn } from '../index/edge-classes.ts'
import { standingBits } from '../index/columns.ts'
import { engineMemory, reserve, type EngineMemory } from '../index/engine-memory.ts'
import { CLASS_WIDTH, classColumns, type FlatIndex } from '../index/flat-index.ts'
import { WIDE } from '../index/sections.ts'
import { channels } from '../outage/channels.ts'

/** Low bits of an edge's second word; its group, counted from 1, lies above them. */
export const fallBits = { confirmed: 1, reads: 2, holds: 4, syncs: 8, soft: 16, groupShift: 5 } as const

/**
 * The operational view without times: what the fall of every credential is counted over. Read only and in buffers that
 * workers share; what a worker writes is `FallCounter`, or `FallPlaces` where there is a memory.
 */
export interface FallView {
  readonly entities: number
  readonly start: Int32Array
  /**
   * Two words an edge: the dependent; `fallBits`. In a row confirmed needs of their own come first, then other needs,
   * then what holds, then what syncs, then what only degrades.
   */
  readonly edges: Int32Array
  /** Alternatives that have to be out, in the worst and in the best case, by group from 1 on: two words. */
  readonly counted: Int32Array
  /** Members of group `g`: `memberStart[g] … memberStart[g + 1] - 1`, confirmed ones first. */
  readonly memberStart: Int32Array
  /** Two words a member: what is needed (`entities`: nothing, which never falls); `fallBits`. */
  readonly members: Int32Array
  /** Where all of it lies, with room for workers behind it; null: in buffers of their own. */
  readonly memory: EngineMemory | null
}

/** Bytes at the beginning of its memory that are nobody's: so no address is 0. */
export const HELD = 64
const COPIES = fallBits.holds | fallBits.syncs | fallBits.soft

/** A memory for a view, for kernels; null where there is none. It goes with the view. */
export const fallMemory = (): EngineMemory | null => engineMemory(HELD) ?? null

/** O(edges). In `fallMemory`, if given. */
export function fallViewOf(index: FlatIndex, memory: EngineMemory | null = null): FallView {
  const { entities, inStart, inEnd, edges, slotOfEdge, groupOfSlot, groupStart, groupEnd, groupConfirmed, classBits } =
    index
  const words = (count: number): Int32Array => {
    const at = memory ? reserve({ memory, bytes: HELD }, 4 * count) : 0
    if (memory && at === 0) throw new RangeError(`no room for a view of ${entities} things`)
    return memory ? new Int32Array(memory.buffer, at, count) : new Int32Array(bufferOf(4 * count))
  }
  const mask = classBits === WIDE ? -1 : 2 ** classBits - 1
  const bitsOf = fallBitsOf(index)
  const start = words(entities + 1)
  for (let entity = 0; entity < entities; entity++) {
    let count = 0
    for (let edge = inStart[entity]!; edge < inEnd[entity]!; edge++)
      if (bitsOf[edges[2 * edge + 1]! & mask]! >= 0) count++
    start[entity + 1] = start[entity]! + count
  }
  const groups = groupConfirmed.length
  const counted = words(2 * groups + 2)
  const memberStart = words(groups + 2)
  for (let group = 0; group < groups; group++) {
    counted[2 * group + 2] = groupConfirmed[group]!
    counted[2 * group + 3] = groupEnd[group]! - groupStart[group]!
    memberStart[group + 2] = memberStart[group + 1]! + counted[2 * group + 3]!
  }
  const members = words(2 * memberStart[groups + 1]!)
  for (let at = 0; at < members.length; at += 2) members[at] = entities
  const nextMember = [memberStart.slice(), memberStart.map((first, group) => first + (counted[2 * group] ?? 0))]
  const rows = words(2 * start[entities]!)
  const at = new Int32Array(SORTS + 1)
  for (let entity = 0; entity < entities; entity++) {
    at.fill(0)
    for (let edge = inStart[entity]!; edge < inEnd[entity]!; edge++) {
      const sort = sortOf(bitsAt(edge))
      if (sort >= 0) at[sort + 1]!++
    }
    at[0] = start[entity]!
    for (let sort = 0; sort < SORTS; sort++) at[sort + 1]! += at[sort]!
    for (let edge = inStart[entity]!; edge < inEnd[entity]!; edge++) {
      const bits = bitsAt(edge)
      const sort = sortOf(bits)
      if (sort < 0) continue
      const place = at[sort]!++
      rows[2 * place] = edges[2 * edge]!
      rows[2 * place + 1] = bits
      const group = bits >>> fallBits.groupShift
      if (group === 0) continue
      const member = nextMember[(bits & fallBits.confirmed) !== 0 ? 0 : 1]![group]!++
      members[2 * member] = entity
      members[2 * member + 1] = bits
    }
  }
  return { entities, start, edges: rows, counted, memberStart, members, memory }

  /** -1: it is not in the view. */
  function bitsAt(edge: number): number {
    const word = edges[2 * edge + 1]!
    const bits = bitsOf[word & mask]!
    const slot = classBits === WIDE ? slotOfEdge[edge]! : word >>> classBits
    return bits < 0 || slot === 0 ? bits : bits | ((groupOfSlot[slot]! + 1) << fallBits.groupShift)
  }
}

const SORTS = 5

/** Place of its sort in a row, -1: in none. */
function sortOf(bits: number): number {
  if (bits < 0) return -1
  if ((bits & COPIES) === 0) return (bits & ~fallBits.reads) === fallBits.confirmed ? 0 : 1
  return (bits & fallBits.holds) !== 0 ? 2 : (bits & fallBits.syncs) !== 0 ? 3 : 4
}

/** `fallBits` of each class, -1 for one that no fall goes over. */
function fallBitsOf({ classes }: FlatIndex): Int8Array {
  return Int8Array.from({ length: classes.length / CLASS_WIDTH }, (_, i) => {
    const channel = classes[i * CLASS_WIDTH + classColumns.channel]!
    const standing = classes[i * CLASS_WIDTH + classColumns.standing]!
    const confirmed = confidenceIn(standing) === CONFIRMED ? fallBits.confirmed : 0
    if (channel === channels.holds) return confirmed | fallBits.holds
    if (channel === channels.syncs) return confirmed | fallBits.syncs
    const soft = (standing & standingBits.soft) !== 0 ? fallBits.soft : 0
    return confirmed | soft | (channel === channels.reads ? fallBits.reads : 0)
  })
}
