import { along, type Estate } from '../estate/estate.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'

/**
 * Groups of two or more of these entities that each need each other, directly or through others of them, over hard and
 * confirmed needs: strongly connected components, the largest first. Without recursion, as chains may be long (Tarjan).
 */
export function ringsAmong(estate: Estate, among: readonly number[]): number[][] {
  const inside = new Set(among)
  const order = new Map<number, number>()
  const low = new Map<number, number>()
  const stack: number[] = []
  const onStack = new Set<number>()
  const rings: number[][] = []
  for (const root of among) {
    if (order.has(root)) continue
    const frames = [{ at: root, heads: headsOf(estate, root, inside), next: 0 }]
    open(root)
    while (frames.length > 0) {
      const frame = frames.at(-1)!
      const head = frame.heads[frame.next++]
      if (head === undefined) {
        frames.pop()
        const parent = frames.at(-1)
        if (parent) low.set(parent.at, Math.min(low.get(parent.at)!, low.get(frame.at)!))
        if (low.get(frame.at) === order.get(frame.at)) close(frame.at)
      } else if (!order.has(head)) {
        open(head)
        frames.push({ at: head, heads: headsOf(estate, head, inside), next: 0 })
      } else if (onStack.has(head)) low.set(frame.at, Math.min(low.get(frame.at)!, order.get(head)!))
    }
  }
  return rings.sort((a, b) => b.length - a.length || a[0]! - b[0]!)

  function open(index: number): void {
    low.set(index, order.size)
    order.set(index, order.size)
    stack.push(index)
    onStack.add(index)
  }

  function close(index: number): void {
    const ring: number[] = []
    for (let top = stack.pop()!; ; top = stack.pop()!) {
      onStack.delete(top)
      ring.push(top)
      if (top === index) break
    }
    if (ring.length > 1) rings.push(ring.sort((a, b) => a - b))
  }
}

function headsOf(estate: Estate, index: number, inside: ReadonlySet<number>): number[] {
  const heads: number[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    const { breaks } = relationshipKinds[relationship.kind]
    if (breaks === 'no' || breaks === 'seen' || relationship.strength === 'soft') continue
    if (relationship.confidence === 'possible' || relationship.confidence === 'none') continue
    const to = estate.heads[number]!
    if (inside.has(to)) heads.push(to)
  }
  return heads
}
