import type { Estate } from '../estate/estate.ts'
import type { CutAction } from './cut-actions.ts'
import { candidates, costCurve, worth, type CurveStep } from './cost-curve.ts'
import { cutGraph, openWay, reachedNodes, type CutGraph } from './cut-graph.ts'
import { cheaperSet, cutPrices, type CutPrices, type Outage, type Pricing } from './cut-prices.ts'
import { cutRoutes } from './cut-routes.ts'
import { searchCut, type Found, type SearchBounds } from './cut-search.ts'
import { minCut, NEVER } from './min-cut.ts'
import type { Price } from './price.ts'
import { travelOf } from './travel.ts'

export type { Outage, Pricing } from './cut-prices.ts'

export interface CutOption {
  readonly action: CutAction
  readonly outage: Outage
  /** Shortest routes to a target that it ends by itself. */
  readonly routes: number
}

export interface CurvePoint {
  readonly action: CutAction
  /** Of all actions so far, done together. */
  readonly breaks: number
  readonly unknown: number
  /** Of the shortest routes there were. */
  readonly routes: number
  /** Targets still within reach. */
  readonly targetsLeft: number
}

export interface Containment {
  /** Targets within reach before anything is done. */
  readonly targets: readonly number[]
  readonly routes: number
  /** Best first: routes ended per dependent broken. */
  readonly options: readonly CutOption[]
  /** The best next action each time, until no target is left within reach. */
  readonly curve: readonly CurvePoint[]
  /** The cheapest set that takes every target but the uncuttable out of reach; empty where there is nothing to cut. */
  readonly cut: readonly CutAction[]
  readonly price: Price
  /** Whether no cheaper set exists; else it is merely the cheapest that was found. */
  readonly exact: boolean
  /** No set breaks, or may break, fewer dependents than this: the price where `exact`. */
  readonly atLeast: number
  /** Targets that no action here takes out of reach: sessions live on, or the thing itself was taken over. */
  readonly uncuttable: readonly number[]
}

const OPTIONS_PRICED = 24
/** Bounds of work of the two searches: for the fewest actions too, and for the price alone. */
const BOUNDS: Bounds = {
  small: { sets: 3_000, edges: 3_000_000 },
  large: { sets: 20_000, edges: 40_000_000 },
}
export interface Bounds {
  readonly small: SearchBounds
  readonly large: SearchBounds
}
/** Capacities that order sets as prices do, where they add up. */
const [A_VICTIM, A_CERTAIN_ONE, AN_ACTION] = [1e8, 1e4, 1]

/**
 * The cheapest cut between a source and targets. A set costs what its actions break together; what may break counts as
 * broken, then fewer actions win. A minimum cut with costs that add up gives a set to start from, and a bound; a best-first
 * search with joint prices gives the answer, or says how far it is from one (docs/decisions/007).
 */
export function contain(
  estate: Estate,
  source: number,
  targets: ReadonlySet<number>,
  pricing: Pricing,
  bounds: Bounds = BOUNDS,
): Containment {
  const graph = cutGraph(estate, travelOf(estate), source, targets)
  const prices = cutPrices(graph, pricing)
  const last = reachedNodes(graph, new Uint8Array(graph.actions.length).fill(1))
  const wanted = graph.isTarget.map((is, node) => (is === 1 && last[node] === 0 ? 1 : 0))
  const start = cutRoutes(graph, new Uint8Array(graph.actions.length), wanted)
  const options = optionsOf(graph, prices, start)
  const curve = costCurve(graph, wanted, prices)
  const found = start.total === 0 ? nothingToCut : cheapestCut(graph, wanted, prices, curve, bounds)
  const actionAt = (number: number): CutAction => graph.actions[number]!
  const entitiesOf = (keep: (node: number) => boolean): number[] =>
    graph.targets.filter(keep).map((node) => graph.entity[node]!)
  return {
    targets: entitiesOf(() => true),
    routes: start.total,
    options,
    curve: curve.map(({ action, price, routes, targetsLeft }) => ({
      action: actionAt(action),
      ...price,
      routes,
      targetsLeft,
    })),
    cut: found.actions.map(actionAt),
    price: found.price,
    exact: found.exact,
    atLeast: found.atLeast,
    uncuttable: entitiesOf((node) => last[node] === 1),
  }
}

const nothingToCut = { actions: [], price: { breaks: 0, unknown: 0 }, exact: true, atLeast: 0 } as const

function optionsOf(graph: CutGraph, prices: CutPrices, start: ReturnType<typeof cutRoutes>): CutOption[] {
  return candidates(prices, start, OPTIONS_PRICED)
    .map((action) => ({ action: graph.actions[action]!, routes: start.ended[action]!, outage: prices.outage(action) }))
    .sort((a, b) => worthOf(b) - worthOf(a) || b.routes - a.routes)
}

function worthOf({ routes, outage }: CutOption): number {
  return worth(routes, { breaks: outage.breaks.length, unknown: outage.unknown.length })
}

interface Cheapest extends Found {
  readonly exact: boolean
  readonly atLeast: number
}

function cheapestCut(
  graph: CutGraph,
  wanted: Uint8Array,
  prices: CutPrices,
  curve: readonly CurveStep[],
  bounds: Bounds,
): Cheapest {
  const none = new Uint8Array(graph.actions.length)
  const known = knownCut(graph, wanted, prices, curve)
  const small = searchCut(graph, wanted, prices, none, known, true, bounds.small)
  if (small.proven && small.best) return { ...small.best, exact: true, atLeast: small.atLeast }
  // Free actions cost nothing in any company: with all of them done, only what costs is left to choose from.
  const large = searchCut(graph, wanted, prices, prices.isFree, small.best, false, bounds.large)
  const best = large.best ? withFewestFree(graph, wanted, prices, large.best) : small.best
  const bound = Math.max(small.atLeast, large.atLeast, leastPrice(graph, wanted, prices))
  if (!best) return { actions: [], price: { breaks: 0, unknown: 0 }, exact: false, atLeast: bound }
  const cost = best.price.breaks + best.price.unknown
  return { ...best, exact: large.proven || bound >= cost, atLeast: Math.min(bound, cost) }
}

/** The better of what the curve ended with and of the minimum cut if prices added up, without what is needless in it. */
function knownCut(
  graph: CutGraph,
  wanted: Uint8Array,
  prices: CutPrices,
  curve: readonly CurveStep[],
): Found | undefined {
  const sets: (readonly number[])[] = []
  if (curve.at(-1)?.targetsLeft === 0) sets.push(curve.map(({ action }) => action))
  const added = minCut(graph, wanted, (action) => {
    if (prices.isFree[action] === 1) return AN_ACTION
    if (!prices.has(action) && prices.exhausted()) return NEVER
    const { breaks, unknown } = prices.outage(action)
    return (breaks.length + unknown.length) * A_VICTIM + breaks.length * A_CERTAIN_ONE + AN_ACTION
  })
  if (added) sets.push(added.actions)
  const found = sets.map((actions) => {
    const kept = pruned(graph, wanted, prices, actions)
    return { actions: kept, price: prices.of(kept) }
  })
  return found.sort((a, b) => cheaperSet(a.price, a.actions.length, b.price, b.actions.length))[0]
}

/** Larger sets are not tried one by one. */
const PRUNED = 60

/** Without the actions that the others make needless, the dearest left out first. */
function pruned(graph: CutGraph, wanted: Uint8Array, prices: CutPrices, actions: readonly number[]): number[] {
  if (actions.length > PRUNED) return [...actions]
  const done = new Uint8Array(graph.actions.length)
  for (const action of actions) done[action] = 1
  const dearest = [...actions].sort((a, b) => cheaperSet(prices.of([b]), 0, prices.of([a]), 0))
  for (const action of dearest) {
    done[action] = 0
    if (openWay(graph, done, wanted) !== undefined) done[action] = 1
  }
  return actions.filter((action) => done[action] === 1)
}

/** What costs is chosen; of the free actions the fewest that end the rest. */
function withFewestFree(graph: CutGraph, wanted: Uint8Array, prices: CutPrices, { actions, price }: Found): Found {
  const taken = new Set(actions)
  const rest = minCut(graph, wanted, (action) => (taken.has(action) ? 0 : prices.isFree[action] === 1 ? 1 : NEVER))
  if (!rest) return { actions: [...actions, ...graph.actions.keys()].filter(once(prices)), price }
  const all = [...new Set([...actions.filter((one) => prices.isFree[one] === 0), ...rest.actions])]
  const kept = pruned(graph, wanted, prices, all)
  return { actions: kept, price: prices.of(kept) }
}

/** Free actions all of them, the others as they are named. */
function once({ isFree }: CutPrices): (action: number, at: number, all: readonly number[]) => boolean {
  const seen = new Set<number>()
  return (action, at, all) => {
    const isNamed = at < all.length - isFree.length
    if (seen.has(action) || (!isNamed && isFree[action] === 0)) return false
    seen.add(action)
    return true
  }
}

/**
 * A bound from below: each dependent is shared out among the actions that break it alone, so the shares of any set are no
 * more than those whom it breaks together; the least sum of shares is a minimum cut. What has no price counts nothing.
 */
function leastPrice(graph: CutGraph, wanted: Uint8Array, prices: CutPrices): number {
  const victims = graph.actions.map((_, action) => {
    if (prices.isFree[action] === 1 || !prices.has(action)) return []
    const { breaks, unknown } = prices.outage(action)
    return [...breaks, ...unknown]
  })
  const shared = new Map<number, number>()
  for (const broken of victims) for (const one of broken) shared.set(one, (shared.get(one) ?? 0) + 1)
  const shares = victims.map((broken) => broken.reduce((sum, one) => sum + 1 / shared.get(one)!, 0))
  const least = minCut(graph, wanted, (action) => shares[action]!)
  return least ? Math.ceil(least.value - 1e-6) : 0
}
