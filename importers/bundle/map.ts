import type { EntityFact, Evidence, ObservationFact, RelationshipFact, SkipReason } from '../../graph/facts.ts'
import { isPlainEntity, isPlainRelationship } from '../../graph/plain-facts.ts'
import type { Sink } from '../importer.ts'
import { sorts, type Sort } from './records.ts'

export interface BundleMap {
  readonly scope: string
  readonly file: string
  readonly asserted: boolean
  readonly sink: Sink
}

/** Takes one record of a bundle; where it is none, says why. `where`: its pointer or line. */
export function mapRecord(map: BundleMap, sort: Sort, value: unknown, where: string): SkipReason | undefined {
  const parsed = isPlain(sort, value) ? { success: true as const, data: value } : sorts[sort].safeParse(value)
  if (!parsed.success) {
    const faults = parsed.error.issues
    if (faults.every(({ path }) => path[0] === 'kind')) return 'unknown-type'
    return faults.some(({ path }) => path[0] === 'id') ? 'missing-identifier' : 'unreadable-record'
  }
  const evidence: Evidence = {
    source: 'bundle',
    kind: map.asserted ? 'asserted' : 'declared',
    file: map.file,
    record: where,
  }
  // Records are read for this alone: they are changed where they stand, as there are millions.
  if (sort === 'entity') {
    const entity = parsed.data as EntityFact
    entity.id = local(entity.id, map)
    entity.evidence ??= [evidence]
    map.sink.entity(entity)
  } else if (sort === 'relationship') {
    map.sink.relationship(withEnds(parsed.data as RelationshipFact, map, evidence))
  } else {
    const observation = parsed.data as ObservationFact
    map.sink.observation({ ...observation, from: local(observation.from, map), to: local(observation.to, map) })
  }
  return undefined
}

function isPlain(sort: Sort, value: unknown): boolean {
  return sort === 'relationship' ? isPlainRelationship(value) : sort === 'entity' && isPlainEntity(value)
}

function withEnds(relationship: RelationshipFact, map: BundleMap, evidence: Evidence): RelationshipFact {
  const { id, by, via } = relationship
  relationship.from = local(relationship.from, map)
  relationship.to = local(relationship.to, map)
  if (id !== undefined) relationship.id = local(id, map)
  if (by) relationship.by = by.map((key) => local(key, map))
  if (via) relationship.via = via.map((key) => local(key, map))
  relationship.evidence ??= [evidence]
  return relationship
}

/** An id without a scheme means something in this bundle only. */
function local(id: string, { scope }: BundleMap): string {
  return id.includes(':') ? id : `bundle:${scope}/${id}`
}
