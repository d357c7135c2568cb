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
  const placeOf = new Map<number, number>()
  for (const entity of entities) if (!placeOf.has(entity)) placeOf.set(entity, placeOf.size)
  // By place: when it was come to, from 1 on; the earliest that it leads back to; whether its component is not told yet.
  const order = new Int32Array(placeOf.size)
  const low = new Int32Array(placeOf.size)
  const isOpen = new Uint8Array(placeOf.size)
  const open: number[] = []
  const found: number[][] = []
  const visits: { readonly entity: number; readonly at: number; next: number; readonly end: number }[] = []
  let came = 0
  const enter = (entity: number, at: number): void => {
    order[at] = low[at] = ++came
    isOpen[at] = 1
    open.push(entity)
    const end = without.has(entity) ? start[entity]! : start[entity + 1]!
    visits.push({ entity, at, next: start[entity]!, end })
  }
  for (const root of entities) {
    const first = placeOf.get(root)!
    if (order[first] !== 0) continue
    enter(root, first)
    while (visits.length > 0) {
      const visit = visits.at(-1)!
      if (visit.next < visit.end) {
        const head = to[list[visit.next++]!]!
        const at = placeOf.get(head)
        if (at === undefined) continue
        if (order[at] === 0) enter(head, at)
        else if (isOpen[at] === 1) low[visit.at] = Math.min(low[visit.at]!, order[at]!)
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent) low[parent.at] = Math.min(low[parent.at]!, low[visit.at]!)
      if (low[visit.at] === order[visit.at]) found.push(closed(open, visit.entity))
    }
  }
  // Tarjan finds sinks first.
  return found.reverse()

  function closed(open: number[], root: number): number[] {
    const component: number[] = []
    for (let entity = -1; entity !== root;) {
      entity = open.pop()!
      isOpen[placeOf.get(entity)!] = 0
      component.push(entity)
    }
    return component.sort((a, b) => a - b)
  }
}
