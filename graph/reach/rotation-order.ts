import type { Estate } from '../estate/estate.ts'
import { componentFinder } from './components.ts'
import { isCredential } from './exposure.ts'
import { cheaper, type Price } from './price.ts'
import type { Reach } from './reach.ts'
import { travelOf } from './travel.ts'

/**
 * `evict`: take the compromised thing itself back, or every value is read again. `rotate`: a new value, the old one
 * refused at once. `stop`: refused now and without a new value, to break a ring. `renew`: its new value, when nothing
 * that can read it is in foreign hands any more.
 */
export type RotationAction = 'evict' | 'rotate' | 'stop' | 'renew'

export interface RotationStep {
  readonly action: RotationAction
  readonly thing: number
  /** Number in `cycles`, for `stop` and `renew`. */
  readonly cycle?: number
}

/** Credentials each of which can read the next one's new value, round; one alone reads its own. */
export interface RotationCycle {
  readonly credentials: readonly number[]
  /** Those to stop first, cheapest first. */
  readonly stopped: readonly number[]
}

export interface RotationOrder {
  readonly steps: readonly RotationStep[]
  readonly cycles: readonly RotationCycle[]
}

/** A ring of more credentials than this is not taken apart one by one: all of them are stopped, then renewed. */
const LARGEST_RING = 100

type Task = { readonly entities: readonly number[]; readonly cycle?: number } | { readonly step: RotationStep }

/**
 * The order in which to rotate what is within reach, so that the intruder can't read a new value with a credential that
 * has not been rotated: whatever can read a credential comes before it, over any number of hops. Rings have no such
 * order; each is broken where stopping costs least. Linear but for rings, which are looked at again after each break.
 */
export function rotationOrder(estate: Estate, reach: Reach, price: (credential: number) => Price): RotationOrder {
  const componentsOf = componentFinder(travelOf(estate))
  const steps: RotationStep[] = []
  const cycles: { credentials: number[]; stopped: number[] }[] = []
  const stopped = new Set<number>()
  const tasks: Task[] = [{ entities: [reach.source, ...reach.things] }]
  if (!isCredential(estate, reach.source)) steps.push({ action: 'evict', thing: reach.source })
  while (tasks.length > 0) {
    const task = tasks.pop()!
    if ('step' in task) {
      steps.push(task.step)
      continue
    }
    const next: Task[] = []
    for (const component of componentsOf(task.entities, stopped)) {
      const credentials = component.filter((entity) => isCredential(estate, entity) && !stopped.has(entity))
      if (credentials.length === 0) continue
      if (component.length === 1) {
        next.push({ step: { action: 'rotate', thing: component[0]! } })
        continue
      }
      const cycle = task.cycle ?? cycles.push({ credentials, stopped: [] }) - 1
      const breaking = credentials.length > LARGEST_RING ? credentials : [cheapestOf(credentials, price)]
      for (const thing of breaking) {
        stopped.add(thing)
        cycles[cycle]!.stopped.push(thing)
        next.push({ step: { action: 'stop', thing, cycle } })
      }
      next.push({ entities: component, cycle })
      for (const thing of breaking) next.push({ step: { action: 'renew', thing, cycle } })
    }
    for (const one of next.reverse()) tasks.push(one)
  }
  return { steps, cycles }
}

function cheapestOf(credentials: readonly number[], price: (credential: number) => Price): number {
  const priced = credentials.map((credential) => ({ credential, price: price(credential) }))
  return priced.sort((a, b) => cheaper(a.price, b.price) || a.credential - b.credential)[0]!.credential
}
