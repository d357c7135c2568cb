import { int32s } from '../arrays.ts'
/** Rows of a directed graph: `to[start[i]] … to[start[i + 1] - 1]` are where entity `i` leads. */
export interface Rows {
  readonly start: Int32Array
  readonly to: Int32Array
}

export interface FlatComponents {
  readonly count: number
  /** Component of each entity, -1 for one that no root leads to. Whatever a component leads to has a smaller number. */
  readonly of: Int32Array
  /** Entities by component: those of `c` are `members[first[c]] … members[first[c + 1] - 1]`. */
  readonly members: Int32Array
  readonly first: Int32Array
}

/**
 * Strongly connected components of what some roots lead to. Tarjan's algorithm with one number an entity, as Pearce
 * keeps it ("A space-efficient algorithm for finding strongly connected components", 2016), with explicit stacks.
 * O(entities + edges).
 */
export function flatComponents({ start, to }: Rows, roots: Int32Array): FlatComponents {
  const size = start.length - 1
  // While a thing is open, its place among the open ones, from 1; closed, `size + 1` and its component; 0 not yet seen.
  const numbers = int32s(size)
  const members = int32s(size)
  const first = int32s(size + 1)
  const open = int32s(size)
  const path = int32s(size)
  const nextOf = int32s(size)
  const lowOf = int32s(size)
  const closed = size + 1
  let [openCount, number, count, placed] = [0, 1, 0, 0]
  for (let i = 0; i < roots.length; i++) {
    if (numbers[roots[i]!] !== 0) continue
    let depth = 0
    let at = roots[i]!
    let next = start[at]!
    let last = start[at + 1]!
    let own = number++
    let low = own
    numbers[at] = own
    for (;;) {
      let isDeeper = false
      while (next < last) {
        const head = to[next++]!
        const seen = numbers[head]!
        if (seen === 0) {
          path[depth] = at
          nextOf[depth] = next
          lowOf[depth++] = low
          at = head
          isDeeper = true
          break
        }
        if (seen < low) low = seen
      }
      if (isDeeper) {
        next = start[at]!
        last = start[at + 1]!
        own = number++
        low = own
        numbers[at] = own
        continue
      }
      if (low === own) {
        while (openCount > 0 && numbers[open[openCount - 1]!]! >= own) {
          const member = open[--openCount]!
          numbers[member] = closed + count
          members[placed++] = member
        }
        numbers[at] = closed + count
        members[placed++] = at
        first[++count] = placed
        number = own
      } else {
        numbers[at] = low
        open[openCount++] = at
      }
      if (depth === 0) break
      const child = low
      at = path[--depth]!
      next = nextOf[depth]!
      last = start[at + 1]!
      own = numbers[at]!
      low = lowOf[depth]! < child ? lowOf[depth]! : child
    }
  }
  for (let i = 0; i < size; i++) numbers[i] = numbers[i] === 0 ? -1 : numbers[i]! - closed
  return { count, of: numbers, members: members.subarray(0, placed), first: first.subarray(0, count + 1) }
}
