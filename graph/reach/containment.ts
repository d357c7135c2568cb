import type { Estate } from '../estate/estate.ts'
import { cutActions, type CutAction } from './cut-actions.ts'
import { cheaper } from './price.ts'
import { routesTo, type Routes } from './routes.ts'
import { travelOf, type Travel } from './travel.ts'
import { linksTo, walk } from './walk.ts'

/** Entity numbers of dependents that an action breaks, and of those of which it is not known. */
export interface Outage {
  readonly breaks: readonly number[]
  readonly unknown: readonly number[]
}

export interface CutOption {
  readonly action: CutAction
  readonly outage: Outage
  /** Shortest routes to a target that it ends by itself. */
  readonly routes: number
}

export interface CurvePoint {
  readonly action: CutAction
  /** Of all actions so far, each dependent once. */
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
  /** The cheapest set that takes every target but the uncuttable out of reach; empty where none was found in the bounds. */
  readonly cut: readonly CutAction[]
  readonly price: { readonly breaks: number; readonly unknown: number }
  /** Whether no cheaper set exists; else it is merely the cheapest that was found. */
  readonly exact: boolean
  /** Targets that no action here takes out of reach: sessions live on, or the thing itself was taken over. */
  readonly uncuttable: readonly number[]
}

/** Actions that get a price in each step, those with the most routes. */
const PRICED_A_STEP = 24
/** Prices in all, and links looked at by the exact search: bounds of work, so that the same estate gives the same answer. */
const PRICED_IN_ALL = 200
const LINKS_PRICED = 5_000_000
const LINKS_LOOKED_AT = 20_000_000
const LOOKED_AT = 20_000
/** Steps of the greedy cut once no more prices may be asked for. */
const LAST_STEPS = 8

/**
 * The cheapest cut between a source and targets. A set costs what its actions break, each dependent counted once;
 * what may break counts as broken, then fewer actions win. First greedily (the curve), then exactly: of any open route
 * one action has to be taken, so a search branches over the actions of a route and drops what is dearer than the best.
 */
export function contain(
  estate: Estate,
  source: number,
  targets: ReadonlySet<number>,
  outageOf: (action: CutAction) => Outage,
): Containment {
  const travel = travelOf(estate)
  const within = routesTo(travel, source, targets)
  const { actions, byLink } = actionsTowards(estate, travel, source, new Set(within.targets))
  const bare = walk(travel, source, (link) => !byLink.has(link))
  const uncuttable = within.targets.filter((target) => bare.depth[target]! >= 0)
  const wanted = new Set(within.targets.filter((target) => bare.depth[target]! < 0))
  const prices = priceList(outageOf, Math.min(PRICED_IN_ALL, Math.ceil(LINKS_PRICED / (travel.list.length + 1))))
  const scene: Scene = { travel, source, wanted, actions, byLink, prices }
  const start = routesTo(travel, source, wanted)
  const { curve, chosen } = greedy(scene, start)
  const found = wanted.size === 0 ? { cut: [], exact: true } : cheapest(scene, knownCut(scene, chosen))
  return {
    targets: within.targets,
    routes: start.total,
    options: optionsOf(scene, start),
    curve,
    cut: found.cut,
    price: countsOf(found.cut.map(prices.of)),
    exact: found.exact && !prices.exhausted(),
    uncuttable,
  }
}

interface Scene {
  readonly travel: Travel
  readonly source: number
  readonly wanted: ReadonlySet<number>
  readonly actions: readonly CutAction[]
  readonly byLink: ReadonlyMap<number, readonly CutAction[]>
  readonly prices: PriceList
}

interface PriceList {
  of(action: CutAction): Outage
  has(action: CutAction): boolean
  exhausted(): boolean
}

/** Prices are asked for as late as possible and once: each is a run of the engine. */
function priceList(outageOf: (action: CutAction) => Outage, most: number): PriceList {
  const known = new Map<CutAction, Outage>()
  return {
    of: (action) => {
      let outage = known.get(action)
      if (!outage) known.set(action, (outage = outageOf(action)))
      return outage
    },
    has: (action) => known.has(action),
    exhausted: () => known.size >= most,
  }
}

/** Actions on entities and links that lie on some way to a target, however long, and which of them end which link. */
function actionsTowards(estate: Estate, travel: Travel, source: number, targets: ReadonlySet<number>) {
  const { order, depth } = walk(travel, source)
  const into = new Map<number, number[]>()
  for (const at of order)
    for (let i = travel.start[at]!; i < travel.start[at + 1]!; i++) {
      const link = travel.list[i]!
      const before = into.get(travel.to[link]!)
      if (before) before.push(link)
      else into.set(travel.to[link]!, [link])
    }
  const leading = new Set(targets)
  const links: number[] = []
  const queue = [...targets]
  for (let head = 0; head < queue.length; head++)
    for (const link of into.get(queue[head]!) ?? []) {
      links.push(link)
      const from = travel.from[link]!
      if (leading.has(from)) continue
      leading.add(from)
      queue.push(from)
    }
  const entities = order.filter((entity) => leading.has(entity) && depth[entity]! >= 0)
  const actions = cutActions(
    estate,
    travel,
    entities,
    links.sort((a, b) => a - b),
  )
  const byLink = new Map<number, CutAction[]>()
  for (const action of actions)
    for (const link of action.removes) {
      const before = byLink.get(link)
      if (before) before.push(action)
      else byLink.set(link, [action])
    }
  return { actions, byLink }
}

const routesOf = (action: CutAction, routes: Routes): number =>
  action.removes.reduce((sum, link) => sum + routes.through(link), 0)

function optionsOf({ actions, prices }: Scene, start: Routes): CutOption[] {
  return mostRoutes(actions, start, prices)
    .map(({ action, routes }) => ({ action, routes, outage: prices.of(action) }))
    .sort((a, b) => worth(b.routes, b.outage) - worth(a.routes, a.outage) || b.routes - a.routes)
}

/** The actions on most routes that have a price or may get one; at least one, so that every step goes on. */
function mostRoutes(
  actions: readonly CutAction[],
  routes: Routes,
  prices: PriceList,
): { action: CutAction; routes: number }[] {
  const most = actions
    .map((action) => ({ action, routes: routesOf(action, routes) }))
    .filter((one) => one.routes > 0)
    .sort((a, b) => b.routes - a.routes)
    .slice(0, PRICED_A_STEP)
  const priced: typeof most = []
  for (const one of most)
    if (priced.length === 0 || !prices.exhausted() || prices.has(one.action)) {
      prices.of(one.action)
      priced.push(one)
    }
  return priced
}

/** Routes ended per dependent that breaks or may break; what costs nothing comes first. */
function worth(routes: number, { breaks, unknown }: Outage): number {
  return routes / (breaks.length + unknown.length || 1e-9)
}

function greedy({ travel, source, wanted, actions, prices }: Scene, start: Routes) {
  const removed = new Set<number>()
  const chosen: CutAction[] = []
  const curve: CurvePoint[] = []
  const open = (link: number): boolean => !removed.has(link)
  let last = LAST_STEPS
  for (let left = start; left.total > 0; left = routesTo(travel, source, wanted, open)) {
    if (prices.exhausted() && last-- === 0) break
    const paid = unionOf(chosen.map(prices.of))
    const best = mostRoutes(actions, left, prices)
      .map((one) => ({ ...one, worth: worth(one.routes, beyond(prices.of(one.action), paid)) }))
      .sort((a, b) => b.worth - a.worth || b.routes - a.routes)[0]!
    chosen.push(best.action)
    for (const link of best.action.removes) removed.add(link)
    curve.push({
      action: best.action,
      ...countsOf(chosen.map(prices.of)),
      routes: start.total - remaining(start, removed, travel, source, wanted),
      targetsLeft: routesTo(travel, source, wanted, open).targets.length,
    })
  }
  return { curve, chosen }
}

/** How many of the first routes are still whole: counted over their links alone. */
function remaining(
  start: Routes,
  removed: ReadonlySet<number>,
  travel: Travel,
  source: number,
  wanted: ReadonlySet<number>,
): number {
  const first = new Set(start.links)
  return routesTo(travel, source, wanted, (link) => first.has(link) && !removed.has(link)).total
}

interface Union {
  readonly breaks: ReadonlySet<number>
  readonly unknown: ReadonlySet<number>
}

function unionOf(outages: readonly Outage[]): Union {
  const breaks = new Set(outages.flatMap((one) => one.breaks))
  return { breaks, unknown: new Set(outages.flatMap((one) => one.unknown).filter((one) => !breaks.has(one))) }
}

function countsOf(outages: readonly Outage[]): { breaks: number; unknown: number } {
  const { breaks, unknown } = unionOf(outages)
  return { breaks: breaks.size, unknown: unknown.size }
}

/** What an action costs on top of what is lost already. */
function beyond(outage: Outage, { breaks, unknown }: Union): Outage {
  return {
    breaks: outage.breaks.filter((one) => !breaks.has(one)),
    unknown: outage.unknown.filter((one) => !breaks.has(one) && !unknown.has(one)),
  }
}

/**
 * A cut to start from: the greedy one without what is needless in it; where the bounds ended that, a single action that
 * does it all (at the source, mostly); undefined where there is none either.
 */
function knownCut(scene: Scene, chosen: readonly CutAction[]): readonly CutAction[] | undefined {
  if (openRoute(scene, chosen) === undefined) return pruned(scene, chosen)
  const single = scene.actions
    .filter((action) => scene.prices.has(action))
    .find((one) => openRoute(scene, [one]) === undefined)
  return single && [single]
}

/** Without the actions that the others make needless, the dearest left out first. */
function pruned(scene: Scene, chosen: readonly CutAction[]): CutAction[] {
  let kept = [...chosen]
  const dearest = [...chosen].sort((a, b) => costOrder(scene, [b], [a]))
  for (const action of dearest) {
    const without = kept.filter((one) => one !== action)
    if (openRoute(scene, without) === undefined) kept = without
  }
  return kept
}

/** In the worst case all that is unknown breaks; then what breaks for certain; then the fewer actions. */
function costOrder({ prices }: Scene, a: readonly CutAction[], b: readonly CutAction[]): number {
  return cheaper(countsOf(a.map(prices.of)), countsOf(b.map(prices.of))) || a.length - b.length
}

/** A shortest route that no action ends; undefined where every target is out of reach. */
function openRoute({ travel, source, wanted }: Scene, actions: readonly CutAction[]): number[] | undefined {
  const removed = new Set(actions.flatMap(({ removes }) => removes))
  const found = walk(travel, source, (link) => !removed.has(link))
  const target = found.order.find((entity) => wanted.has(entity) && entity !== source)
  return target === undefined ? undefined : linksTo(found, travel, target)
}

interface Partial {
  readonly taken: readonly CutAction[]
  /** Decided against on the way here, so that no set is looked at twice. */
  readonly barred: ReadonlySet<CutAction>
}

/** Branch and bound over the actions of open routes; the cost of a set never falls when it grows. */
function cheapest(
  scene: Scene,
  known: readonly CutAction[] | undefined,
): { cut: readonly CutAction[]; exact: boolean } {
  let best = known
  const most = Math.min(LOOKED_AT, LINKS_LOOKED_AT / (scene.travel.list.length + 1))
  const stack: Partial[] = [{ taken: [], barred: new Set() }]
  for (let looked = 0; stack.length > 0; looked++) {
    if (looked >= most || scene.prices.exhausted()) return { cut: best ?? [], exact: false }
    const { taken, barred } = stack.pop()!
    if (best && costOrder(scene, taken, best) >= 0) continue
    const route = openRoute(scene, taken)
    if (route === undefined) {
      best = taken
      continue
    }
    const barredHere = new Set(barred)
    for (const action of new Set(route.flatMap((link) => scene.byLink.get(link) ?? []))) {
      if (barred.has(action)) continue
      stack.push({ taken: [...taken, action], barred: new Set(barredHere) })
      barredHere.add(action)
    }
  }
  return { cut: best ?? [], exact: true }
}
