import { uint8s } from '../arrays.ts'
import type { Estate } from '../estate/estate.ts'
import { channels } from '../outage/channels.ts'
import { giveWay } from '../give-way.ts'
import type { CompiledEstate } from '../outage/compile.ts'
import type { Outage, Pricing } from '../reach/containment.ts'
import type { CutAction } from '../reach/cut-actions.ts'
import { fallOf } from '../reach/fall.ts'
import { lagOf } from './operations.ts'
import { bareModel, isDependent, victimsOf } from './victims.ts'

/**
 * What actions break if all of them are done now: what would be safe after steps breaks too, because nobody has done
 * them, and what an open session hides breaks at the next restart. Priced together: one may take away what saved somebody
 * from another.
 */
export function outageOfCuts(estate: Estate, actions: readonly CutAction[]): Outage {
  const struck: number[] = []
  const cut: number[] = []
  const unsure = new Set<number>()
  for (const { kind, target } of actions) {
    if (kind === 'grant') cut.push(target)
    else struck.push(target)
    if (kind === 'credential' && lagOf(estate.entities[target]!.kind).span[1] === null) unsure.add(target)
  }
  const outage = victimsOf(estate, fallOf(bareModel(estate), { struck, cut, unsure }))
  giveWay()
  return outage
}

/** Prices of containment. */
export function pricingOf(estate: Estate): Pricing {
  return {
    of: (actions) => outageOfCuts(estate, actions),
    free: ({ kind, target }) => {
      const needed = neededIn(estate)
      if (kind !== 'grant') return needed[target] === 0
      const model = bareModel(estate)
      const isFree = (relationship: number): boolean =>
        model.channel[relationship] === channels.none || needed[model.from[relationship]!] === 0
      return isFree(target) && (model.carriedBy.get(target) ?? []).every(isFree)
    },
  }
}

const cache = new WeakMap<CompiledEstate, Uint8Array>()

/** What any dependent needs, over any number of relationships and alternatives, and dependents themselves. */
function neededIn(estate: Estate): Uint8Array {
  const model = bareModel(estate)
  const known = cache.get(model)
  if (known) return known
  const needed = uint8s(model.entityIds.length)
  const queue: number[] = []
  estate.entities.forEach((_, entity) => {
    if (!isDependent(estate, entity)) return
    needed[entity] = 1
    queue.push(entity)
  })
  for (let at = 0; at < queue.length; at++)
    for (let i = model.out.start[queue[at]!]!; i < model.out.start[queue[at]! + 1]!; i++) {
      const relationship = model.out.list[i]!
      const to = model.to[relationship]!
      if (model.channel[relationship] === channels.none || needed[to] === 1) continue
      needed[to] = 1
      queue.push(to)
    }
  cache.set(model, needed)
  return needed
}
