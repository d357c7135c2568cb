import { along, ends, type Estate } from '../estate/estate.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { Nature } from '../wire-map.ts'
import { natureOf, natures } from './map-nature.ts'

export type Side = 'up' | 'down'

/** A thing beside the focus and how it is joined to it. */
export interface Beside {
  readonly thing: number
  /** The best that joins it. */
  readonly nature: Nature
  /** Numbers of the relationships to the focus itself. */
  readonly direct: readonly number[]
  /** The shortest way through what is hidden, from the focus, as relationship numbers; empty where a direct one is as good. */
  readonly chain: readonly number[]
}

export interface Surroundings {
  readonly beside: readonly Beside[]
  /** Hidden things that were passed. */
  readonly passed: ReadonlySet<number>
}

/**
 * What stands beside the focus on one side when things of the hidden kinds are looked through: everything that a walk
 * through hidden things alone leads to. So whoever reached another before something was hidden still does, and counts
 * are exact. A chain of needs goes before one that only ownership or rights make; among those the shortest.
 */
export function surroundings(estate: Estate, focus: number, side: Side, hidden: ReadonlySet<EntityKind>): Surroundings {
  const found = new Map<number, { nature: Nature; direct: number[]; chain: number[] }>()
  const passed = new Set<number>()
  for (const [worst, nature] of natures.entries()) {
    /** By which relationship each hidden thing was come to first. */
    const cameBy = new Map<number, number>()
    const queue = [focus]
    for (let head = 0; head < queue.length; head++) {
      const at = queue[head]!
      for (const [number, next] of joined(estate, at, side)) {
        if (next === focus || natures.indexOf(natureOf(estate.relationships[number]!)) > worst) continue
        if (hidden.has(estate.entities[next]!.kind)) {
          if (cameBy.has(next)) continue
          cameBy.set(next, number)
          passed.add(next)
          queue.push(next)
        } else if (!found.has(next))
          found.set(next, { nature, direct: [], chain: chainTo(estate, focus, side, number, cameBy) })
      }
    }
  }
  for (const [number, next] of joined(estate, focus, side)) found.get(next)?.direct.push(number)
  return {
    beside: [...found].map(([thing, { nature, direct, chain }]) => ({
      ...{ thing, nature, direct },
      // The walk looks at the focus first: a chain of one hop is one of the direct ones.
      chain: chain.length === 1 ? [] : chain,
    })),
    passed,
  }
}

function chainTo(
  estate: Estate,
  focus: number,
  side: Side,
  last: number,
  cameBy: ReadonlyMap<number, number>,
): number[] {
  const chain = [last]
  for (let at = nearEnd(estate, last, side); at !== focus; at = nearEnd(estate, chain[0]!, side))
    chain.unshift(cameBy.get(at)!)
  return chain
}

/** The end of a relationship that the walk comes from, and the one that it goes to. */
const nearEnd = (estate: Estate, number: number, side: Side): number => {
  const { from, to } = ends(estate, estate.relationships[number]!)
  return side === 'up' ? from : to
}
export const farEnd = (estate: Estate, number: number, side: Side): number => {
  const { from, to } = ends(estate, estate.relationships[number]!)
  return side === 'up' ? to : from
}

/** Relationships of a thing on one side, with what they lead to. */
function* joined(estate: Estate, at: number, side: Side): Generator<readonly [number, number]> {
  for (const number of along(side === 'up' ? estate.out : estate.in, at)) {
    yield [number, farEnd(estate, number, side)]
  }
}

/** Distinct things one hop further. */
export function onwardOf(estate: Estate, at: number, side: Side): number {
  const next = new Set<number>()
  for (const [, thing] of joined(estate, at, side)) if (thing !== at) next.add(thing)
  return next.size
}
