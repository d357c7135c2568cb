import type { EntityFact, Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import type { RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import type { RunContext } from '../importer.ts'
import { heardDays } from '../read/heard-days.ts'

export const source = 'github-audit'

export interface Where {
  readonly file: string
  readonly record: string
}

/** Adds up what many events say of the same use. Memory grows with what was used, not with the number of events. */
export interface AuditLedger {
  /** False where an event with this id was met before. */
  isNew(eventId: string | undefined | null): boolean
  scope(name: string): ScopeLedger
  close(context: RunContext): void
}

export interface ScopeLedger {
  /** There is an event of this moment, whatever it shows. */
  heard(at: string | undefined): void
  entity(fact: EntityFact, moment?: Moment): void
  use(use: Use): void
  /** What an event shows of two things; said once, however often it is seen. */
  link(fact: RelationshipFact): void
  /** What last happened to a thing: of several changes the latest counts. */
  change(fact: EntityFact, at: string | undefined, isGone: boolean): void
}

export interface Use {
  readonly kind: Extract<RelationshipKind, 'USES_CREDENTIAL' | 'USES_SECRET'>
  readonly from: string
  readonly to: string
  readonly at: string | undefined
  readonly attributed: boolean
  readonly where: Where
  readonly note: string
  readonly props?: Props
}

/** Prop that holds the latest moment, and the moment. */
interface Moment {
  readonly prop: 'lastUsedAt' | 'lastSeenAt'
  readonly at: string | undefined
}

const EVENTS_KEPT = 2_000_000

export function auditLedger(): AuditLedger {
  const seen = new Set<string>()
  const scopes = new Map<string, ReturnType<typeof scopeLedger>>()
  return {
    isNew(eventId) {
      if (eventId === undefined || eventId === null || eventId === '') return true
      if (seen.has(eventId)) return false
      // Beyond this, a repeated event counts twice: it makes a use more frequent, never another one.
      if (seen.size < EVENTS_KEPT) seen.add(eventId)
      return true
    },
    scope(name) {
      const key = name.toLowerCase()
      const known = scopes.get(key) ?? scopeLedger(name)
      scopes.set(key, known)
      return known
    },
    close(context) {
      for (const scope of scopes.values()) scope.close(context)
    },
  }
}

interface Counted {
  readonly use: Use
  count: number
  first: string | undefined
  last: string | undefined
}

function scopeLedger(name: string): ScopeLedger & { close(context: RunContext): void } {
  const days = heardDays()
  const entities = new Map<string, EntityFact>()
  const uses = new Map<string, Counted>()
  const links = new Map<string, RelationshipFact>()
  const changes = new Map<string, { fact: EntityFact; at: string | undefined; isGone: boolean }>()
  return {
    heard: days.text,
    entity(fact, moment) {
      const known = entities.get(fact.id)
      const props = { ...known?.props, ...fact.props }
      if (moment?.at !== undefined) {
        const before = known?.props?.[moment.prop]
        props[moment.prop] = typeof before === 'string' && before > moment.at ? before : moment.at
      }
      entities.set(fact.id, { ...known, ...fact, ...(Object.keys(props).length > 0 && { props }) })
    },
    use(use) {
      const key = `${use.kind} ${use.from} ${use.to}`
      const known = uses.get(key)
      if (!known) {
        uses.set(key, { use, count: 1, first: use.at, last: use.at })
        return
      }
      known.count++
      if (use.at !== undefined) {
        if (known.first === undefined || use.at < known.first) known.first = use.at
        if (known.last === undefined || use.at > known.last) known.last = use.at
      }
    },
    link(fact) {
      const key = `${fact.kind} ${fact.from} ${fact.to}`
      if (!links.has(key)) links.set(key, fact)
    },
    change(fact, at, isGone) {
      const known = changes.get(fact.id)
      if (known && (known.at ?? '') > (at ?? '')) return
      changes.set(fact.id, { fact, at, isGone })
    },
    close(context) {
      const sink = context.scope({ id: `github-audit/${name}`, title: `GitHub audit log of ${name}`, complete: false })
      days.tell(sink)
      for (const fact of entities.values()) sink.entity(fact)
      for (const { fact, isGone } of changes.values()) if (!isGone) sink.entity(fact)
      for (const fact of links.values()) sink.relationship(fact)
      for (const { use, count, first, last } of uses.values()) {
        const evidence: Evidence = {
          source,
          kind: 'observed',
          ...use.where,
          count,
          note: use.note.slice(0, 400),
          ...(first !== undefined && { firstSeen: first }),
          ...(last !== undefined && { lastSeen: last }),
        }
        if (use.props === undefined)
          sink.observation({ kind: use.kind, from: use.from, to: use.to, attributed: use.attributed, evidence })
        else
          sink.relationship({
            kind: use.kind,
            from: use.from,
            to: use.to,
            delivery: 'ci_run_start',
            props: use.props,
            evidence: [evidence],
          })
      }
    },
  }
}
