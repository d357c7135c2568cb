import { copyOf, float64s, int32s } from '../arrays.ts'
/** Rows of a directed graph that may have gaps: `to[start[i]] … to[end[i] - 1]` are where entity `i` leads. */
export interface GappedRows {
  readonly start: Int32Array
  readonly end: Int32Array
  readonly to: Int32Array
}

/**
 * What every way from the roots to a thing goes through. Things are numbered as they were found (depth first), from 1;
 * number 0 stands before all roots and is no thing.
 */
export interface Dominators {
  /** Numbers in use: 0 and everything that the roots lead to, themselves included. */
  readonly count: number
  /** Entity of each number; that of 0 is -1. */
  readonly entity: Int32Array
  /** Number of each entity, 0 for one that no root leads to. */
  readonly number: Int32Array
  /** By number: the last thing that every way to it goes through, 0 where there is none. Always the smaller number. */
  readonly above: Int32Array
}

/**
 * Semi-NCA (Georgiadis, "Linear-time algorithms for dominators and related problems", 2005) from a thing of no number
 * that leads to all roots. Every stack is an array, so depth costs nothing. O(n²) at worst, near linear as graphs are.
 */
export function dominatorsOf(rows: GappedRows, roots: Int32Array): Dominators {
  const found = numbered(rows, roots)
  const { count, parent } = found
  const { first, before } = predecessors(rows, roots, found)
  const above = copyOf(parent, count)
  const semi = Int32Array.from({ length: count }, (_, i) => i)
  const label = copyOf(semi)
  const ancestor = parent
  const path = int32s(count)

  /** The smallest semi-dominator on the way up to what is not linked yet; that way is shortened for the next. */
  const evaluate = (from: number, linked: number): number => {
    if (from < linked) return from
    let depth = 0
    let at = from
    for (; ancestor[at]! >= linked; at = ancestor[at]!) path[depth++] = at
    const root = ancestor[at]!
    let best = label[at]!
    while (depth > 0) {
      const one = path[--depth]!
      ancestor[one] = root
      if (semi[best]! < semi[label[one]!]!) label[one] = best
      else best = label[one]!
    }
    return best
  }

  for (let one = count - 1; one > 0; one--) {
    let least = above[one]!
    for (let i = first[one]!; i < first[one + 1]!; i++) {
      const way = semi[evaluate(before[i]!, one + 1)]!
      if (way < least) least = way
    }
    semi[one] = least
  }
  for (let one = 1; one < count; one++) {
    let up = above[one]!
    while (up > semi[one]!) up = above[up]!
    above[one] = up
  }
  return { count, entity: found.entity, number: found.number, above }
}

interface Numbered {
  readonly count: number
  readonly entity: Int32Array
  readonly number: Int32Array
  /** By number, from whom it was found; 0 for a root. */
  readonly parent: Int32Array
}

/** Depth first from the roots, one after the other. */
function numbered({ start, end, to }: GappedRows, roots: Int32Array): Numbered {
  const size = end.length < start.length ? end.length : start.length
  const entity = int32s(size + 1).fill(-1)
  const number = int32s(size)
  const parent = int32s(size + 1)
  const next = int32s(size)
  const stack = int32s(size)
  let count = 1
  const enter = (one: number, from: number): void => {
    entity[count] = one
    number[one] = count
    parent[count++] = from
    next[one] = start[one]!
  }
  for (let i = 0; i < roots.length; i++) {
    if (number[roots[i]!] !== 0) continue
    enter(roots[i]!, 0)
    stack[0] = roots[i]!
    for (let depth = 1; depth > 0;) {
      const at = stack[depth - 1]!
      if (next[at]! >= end[at]!) {
        depth--
        continue
      }
      const one = to[next[at]!++]!
      if (number[one] !== 0) continue
      enter(one, number[at]!)
      stack[depth++] = one
    }
  }
  return { count, entity, number, parent }
}

/** By number, the numbers that lead to it: those of `one` are `before[first[one]] … before[first[one + 1] - 1]`. */
function predecessors({ start, end, to }: GappedRows, roots: Int32Array, { count, entity, number }: Numbered) {
  const first = int32s(count + 1)
  for (let i = 0; i < roots.length; i++) first[number[roots[i]!]! + 1]!++
  for (let one = 1; one < count; one++)
    for (let i = start[entity[one]!]!, last = end[entity[one]!]!; i < last; i++) first[number[to[i]!]! + 1]!++
  for (let one = 0; one < count; one++) first[one + 1]! += first[one]!
  const before = int32s(first[count]!)
  const next = copyOf(first, count)
  for (let i = 0; i < roots.length; i++) before[next[number[roots[i]!]!]!++] = 0
  for (let one = 1; one < count; one++)
    for (let i = start[entity[one]!]!, last = end[entity[one]!]!; i < last; i++) before[next[number[to[i]!]!]!++] = one
  return { first, before }
}

/**
 * Weight of all that a thing stands before, itself included, by number: what no root leads to any more without it.
 *
 * @param weights of each entity; each counts 1 where absent
 */
export function weightsBelow({ count, entity, above }: Dominators, weights?: ArrayLike<number>): Float64Array {
  const below = float64s(count)
  for (let one = count - 1; one > 0; one--) {
    below[one]! += weights ? weights[entity[one]!]! : 1
    below[above[one]!]! += below[one]!
  }
  return below
}
