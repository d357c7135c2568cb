import { countedAlternatives, needsOf } from './needs.ts'
import { reasonsOf, type Reason } from './reasons.ts'
import type { Run } from './run.ts'
import { causes, measure } from './spans-of.ts'

/** A step from an entity towards the change: over `walked`, to an entity that is out before it, or to the change. */
interface Step {
  readonly walked: readonly number[]
  /** The entity whose needs explain the rest, or -1 where the change itself is reached. */
  readonly next: number
}

/** Relationship numbers from the change to an entity, each one's tail nearer to the entity. */
export type Chain = readonly number[]

/**
 * The shortest way back from an entity to the change over what decided its start: in each need the alternative that
 * failed last, of that the cause that came first. Starts are least, so such a way always ends at the change.
 * `first` replaces the entity's own steps: the ways through one of its relationships.
 */
export function chainTo(run: Run, entity: number, soft: number, first?: readonly Step[]): Chain | null {
  const cameFrom = new Map<number, { entity: number; walked: readonly number[] } | null>([[entity, null]])
  const queue = [entity]
  for (let next = 0; next < queue.length; next++) {
    const here = queue[next]!
    const steps = here === entity ? (first ?? stepsOf(run, here, soft)) : stepsOf(run, here, 0)
    for (const step of steps) {
      if (step.next < 0) return traced(cameFrom, here, step.walked)
      if (cameFrom.has(step.next)) continue
      cameFrom.set(step.next, { entity: here, walked: step.walked })
      queue.push(step.next)
    }
  }
  return null
}

function traced(
  cameFrom: ReadonlyMap<number, { entity: number; walked: readonly number[] } | null>,
  last: number,
  walked: readonly number[],
): Chain {
  const chain = walked.toReversed()
  for (let came = cameFrom.get(last); came; came = cameFrom.get(came.entity)) chain.push(...came.walked.toReversed())
  return chain
}

/** The steps that decide an entity's start, by its hard or by its soft needs. */
function* stepsOf(run: Run, entity: number, soft: number): Generator<Step> {
  const start = soft === 1 ? run.softStart[entity]! : run.needStart[entity]!
  for (const need of needsOf(run, entity, soft)) {
    if (startOfNeed(run, need) !== start) continue
    for (const relationship of need) {
      if (measure(run, relationship).start !== start) continue
      for (const reason of reasonsOf(run, relationship)) if (reason.start === start) yield stepOf(run, reason)
    }
  }
}

/** When a need is out: all its alternatives are. Infinity: it is not. */
function startOfNeed(run: Run, need: readonly number[]): number {
  let latest = -Infinity
  let earliest = Infinity
  for (const relationship of need) {
    const { start, end } = measure(run, relationship)
    latest = Math.max(latest, start)
    earliest = Math.min(earliest, end)
  }
  return need.length > 0 && earliest > latest ? latest : Infinity
}

export function stepOf(run: Run, reason: Reason): Step {
  const { walked, cause, relationship } = reason
  if (cause === causes.lost) return { walked, next: reason.credential }
  if (cause !== causes.down) return { walked, next: -1 }
  const head = run.estate.to[relationship]!
  const byChange = run.resolved.struck.has(head) && run.until > run.inv && run.inv <= run.needStart[head]!
  return { walked, next: byChange ? -1 : head }
}

/** Relationships through which an entity is out or degraded, those that decide its start first. */
export function waysOut(run: Run, entity: number, soft: number): readonly number[] {
  const start = soft === 1 ? run.softStart[entity]! : run.needStart[entity]!
  const found: { relationship: number; late: number; own: number }[] = []
  for (const need of needsOf(run, entity, soft)) {
    const needStart = startOfNeed(run, need)
    if (needStart === Infinity) continue
    for (const relationship of countedAlternatives(run, need[0]!)) {
      const own = measure(run, relationship).start
      found.push({ relationship, late: needStart - start, own: needStart - own })
    }
  }
  return found
    .sort((a, b) => a.late - b.late || a.own - b.own || a.relationship - b.relationship)
    .map(({ relationship }) => relationship)
}
