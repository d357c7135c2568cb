import { int32s } from '../arrays.ts'
import type { Adjacency } from '../estate/estate.ts'
import { isNeed } from './channels.ts'

/**
 * Alternatives: relationships of one dependent with the same need and the same strength (engine.md rule 8).
 * Only groups of two and more are kept; whatever has no slot is a need of its own.
 */
export interface NeedGroups {
  /** Place of a relationship in `members`, or -1. */
  readonly slot: Int32Array
  /** Group of each slot. */
  readonly groupOfSlot: Int32Array
  /** Members of group `g` are `members[start[g]] … members[start[g + 1] - 1]`, confirmed ones first. */
  readonly members: Int32Array
  readonly start: Int32Array
  /** Slots of group `g` from `start[g]` on that are confirmed. */
  readonly confirmedCount: Int32Array
}

interface Columns {
  readonly out: Adjacency
  /** Number of the need's name, or -1. */
  readonly need: Int32Array
  readonly channel: Uint8Array
  readonly confidence: Uint8Array
  readonly soft: Uint8Array
}

const CONFIRMED = 2

/** O(relationships): each dependent's own relationships are grouped in turn. */
export function groupNeeds({ out, need, channel, confidence, soft }: Columns): NeedGroups {
  const slot = int32s(need.length).fill(-1)
  const groupOfSlot: number[] = []
  const members: number[] = []
  const start: number[] = [0]
  const confirmedCount: number[] = []
  const groups = new Map<number, number[]>()
  for (let dependent = 0; dependent + 1 < out.start.length; dependent++) {
    groups.clear()
    for (let i = out.start[dependent]!; i < out.start[dependent + 1]!; i++) {
      const relationship = out.list[i]!
      if (need[relationship]! < 0 || !isNeed(channel[relationship]!)) continue
      const name = need[relationship]! * 2 + soft[relationship]!
      const group = groups.get(name)
      if (group) group.push(relationship)
      else groups.set(name, [relationship])
    }
    for (const group of groups.values()) {
      if (group.length < 2) continue
      const confirmed = group.filter((relationship) => confidence[relationship] === CONFIRMED)
      const others = group.filter((relationship) => confidence[relationship] !== CONFIRMED)
      for (const relationship of [...confirmed, ...others]) {
        slot[relationship] = members.length
        groupOfSlot.push(start.length - 1)
        members.push(relationship)
      }
      start.push(members.length)
      confirmedCount.push(confirmed.length)
    }
  }
  return {
    slot,
    groupOfSlot: Int32Array.from(groupOfSlot),
    members: Int32Array.from(members),
    start: Int32Array.from(start),
    confirmedCount: Int32Array.from(confirmedCount),
  }
}
