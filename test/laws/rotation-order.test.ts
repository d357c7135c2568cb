import { test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { isCredential } from '../../graph/reach/exposure.ts'
import { canReach } from '../../graph/reach/reach.ts'
import { rotationOrder, type RotationOrder } from '../../graph/reach/rotation-order.ts'
import { travelOf } from '../../graph/reach/travel.ts'
import { walk } from '../../graph/reach/walk.ts'
import { estateOfWorld, world } from './random-reach.ts'

const planOf = (estate: Estate, source: number): RotationOrder =>
  rotationOrder(estate, canReach(estate, source), (credential) => ({ breaks: credential % 3, unknown: 0 }))

describe('the order of rotation', () => {
  test.prop([world])('an intruder who reads again after every step holds nothing in the end', (one) => {
    const estate = estateOfWorld(one)
    for (const start of ['c0', 'w0', 'i1']) {
      const source = estate.indexOf.get(idOf(start))!
      expect(heldAfter(estate, source, planOf(estate, source))).toEqual([])
    }
  })

  test.prop([world])('every credential within reach gets exactly one new value', (one) => {
    const estate = estateOfWorld(one)
    const source = estate.indexOf.get(idOf('c0'))!
    const { steps } = planOf(estate, source)
    const renewed = steps.filter(({ action }) => action === 'rotate' || action === 'renew').map(({ thing }) => thing)
    const within = [source, ...canReach(estate, source).things].filter((thing) => isCredential(estate, thing))
    expect([...renewed].sort((a, b) => a - b)).toEqual(within.sort((a, b) => a - b))
  })

  test.prop([world])('it respects every reading outside the named rings', (one) => {
    const estate = estateOfWorld(one)
    const source = estate.indexOf.get(idOf('c0'))!
    const { steps, cycles } = planOf(estate, source)
    const place = new Map(
      steps.filter(({ action }) => action === 'rotate' || action === 'renew').map(({ thing }, at) => [thing, at]),
    )
    const ringOf = (credential: number) => cycles.findIndex(({ credentials }) => credentials.includes(credential))
    for (const reader of place.keys())
      for (const read of walk(travelOf(estate), reader).order.slice(1)) {
        if (!place.has(read) || (ringOf(reader) >= 0 && ringOf(reader) === ringOf(read))) continue
        expect(place.get(reader)).toBeLessThan(place.get(read)!)
      }
  })
})

/** Credentials of which the intruder holds a valid value after the plan; he reads all he can after each step. */
function heldAfter(estate: Estate, source: number, { steps }: RotationOrder): number[] {
  const { start, list, to } = travelOf(estate)
  const stopped = new Set<number>()
  let footholds = [source]
  let held = new Set<number>()
  const readAll = (): void => {
    const seen = new Set([...footholds, ...held])
    const queue = [...seen]
    for (let head = 0; head < queue.length; head++) {
      const at = queue[head]!
      if (isCredential(estate, at)) {
        // Nobody holds a valid value of what is stopped.
        if (stopped.has(at)) continue
        held.add(at)
      }
      for (let i = start[at]!; i < start[at + 1]!; i++)
        if (!seen.has(to[list[i]!]!)) {
          seen.add(to[list[i]!]!)
          queue.push(to[list[i]!]!)
        }
    }
  }
  readAll()
  if (isCredential(estate, source)) footholds = []
  for (const { action, thing } of steps) {
    if (action === 'evict') footholds = []
    if (action === 'stop') stopped.add(thing)
    if (action === 'renew') stopped.delete(thing)
    held = new Set([...held].filter((credential) => credential !== thing))
    readAll()
  }
  return [...held]
}
