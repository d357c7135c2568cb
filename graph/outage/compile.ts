import { copyOf } from '../arrays.ts'
import { QuestionError } from '../errors.ts'
import { relationshipKey } from '../ids.ts'
import type { Span } from '../kinds/delivery.ts'
import type { Confidence } from '../kinds/evidence.ts'
import { relationshipKindNames, type RelationshipKind } from '../kinds/relationship-kinds.ts'
import { adjacency, type Adjacency } from './adjacency.ts'
import { channelOfKind, channels, kindNumbers, loginKind, onlySeenKind } from './channels.ts'
import { growing, push, trimmed, type Growing } from './growing.ts'
import { groupNeeds, type NeedGroups } from './group-needs.ts'
import { timingRow, timings, TIMING_WIDTH } from './timings.ts'

export const NONE = 0
export const POSSIBLE = 1
export const CONFIRMED = 2

/** What the engine reads of a relationship; a fact of an importer, a bundle or an estate has all of it. Seconds. */
export interface RelationshipInput {
  readonly id?: string | undefined
  readonly kind: RelationshipKind
  readonly from: string
  readonly to: string
  readonly need?: string | undefined
  readonly strength?: 'hard' | 'soft' | undefined
  readonly session?: Span | undefined
  readonly tolerance?: Span | undefined
  readonly pickup?: Span | undefined
  readonly cadence?: number | undefined
  readonly by?: readonly string[] | undefined
  readonly via?: readonly string[] | undefined
  readonly confidence?: Confidence | undefined
}

export interface EstateInput {
  readonly entities: Iterable<{ readonly id: string }>
  readonly relationships: Iterable<RelationshipInput>
}

/**
 * An estate as numbers. An entity's number is its place in the input, a relationship's too; no object is kept for
 * either. What a relationship names and nobody describes gets a number after the described ones, so that nothing that
 * leads to it is lost: see `undeclared`.
 */
export interface CompiledEstate {
  readonly entityIds: readonly string[]
  readonly entityNumbers: ReadonlyMap<string, number>
  /** Entities with a number from here on are only named by relationships. */
  readonly describedCount: number
  readonly from: Int32Array
  readonly to: Int32Array
  /** Place in `relationshipKindNames`. */
  readonly kind: Uint8Array
  /** `channels`: how an outage gets over it. `none` also where its confidence is `none`. */
  readonly channel: Uint8Array
  /** NONE, POSSIBLE or CONFIRMED, after the cap of kinds that are only ever seen. */
  readonly confidence: Uint8Array
  readonly soft: Uint8Array
  /** Row of `timings`, see `timingColumns`. */
  readonly timing: Int32Array
  readonly timings: Float64Array
  /** Relationship numbers by dependent and by what is needed. */
  readonly out: Adjacency
  readonly in: Adjacency
  /** `AUTHENTICATES_AS` relationships by identity. */
  readonly logins: Adjacency
  /** Agents (`by`) of each relationship, and the relationships each entity picks up for. Absent where nobody is named. */
  readonly agents: Adjacency | null
  readonly picksUpFor: Adjacency | null
  readonly needs: NeedGroups
  /** Number of each relationship's need in `needNames`, or -1. */
  readonly need: Int32Array
  readonly needNames: readonly string[]
  /** Relationships that run over a relationship (`via`), by its number. */
  readonly carriedBy: ReadonlyMap<number, readonly number[]>
  /** Own ids of relationships; the others are known by kind and ends. */
  readonly relationshipIds: readonly (string | undefined)[]
  /** Names that lead nowhere, said in answers: an unknown agent is taken to be always able, an unknown `via` cuts nothing. */
  readonly dangling: { readonly by: readonly string[]; readonly via: readonly string[] }
}

/** How many dangling names are kept to be shown. */
const DANGLING_KEPT = 100

/** An estate whose entities have numbers already, which are kept. */
export interface NumberedInput {
  readonly entities: readonly { readonly id: string }[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly relationships: readonly RelationshipInput[]
  /** Entity number of each relationship's ends, and the relationships by them. */
  readonly tails: Int32Array
  readonly heads: Int32Array
  readonly out: Adjacency
  readonly in: Adjacency
}

/** Relationships as numbers, one after the other; what names somebody is kept by name until all are there. */
interface Rows {
  readonly kind: Growing
  readonly standing: Growing
  readonly need: Growing
  readonly needNumbers: Map<string, number>
  readonly agents: Named
  readonly carriers: Named
  readonly ids: (string | undefined)[]
}

interface Named {
  readonly relationship: Growing
  readonly names: string[]
}

type Numbers = Pick<
  CompiledEstate,
  'entityIds' | 'entityNumbers' | 'describedCount' | 'from' | 'to' | 'out' | 'in' | 'timing' | 'timings'
>

/** What somebody else knows of relationships, by their numbers. */
export interface Given extends Pick<CompiledEstate, 'timing' | 'timings'> {
  readonly confidence: (number: number) => RelationshipInput['confidence']
}

/**
 * Interns ids and lays the estate out in typed arrays. O(entities + relationships).
 * @throws QuestionError `bad-change` where two entities have one id or a kind is unknown.
 */
export function compileEstate(input: EstateInput): CompiledEstate {
  const entityIds: string[] = []
  const entityNumbers = new Map<string, number>()
  const numberOf = (id: string): number => {
    const known = entityNumbers.get(id)
    if (known !== undefined) return known
    entityNumbers.set(id, entityIds.length)
    return entityIds.push(id) - 1
  }
  for (const { id } of input.entities) {
    if (entityNumbers.has(id))
      throw new QuestionError('bad-change', `two entities have the id '${id}'`, 'merge them, or give each its own id')
    numberOf(id)
  }
  const describedCount = entityIds.length
  const tails = growing()
  const heads = growing()
  const timing = growing()
  const table = timings()
  const rows = noRows()
  for (const fact of input.relationships) {
    addRow(rows, fact, fact.confidence)
    push(timing, timingRow(table, fact))
    push(tails, numberOf(fact.from))
    push(heads, numberOf(fact.to))
  }
  const [from, to] = [trimmed(tails), trimmed(heads)]
  const [out, into] = [adjacency(entityIds.length, from), adjacency(entityIds.length, to)]
  const times = { timing: trimmed(timing), timings: copyOf(table.rows, table.count * TIMING_WIDTH) }
  return laidOut({ entityIds, entityNumbers, describedCount, from, to, out, in: into, ...times }, rows)
}

/**
 * The same of an estate that has numbers, without looking any of them up; its arrays are shared. What is believed of
 * each relationship is asked by its number; times are given as they are. O(relationships).
 * @throws QuestionError `bad-change` where a kind is unknown.
 */
export function compileNumbered(
  { entities, indexOf, relationships, tails, heads, out, in: into }: NumberedInput,
  { timing, timings, confidence }: Given,
): CompiledEstate {
  const rows = noRows()
  relationships.forEach((fact, number) => addRow(rows, fact, confidence(number)))
  return laidOut(
    {
      entityIds: entities.map(({ id }) => id),
      entityNumbers: indexOf,
      describedCount: entities.length,
      from: tails,
      to: heads,
      out,
      in: into,
      timing,
      timings,
    },
    rows,
  )
}

function noRows(): Rows {
  const named = (): Named => ({ relationship: growing(), names: [] })
  const [kind, standing, need] = [growing(), growing(), growing()]
  return {
    ...{ kind, standing, need, needNumbers: new Map() },
    ...{ agents: named(), carriers: named(), ids: [] },
  }
}

function addRow(rows: Rows, fact: RelationshipInput, confidence: RelationshipInput['confidence']): void {
  const number = rows.kind.length
  const kindNumber = kindNumbers.get(fact.kind)
  if (kindNumber === undefined)
    throw new QuestionError('bad-change', `'${fact.kind}' is no kind of relationship`, relationshipKindNames.join(', '))
  push(rows.kind, kindNumber)
  push(rows.standing, confidenceOf(confidence, kindNumber) * 2 + (fact.strength === 'soft' ? 1 : 0))
  push(rows.need, fact.need === undefined ? -1 : internNeed(rows.needNumbers, fact.need))
  rows.ids.push(fact.id)
  if (fact.by) name(rows.agents, number, fact.by)
  if (fact.via) name(rows.carriers, number, fact.via)
}

function name(named: Named, number: number, names: readonly string[]): void {
  for (const one of names) {
    push(named.relationship, number)
    named.names.push(one)
  }
}

function laidOut(numbers: Numbers, rows: Rows): CompiledEstate {
  const { entityNumbers, to, out } = numbers
  const count = to.length
  const entityCount = numbers.entityIds.length
  const kind = Uint8Array.from(trimmed(rows.kind))
  const standing = trimmed(rows.standing)
  const confidence = Uint8Array.from(standing, (value) => value >> 1)
  const soft = Uint8Array.from(standing, (value) => value & 1)
  const danglingBy = new Set<string>()
  const agentNumbers = Int32Array.from(rows.agents.names, (name) => {
    const agent = entityNumbers.get(name)
    if (agent === undefined && danglingBy.size < DANGLING_KEPT) danglingBy.add(name)
    return agent ?? -1
  })
  const agentOf = trimmed(rows.agents.relationship)
  const estate = {
    ...numbers,
    kind,
    confidence,
    soft,
    agents: agentOf.length === 0 ? null : agentsOf(count, agentOf, agentNumbers),
    picksUpFor: agentOf.length === 0 ? null : adjacency(entityCount, agentNumbers, (i) => agentOf[i]!),
    need: trimmed(rows.need),
    needNames: [...rows.needNumbers.keys()],
    relationshipIds: rows.ids,
  }
  const via = resolveVia(estate, trimmed(rows.carriers.relationship), rows.carriers.names)
  return {
    ...estate,
    ...believed({ kind, to, out, need: estate.need, confidence, soft }, entityCount),
    carriedBy: via.carriedBy,
    dangling: { by: [...danglingBy], via: via.dangling },
  }
}

/** The same estate where some relationships may be there. Shares everything that does not follow from that. */
export function withPossible(estate: CompiledEstate, relationships: readonly number[]): CompiledEstate {
  const confidence = copyOf(estate.confidence)
  for (const number of relationships) confidence[number] = POSSIBLE
  return { ...estate, confidence, ...believed({ ...estate, confidence }, estate.entityIds.length) }
}

/** What follows from how sure relationships are. */
export function believed(
  {
    kind,
    to,
    out,
    need,
    confidence,
    soft,
  }: Pick<CompiledEstate, 'kind' | 'to' | 'out' | 'need' | 'confidence' | 'soft'>,
  entityCount: number,
): Pick<CompiledEstate, 'channel' | 'logins' | 'needs'> {
  const channel = kind.map((kindNumber, i) => (confidence[i] === NONE ? channels.none : channelOfKind[kindNumber]!))
  const logins = to.map((head, i) => (kind[i] === loginKind && confidence[i] !== NONE ? head : -1))
  return {
    channel,
    logins: adjacency(entityCount, logins),
    needs: groupNeeds({ out, need, channel, confidence, soft }),
  }
}

export function confidenceOf(confidence: RelationshipInput['confidence'], kind: number): number {
  if (confidence === 'none') return NONE
  return confidence === 'possible' || onlySeenKind[kind] === 1 ? POSSIBLE : CONFIRMED
}

function internNeed(numbers: Map<string, number>, need: string): number {
  const known = numbers.get(need)
  if (known !== undefined) return known
  numbers.set(need, numbers.size)
  return numbers.size - 1
}

export function agentsOf(count: number, relationships: Int32Array, agents: Int32Array): Adjacency {
  const rows = relationships.map((relationship, i) => (agents[i]! < 0 ? -1 : relationship))
  return adjacency(count, rows, (i) => agents[i]!)
}

type Keyed = Pick<CompiledEstate, 'entityIds' | 'from' | 'to' | 'kind' | 'relationshipIds'>

/** Canonical key of a relationship: its own id, else kind and ends. */
export function keyOfRelationship(estate: Keyed, relationship: number): string {
  return relationshipKey({
    id: estate.relationshipIds[relationship],
    kind: relationshipKindNames[estate.kind[relationship]!]!,
    from: estate.entityIds[estate.from[relationship]!]!,
    to: estate.entityIds[estate.to[relationship]!]!,
  })
}

/** Numbers of the relationships with these keys: one walk over all, whatever the number of keys. */
export function relationshipsNamed(estate: Keyed, names: Iterable<string>): Map<string, number[]> {
  const wanted = new Map<string, number[]>()
  for (const name of names) wanted.set(name, [])
  if (wanted.size === 0) return wanted
  estate.relationshipIds.forEach((id, i) => wanted.get(id ?? keyOfRelationship(estate, i))?.push(i))
  return wanted
}

function resolveVia(estate: Keyed, relationships: Int32Array, names: readonly string[]) {
  const numbers = relationshipsNamed(estate, names)
  const carriedBy = new Map<number, number[]>()
  relationships.forEach((relationship, i) => {
    for (const carrier of numbers.get(names[i]!)!) {
      const list = carriedBy.get(carrier)
      if (list) list.push(relationship)
      else carriedBy.set(carrier, [relationship])
    }
  })
  const dangling: string[] = []
  for (const [name, found] of numbers) if (found.length === 0 && dangling.length < DANGLING_KEPT) dangling.push(name)
  return { carriedBy, dangling }
}
