import { idOf } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'

/** Key of the credential that stands in a secret whose content no source names. */
export function storedValueKey(secretKey: string): string {
  return `value-of:${secretKey}`
}

/** Places that stand for many secrets at once and hold no value of their own. */
const aggregates = new Set(['github.secret_scope'])

/**
 * A secret that holds no known credential and copies no other secret holds *something*: without a credential to act on,
 * nobody could ask what breaks. So each such secret gets a stored value, of which nothing else is known: not what it
 * opens, not where else it is used. Answers about it say so (graph/answer/coverage).
 */
export function withImpliedCredentials(facts: KnownFacts): KnownFacts {
  const filled = new Set<string>()
  for (const { kind, from } of facts.relationships.values())
    if (kind === 'HOLDS' || kind === 'SYNCED_FROM') filled.add(from)

  const entities = new Map(facts.entities)
  const relationships = new Map(facts.relationships)
  for (const secret of facts.entities.values()) {
    if (entityKinds[secret.kind].role !== 'secret' || filled.has(secret.id) || aggregates.has(secret.kind)) continue
    const value = storedValueOf(secret)
    entities.set(value.id, value)
    const holds = holding(secret, value)
    relationships.set(holds.id, holds)
  }
  return { entities, relationships }
}

function storedValueOf(secret: KnownEntity): KnownEntity {
  const key = storedValueKey(secret.key)
  return {
    id: idOf(key),
    key,
    kind: 'generic.stored_value',
    name: secret.name,
    ...(secret.props && { props: secret.props }),
    evidence: [{ source: 'keyfall', kind: 'inferred', note: 'a secret holds a value; no source says which' }],
  }
}

function holding(secret: KnownEntity, value: KnownEntity): KnownRelationship {
  return {
    id: idOf(`HOLDS ${secret.key} > ${value.key}`),
    kind: 'HOLDS',
    from: secret.id,
    to: value.id,
    // True by definition of the stored value, so it is confirmed although nobody declared it.
    confidence: 'confirmed',
    evidence: [
      { source: 'keyfall', kind: 'inferred', note: 'by definition: the value is whatever stands in this secret' },
    ],
  }
}
