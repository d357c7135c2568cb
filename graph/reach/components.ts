import { int32s, uint8s } from '../arrays.ts'
import type { Travel } from './travel.ts'

/** @param without entities whose links are not followed */
export type FindComponents = (entities: readonly number[], without: ReadonlySet<number>) => number[][]

/**
 * Strongly connected components of some entities, each with what leads to it before it (sources first). Tarjan's
 * algorithm, "Depth-first search and linear graph algorithms" (1972), with an explicit stack; linear. One finder may be
 * asked many times: what it keeps of the whole estate is made once.
 */
export function componentFinder({ size, start, list, to }: Travel): FindComponents {
  const placeOf = int32s(size).fill(-1)
  return (entities, without) => {
    const places = placed(entities, placeOf)
    // By place: when it was come to, from 1 on; the earliest that it leads back to; whether its component is not told yet.
    const order = int32s(places)
    const low = int32s(places)
    const isOpen = uint8s(places)
    const open = int32s(places)
    // The way from the root to where the search is: the entity, and the next and the last of its links.
    const way = int32s(places)
    const next = int32s(places)
    const end = int32s(places)
    const found: number[][] = []
    let [came, opened, depth] = [0, 0, 0]
    const enter = (entity: number, at: number): void => {
      order[at] = low[at] = ++came
      isOpen[at] = 1
      open[opened++] = entity
      way[depth] = entity
      next[depth] = start[entity]!
      end[depth++] = without.has(entity) ? start[entity]! : start[entity + 1]!
    }
    const close = (root: number): void => {
      const component: number[] = []
      for (let entity = -1; entity !== root;) {
        entity = open[--opened]!
        isOpen[placeOf[entity]!] = 0
        component.push(entity)
      }
      found.push(component.sort((a, b) => a - b))
    }
    for (const root of entities) {
      if (order[placeOf[root]!] !== 0) continue
      enter(root, placeOf[root]!)
      while (depth > 0) {
        const entity = way[depth - 1]!
        const own = placeOf[entity]!
        if (next[depth - 1]! < end[depth - 1]!) {
          const head = to[list[next[depth - 1]!++]!]!
          const at = placeOf[head]!
          if (at < 0) continue
          if (order[at] === 0) enter(head, at)
          else if (isOpen[at] === 1) low[own] = Math.min(low[own]!, order[at]!)
          continue
        }
        if (--depth > 0) {
          const parent = placeOf[way[depth - 1]!]!
          low[parent] = Math.min(low[parent]!, low[own]!)
        }
        if (low[own] === order[own]) close(entity)
      }
    }
    for (const entity of entities) placeOf[entity] = -1
    // Tarjan finds sinks first.
    return found.reverse()
  }
}

/** Numbers each of them once, in their order; how many that are. */
function placed(entities: readonly number[], placeOf: Int32Array): number {
  let count = 0
  for (const entity of entities) if (placeOf[entity] === -1) placeOf[entity] = count++
  return count
}
