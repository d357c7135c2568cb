import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { canReach, wasUsed } from '../../graph/reach/reach.ts'
import { travelOf } from '../../graph/reach/travel.ts'
import { evidenceKinds } from '../../graph/kinds/evidence.ts'
import { estateOfWorld, relationshipOf, SIZE, world } from './random-reach.ts'

const first = idOf('c0')

describe('reach', () => {
  test.prop([world, relationshipOf(SIZE)])('another relationship never shrinks it', (one, more) => {
    const before = estateOfWorld(one)
    const after = estateOfWorld({ ...one, relationships: [...one.relationships, more] })
    const wide = canReach(after, after.indexOf.get(first)!)
    for (const thing of canReach(before, before.indexOf.get(first)!).things)
      // Stands for a value nobody names, and goes when the new relationship names it (graph/estate/implied).
      if (before.entities[thing]!.kind !== 'generic.stored_value')
        expect(wide.has(after.indexOf.get(before.entities[thing]!.id)!)).toBe(true)
  })

  test.prop([world])('every chain starts at the source, ends at the thing, and each link joins the next', (one) => {
    const estate = estateOfWorld(one)
    const travel = travelOf(estate)
    const source = estate.indexOf.get(first)!
    const reach = canReach(estate, source)
    for (const thing of reach.things)
      for (const chain of [reach.shortest(thing), reach.strongest(thing)]) {
        let at = source
        for (const link of chain.links) {
          expect(travel.from[link]).toBe(at)
          at = travel.to[link]!
        }
        expect(at).toBe(thing)
        expect(chain.links.length).toBeGreaterThanOrEqual(reach.depth(thing))
      }
  })

  test.prop([world])(
    'the strongest chain is as strong as the best of all simple chains, and the shortest of those',
    (one) => {
      const estate = estateOfWorld(one)
      const source = estate.indexOf.get(first)!
      const reach = canReach(estate, source)
      const best = bestByRelaxing(estate, source)
      for (const thing of reach.things) {
        const chain = reach.strongest(thing)
        expect(evidenceKinds[chain.weakest].strength).toBe(best[thing])
      }
    },
  )

  test.prop([world])('what was used lies within what may be reached, and asking twice gives the same', (one) => {
    const estate = estateOfWorld(one)
    const source = estate.indexOf.get(first)!
    const can = canReach(estate, source)
    const used = wasUsed(estate, source, {})
    for (const thing of used.things) expect(can.has(thing)).toBe(true)
    expect(wasUsed(estate, source, { since: '2026-11-02T00:00:00Z' }).things.length).toBeLessThanOrEqual(
      used.things.length,
    )
    expect(canReach(estateOfWorld(one), source).things).toEqual(can.things)
  })
})

/** Bellman and Ford: the largest minimum over all walks, the slow way. */
function bestByRelaxing(estate: ReturnType<typeof estateOfWorld>, source: number): number[] {
  const travel = travelOf(estate)
  const best = Array<number>(travel.size).fill(-1)
  best[source] = 9
  for (let round = 0; round < travel.size; round++)
    travel.from.forEach((from, link) => {
      if (from < 0 || best[from]! < 0) return
      const to = travel.to[link]!
      best[to] = Math.max(best[to]!, Math.min(best[from]!, travel.strength[link]!))
    })
  return best
}
