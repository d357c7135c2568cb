import { copyOf, int32s, uint8s } from '../arrays.ts'
import type { Estate } from '../estate/estate.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'

/** Place of each entity among those that are asked about, from 1; zero again after each question. */
const scratch = new WeakMap<Estate, Int32Array>()

/**
 * Groups of two or more of these entities that each need each other, directly or through others of them, over hard and
 * confirmed needs: strongly connected components, the largest first. Without recursion, as chains may be long (Tarjan).
 * @param among entity numbers, each once
 */
export function ringsAmong(estate: Estate, among: readonly number[]): number[][] {
  const { start, heads } = needsAmong(estate, among)
  const order = int32s(among.length)
  const low = int32s(among.length)
  const onStack = uint8s(among.length)
  const next = copyOf(start)
  const stack: number[] = []
  const path: number[] = []
  const rings: number[][] = []
  let opened = 0
  const open = (at: number): void => {
    order[at] = low[at] = ++opened
    onStack[at] = 1
    stack.push(at)
    path.push(at)
  }
  const close = (at: number): void => {
    const ring: number[] = []
    for (let top = stack.pop()!; ; top = stack.pop()!) {
      onStack[top] = 0
      ring.push(among[top]!)
      if (top === at) break
    }
    if (ring.length > 1) rings.push(ring.sort((a, b) => a - b))
  }
  for (let root = 0; root < among.length; root++) {
    if (order[root] !== 0) continue
    open(root)
    while (path.length > 0) {
      const at = path.at(-1)!
      if (next[at]! < start[at + 1]!) {
        const head = heads[next[at]!++]!
        if (order[head] === 0) open(head)
        else if (onStack[head] === 1) low[at] = Math.min(low[at]!, order[head]!)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[at]!)
      if (low[at] === order[at]) close(at)
    }
  }
  return rings.sort((a, b) => b.length - a.length || a[0]! - b[0]!)
}

/** What each of them needs of the others, by place in the list. */
function needsAmong(estate: Estate, among: readonly number[]): { start: Int32Array; heads: readonly number[] } {
  let place = scratch.get(estate)
  if (!place) scratch.set(estate, (place = int32s(estate.entities.length)))
  for (let at = 0; at < among.length; at++) place[among[at]!] = at + 1
  const start = int32s(among.length + 1)
  const heads: number[] = []
  const { out, relationships } = estate
  for (let at = 0; at < among.length; at++) {
    const index = among[at]!
    for (let i = out.start[index]!; i < out.start[index + 1]!; i++) {
      const number = out.list[i]!
      const head = place[estate.heads[number]!]!
      if (head === 0) continue
      const { kind, strength, confidence } = relationships[number]!
      const { breaks } = relationshipKinds[kind]
      if (breaks === 'no' || breaks === 'seen' || strength === 'soft') continue
      if (confidence === 'possible' || confidence === 'none') continue
      heads.push(head - 1)
    }
    start[at + 1] = heads.length
  }
  for (const index of among) place[index] = 0
  return { start, heads }
}
