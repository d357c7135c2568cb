import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { contain, type Bounds, type Containment, type Outage, type Pricing } from '../../graph/reach/containment.ts'
import { crownJewelsOf } from '../../graph/reach/crown-jewels.ts'
import { cutActions, type CutAction } from '../../graph/reach/cut-actions.ts'
import { cheaper } from '../../graph/reach/price.ts'
import { travelOf, type Travel } from '../../graph/reach/travel.ts'
import { walk } from '../../graph/reach/walk.ts'
import { pricingOf } from '../../graph/answer/cut-price.ts'
import { estateOfWorld, world, type ReachWorld } from './random-reach.ts'

/** Overlapping, some of it unknown, some of it free, and one pair that breaks more together than each of them alone. */
const outageOf = (actions: readonly CutAction[]): Outage => {
  const marks = actions.map(({ target, kind }) => target + kind.length)
  const breaks = new Set(marks.flatMap((at) => [at % 5, at % 3].filter((one) => one > 0)))
  if (marks.some((at) => at % 7 === 1) && marks.some((at) => at % 7 === 2))
    [11, 12, 13].forEach((one) => breaks.add(one))
  const unknown = marks.some((at) => at % 4 === 0) && !breaks.has(7) ? [7] : []
  return { breaks: [...breaks], unknown }
}
const isFree = ({ target, kind }: CutAction): boolean => {
  const at = target + kind.length
  return at % 15 === 0 && at % 4 !== 0 && at % 7 > 2
}
const invented: Pricing = { of: outageOf, free: isFree }

interface Asked {
  readonly travel: Travel
  readonly source: number
  readonly found: Containment
  readonly actions: CutAction[]
  readonly pricing: Pricing
}

function ask(one: ReachWorld, real: boolean, bounds?: Bounds): Asked {
  const estate = estateOfWorld(one)
  const source = estate.indexOf.get(idOf('c0'))!
  const travel = travelOf(estate)
  const links = Array.from(travel.list).filter((link) => travel.from[link]! >= 0)
  const actions = cutActions(estate, travel, walk(travel, source).order, links)
  const pricing = real ? pricingOf(estate) : invented
  return { travel, source, found: contain(estate, source, crownJewelsOf(estate), pricing, bounds), actions, pricing }
}

function reachable(travel: Travel, source: number, cut: readonly CutAction[]): (target: number) => boolean {
  const removed = new Set(cut.flatMap(({ removes }) => removes))
  const { depth } = walk(travel, source, (link) => !removed.has(link))
  return (target) => depth[target]! >= 0
}

function priceOf({ pricing }: Asked, cut: readonly CutAction[]): { breaks: number; unknown: number } {
  const { breaks, unknown } = pricing.of(cut)
  return { breaks: breaks.length, unknown: unknown.length }
}

describe.each([
  ['invented prices', false],
  ['the outage that it causes', true],
] as const)('containment priced by %s', (_, real) => {
  test.prop([world])('the cut takes every target out of reach but those that nothing takes out', (one) => {
    const { travel, source, found, actions } = ask(one, real)
    const after = reachable(travel, source, found.cut)
    for (const target of found.targets) expect(after(target)).toBe(found.uncuttable.includes(target))
    const afterAll = reachable(travel, source, actions)
    for (const target of found.uncuttable) expect(afterAll(target)).toBe(true)
  })

  test.prop([world], { numRuns: 300 })('no set of actions is cheaper: compared with all sets', (one) => {
    const asked = ask(one, real)
    const { travel, source, found, actions } = asked
    const wanted = found.targets.filter((target) => !found.uncuttable.includes(target))
    const before = reachable(travel, source, [])
    const useful = actions.filter((action) => action.removes.some((link) => before(travel.from[link]!)))
    if (wanted.length === 0 || useful.length > 11) return
    expect(found.exact).toBe(true)
    expect(found.price).toEqual(priceOf(asked, found.cut))
    expect(found.atLeast).toBe(found.price.breaks + found.price.unknown)
    for (let chosen = 0; chosen < 2 ** useful.length; chosen++) {
      const set = useful.filter((_, at) => chosen & (1 << at))
      const isCheaper = (cheaper(priceOf(asked, set), found.price) || set.length - found.cut.length) < 0
      if (!isCheaper) continue
      const open = reachable(travel, source, set)
      expect(wanted.some(open)).toBe(true)
    }
  })

  test.prop([world], { numRuns: 200 })(
    'the ways for large estates cost the same, or bound how much less it might be',
    (one) => {
      const exact = ask(one, real).found
      const none = { sets: 0, edges: 0 }
      const large = ask(one, real, { small: none, large: { sets: 20_000, edges: 1e7 } }).found
      if (exact.cut.length > 0) expect([large.exact, large.price]).toEqual([true, exact.price])
      const bounded = ask(one, real, { small: none, large: none }).found
      const cost = ({ price }: Containment): number => price.breaks + price.unknown
      expect(bounded.atLeast).toBeLessThanOrEqual(cost(exact))
      if (bounded.cut.length > 0) expect(cost(bounded)).toBeGreaterThanOrEqual(cost(exact))
      if (bounded.exact) expect(cost(bounded)).toBe(cost(exact))
    },
  )

  test.prop([world])('the curve only rises, and ends with nothing left', (one) => {
    const { found } = ask(one, real)
    found.curve.slice(1).forEach((point, at) => {
      const before = found.curve[at]!
      expect(point.breaks + point.unknown).toBeGreaterThanOrEqual(before.breaks + before.unknown)
      expect(point.routes).toBeGreaterThanOrEqual(before.routes)
      expect(point.targetsLeft).toBeLessThanOrEqual(before.targetsLeft)
    })
    const last = found.curve.at(-1)
    if (last) expect([last.targetsLeft, last.routes]).toEqual([0, found.routes])
  })

  test.prop([world])('a price is that of the whole set, and free actions are free in any company', (one) => {
    const asked = ask(one, real)
    for (const action of asked.actions.slice(0, 12)) {
      if (!asked.pricing.free(action)) continue
      expect(priceOf(asked, [action])).toEqual({ breaks: 0, unknown: 0 })
      expect(priceOf(asked, [...asked.actions, action])).toEqual(priceOf(asked, asked.actions))
    }
  })
})
