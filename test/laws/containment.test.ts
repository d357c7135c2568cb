import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { contain, type Containment, type Outage } from '../../graph/reach/containment.ts'
import { crownJewelsOf } from '../../graph/reach/crown-jewels.ts'
import { cutActions, type CutAction } from '../../graph/reach/cut-actions.ts'
import { cheaper } from '../../graph/reach/price.ts'
import { travelOf, type Travel } from '../../graph/reach/travel.ts'
import { walk } from '../../graph/reach/walk.ts'
import { estateOfWorld, world, type ReachWorld } from './random-reach.ts'

/** Overlapping, some of it unknown, some of it free. */
const outageOf = ({ target, kind }: CutAction): Outage => {
  const at = target + kind.length
  return { breaks: [at % 5, at % 3].filter((one) => one > 0), unknown: at % 4 === 0 ? [7] : [] }
}

function ask(one: ReachWorld): { travel: Travel; source: number; found: Containment; actions: CutAction[] } {
  const estate = estateOfWorld(one)
  const source = estate.indexOf.get(idOf('c0'))!
  const travel = travelOf(estate)
  const links = Array.from(travel.list).filter((link) => travel.from[link]! >= 0)
  const actions = cutActions(estate, travel, walk(travel, source).order, links)
  return { travel, source, found: contain(estate, source, crownJewelsOf(estate), outageOf), actions }
}

function reachable(travel: Travel, source: number, cut: readonly CutAction[]): (target: number) => boolean {
  const removed = new Set(cut.flatMap(({ removes }) => removes))
  const { depth } = walk(travel, source, (link) => !removed.has(link))
  return (target) => depth[target]! >= 0
}

function priceOf(cut: readonly CutAction[]): { breaks: number; unknown: number } {
  const breaks = new Set(cut.flatMap((action) => outageOf(action).breaks))
  const unknown = new Set(cut.flatMap((action) => outageOf(action).unknown).filter((one) => !breaks.has(one)))
  return { breaks: breaks.size, unknown: unknown.size }
}

describe('containment', () => {
  test.prop([world])('the cut takes every target out of reach but those that nothing takes out', (one) => {
    const { travel, source, found, actions } = ask(one)
    const after = reachable(travel, source, found.cut)
    for (const target of found.targets) expect(after(target)).toBe(found.uncuttable.includes(target))
    const afterAll = reachable(travel, source, actions)
    for (const target of found.uncuttable) expect(afterAll(target)).toBe(true)
  })

  test.prop([world], { numRuns: 300 })('no set of actions is cheaper: compared with all sets', (one) => {
    const { travel, source, found, actions } = ask(one)
    const wanted = found.targets.filter((target) => !found.uncuttable.includes(target))
    const before = reachable(travel, source, [])
    const useful = actions.filter((action) => action.removes.some((link) => before(travel.from[link]!)))
    if (wanted.length === 0 || useful.length > 11) return
    expect(found.exact).toBe(true)
    expect(found.price).toEqual(priceOf(found.cut))
    for (let chosen = 0; chosen < 2 ** useful.length; chosen++) {
      const set = useful.filter((_, at) => chosen & (1 << at))
      const price = priceOf(set)
      const isCheaper = (cheaper(price, found.price) || set.length - found.cut.length) < 0
      if (!isCheaper) continue
      const open = reachable(travel, source, set)
      expect(wanted.some(open)).toBe(true)
    }
  })

  test.prop([world])('the curve only rises, and ends with nothing left', (one) => {
    const { found } = ask(one)
    found.curve.slice(1).forEach((point, at) => {
      expect(point.breaks).toBeGreaterThanOrEqual(found.curve[at]!.breaks)
      expect(point.routes).toBeGreaterThanOrEqual(found.curve[at]!.routes)
      expect(point.targetsLeft).toBeLessThanOrEqual(found.curve[at]!.targetsLeft)
    })
    const last = found.curve.at(-1)
    if (last) expect([last.targetsLeft, last.routes]).toEqual([0, found.routes])
  })
})
