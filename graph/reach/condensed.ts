import { int32s, uint8s } from '../arrays.ts'
import { flatComponents, type Rows } from './flat-components.ts'

/**
 * What some roots lead to, each strongly connected component as one: without cycles, without doubled edges, and with
 * every row leading to smaller numbers only. Tails that hang on a single component are folded into it.
 */
export interface Condensed extends Rows {
  readonly count: number
  /** Component of each entity, -1 for one that no root leads to. */
  readonly of: Int32Array
  /** Of each component with the tails folded into it. */
  readonly weight: Int32Array
}

/** `weights`: of each entity, whole and together below 2^31; each weighs 1 where absent. O(entities + edges). */
export function condensedOf(rows: Rows, roots: Int32Array, weights?: Int32Array): Condensed {
  const { count, of, members, first } = flatComponents(rows, roots)
  const start = int32s(count + 1)
  const weight = int32s(count)
  const into = int32s(count)
  const isFolded = uint8s(count)
  const last = int32s(count)
  const to = int32s(edgesFrom(rows, members))
  let next = 0
  for (let one = 0; one < count; one++) {
    for (let i = first[one]!; i < first[one + 1]!; i++) {
      const member = members[i]!
      weight[one]! += weights ? weights[member]! : 1
      for (let edge = rows.start[member]!, end = rows.start[member + 1]!; edge < end; edge++) {
        const head = of[rows.to[edge]!]!
        if (head === one || last[head] === one + 1) continue
        last[head] = one + 1
        into[head]!++
        to[next++] = head
      }
    }
    start[one + 1] = next
  }
  // Whatever a component leads to comes before it: one pass folds tails of any length, and rows move to the front.
  let kept = 0
  for (let one = 0; one < count; one++) {
    const begin = kept
    for (let edge = start[one]!; edge < start[one + 1]!; edge++) {
      const head = to[edge]!
      if (isFolded[head] === 1) weight[one]! += weight[head]!
      else to[kept++] = head
    }
    if (kept === begin && into[one] === 1) isFolded[one] = 1
    start[one] = begin
  }
  start[count] = kept
  return { count, of, weight, start, to: to.subarray(0, kept) }
}

function edgesFrom({ start }: Rows, members: Int32Array): number {
  let count = 0
  for (let i = 0; i < members.length; i++) count += start[members[i]! + 1]! - start[members[i]!]!
  return count
}
