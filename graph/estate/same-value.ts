import { idOf } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Role } from '../kinds/roles.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { storedValueKey } from './implied.ts'

/** More credentials of one value than these say nothing new, and would make pairs without end. */
const MOST_CREDENTIALS = 20

/** One place where a fingerprinted value stands, and the name it has there (`password`, `DB_URL`). */
interface Holder {
  readonly entity: KnownEntity
  readonly name: string
}

/**
 * The same value in several places, by keyed fingerprint (security-reliability.md 3.5): importers fingerprint only
 * values of at least 64 bits of entropy, so equal fingerprints are one value. Two credentials with one value stay two
 * (they are revoked apart), and who holds such a value holds one of them, nobody can say which.
 * Runs after the stored values were implied: a shared value takes the place of the implied one.
 */
export function withSameValues(facts: KnownFacts): KnownFacts {
  const shared = [...holdersByFingerprint(facts)].filter(([, holders]) => holders.length > 1)
  if (shared.length === 0) return facts
  const sources = syncSources(facts)
  const entities = new Map(facts.entities)
  const relationships = new Map(facts.relationships)
  const said = new Set([...relationships.values()].map(({ kind, from, to }) => `${kind} ${from} ${to}`))
  const add = (relationship: KnownRelationship): void => {
    const ends = `${relationship.kind} ${relationship.from} ${relationship.to}`
    if (said.has(ends)) return
    said.add(ends)
    relationships.set(relationship.id, relationship)
  }
  for (const [fingerprint, holders] of shared.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const credentials = holders.filter((one) => roleOf(one) === 'credential')
    const members = new Set(holders.map(({ entity }) => entity.id))
    // What a synchronisation brings is no second copy: it follows its source.
    const places = holders.filter((one) => roleOf(one) !== 'credential' && !syncsFrom(one.entity.id, members, sources))
    if (credentials.length === 0 && places.length < 2) continue
    const values =
      credentials.length > 0
        ? credentials.slice(0, MOST_CREDENTIALS).map(({ entity }) => entity)
        : [sharedValue(fingerprint, places)]
    for (const value of values) if (!entities.has(value.id)) entities.set(value.id, value)
    for (const place of places) {
      for (const value of values) add(link(place, value, values.length > 1))
      if (values.length === 1) dropImplied(place.entity, entities, relationships)
    }
  }
  return { entities, relationships }
}

function holdersByFingerprint(facts: KnownFacts): Map<string, Holder[]> {
  const found = new Map<string, Holder[]>()
  for (const entity of facts.entities.values()) {
    // An implied value bears the properties of its secret: it is no place of its own.
    if (entity.kind === 'generic.stored_value') continue
    const prints = entity.props?.['fingerprints']
    if (!Array.isArray(prints)) continue
    for (const print of prints) {
      const at = print.lastIndexOf('=')
      const [name, fingerprint] = [print.slice(0, Math.max(0, at)), print.slice(at + 1)]
      if (!fingerprint.startsWith('fp1:')) continue
      const holders = found.get(fingerprint) ?? []
      if (!holders.some((one) => one.entity.id === entity.id)) holders.push({ entity, name })
      found.set(fingerprint, holders)
    }
  }
  for (const holders of found.values()) holders.sort((a, b) => (a.entity.key < b.entity.key ? -1 : 1))
  return found
}

function roleOf({ entity }: Holder): Role {
  return entityKinds[entity.kind].role
}

function syncSources(facts: KnownFacts): Map<string, string[]> {
  const sources = new Map<string, string[]>()
  for (const { kind, from, to, confidence } of facts.relationships.values())
    if (kind === 'SYNCED_FROM' && confidence !== 'possible' && confidence !== 'none')
      sources.set(from, [...(sources.get(from) ?? []), to])
  return sources
}

/** Does its content come, over any number of synchronisations, from another member? */
function syncsFrom(
  start: string,
  members: ReadonlySet<string>,
  sources: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set([start])
  const queue = [start]
  for (let head = 0; head < queue.length; head++)
    for (const source of sources.get(queue[head]!) ?? []) {
      if (seen.has(source)) continue
      // Two that name each other as source: neither is the copy.
      if (members.has(source) && !(sources.get(source) ?? []).includes(start)) return true
      seen.add(source)
      queue.push(source)
    }
  return false
}

function sharedValue(fingerprint: string, places: readonly Holder[]): KnownEntity {
  const key = `value:${idOf(fingerprint)}`
  const [first] = places
  return {
    id: idOf(key),
    key,
    kind: 'generic.stored_value',
    name: first!.name === '' ? first!.entity.name : `${first!.name} of ${first!.entity.name}`,
    evidence: [
      { source: 'keyfall', kind: 'inferred', note: `one value in ${places.length} places, by keyed fingerprint` },
    ],
  }
}

function link({ entity, name }: Holder, value: KnownEntity, several: boolean): KnownRelationship {
  const isWorkload = entityKinds[entity.kind].role === 'workload'
  const kind = isWorkload ? 'USES_CREDENTIAL' : 'HOLDS'
  const where = name === '' ? '' : `${name}: `
  return {
    id: idOf(`${kind} ${entity.key} > ${value.key}`),
    kind,
    from: entity.id,
    to: value.id,
    confidence: several ? 'possible' : 'confirmed',
    ...(isWorkload && { delivery: 'env_at_start' as const }),
    evidence: [
      {
        source: 'keyfall',
        kind: 'inferred',
        note: `${where}the same value by keyed fingerprint${several ? ', which several credentials have' : ''}`,
      },
    ],
  }
}

/** The implied value of a secret that holds just the one shared value; a secret with more in it keeps its own. */
function dropImplied(
  place: KnownEntity,
  entities: Map<string, KnownEntity>,
  relationships: Map<string, KnownRelationship>,
): void {
  const prints = place.props?.['fingerprints']
  if (!Array.isArray(prints) || prints.length !== 1) return
  const key = storedValueKey(place.key)
  if (!entities.delete(idOf(key))) return
  relationships.delete(idOf(`HOLDS ${place.key} > ${key}`))
}
