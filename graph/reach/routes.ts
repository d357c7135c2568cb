import type { Travel } from './travel.ts'
import { walk, type Allowed } from './walk.ts'

/** The shortest routes from a source to some targets: how many there are, and over what they run. */
export interface Routes {
  readonly total: number
  /** Targets still within reach. */
  readonly targets: readonly number[]
  /** How many of the routes run over a link. */
  through(link: number): number
  /** Links that any of them runs over. */
  readonly links: readonly number[]
  /** Entities on them, source and targets included. */
  readonly entities: readonly number[]
}

/**
 * Counts shortest routes, each target's own, without listing them (Brandes, "A faster algorithm for betweenness
 * centrality", 2001). Linear. All simple paths would be more honest and can't be counted in time.
 */
function routesTo(travel: Travel, source: number, wanted: ReadonlySet<number>, allowed?: Allowed): Routes {
  const { order, depth } = walk(travel, source, allowed)
  const forth = new Map<number, number>([[source, 1]])
  const links: number[] = []
  for (const at of order)
    for (let i = travel.start[at]!; i < travel.start[at + 1]!; i++) {
      const link = travel.list[i]!
      const to = travel.to[link]!
      if (depth[to] !== depth[at]! + 1 || (allowed && !allowed(link))) continue
      forth.set(to, (forth.get(to) ?? 0) + forth.get(at)!)
      links.push(link)
    }
  // Against the order of the walk: routes from here on to any target.
  const on = new Map<number, number>()
  for (const target of order) if (wanted.has(target) && target !== source) on.set(target, 1)
  for (let i = links.length - 1; i >= 0; i--) {
    const [from, to] = [travel.from[links[i]!]!, travel.to[links[i]!]!]
    if (on.has(to)) on.set(from, (on.get(from) ?? 0) + on.get(to)!)
  }
  const used = links.filter((link) => on.has(travel.to[link]!))
  const usedSet = new Set(used)
  return {
    total: on.get(source) ?? 0,
    targets: order.filter((target) => wanted.has(target) && target !== source),
    through: (link) => (usedSet.has(link) ? forth.get(travel.from[link]!)! * on.get(travel.to[link]!)! : 0),
    links: used,
    entities: order.filter((entity) => on.has(entity)),
  }
}
