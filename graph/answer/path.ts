import { along, ends } from '../estate/estate.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import { paths } from '../outage/explain.ts'
import type { Assessment } from './assess.ts'
import type { Spans } from './spans.ts'

/** Relationship numbers in the order in which the loss travels: from the credential to the dependent. */
export type Path = readonly number[]

/**
 * The ways on which the loss reaches a dependent, at most `k`: the engine's own chains, over the needs that decided.
 * For one that nothing puts out, the shortest link to what is lost beside it.
 */
export function pathsTo(assessment: Assessment, dependent: number, k: number): Path[] {
  for (const spans of [assessment.base, assessment.unveiled]) {
    const found = enginePaths(assessment, spans, dependent, k)
    if (found.length > 0) return found
  }
  const link = linkTo(assessment, dependent)
  return link ? [link] : []
}

function enginePaths({ estate, subject }: Assessment, spans: Spans, dependent: number, k: number): Path[] {
  if (spans.possible(dependent) === null && spans.degraded(dependent) === null) return []
  const found = paths(spans.outages, estate.entities[dependent]!.id, k).map((hops) => hops.map((hop) => hop.number))
  return found.map((path) => startingAt(estate, subject, path)).filter((path) => path.length > 0)
}

/** Oriented so that the first hop touches the credential. */
function startingAt(estate: Assessment['estate'], subject: number, path: Path): Path {
  if (path.length === 0) return path
  return ends(estate, estate.relationships[path[0]!]!).to === subject ? path : [...path].reverse()
}

/** The shortest chain of relationships from the credential to something that keeps working next to it. */
function linkTo(assessment: Assessment, dependent: number): Path | undefined {
  const { estate, subject, users, reached } = assessment
  const lost = new Set([...reached, ...users.places.map((place) => place.index), ...users.issued, ...users.workloads])
  const towards = new Map<number, number>()
  const queue = [subject]
  for (let head = 0; head < queue.length && !towards.has(dependent); head++)
    for (const number of along(estate.in, queue[head]!)) {
      const { from } = ends(estate, estate.relationships[number]!)
      if (from === subject || towards.has(from) || !carries(assessment, number)) continue
      if (!lost.has(from) && from !== dependent) continue
      towards.set(from, number)
      queue.push(from)
    }
  if (!towards.has(dependent)) return undefined
  const path: number[] = []
  for (let at = dependent; at !== subject; at = ends(estate, estate.relationships[path.at(-1)!]!).to)
    path.push(towards.get(at)!)
  return path.reverse()
}

function carries({ estate }: Assessment, number: number): boolean {
  const relationship = estate.relationships[number]!
  return relationshipKinds[relationship.kind].breaks !== 'no' && relationship.confidence !== 'none'
}
