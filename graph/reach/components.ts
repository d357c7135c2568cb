import type { Travel } from './travel.ts'

/**
 * Strongly connected components of some entities, each with what leads to it before it (sources first). Tarjan's
 * algorithm, "Depth-first search and linear graph algorithms" (1972), with an explicit stack; linear.
 *
 * @param without entities whose links are not followed
 */
export function componentsOf(
  { start, list, to }: Travel,
  entities: readonly number[],
  without: ReadonlySet<number>,
): number[][] {
  const inside = new Set(entities)
  const order = new Map<number, number>()
  const low = new Map<number, number>()
  const open: number[] = []
  const isOpen = new Set<number>()
  const found: number[][] = []
  const visits: { readonly at: number; next: number; readonly end: number }[] = []
  const enter = (at: number): void => {
    order.set(at, order.size)
    low.set(at, order.get(at)!)
    open.push(at)
    isOpen.add(at)
    visits.push({ at, next: start[at]!, end: without.has(at) ? start[at]! : start[at + 1]! })
  }
  for (const root of entities) {
    if (order.has(root)) continue
    enter(root)
    while (visits.length > 0) {
      const visit = visits.at(-1)!
      if (visit.next < visit.end) {
        const head = to[list[visit.next++]!]!
        if (!inside.has(head)) continue
        if (!order.has(head)) enter(head)
        else if (isOpen.has(head)) low.set(visit.at, Math.min(low.get(visit.at)!, order.get(head)!))
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent) low.set(parent.at, Math.min(low.get(parent.at)!, low.get(visit.at)!))
      if (low.get(visit.at) === order.get(visit.at)) found.push(closed(open, isOpen, visit.at))
    }
  }
  // Tarjan finds sinks first.
  return found.reverse()
}

function closed(open: number[], isOpen: Set<number>, root: number): number[] {
  const component: number[] = []
  for (let at = -1; at !== root;) {
    at = open.pop()!
    isOpen.delete(at)
    component.push(at)
  }
  return component.sort((a, b) => a - b)
}
