import { QuestionError } from '../errors.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { operations } from './operations.ts'

/** What an operation strikes: one thing, or a set of changes that are one decision. */
export interface Targets {
  /** Entity numbers, the subject first; without it where it is no more than the name of the set (a vendor). */
  readonly entities: readonly number[]
  /** Relationship numbers, for what is taken away between things that stay. */
  readonly relationships: readonly number[]
}

/**
 * What is struck by an operation on a subject. `only` narrows what is taken away to what has that entity at its other end.
 * @throws QuestionError `bad-change` where the estate knows nothing that the operation would act on.
 */
export function targetsOf(estate: Estate, subject: number, op: Operation, only?: number): Targets {
  if (operations[op].engine === 'cut') return { entities: [], relationships: cutBy(estate, subject, op, only) }
  if (op === 'offboard') return { entities: leaving(estate, subject), relationships: [] }
  if (op === 'take-down' || op === 'lose')
    return { entities: [subject, ...containedSecrets(estate, subject)], relationships: [] }
  return { entities: [subject], relationships: [] }
}

/** A vault that is down takes along what is kept in it: the secrets it contains, mounts and folders between. */
function containedSecrets(estate: Estate, subject: number): number[] {
  return contained(estate, subject).filter((index) => roleOf(estate, index) === 'secret')
}

function contained(estate: Estate, subject: number): number[] {
  const found = new Set<number>([subject])
  for (const at of found) for (const tail of tails(estate, at, 'CONTAINED_IN')) found.add(tail)
  found.delete(subject)
  return [...found].sort((a, b) => a - b)
}

/** Everything a leaver has: what it supplied or owns that proves somebody, and what that was used to make. */
function leaving(estate: Estate, subject: number): number[] {
  const found = new Set<number>()
  const { kind } = estate.entities[subject]!
  if (roleOf(estate, subject) === 'identity') found.add(subject)
  const given = (index: number): boolean => ['credential', 'identity'].includes(roleOf(estate, index))
  if (kind === 'business.vendor')
    for (const index of tails(estate, subject, 'SUPPLIED_BY')) {
      found.add(index)
      // What a vendor's own workloads hold, the vendor knows.
      for (const held of heldBy(estate, index)) found.add(held)
    }
  if (kind === 'business.team' || kind === 'business.person')
    for (const index of tails(estate, subject, 'OWNED_BY')) if (given(index)) found.add(index)
  if (kind === 'github.repository') {
    for (const index of tails(estate, subject, 'DEFINED_IN'))
      if (estate.entities[index]!.kind.startsWith('github.')) found.add(index)
    for (const index of contained(estate, subject))
      if (given(index) || roleOf(estate, index) === 'secret' || roleOf(estate, index) === 'workload') found.add(index)
  }
  for (const index of found) {
    if (roleOf(estate, index) === 'identity')
      for (const login of tails(estate, index, 'AUTHENTICATES_AS')) found.add(login)
    if (given(index)) for (const child of tails(estate, index, 'ISSUED_BY')) found.add(child)
  }
  if (found.size === 0)
    throw new QuestionError(
      'bad-change',
      `nothing is known that ${estate.entities[subject]!.name} was given or has`,
      'state in a bundle what it supplies, owns or holds: SUPPLIED_BY, OWNED_BY, CONTAINED_IN',
    )
  return [...found].sort((a, b) => Number(b === subject) - Number(a === subject) || a - b)
}

function heldBy(estate: Estate, workload: number): number[] {
  if (roleOf(estate, workload) !== 'workload') return []
  const held: number[] = []
  const places: number[] = []
  for (const number of along(estate.out, workload)) {
    const relationship = estate.relationships[number]!
    if (relationship.confidence === 'none') continue
    if (relationship.kind === 'USES_CREDENTIAL') held.push(estate.heads[number]!)
    if (relationship.kind === 'USES_SECRET') places.push(estate.heads[number]!)
  }
  const seen = new Set(places)
  for (const place of seen)
    for (const number of along(estate.out, place)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind === 'HOLDS') held.push(estate.heads[number]!)
      if (relationship.kind === 'SYNCED_FROM') seen.add(estate.heads[number]!)
    }
  return held
}

/** What gives an identity its rights, and what lends it to others. */
const rights: readonly RelationshipKind[] = ['CAN_ACCESS', 'ASSUMES', 'MEMBER_OF']
const loans: readonly RelationshipKind[] = ['ASSUMES', 'RUNS_AS', 'CAN_ACCESS']

function cutBy(estate: Estate, subject: number, op: Operation, only: number | undefined): number[] {
  const found = op === 'distrust' ? loansOf(estate, subject) : rightsOf(estate, subject)
  const kept = only === undefined ? found : found.filter((number) => isAt(estate, number, only))
  if (kept.length > 0) return kept.sort((a, b) => a - b)
  const { name } = estate.entities[subject]!
  const what = op === 'distrust' ? `nobody is known to act as ${name}` : `no right of ${name} is known`
  throw new QuestionError(
    'bad-change',
    only === undefined ? what : `${what} that ${estate.entities[only]!.name} is at the other end of`,
    'import the permissions (for AWS: get-account-authorization-details), or state them in a bundle: CAN_ACCESS, ASSUMES',
  )
}

function rightsOf(estate: Estate, subject: number): number[] {
  const role = roleOf(estate, subject)
  if (role !== 'identity' && role !== 'credential') return grantedBy(estate, subject)
  const identities = role === 'identity' ? [subject] : heads(estate, subject, 'AUTHENTICATES_AS')
  return identities.flatMap((identity) =>
    [...along(estate.out, identity)].filter((number) => rights.includes(estate.relationships[number]!.kind)),
  )
}

function loansOf(estate: Estate, subject: number): number[] {
  return [...along(estate.in, subject)].filter((number) => {
    const { kind } = estate.relationships[number]!
    if (kind === 'ISSUED_BY') return roleOf(estate, subject) === 'identity'
    return loans.includes(kind)
  })
}

/** What runs over a policy: grants that name it, and its own links. */
function grantedBy(estate: Estate, policy: number): number[] {
  const { name, key, id } = estate.entities[policy]!
  const holder = heads(estate, policy, 'CONTAINED_IN').find((index) => roleOf(estate, index) === 'identity')
  const found = new Set<number>([...along(estate.out, policy), ...along(estate.in, policy)])
  estate.relationships.forEach((relationship, number) => {
    if (!rights.includes(relationship.kind)) return
    const said = relationship.props?.['policy']
    if (said !== name && said !== key) return
    if (holder !== undefined && ends(estate, relationship).from !== holder) return
    found.add(number)
  })
  return [...found].filter((number) => {
    const { kind, from, to } = estate.relationships[number]!
    return rights.includes(kind) || (kind === 'AUTHENTICATES_AS' && (from === id || to === id))
  })
}

function isAt(estate: Estate, number: number, index: number): boolean {
  const { from, to } = ends(estate, estate.relationships[number]!)
  return from === index || to === index
}

function tails(estate: Estate, index: number, kind: RelationshipKind): number[] {
  const found: number[] = []
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind) found.push(estate.tails[number]!)
  }
  return found
}

function heads(estate: Estate, index: number, kind: RelationshipKind): number[] {
  const found: number[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind) found.push(estate.heads[number]!)
  }
  return found
}

function roleOf(estate: Estate, index: number): string {
  return entityKinds[estate.entities[index]!.kind].role
}
