import { along, ends } from '../estate/estate.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { Assessment } from './assess.ts'

/** Relationship numbers in the order in which the loss travels: from the credential to the dependent. */
export type Path = readonly number[]

/**
 * The shortest ways on which the loss reaches a dependent, at most `k`, each with another last hop. Only things that the
 * change puts out, and places that hold the value, are walked: a path never leads over something that keeps working.
 */
export function pathsTo(assessment: Assessment, dependent: number, k: number): Path[] {
  const { estate } = assessment
  const towards = stepsFromSubject(assessment)
  const found: Path[] = []
  for (const number of along(estate.out, dependent)) {
    const relationship = estate.relationships[number]!
    const { to } = ends(estate, relationship)
    if (!carries(assessment, number) || !towards.has(to)) continue
    const path = [number]
    // Each place knows the one hop that leads on towards the credential; a dependent on the way would be a loop.
    let at = to
    while (at !== assessment.subject && at !== dependent) {
      const next = towards.get(at)!
      path.push(next)
      at = ends(estate, estate.relationships[next]!).to
    }
    if (at === assessment.subject) found.push(path.reverse())
  }
  return found.sort((a, b) => a.length - b.length || a[0]! - b[0]!).slice(0, k)
}

/** For everything that the loss reaches, the first hop of a shortest way back to the credential. */
function stepsFromSubject(assessment: Assessment): Map<number, number> {
  const { estate, subject, users, reached } = assessment
  const lost = new Set([...reached, ...users.places.map((place) => place.index), ...users.issued, ...users.workloads])
  const towards = new Map<number, number>([[subject, -1]])
  const queue = [subject]
  for (let head = 0; head < queue.length; head++)
    for (const number of along(estate.in, queue[head]!)) {
      const { from } = ends(estate, estate.relationships[number]!)
      if (towards.has(from) || !lost.has(from) || !carries(assessment, number)) continue
      towards.set(from, number)
      queue.push(from)
    }
  return towards
}

function carries({ estate }: Assessment, number: number): boolean {
  const relationship = estate.relationships[number]!
  return relationshipKinds[relationship.kind].breaks !== 'no' && relationship.confidence !== 'none'
}
