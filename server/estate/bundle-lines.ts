import { BUNDLE_FORMAT, type EntityFact, type ObservationFact, type RelationshipFact } from '../../graph/facts.ts'
import { idOf, relationshipKey } from '../../graph/ids.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'

/**
 * What is known as an NDJSON bundle (docs/bundle.md): a header, then one fact a line. Only what sources said; what
 * the estate derives from it is derived again wherever the bundle is imported.
 */
export function* bundleLines(facts: KnownFacts): Generator<string> {
  const names = namesOf(facts)
  yield `${JSON.stringify({ format: BUNDLE_FORMAT })}\n`
  for (const entity of facts.entities.values()) yield `${JSON.stringify({ entity: entityFact(entity) })}\n`
  const end = { entities: facts.entities.size, relationships: 0, observations: 0 }
  for (const relationship of facts.relationships.values()) {
    if (relationship.unattributed) {
      for (const observation of observationFacts(relationship, names)) {
        end.observations++
        yield `${JSON.stringify({ observation })}\n`
      }
    } else {
      end.relationships++
      yield `${JSON.stringify({ relationship: relationshipFact(relationship, names) })}\n`
    }
  }
  yield `${JSON.stringify({ end })}\n`
}

/** Canonical keys by opaque id. */
interface Names {
  entity(id: string): string
  relationship(id: string): string
}

function namesOf({ entities, relationships }: KnownFacts): Names {
  const entity = (id: string): string => entities.get(id)?.key ?? id
  return {
    entity,
    relationship(id) {
      const one = relationships.get(id)
      return one ? keyOf(one, entity) : id
    },
  }
}

/** Kind and ends where they make the id; a relationship that had an id of its own keeps the opaque one. */
function keyOf({ id, kind, from, to }: KnownRelationship, entity: (id: string) => string): string {
  const key = relationshipKey({ kind, from: entity(from), to: entity(to) })
  return idOf(key) === id ? key : id
}

function entityFact({ id: _id, key, ...rest }: KnownEntity): EntityFact {
  return { id: key, ...rest } as EntityFact
}

function relationshipFact(one: KnownRelationship, names: Names): RelationshipFact {
  const { id, from, to, by, via, unattributed: _unattributed, ...rest } = one
  const key = names.relationship(id)
  return {
    ...(key === id && { id }),
    ...rest,
    from: names.entity(from),
    to: names.entity(to),
    ...(by && { by: by.map(names.entity) }),
    ...(via && { via: via.map(names.relationship) }),
  } as RelationshipFact
}

function observationFacts({ kind, from, to, evidence }: KnownRelationship, names: Names): ObservationFact[] {
  const ends = { kind, from: names.entity(from), to: names.entity(to), attributed: false }
  return (evidence ?? []).map((one) => ({ ...ends, evidence: one }))
}
