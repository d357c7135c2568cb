import type { EntityFact, Evidence, Props } from '../../graph/facts.ts'
import type { Catch } from './second-net.ts'
import type { Fact } from './messages.ts'

/** Lengths that `graph/facts.ts` allows. */
const room = { id: 2048, name: 1024, aliases: 50, prop: 4096, item: 1024, items: 200, evidence: 100 } as const
const evidenceRoom = { file: 1024, record: 256, note: 400 } as const

/**
 * Cuts texts that files may make longer than facts may be: a hostile name must cost its own end, not the import.
 * Undefined, and a defect, where an id does not fit: cut, it would be another thing's.
 */
export function fitFact(fact: Fact, defect: (hit: Catch) => void): Fact | undefined {
  const ids =
    'entity' in fact ? [fact.entity.id] : 'relationship' in fact ? idsOf(fact.relationship) : idsOf(fact.observation)
  if (ids.some((id) => id.length === 0 || id.length > room.id)) {
    defect({ detector: 'length of an id', field: 'id' })
    return undefined
  }
  if ('entity' in fact) return fitEntity(fact)
  if ('relationship' in fact) fitEvidence(fact.relationship.evidence)
  else fitEvidence([fact.observation.evidence])
  return fact
}

function idsOf(record: { id?: string | undefined; from: string; to: string }): string[] {
  return record.id === undefined ? [record.from, record.to] : [record.id, record.from, record.to]
}

function fitEntity(fact: { entity: EntityFact }): Fact {
  const { entity } = fact
  if (entity.name !== undefined && entity.name.length > room.name) entity.name = entity.name.slice(0, room.name)
  if (entity.aliases) {
    const fitting = entity.aliases.filter((alias) => alias.length <= room.id).slice(0, room.aliases)
    if (fitting.length < entity.aliases.length) entity.aliases = fitting
  }
  if (entity.props) fitProps(entity.props)
  fitEvidence(entity.evidence)
  return fact
}

function fitProps(props: Props): void {
  for (const name in props) {
    const value = props[name]!
    if (typeof value === 'string') {
      if (value.length > room.prop) props[name] = value.slice(0, room.prop)
    } else if (Array.isArray(value)) {
      if (value.length > room.items || value.some((item) => item.length > room.item)) {
        props[name] = value.slice(0, room.items).map((item) => item.slice(0, room.item))
      }
    } else if (typeof value === 'number' && !Number.isFinite(value)) delete props[name]
  }
}

function fitEvidence(evidence: Evidence[] | undefined): void {
  if (!evidence) return
  if (evidence.length > room.evidence) evidence.length = room.evidence
  for (const item of evidence) {
    for (const field of ['file', 'record', 'note'] as const) {
      const text = item[field]
      if (text !== undefined && text.length > evidenceRoom[field]) item[field] = text.slice(0, evidenceRoom[field])
    }
  }
}
