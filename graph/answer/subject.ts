import { QuestionError } from '../errors.ts'
import { withArticle } from './article.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { actionsOf, appliesTo, operations } from './operations.ts'

/** Kinds of places whose business is to keep secrets for others: where a rotation publishes unless told otherwise. */
const vaults = new Set<string>([
  'vault.kv2_secret',
  'vault.secret_path',
  'vault.db_static_role',
  'aws.secretsmanager_secret',
  'aws.ssm_parameter',
  'azure.keyvault_secret',
  'gcp.secret_version',
  'external.secret',
])

/**
 * Entity number of what a question is about: a credential, or with `op` whatever that can be done to. Anything else is
 * refused, with the credentials it leads to and what could be asked of it instead.
 */
export function subjectOf(estate: Estate, id: string, op?: Operation): number {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const entity = estate.entities[index]!
  const { role, title } = entityKinds[entity.kind]
  if (op === undefined ? role === 'credential' : appliesTo(entity.kind, op)) return index
  const names = credentialsOf(estate, index)
    .slice(0, 5)
    .map((at) => estate.entities[at]!.name)
  const possible = actionsOf(entity)
    .filter(({ available }) => available)
    .map((one) => one.op)
  const hints = [
    ...(names.length && role !== 'credential' ? [`ask about a credential it leads to: ${names.join(', ')}`] : []),
    possible.length
      ? `possible for ${entity.name} itself: ${possible.join(', ')}`
      : names.length
        ? ''
        : 'no credential is known for it',
  ].filter(Boolean)
  const wanted = op === undefined ? 'not a credential' : `not ${operations[op].of}`
  throw new QuestionError('wrong-kind', `${entity.name} is ${withArticle(title)}, ${wanted}`, hints.join('; '))
}

/** The credentials that stand in a secret, prove an identity, or that a workload uses. */
export function credentialsOf(estate: Estate, index: number): number[] {
  const found = new Set<number>()
  const places = [index]
  const seen = new Set(places)
  for (let head = 0; head < places.length; head++) {
    const at = places[head]!
    for (const number of along(estate.out, at)) {
      const relationship = estate.relationships[number]!
      const to = estate.heads[number]!
      if (relationship.kind === 'HOLDS' || relationship.kind === 'USES_CREDENTIAL') found.add(to)
      else if (
        (relationship.kind === 'SYNCED_FROM' || (relationship.kind === 'USES_SECRET' && at === index)) &&
        !seen.has(to)
      ) {
        seen.add(to)
        places.push(to)
      }
    }
  }
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'AUTHENTICATES_AS') found.add(estate.tails[number]!)
  }
  return [...found].sort((a, b) => a - b)
}

export interface Place {
  readonly index: number
  /** Its own copy, put there by somebody; the others are synchronised from another place. */
  readonly put: boolean
  readonly confirmed: boolean
  /** A vault or secrets manager, where a rotation publishes by itself. */
  readonly vault: boolean
}

/** Every place that holds the credential's value, by `HOLDS` and then over `SYNCED_FROM`. */
export function placesOf(estate: Estate, credential: number): Place[] {
  const found = new Map<number, Place>()
  const queue: number[] = []
  const add = (place: Place): void => {
    if (found.has(place.index)) return
    found.set(place.index, place)
    queue.push(place.index)
  }
  for (const number of along(estate.in, credential)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind !== 'HOLDS' || relationship.confidence === 'none') continue
    const from = estate.tails[number]!
    const confirmed = relationship.confidence !== 'possible'
    add({ index: from, put: !isSynced(estate, from), confirmed, vault: vaults.has(estate.entities[from]!.kind) })
  }
  for (let head = 0; head < queue.length; head++)
    for (const number of along(estate.in, queue[head]!)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'SYNCED_FROM' || relationship.confidence === 'none') continue
      const from = estate.tails[number]!
      add({ index: from, put: false, confirmed: relationship.confidence !== 'possible', vault: false })
    }
  return [...found.values()]
}

function isSynced(estate: Estate, place: number): boolean {
  for (const number of along(estate.out, place)) if (estate.relationships[number]!.kind === 'SYNCED_FROM') return true
  return false
}

/** Where a rotation puts the new value unless told otherwise: the vaults, or every hand-made copy where there is none. */
export function defaultPublish(places: readonly Place[]): Place[] {
  const put = places.filter((place) => place.put && place.confirmed)
  const kept = put.filter((place) => place.vault)
  return kept.length ? kept : put
}
