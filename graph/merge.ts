import { canonical } from './canonical.ts'
import {
  kindOf,
  type EntityFact,
  type Evidence,
  type ObservationFact,
  type Props,
  type RelationshipFact,
} from './facts.ts'
import { idOf, relationshipKey, wholeKey } from './ids.ts'
import { evidenceKinds, type Confidence, type EvidenceKind } from './kinds/evidence.ts'
import type { EntityKind } from './kinds/entity-kinds.ts'
import { genericKind, entityKinds } from './kinds/entity-kinds.ts'
import { relationshipKinds } from './kinds/relationship-kinds.ts'
import { roles, type Role } from './kinds/roles.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from './known.ts'

/** Witnesses kept per fact. What is beyond is added up in one last entry, so no use is lost, only its locator. */
export const WITNESSES_KEPT = 20
export const REST = 'several'

/**
 * Brings facts together, in any order, into what is known. Everything said of one id is collected and folded in a
 * fixed order at the end, so the same facts give the same result whatever the order they came in (test/laws/merge).
 * One of these per scope while importing; one over all scopes makes the estate.
 */
export interface Merge {
  entity(fact: EntityFact): void
  relationship(fact: RelationshipFact): void
  observation(fact: ObservationFact): void
  /** What another scope knows. */
  known(facts: KnownFacts): void
  /** The end of it: nothing may be added afterwards. */
  finish(): KnownFacts
}

type Known = KnownEntity | KnownRelationship

export function startMerge(): Merge {
  const entities = new Map<string, KnownEntity | Variants<KnownEntity>>()
  const relationships = new Map<string, KnownRelationship | Variants<KnownRelationship>>()
  const ids = new Map<string, string>()
  const id = (key: string): string => {
    let made = ids.get(key)
    if (made === undefined) ids.set(wholeKey(key), (made = idOf(key)))
    return made
  }
  return {
    entity: (fact) => collect(entities, entityOf(fact, id)),
    relationship: (fact) => collect(relationships, relationshipOf(fact, id)),
    observation: (fact) => collect(relationships, observationOf(fact, id)),
    known: (facts) => {
      for (const entity of facts.entities.values()) collect(entities, entity)
      for (const relationship of facts.relationships.values()) collect(relationships, relationship)
    },
    finish: () => {
      const known = folded(relationships, joinRelationships)
      return { entities: withStubs(folded(entities, joinEntities), known, ids), relationships: known }
    },
  }
}

/**
 * An end that no fact describes is kept as a thing of its usual role, named by its key: an assignment of a principal
 * that nobody listed must show as unknown, not vanish. Another scope that describes it fills it in.
 */
function withStubs(
  entities: ReadonlyMap<string, KnownEntity>,
  relationships: ReadonlyMap<string, KnownRelationship>,
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, KnownEntity> {
  const missing = new Map<string, Role>()
  // Where relationships take it for different things, the first role of the table counts, not the first to come.
  const mention = (id: string, role: Role): void => {
    const said = missing.get(id)
    if (said === undefined || roles.indexOf(role) < roles.indexOf(said)) missing.set(id, role)
  }
  for (const { kind, from, to } of relationships.values()) {
    if (!entities.has(from)) mention(from, relationshipKinds[kind].from)
    if (!entities.has(to)) mention(to, relationshipKinds[kind].to)
  }
  if (missing.size === 0) return entities
  const all = new Map(entities)
  for (const [key, id] of ids) {
    const role = missing.get(id)
    if (role) all.set(id, { id, key, kind: genericKind(role), name: key })
  }
  return all
}

/** Opaque id of a key; whoever gives it may remember those that come often. */
export type IdOf = (key: string) => string

export function entityOf(fact: EntityFact, id: IdOf): KnownEntity {
  const { aliases, props, evidence } = fact
  const known: Made<KnownEntity> = { id: id(fact.id), key: fact.id, kind: kindOf(fact), name: fact.name ?? fact.id }
  if (aliases?.length) known.aliases = [...new Set(aliases)].sort()
  if (props && hasKeys(props)) known.props = props
  if (evidence?.length) known.evidence = joinEvidence([], evidence)
  return known
}

export function relationshipOf(fact: RelationshipFact, id: IdOf): KnownRelationship {
  const { by, via, evidence } = fact
  const known = relationshipOfEnds(fact, id)
  for (const name of carried) if (fact[name] !== undefined) (known as Record<string, unknown>)[name] = fact[name]
  if (by?.length) known.by = [...new Set(by.map(id))].sort()
  if (via?.length) known.via = [...new Set(via.map(idOf))].sort()
  if (evidence?.length) known.evidence = joinEvidence([], evidence)
  return known
}

/** Taken over from a fact as they are. */
const carried = [
  'need',
  'strength',
  'session',
  'tolerance',
  'pickup',
  'cadence',
  'confidence',
  'delivery',
  'props',
] as const satisfies readonly (keyof RelationshipFact)[]

export function observationOf(fact: ObservationFact, id: IdOf): KnownRelationship {
  const known = relationshipOfEnds(fact, id)
  if (fact.attributed === false) {
    known.confidence = 'possible'
    known.unattributed = true
  }
  if (fact.cadence !== undefined) known.cadence = fact.cadence
  known.evidence = [fact.evidence]
  return known
}

function relationshipOfEnds(fact: RelationshipFact | ObservationFact, id: IdOf): Made<KnownRelationship> {
  return { id: idOf(relationshipKey(fact)), kind: fact.kind, from: id(fact.from), to: id(fact.to) }
}

/** While it is being made. Attributes are added, never set to nothing: millions of objects keep few forms, and small ones. */
type Made<T> = { -readonly [K in keyof T]: T[K] }

function hasKeys(record: object): boolean {
  for (const _key in record) return true
  return false
}

/** What was said of one id, apart from its evidence: each different saying once, with all its witnesses. */
interface Variants<T> {
  readonly sayings: Map<string, T>
}

function isVariants<T extends Known>(held: T | Variants<T>): held is Variants<T> {
  return 'sayings' in held
}

/** What is said, whoever says it. */
export function sayingOf(one: Known): string {
  const { evidence: _evidence, ...saying } = one
  return canonical(saying)
}

function collect<T extends Known>(into: Map<string, T | Variants<T>>, one: T): void {
  const held = into.get(one.id)
  if (held === undefined) {
    into.set(one.id, one)
    return
  }
  const variants = isVariants(held) ? held : { sayings: new Map([[sayingOf(held), held]]) }
  const saying = sayingOf(one)
  const same = variants.sayings.get(saying)
  variants.sayings.set(saying, same ? withEvidence(one, joinEvidence(same.evidence ?? [], one.evidence ?? [])) : one)
  if (!isVariants(held)) into.set(one.id, variants)
}

function withEvidence<T extends Known>(one: T, evidence: readonly Evidence[]): T {
  return evidence.length ? { ...one, evidence } : one
}

/** Folds in place: what came alone, nearly all, is what is known already. */
function folded<T extends Known>(
  collected: Map<string, T | Variants<T>>,
  join: (first: T, second: T) => T,
): ReadonlyMap<string, T> {
  for (const [id, held] of collected) {
    if (!isVariants(held)) continue
    const ordered = [...held.sayings].sort(([a, x], [b, y]) => belief(y) - belief(x) || (a < b ? -1 : 1))
    const all = ordered.map(([, one]) => one)
    collected.set(
      id,
      all.reduce((first, second) => join(first, second)),
    )
  }
  return collected as Map<string, T>
}

/** Whose word counts when two sources set one attribute: a person corrects configuration, which corrects a log. */
const believed = { asserted: 3, declared: 2, observed: 1, inferred: 0 } as const satisfies Record<EvidenceKind, number>

function belief(one: Known): number {
  return Math.max(-1, ...(one.evidence ?? []).map((evidence) => believed[evidence.kind]))
}

/** Without keys that hold nothing, so that a fact read back from a segment equals the one written. */
function clean(record: Record<string, unknown>): object {
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(record)) if (record[key] !== undefined) kept[key] = record[key]
  return kept
}

/** `first` is believed where both say something of one attribute. */
function joinEntities(first: KnownEntity, second: KnownEntity): KnownEntity {
  return clean({
    id: first.id,
    key: first.key,
    kind: moreSpecific(first.kind, second.kind),
    name: betterName(first, second),
    aliases: union(first.aliases, second.aliases),
    props: joinProps(first.props, second.props),
    evidence: joinedWitnesses(first, second),
  }) as KnownEntity
}

function moreSpecific(a: EntityKind, b: EntityKind): EntityKind {
  const isGeneric = (kind: EntityKind): boolean => kind === genericKind(entityKinds[kind].role)
  return isGeneric(a) ? b : a
}

/** A name that is not just the key says more. */
function betterName(first: KnownEntity, second: KnownEntity): string {
  return first.name !== first.key ? first.name : second.name
}

function union(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (!a) return b
  if (!b) return a
  return [...new Set([...a, ...b])].sort()
}

/** Latest and earliest of what several sources say of the same moment. */
const latest = new Set(['lastUsedAt', 'lastSeenAt', 'lastRotatedAt'])

function joinProps(first: Props | undefined, second: Props | undefined): Props | undefined {
  if (!first) return second
  if (!second) return first
  const joined: Props = { ...second, ...first }
  for (const key of latest) {
    const [x, y] = [first[key], second[key]]
    if (typeof x === 'string' && typeof y === 'string') joined[key] = x > y ? x : y
  }
  for (const [key, value] of Object.entries(first)) {
    const other = second[key]
    if (Array.isArray(value) && Array.isArray(other)) joined[key] = [...new Set([...value, ...other])].sort()
  }
  return joined
}

const confidenceOrder = { confirmed: 2, possible: 1, none: 0 } as const satisfies Record<Confidence, number>

function joinRelationships(first: KnownRelationship, second: KnownRelationship): KnownRelationship {
  return clean({
    ...second,
    ...first,
    confidence: joinConfidence(first, second),
    by: union(first.by, second.by),
    via: union(first.via, second.via),
    props: joinProps(first.props, second.props),
    evidence: joinedWitnesses(first, second),
    // Seen in use by somebody unknown, and declared for somebody known: the declared one is the user.
    unattributed: first.unattributed && second.unattributed ? true : undefined,
  }) as KnownRelationship
}

/** Two sources: the surer one counts, and a permission that was also seen in use is at least possible. */
function joinConfidence(a: KnownRelationship, b: KnownRelationship): Confidence | undefined {
  const [x, y] = [a.confidence ?? 'confirmed', b.confidence ?? 'confirmed']
  const surer = confidenceOrder[x] >= confidenceOrder[y] ? x : y
  return surer === 'confirmed' && a.confidence === undefined && b.confidence === undefined ? undefined : surer
}

function joinedWitnesses(a: Known, b: Known): readonly Evidence[] | undefined {
  const joined = joinEvidence(a.evidence ?? [], b.evidence ?? [])
  return joined.length ? joined : undefined
}

/** Who says it, without how often and when: the order and identity of witnesses never depend on counts. */
export function witness(one: Evidence): string {
  return canonical([4 - evidenceKinds[one.kind].strength, one.source, one.file, one.record, one.note])
}

/**
 * Both lists as one, each witness once. The first `WITNESSES_KEPT` by order are kept whole and the others added up,
 * so joining is associative and a hostile file cannot make a fact grow without end.
 */
function joinEvidence(a: readonly Evidence[], b: readonly Evidence[]): readonly Evidence[] {
  if (a.length === 0 && b.length === 1) return b
  const byWitness = new Map<string, Evidence>()
  let rest: Evidence | undefined
  for (const one of [...a, ...b]) {
    if (one.source === REST) {
      rest = rest ? added(rest, one) : one
      continue
    }
    const who = witness(one)
    const same = byWitness.get(who)
    byWitness.set(who, same ? added(same, one) : one)
  }
  const ordered = [...byWitness].sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)).map(([, one]) => one)
  for (const beyond of ordered.slice(WITNESSES_KEPT)) rest = restWith(rest, beyond)
  const kept = ordered.slice(0, WITNESSES_KEPT)
  return rest ? [...kept, rest] : kept
}

function restWith(rest: Evidence | undefined, one: Evidence): Evidence {
  const stripped: Evidence = { source: REST, kind: one.kind, note: 'and further records', count: one.count ?? 1 }
  if (one.firstSeen !== undefined) stripped.firstSeen = one.firstSeen
  if (one.lastSeen !== undefined) stripped.lastSeen = one.lastSeen
  return rest ? added(rest, stripped) : stripped
}

/** The same witness twice: seen from the earlier to the later moment, counts added. */
function added(a: Evidence, b: Evidence): Evidence {
  const sum: Evidence = { ...a }
  const firsts = [a.firstSeen, b.firstSeen].filter((at) => at !== undefined).sort()
  const lasts = [a.lastSeen, b.lastSeen].filter((at) => at !== undefined).sort()
  if (firsts[0] !== undefined) sum.firstSeen = firsts[0]
  if (lasts.length) sum.lastSeen = lasts.at(-1)!
  if (a.count !== undefined || b.count !== undefined) sum.count = (a.count ?? 0) + (b.count ?? 0)
  return sum
}
