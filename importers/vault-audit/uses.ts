import type { EntityFact, ObservationFact, Props, RelationshipFact } from '../../graph/facts.ts'
import type { Sink } from '../importer.ts'
import { rhythm, type Rhythm } from './rhythm.ts'

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
  readonly evidence: 'observed' | 'inferred'
  count: number
  first: string | undefined
  last: string | undefined
  readonly file: string
  readonly line: number
  readonly note: string | undefined
  readonly times: Rhythm
}

export const source = 'vault-audit'

/** Facts of the log, counted while it is read: memory grows with who uses what, not with how often. */
export interface Uses {
  entity(fact: EntityFact): string
  /** Raises a counter of an entity, and keeps the latest time: refused requests, failed logins, writes. */
  count(id: string, counter: string, latest: string, at: Sighting): void
  /** `unproven`: an attempt that was refused; it shows the intention, not the use. */
  seen(kind: ObservationFact['kind'], from: string, to: string, at: Sighting, note?: string, unproven?: boolean): void
  relationship(fact: RelationshipFact): void
  /** A token was revoked: said of it if the log shows that somebody kept it, before or after. */
  ended(id: string, at: Sighting): void
  end(sink: Sink): void
}

/** Relationships of which a rhythm is worth saying: how soon a change of the secret is noticed. */
const rhythmic = new Set<string>(['USES_SECRET', 'USES_CREDENTIAL'])

export function countUses(): Uses {
  const entities = new Map<string, EntityFact>()
  const tallies = new Map<string, Tally>()
  const relationships = new Map<string, RelationshipFact>()
  const over = new Map<string, string | undefined>()
  const propsOf = (id: string): Props => {
    const known = entities.get(id) ?? { id }
    entities.set(id, known)
    return (known.props ??= {})
  }
  return {
    entity: (fact) => {
      const known = entities.get(fact.id)
      if (!known) entities.set(fact.id, fact)
      else {
        known.kind ??= fact.kind
        known.name ??= fact.name
        if (fact.aliases) known.aliases = [...new Set([...(known.aliases ?? []), ...fact.aliases])].slice(0, 20)
        if (fact.props) known.props = { ...known.props, ...fact.props }
      }
      return fact.id
    },
    count: (id, counter, latest, { time }) => {
      const props = propsOf(id)
      props[counter] = Number(props[counter] ?? 0) + 1
      if (time !== undefined && String(props[latest] ?? '') < time) props[latest] = time
    },
    seen: (kind, from, to, { time, file, line }, note, unproven = false) => {
      const key = `${kind} ${from} > ${to} ${unproven}`
      const tally = tallies.get(key)
      if (!tally) {
        const evidence = unproven ? 'inferred' : 'observed'
        const fresh = {
          kind,
          from,
          to,
          evidence,
          count: 1,
          first: time,
          last: time,
          file,
          line,
          note,
          times: rhythm(),
        } as const
        tallies.set(key, fresh)
        fresh.times.add(time)
        return
      }
      tally.count++
      tally.times.add(time)
      if (time !== undefined && (tally.first === undefined || time < tally.first)) tally.first = time
      if (time !== undefined && (tally.last === undefined || time > tally.last)) tally.last = time
    },
    relationship: (fact) => {
      const key = `${fact.kind} ${fact.from} > ${fact.to}`
      const known = relationships.get(key)
      if (!known) return void relationships.set(key, fact)
      const merged = { ...known, ...fact }
      if (known.props ?? fact.props) merged.props = { ...known.props, ...fact.props }
      for (const list of ['via', 'by'] as const)
        if (known[list] && fact[list]) merged[list] = [...new Set([...known[list], ...fact[list]])].slice(0, 50)
      relationships.set(key, merged)
    },
    ended: (id, { time }) => {
      if (over.size < 100_000) over.set(id, time)
    },
    end: (sink) => {
      for (const [id, time] of over)
        if (entities.has(id)) Object.assign(propsOf(id), { status: 'revoked', ...(time ? { revokedAt: time } : {}) })
      for (const fact of entities.values()) sink.entity(fact)
      for (const fact of relationships.values()) sink.relationship(fact)
      for (const { kind, from, to, evidence, count, first, last, file, line, note, times } of tallies.values()) {
        const cadence = rhythmic.has(kind) ? times.seconds() : undefined
        sink.observation({
          kind,
          from,
          to,
          ...(cadence === undefined ? {} : { cadence }),
          evidence: {
            source,
            kind: evidence,
            file: file.slice(-1024),
            record: `line ${line}`,
            count,
            ...(first === undefined ? {} : { firstSeen: first }),
            ...(last === undefined ? {} : { lastSeen: last }),
            ...(note === undefined ? {} : { note: note.slice(0, 400) }),
          },
        })
      }
    },
  }
}
