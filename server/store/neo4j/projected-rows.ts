import type { Delta } from '../../../graph/delta.ts'
import type { Evidence, Props } from '../../../graph/facts.ts'
import { entityKinds } from '../../../graph/kinds/entity-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../../graph/known.ts'
import { wholeNumber } from './bolt.ts'

type Properties = Readonly<Record<string, unknown>>

export interface EntityRow {
  readonly id: string
  readonly labels: readonly string[]
  /** Labels of what it was before. */
  readonly dropped: readonly string[]
  readonly properties: Properties
}
/** Lists, not maps, where there are most of them: the words of a map travel with each row, and are read for each row. */
export type NewEntityRow = readonly [labels: readonly string[], properties: Properties]
export type RelationshipRow = readonly [from: string, to: string, type: string, properties: Properties]

/** One row of one statement. */
export interface Work {
  readonly statement:
    | 'retire-relationships'
    | 'retire-entities'
    | 'apply-entities'
    | 'create-entities'
    | 'apply-relationships'
    | 'create-relationships'
    | 'retire-unseen'
  readonly row: { readonly id: string } | NewEntityRow | RelationshipRow
}

/**
 * What a delta does to the labelled graph, row by row in the order in which it is done; the same delta gives the same
 * rows. A relationship that changed is made anew: its kind and ends may have changed too.
 */
export function workOf({ entities, relationships }: Delta): readonly Work[] {
  const gone = [...relationships.retired, ...relationships.changed.map(({ before }) => before)]
  const come = [...relationships.added, ...relationships.changed.map(({ after }) => after)]
  const perhapsUnseen = new Set([
    ...entities.retired.map(({ id }) => id),
    ...gone.flatMap(({ from, to }) => [from, to]),
  ])
  return [
    ...gone.map(({ id, from, to }) => ({ statement: 'retire-relationships' as const, row: { id, from, to } })),
    ...entities.retired.map(({ id, kind }) => ({
      statement: 'retire-entities' as const,
      row: { id, labels: labelsOf(kind) },
    })),
    ...entities.added.map((entity) => ({ statement: 'apply-entities' as const, row: entityRow(entity, []) })),
    ...entities.changed.map(({ before, after }) => ({
      statement: 'apply-entities' as const,
      row: entityRow(
        after,
        labelsOf(before.kind).filter((label) => !labelsOf(after.kind).includes(label)),
      ),
    })),
    ...come.map((relationship) => ({
      statement: 'apply-relationships' as const,
      row: relationshipRow(relationship),
    })),
    ...[...perhapsUnseen].map((id) => ({ statement: 'retire-unseen' as const, row: { id } })),
  ]
}

/** Things of a labelled graph in which there is none yet. */
export function newEntities({ entities }: KnownFacts): readonly Work[] {
  return [...entities.values()].map((entity) => ({
    statement: 'create-entities' as const,
    row: [labelsOf(entity.kind), entityProperties(entity)],
  }))
}

/** Relationships of one that has all its things. */
export function newRelationships({ relationships }: KnownFacts): readonly Work[] {
  return [...relationships.values()].map((one) => ({
    statement: 'create-relationships' as const,
    row: relationshipRow(one),
  }))
}

/** `GenericCredential`, `Credential`: its kind and its role. Beside them all things are `Entity`. */
export function labelsOf(kind: KnownEntity['kind']): readonly string[] {
  const { label, role } = entityKinds[kind]
  return [...new Set([label, role.charAt(0).toUpperCase() + role.slice(1)])]
}

function entityRow(entity: KnownEntity, dropped: readonly string[]): EntityRow {
  return { id: entity.id, labels: labelsOf(entity.kind), dropped, properties: entityProperties(entity) }
}

function entityProperties({ id, key, kind, name, aliases, props, evidence }: KnownEntity): Properties {
  const { role, title } = entityKinds[kind]
  const own = { id, key, kind, kindTitle: title, name, role, aliases, evidence: evidence?.map(evidenceWords) }
  return properties(own, props)
}

function relationshipRow(relationship: KnownRelationship): RelationshipRow {
  const { id, kind, from, to, need, strength, by, via, cadence, confidence, delivery, unattributed, props, evidence } =
    relationship
  const own = {
    id,
    need,
    strength,
    cadence,
    by,
    via,
    // "Confirmed" is what a relationship is that says nothing else (graph/merge).
    confidence: confidence ?? 'confirmed',
    delivery,
    unattributed,
    ...spanProperties('session', relationship.session),
    ...spanProperties('tolerance', relationship.tolerance),
    ...spanProperties('pickup', relationship.pickup),
    evidence: evidence?.map(evidenceWords),
    evidenceKinds: evidence && [...new Set(evidence.map((one) => one.kind))].sort(),
    lastSeen: evidence
      ?.map(({ lastSeen }) => lastSeen ?? '')
      .sort()
      .at(-1),
  }
  return [from, to, kind, properties(own, props)]
}

/** Seconds; no maximum is no known end. */
function spanProperties(name: string, span: readonly [number, number | null] | undefined): Properties {
  return span ? { [`${name}Min`]: span[0], [`${name}Max`]: span[1] ?? undefined } : {}
}

/** Flat, as Cypher wants them. A property of a file that has one of our names is kept as `prop_name`. */
function properties(own: Properties, props: Props | undefined): Properties {
  const flat = new Map<string, unknown>()
  for (const [name, value] of Object.entries(own))
    if (value !== undefined && value !== '') flat.set(name, boltValue(value))
  for (const [name, value] of Object.entries(props ?? {}))
    flat.set(name === '' || name in own ? `prop_${name}` : name, boltValue(value))
  return Object.fromEntries(flat)
}

function boltValue(value: unknown): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? wholeNumber(value) : value
}

/** `observed by aws-cloudtrail in events.json#/Records/3, 2025-01-02T… to 2025-02-03T…, 12 times: note`. */
export function evidenceWords({ source, kind, file, record, firstSeen, lastSeen, count, note }: Evidence): string {
  const place = file === undefined ? '' : ` in ${file}${record === undefined ? '' : `#${record}`}`
  const first = firstSeen ?? lastSeen
  const time = first === undefined ? '' : `, ${first}${lastSeen && lastSeen !== first ? ` to ${lastSeen}` : ''}`
  const times = count === undefined || count === 1 ? '' : `, ${count} times`
  return `${kind} by ${source}${place}${time}${times}${note === undefined ? '' : `: ${note}`}`
}
