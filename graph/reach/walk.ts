import { int32s } from '../arrays.ts'
import type { Travel } from './travel.ts'

/** Relationship numbers that a walk may take; absent: all that carry compromise. */
export type Allowed = (relationship: number) => boolean

export interface Walk {
  /** Entities in the order in which they are found, nearest first; the source is the first. */
  readonly order: readonly number[]
  /** The relationship over which each entity was found first, -1 for the source and for what is out of reach. */
  readonly over: Int32Array
  /** Links from the source; -1 out of reach. */
  readonly depth: Int32Array
}

/** Breadth first from one entity; ties by relationship number, which is the order of ids. Linear in what it finds. */
export function walk(travel: Travel, source: number, allowed?: Allowed): Walk {
  const over = int32s(travel.size).fill(-1)
  const depth = int32s(travel.size).fill(-1)
  const order = [source]
  depth[source] = 0
  for (let head = 0; head < order.length; head++) {
    const at = order[head]!
    for (let i = travel.start[at]!; i < travel.start[at + 1]!; i++) {
      const number = travel.list[i]!
      const to = travel.to[number]!
      if (depth[to] !== -1 || (allowed && !allowed(number))) continue
      depth[to] = depth[at]! + 1
      over[to] = number
      order.push(to)
    }
  }
  return { order, over, depth }
}

/** Relationship numbers from the source of a walk to an entity; empty for the source and for what is out of reach. */
export function linksTo({ over }: Walk, { from }: Travel, entity: number): number[] {
  const links: number[] = []
  for (let at = entity; over[at] !== -1; at = from[over[at]!]!) links.push(over[at]!)
  return links.reverse()
}
