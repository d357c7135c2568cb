import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
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

/** The same of everything that a change strikes: values of credentials, and secrets that are gone themselves. */
export function usersOfAll(estate: Estate, struck: readonly number[]): Users {
  const all = struck.map((index) => usersOfOne(estate, index))
  if (all.length === 1) return all[0]!
  const places = new Map(all.flatMap((one) => one.places.map((place) => [place.index, place] as const)))
  return {
    places: [...places.values()],
    workloads: [...new Set(all.flatMap((one) => one.workloads))],
    issued: [...new Set(all.flatMap((one) => one.issued))],
  }
}

function usersOfOne(estate: Estate, index: number): Users {
  const { role } = entityKinds[estate.entities[index]!.kind]
  if (role === 'credential') return usersOf(estate, index)
  const workloads = new Set<number>()
  if (role === 'secret') addTails(estate, index, 'USES_SECRET', workloads)
  if (role === 'identity') addTails(estate, index, 'RUNS_AS', workloads)
  return { places: [], workloads: [...workloads], issued: [] }
}

function addTails(estate: Estate, head: number, kind: string, into: Set<number>): void {
  for (const number of along(estate.in, head)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind && relationship.confidence !== 'none') into.add(estate.tails[number]!)
  }
}
