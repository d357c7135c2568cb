import { idOf } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { KnownEntity } from '../known.ts'
import { along, ends, type Estate, type Source } from '../estate/estate.ts'
import type { Reach } from './reach.ts'
import { travelOf } from './travel.ts'

/**
 * Why there may be more within reach than the estate shows. Reach is a lower bound always: permissions are granted in
 * more ways than sources list. Each reason names a count and never the absence of danger.
 *
 * @param missing sources that kinds within reach need and that are not here
 * @param stale sources that are too old to be believed
 */
export function lowerBoundOf(
  estate: Estate,
  reach: Pick<Reach, 'source' | 'things'>,
  missing: readonly string[],
  stale: readonly Source[],
): string[] {
  const within = [reach.source, ...reach.things]
  const reasons: string[] = []
  const add = (count: number, one: string, many: string): void => {
    if (count > 0) reasons.push(`${count.toLocaleString('en')} ${count === 1 ? one : many}`)
  }
  for (const one of missing) reasons.push(`missing: ${one}`)
  add(stale.length, 'source stale', 'sources stale')
  const policies = policiesOf(estate, within)
  add(
    policies,
    'policy not evaluated, because its text is not here',
    'policies not evaluated, because their text is not here',
  )
  add(conditionalIn(estate, within), 'link under conditions not evaluated', 'links under conditions not evaluated')
  const mute = deadEndsIn(estate, within)
  add(mute('identity'), 'identity of which no permission is known', 'identities of which no permission is known')
  add(mute('credential'), 'credential that nobody says what it opens', 'credentials that nobody says what they open')
  add(
    estate.sources.filter((source) => source.nature === 'snapshot' && !source.complete).length,
    'source that does not prove to be whole',
    'sources that do not prove to be whole',
  )
  return reasons.length ? reasons : ['only what was imported is known']
}

function roleOf(estate: Estate, entity: number): string {
  return entityKinds[estate.entities[entity]!.kind].role
}

/** By role: how many of these lead on to nothing. */
function deadEndsIn(estate: Estate, within: readonly number[]): (role: string) => number {
  const counts = new Map<string, number>()
  for (const at of within) {
    if (!isDeadEnd(estate, at)) continue
    const role = roleOf(estate, at)
    counts.set(role, (counts.get(role) ?? 0) + 1)
  }
  return (role) => counts.get(role) ?? 0
}

/** Nothing leads on from it, and no source says that this is all. */
function isDeadEnd(estate: Estate, entity: number): boolean {
  const { start } = travelOf(estate)
  return start[entity] === start[entity + 1] && estate.entities[entity]!.props?.['permissionsKnown'] !== true
}

/** Policies attached to what is within reach of which no source here has the text (graph/access has judged the others). */
function policiesOf(estate: Estate, within: readonly number[]): number {
  const found = new Set<string>()
  for (const at of within) {
    if (roleOf(estate, at) !== 'identity') continue
    for (const number of along(estate.in, at)) {
      const relationship = estate.relationships[number]!
      const policy = estate.entities[ends(estate, relationship).from]!
      if (relationship.kind === 'CONTAINED_IN' && isUnread(policy)) found.add(policy.key)
    }
    const attached = estate.entities[at]!.props?.['policies']
    if (Array.isArray(attached))
      for (const key of attached) {
        const index = estate.indexOf.get(idOf(key))
        if (index === undefined || isUnread(estate.entities[index]!)) found.add(key)
      }
  }
  return found.size
}

const isUnread = ({ kind, props }: KnownEntity): boolean =>
  kind === 'aws.iam_policy' && props?.['policyText'] === undefined

function conditionalIn(estate: Estate, within: readonly number[]): number {
  const { start, list } = travelOf(estate)
  let count = 0
  for (const at of within)
    for (let i = start[at]!; i < start[at + 1]!; i++)
      if (estate.relationships[list[i]!]!.props?.['conditions'] !== undefined) count++
  return count
}
