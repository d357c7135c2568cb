import type { EntityFact, RelationshipFact } from '../facts.ts'
import { kindOf } from '../facts.ts'
import { relationshipKey } from '../ids.ts'
import { standingOf, type Columns } from '../index/columns.ts'
import { entityKindNames, genericKind, type EntityKind } from '../kinds/entity-kinds.ts'
import { relationshipKindNames, relationshipKinds } from '../kinds/relationship-kinds.ts'
import { roles } from '../kinds/roles.ts'
import { growing, push, type Growing } from '../outage/growing.ts'
import { TIMING_WIDTH, timingRow, timings, type TimingFacts } from '../outage/timings.ts'
import { growingRows, type RelationshipRows } from './relationship-rows.ts'
import { textTable, type Texts } from './text-table.ts'

/** Makes columns of facts, one after the other, in whatever form they come. Relationships stay as they were said. */
export interface ColumnBuilder {
  /** `kind`: place in `entityKindNames`. Said twice, the more specific kind counts. */
  entityAt(number: number, kind: number): void
  relationshipAt(from: number, to: number, kind: number, standing: number, need: number, times: TimingFacts): void
  /** Many at once: the first `count` of these. Their timings are rows that `timing` gave. */
  relationships(rows: RelationshipRows, count: number): void
  timing(times: TimingFacts): number
  entity(fact: EntityFact): void
  relationship(fact: RelationshipFact): void
  finish(): Columns
}

const kindNumbers = new Map<string, number>(relationshipKindNames.map((kind, number) => [kind, number]))
const entityKindNumbers = new Map<string, number>(entityKindNames.map((kind, number) => [kind, number]))
const isGeneric = Uint8Array.from(entityKindNames, (kind) => (kind.startsWith('generic.') ? 1 : 0))
const NOT_DESCRIBED = -1

/** `ids`, `needs`: where texts are numbered. */
export function columnBuilder(ids: Texts = textTable(), needs: Texts = textTable()): ColumnBuilder {
  const kinds = growing()
  const rows = growingRows()
  const table = timings()
  const picked = growing()
  const agents: string[] = []
  const carried = growing()
  const carriers: string[] = []
  const ownIds = new Map<string, number>()
  const entityAt = (number: number, kindNumber: number): void => {
    while (kinds.length <= number) push(kinds, NOT_DESCRIBED)
    const said = kinds.items[number]!
    if (said === NOT_DESCRIBED || isGeneric[said] === 1) kinds.items[number] = kindNumber
  }
  const relationshipAt: ColumnBuilder['relationshipAt'] = (from, to, kind, standing, need, times) =>
    rows.add(from, to, kind, standing, need, timingRow(table, times))
  return {
    entityAt,
    relationshipAt,
    relationships: rows.append,
    timing: (times) => timingRow(table, times),
    entity: (fact) => entityAt(ids.internText(fact.id), entityKindNumbers.get(kindOf(fact))!),
    relationship(fact) {
      const number = rows.count()
      if (fact.id !== undefined) ownIds.set(fact.id, number)
      for (const name of fact.by ?? []) {
        push(picked, number)
        agents.push(name)
      }
      for (const name of fact.via ?? []) {
        push(carried, number)
        carriers.push(name)
      }
      relationshipAt(
        ids.internText(fact.from),
        ids.internText(fact.to),
        kindNumbers.get(fact.kind)!,
        standingOf(fact.confidence, fact.strength, fact.kind === 'MEMBER_OF' && fact.props?.['saidOfMember'] === true),
        fact.need === undefined ? -1 : needs.internText(fact.need),
        fact,
      )
    },
    finish() {
      while (kinds.length < ids.count()) push(kinds, NOT_DESCRIBED)
      const known = new Set<string>(agents)
      const order = inOrder(kinds, ids.count())
      const column = order ? permuted(ids.column(), order) : ids.column()
      const place = order ? inverse(order) : undefined
      const moved = (all: Int32Array): Int32Array => {
        if (place) for (let i = 0; i < all.length; i++) all[i] = place[all[i]!]!
        return all
      }
      const said = rows.finish()
      const described = countOf(kinds, ids.count())
      const entityKind = new Uint16Array(ids.count())
      for (let i = 0; i < entityKind.length; i++) entityKind[i] = Math.max(0, kinds.items[order ? order[i]! : i]!)
      const columns = {
        entityCount: ids.count(),
        describedCount: described,
        ids: column,
        entityKind,
        relationshipCount: rows.count(),
        ...said,
        from: moved(said.from),
        to: moved(said.to),
        timings: table.rows.slice(0, table.count * TIMING_WIDTH),
      }
      nameTheUndescribed(columns)
      const agentPairs = known.size === 0 ? none : pairsOf(picked, agents, numbersOf(columns.ids, known))
      const carrierPairs =
        carriers.length === 0 ? none : pairsOf(carried, carriers, carrierNumbers(columns, ownIds, new Set(carriers)))
      return {
        ...columns,
        picked: agentPairs.left,
        agent: agentPairs.right,
        carried: carrierPairs.left,
        carrier: carrierPairs.right,
      }
    },
  }
}

const none = { left: new Int32Array(0), right: new Int32Array(0) }

/** New place → old number, described ones first; undefined where they are first already. */
function inOrder(kinds: Growing, count: number): Int32Array | undefined {
  const described = countOf(kinds, count)
  const order = new Int32Array(count)
  let first = 0
  let last = described
  let isMoved = false
  for (let i = 0; i < count; i++) {
    const at = kinds.items[i] === NOT_DESCRIBED ? last++ : first++
    order[at] = i
    if (at !== i) isMoved = true
  }
  return isMoved ? order : undefined
}

function countOf(kinds: Growing, count: number): number {
  let described = 0
  for (let i = 0; i < count; i++) if (kinds.items[i] !== NOT_DESCRIBED) described++
  return described
}

function inverse(order: Int32Array): Int32Array {
  const place = new Int32Array(order.length)
  order.forEach((old, now) => (place[old] = now))
  return place
}

function permuted({ bytes, offsets }: Columns['ids'], order: Int32Array): Columns['ids'] {
  const moved = new Uint8Array(bytes.length)
  const ends = new Uint32Array(order.length + 1)
  order.forEach((old, now) => {
    moved.set(bytes.subarray(offsets[old], offsets[old + 1]), ends[now])
    ends[now + 1] = ends[now]! + offsets[old + 1]! - offsets[old]!
  })
  return { bytes: moved, offsets: ends }
}

/** What is only named is of the first role, in the order of the table, that a relationship takes it for (graph/merge). */
function nameTheUndescribed({
  describedCount,
  entityCount,
  entityKind,
  from,
  to,
  kind,
}: Pick<Columns, 'describedCount' | 'entityCount' | 'entityKind' | 'from' | 'to' | 'kind'>): void {
  if (describedCount === entityCount) return
  const role = new Int8Array(entityCount).fill(roles.length)
  const ends = relationshipKindNames.map((name) => relationshipKinds[name])
  for (let i = 0; i < from.length; i++) {
    const row = ends[kind[i]!]!
    role[from[i]!] = Math.min(role[from[i]!]!, roles.indexOf(row.from))
    role[to[i]!] = Math.min(role[to[i]!]!, roles.indexOf(row.to))
  }
  for (let i = describedCount; i < entityCount; i++)
    entityKind[i] = entityKindNames.indexOf(genericKind(roles[role[i]!] ?? 'other') as EntityKind)
}

const decoder = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return decodeURIComponent(escaped(text))
}
const escaped = (latin: string): string =>
  [...latin].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

function numbersOf({ bytes, offsets }: Columns['ids'], wanted: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>()
  for (let i = 0; i + 1 < offsets.length; i++) {
    const text = decoder(bytes.subarray(offsets[i], offsets[i + 1]))
    if (wanted.has(text)) found.set(text, i)
  }
  return found
}

/** Relationships by their own id, else by kind and ends. */
function carrierNumbers(
  { ids, from, to, kind }: Pick<Columns, 'ids' | 'from' | 'to' | 'kind'>,
  own: ReadonlyMap<string, number>,
  wanted: ReadonlySet<string>,
): Map<string, number> {
  const text = (i: number): string => decoder(ids.bytes.subarray(ids.offsets[i], ids.offsets[i + 1]))
  const found = new Map<string, number>()
  const named = new Set(own.values())
  for (let i = 0; i < from.length; i++) {
    if (named.has(i)) continue
    const key = relationshipKey({ kind: relationshipKindNames[kind[i]!]!, from: text(from[i]!), to: text(to[i]!) })
    if (wanted.has(key)) found.set(key, i)
  }
  for (const [id, number] of own) found.set(id, number)
  return found
}

function pairsOf(left: Growing, names: readonly string[], numbers: ReadonlyMap<string, number>): typeof none {
  const pairs = names.flatMap((name, i) => (numbers.has(name) ? [[left.items[i]!, numbers.get(name)!] as const] : []))
  return { left: Int32Array.from(pairs, ([one]) => one), right: Int32Array.from(pairs, ([, other]) => other) }
}
