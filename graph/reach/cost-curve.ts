import type { CutGraph } from './cut-graph.ts'
import { cutRoutes, wholeRoutes, type CutRoutes } from './cut-routes.ts'
import type { CutPrices } from './cut-prices.ts'
import type { Price } from './price.ts'

/** One more action, and what all so far cost and end together. */
export interface CurveStep {
  /** Number of the action. */
  readonly action: number
  readonly price: Price
  /** Of the shortest routes there were. */
  readonly routes: number
  /** Targets still within reach. */
  readonly targetsLeft: number
}

/** Actions that get a price in each step, those with the most routes. */
const PRICED_A_STEP = 24
/** Edges looked at: a bound of work. */
const EDGES_LOOKED_AT = 15_000_000

/**
 * Which actions to weigh next: those that end most routes, priced as long as prices may be asked for, and the free one
 * that ends most.
 */
export function candidates(prices: CutPrices, { ended }: CutRoutes, most: number): number[] {
  const first: number[] = []
  let free = -1
  for (let action = 0; action < ended.length; action++) {
    const routes = ended[action]!
    if (routes === 0) continue
    if (prices.isFree[action] === 1 && (free < 0 || routes > ended[free]!)) free = action
    if (first.length === most && routes <= ended[first.at(-1)!]!) continue
    let at = first.length === most ? most - 1 : first.length
    for (; at > 0 && ended[first[at - 1]!]! < routes; at--) first[at] = first[at - 1]!
    first[at] = action
  }
  const weighed = first.filter((action) => prices.has(action) || !prices.exhausted())
  if (free >= 0 && !weighed.includes(free)) weighed.push(free)
  return weighed.length > 0 ? weighed : first.slice(0, 1)
}

/** Routes ended per dependent that breaks or may break; what costs nothing comes first. */
export function worth(routes: number, price: Price): number {
  return routes / (price.breaks + price.unknown || 1e-9)
}

/** The best next action each time, until no wanted target is left within reach or the bound of work is met. */
export function costCurve(graph: CutGraph, wanted: Uint8Array, prices: CutPrices): CurveStep[] {
  const done = new Uint8Array(graph.actions.length)
  const chosen: number[] = []
  const steps: CurveStep[] = []
  const whole = wholeRoutes(graph, wanted)
  let left = cutRoutes(graph, done, wanted)
  const first = left.total
  let paid: Price = { breaks: 0, unknown: 0 }
  for (let edges = 0; left.total > 0 && edges < EDGES_LOOKED_AT; edges += 4 * graph.head.length + 1000) {
    let best: { action: number; price: Price; worth: number } | undefined
    for (const action of candidates(prices, left, PRICED_A_STEP)) {
      const price = prices.isFree[action] === 1 ? paid : prices.of([...chosen, action])
      const more = { breaks: price.breaks - paid.breaks, unknown: price.unknown - paid.unknown }
      const value = worth(left.ended[action]!, { breaks: Math.max(0, more.breaks + more.unknown), unknown: 0 })
      if (!best || value > best.worth) best = { action, price, worth: value }
    }
    if (!best) break
    chosen.push(best.action)
    done[best.action] = 1
    paid = best.price
    left = cutRoutes(graph, done, wanted)
    steps.push({ action: best.action, price: paid, routes: first - whole(done), targetsLeft: left.targets })
  }
  return steps
}
