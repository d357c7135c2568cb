import type { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import type { Sink } from '../importer.ts'

/** When and where something was seen. */
export interface Sighting {
  readonly time: string | undefined
  readonly file: string
  readonly line: number
}

interface Tally {
  readonly kind: ObservationFact['kind']
  readonly from: string
  readonly to: string
  count: number
  first: string | undefined
  last: string | undefined
  readonly file: string
  readonly line: number
  note: string | undefined
}

export const source = 'vault-audit'

/** Facts of the log, counted while it is read: memory grows with who uses what, not with how often. */
export interface Uses {
  entity(fact: EntityFact): string
  seen(kind: ObservationFact['kind'], from: string, to: string, at: Sighting, note?: string): void
  relationship(fact: RelationshipFact): void
  end(sink: Sink): void
}

export function countUses(): Uses {
  const entities = new Map<string, EntityFact>()
  const tallies = new Map<string, Tally>()
  const relationships = new Map<string, RelationshipFact>()
  return {
    entity: (fact) => {
      const known = entities.get(fact.id)
      if (!known) entities.set(fact.id, fact)
      else if (fact.props) known.props = { ...known.props, ...fact.props }
      return fact.id
    },
    seen: (kind, from, to, { time, file, line }, note) => {
      const key = `${kind} ${from} > ${to}`
      const tally = tallies.get(key)
      if (!tally) return void tallies.set(key, { kind, from, to, count: 1, first: time, last: time, file, line, note })
      tally.count++
      if (time !== undefined && (tally.first === undefined || time < tally.first)) tally.first = time
      if (time !== undefined && (tally.last === undefined || time > tally.last)) tally.last = time
    },
    relationship: (fact) => void relationships.set(`${fact.kind} ${fact.from} > ${fact.to}`, fact),
    end: (sink) => {
      for (const fact of entities.values()) sink.entity(fact)
      for (const fact of relationships.values()) sink.relationship(fact)
      for (const { kind, from, to, count, first, last, file, line, note } of tallies.values())
        sink.observation({
          kind,
          from,
          to,
          evidence: {
            source,
            kind: 'observed',
            file: file.slice(-1024),
            record: `line ${line}`,
            count,
            ...(first === undefined ? {} : { firstSeen: first }),
            ...(last === undefined ? {} : { lastSeen: last }),
            ...(note === undefined ? {} : { note: note.slice(0, 400) }),
          },
        })
    },
  }
}
