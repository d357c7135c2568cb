import { confidences, evidenceKindNames } from './kinds/evidence.ts'
import { deliveryModeNames } from './kinds/delivery.ts'
import { entityKindNames } from './kinds/entity-kinds.ts'
import { relationshipKindNames } from './kinds/relationship-kinds.ts'
import { roles } from './kinds/roles.ts'
import type { EntityFact, RelationshipFact } from './facts.ts'

/**
 * Whether a value read from JSON is a fact as it stands: then its shape (graph/facts) would give the same value back,
 * which costs several times as much, for millions. False decides nothing: ask the shape, which leaves out what it does
 * not know, and says what is wrong. The test holds the two together.
 */
type Check = (value: unknown) => boolean
type Checks = ReadonlyMap<string, Check>

const text =
  (longest: number, shortest = 0): Check =>
  (value) =>
    typeof value === 'string' && value.length <= longest && value.length >= shortest
const among = (names: readonly string[]): Check => {
  const all = new Set<unknown>(names)
  return (value) => all.has(value)
}
const isAmount: Check = (value) => typeof value === 'number' && value >= 0 && value < Infinity
const isCount: Check = (value) => isAmount(value) && Number.isSafeInteger(value)
const listOf =
  (item: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(item)
const isSpan: Check = (value) =>
  Array.isArray(value) && value.length === 2 && isAmount(value[0]) && (value[1] === null || isAmount(value[1]))

/** An object of these fields and no other; `needed` of them have to be there, and stand first. */
const record =
  (fields: Checks, needed: readonly string[]): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    let found = 0
    for (const name in value) {
      const check = fields.get(name)
      if (check === undefined || !check((value as Record<string, unknown>)[name])) return false
      if (needed.includes(name)) found++
    }
    return found === needed.length
  }

const PROP_NAME = 64
const isPropText = text(4096)
const isPropList = listOf(text(1024), 200)
const isProps: Check = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const name in value) {
    if (name.length > PROP_NAME || name === '__proto__') return false
    const one = (value as Record<string, unknown>)[name]
    const type = typeof one
    if (type === 'string' ? !isPropText(one) : type === 'number' ? !Number.isFinite(one) : type !== 'boolean') {
      if (!isPropList(one)) return false
    }
  }
  return true
}

const isId = text(2048, 1)
const isInstant = text(40)
const isEvidence = listOf(
  record(
    new Map([
      ['source', text(80)],
      ['kind', among(evidenceKindNames)],
      ['file', text(1024)],
      ['record', text(256)],
      ['firstSeen', isInstant],
      ['lastSeen', isInstant],
      ['count', isCount],
      ['note', text(400)],
    ]),
    ['source', 'kind'],
  ),
  100,
)

export const isPlainEntity = record(
  new Map([
    ['id', isId],
    ['kind', among(entityKindNames)],
    ['role', among(roles)],
    ['name', text(1024)],
    ['aliases', listOf(text(2048), 50)],
    ['props', isProps],
    ['evidence', isEvidence],
  ]),
  ['id'],
) as (value: unknown) => value is EntityFact

export const isPlainRelationship = record(
  new Map([
    ['kind', among(relationshipKindNames)],
    ['from', isId],
    ['to', isId],
    ['id', isId],
    ['need', text(512)],
    ['strength', among(['hard', 'soft'])],
    ['session', isSpan],
    ['tolerance', isSpan],
    ['pickup', isSpan],
    ['cadence', isAmount],
    ['by', listOf(isId, 50)],
    ['via', listOf(isId, 50)],
    ['confidence', among(confidences)],
    ['delivery', among(deliveryModeNames)],
    ['props', isProps],
    ['evidence', isEvidence],
  ]),
  ['kind', 'from', 'to'],
) as (value: unknown) => value is RelationshipFact
