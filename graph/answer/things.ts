import { entityKinds } from '../kinds/entity-kinds.ts'
import { evidenceKinds, type EvidenceKind } from '../kinds/evidence.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { Evidence } from '../facts.ts'
import type { KnownEntity } from '../known.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import type { EvidenceItem, Thing } from '../wire.ts'

/** An entity as lists show it. */
export function thingOf(estate: Estate, index: number): Thing {
  const entity = estate.entities[index]!
  const row = entityKinds[entity.kind]
  const where = whereOf(estate, index)
  return {
    id: entity.id,
    kind: entity.kind,
    title: row.title,
    role: row.role,
    name: entity.name,
    ...(where && { where }),
  }
}

/** Properties that place a thing, widest first. */
const places = ['account', 'cluster', 'namespace', 'repository', 'region', 'network'] as const

/** Where a thing lives: what its properties say, else what contains it, else, for a credential, whom it proves. */
function whereOf(estate: Estate, index: number): string | undefined {
  const props = estate.entities[index]!.props
  const said = places.map((name) => props?.[name]).filter((value) => typeof value === 'string' && value !== '')
  if (said.length) return said.join(' / ')
  const container = headOf(estate, index, 'CONTAINED_IN')
  if (container !== undefined) return estate.entities[container]!.name
  const identity = headOf(estate, index, 'AUTHENTICATES_AS')
  if (identity === undefined) return wherePlaced(estate, index)
  const { name } = estate.entities[identity]!
  const where = headOf(estate, identity, 'AUTHENTICATES_AS') === undefined ? whereOf(estate, identity) : undefined
  return where === undefined ? name : `${where} / ${name}`
}

/** A stored value lives where its secret does. */
function wherePlaced(estate: Estate, index: number): string | undefined {
  if (estate.entities[index]!.kind !== 'generic.stored_value') return undefined
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'HOLDS') return whereOf(estate, estate.tails[number]!)
  }
  return undefined
}

/** What the first relationship of a kind leads to. */
export function headOf(estate: Estate, index: number, kind: RelationshipKind): number | undefined {
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind) return estate.heads[number]!
  }
  return undefined
}

/** A text property, or undefined when it is absent or something else. */
export function textProp(entity: KnownEntity, name: string): string | undefined {
  const value = entity.props?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberProp(entity: KnownEntity, name: string): number | undefined {
  const value = entity.props?.[name]
  return typeof value === 'number' ? value : undefined
}

/** Who owns a thing: whom a person stated, else the first `OWNED_BY`, else its `owner` property. */
export function ownerOf(estate: Estate, index: number): string | null {
  const stated = textProp(estate.entities[index]!, 'statedOwner')
  if (stated !== undefined) return stated
  const owner = headOf(estate, index, 'OWNED_BY')
  const entity = estate.entities[index]!
  if (owner !== undefined) return estate.entities[owner]!.name
  return textProp(entity, 'owner') ?? textProp(entity, 'team') ?? null
}

/** The strongest kind of evidence of a relationship; one without any was deduced. */
export function strengthOf(relationship: EstateRelationship): EvidenceKind {
  let best: EvidenceKind = 'inferred'
  for (const { kind } of relationship.evidence ?? [])
    if (evidenceKinds[kind].strength > evidenceKinds[best].strength) best = kind
  return best
}

export function weaker(a: EvidenceKind, b: EvidenceKind): EvidenceKind {
  return evidenceKinds[a].strength <= evidenceKinds[b].strength ? a : b
}

export function evidenceItem(evidence: Evidence): EvidenceItem {
  return { ...evidence }
}

/** The one best fact of a relationship, in words without its strength: strongest kind, most recently seen. */
export function bestFact(relationship: EstateRelationship): { words: string; at?: string } {
  const best = [...(relationship.evidence ?? [])].sort(
    (a, b) =>
      evidenceKinds[b.kind].strength - evidenceKinds[a.kind].strength ||
      (b.lastSeen ?? '').localeCompare(a.lastSeen ?? ''),
  )[0]
  if (!best) return { words: 'no evidence recorded' }
  const uses = best.kind === 'observed' && best.count ? `${best.count.toLocaleString('en')} uses` : undefined
  const from = best.file?.split('/').at(-1) ?? best.source
  const words = [best.note ?? from, uses].filter(Boolean).join(', ')
  return best.lastSeen ? { words, at: best.lastSeen } : { words }
}
