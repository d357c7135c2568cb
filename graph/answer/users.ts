import { along, ends, type Estate } from '../estate/estate.ts'
import { placesOf, type Place } from './subject.ts'

/** Who touches the value of a credential, whatever the outcome of a change. */
export interface Users {
  readonly places: readonly Place[]
  /** Workloads that use the value, from a place or directly; callers among them. */
  readonly workloads: readonly number[]
  /** Credentials issued by it, whose users are among `workloads` too. */
  readonly issued: readonly number[]
}

/** Everything that uses a credential's value now: the set that an answer has to say something about. */
export function usersOf(estate: Estate, credential: number): Users {
  const workloads = new Set<number>()
  const issued = new Set<number>()
  const places: Place[] = []
  const credentials = [credential]
  for (let head = 0; head < credentials.length; head++) {
    const at = credentials[head]!
    const held = placesOf(estate, at)
    if (at === credential) places.push(...held)
    for (const place of held) addTails(estate, place.index, 'USES_SECRET', workloads)
    addTails(estate, at, 'USES_CREDENTIAL', workloads)
    const children = new Set<number>()
    addTails(estate, at, 'ISSUED_BY', children)
    for (const child of children)
      if (child !== credential && !issued.has(child)) {
        issued.add(child)
        credentials.push(child)
      }
  }
  return { places, workloads: [...workloads], issued: [...issued] }
}

function addTails(estate: Estate, head: number, kind: string, into: Set<number>): void {
  for (const number of along(estate.in, head)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind && relationship.confidence !== 'none') into.add(ends(estate, relationship).from)
  }
}
