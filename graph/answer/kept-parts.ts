import { copyOf, int32s } from '../arrays.ts'
import type { Estate } from '../estate/estate.ts'
import { lazyList } from '../estate/lazy-list.ts'
import type { Adjacency } from '../outage/adjacency.ts'
import type { CompiledEstate } from '../outage/compile.ts'
import { TIMING_WIDTH, timingsOf } from '../outage/timings.ts'
import type { Operation } from '../wire.ts'
import { fallRanking, isRanked, keepFallRanking, type CredentialFall } from './fall-ranking.ts'
import { keepListing, listingOf } from './listing.ts'
import { explainedUses, groundOf, keepGround, keepModel, modelOf, type Ground } from './model.ts'
import { keepStoredIn, storedIn } from './sessions.ts'
import { keepPrimarySystems, primarySystems } from './systems.ts'

/**
 * What answers make of an estate before the first of them, as columns, so that another process which opens the same
 * estate need not make it again: what all views share, the views asked for most, who is listed, systems, the ranking.
 */
export interface KeptParts {
  readonly columns: Readonly<Record<string, Int32Array | Uint8Array | Float64Array>>
  readonly said: SaidOfParts
}

/** What is no number, as JSON. */
export interface SaidOfParts {
  readonly needNames: readonly string[]
  readonly dangling: CompiledEstate['dangling']
  /** Rows of times that each view knows, by its name. */
  readonly views: Readonly<Record<string, number>>
  readonly hasAgents: boolean
  /** Absent where nobody ranked the credentials yet. */
  readonly jobTokens?: number
}

/** Views that are kept; all but these are compiled when they are asked for. The first two have an index of their own. */
export const keptViews = {
  bare: { op: 'revoke', unveiled: true },
  revoke: { op: 'revoke', unveiled: false },
  rotate: { op: 'rotate', unveiled: false },
  disable: { op: 'disable', unveiled: false },
  expire: { op: 'expire', unveiled: false },
} as const satisfies Record<string, { readonly op: Operation; readonly unveiled: boolean }>
type KeptView = keyof typeof keptViews
const keptViewNames = Object.keys(keptViews) as KeptView[]

/**
 * The parts of an estate; what nobody asked for yet is made now, but for the ranking. It yields wherever whoever makes
 * them may let others run in between: some milliseconds for a hundred thousand relationships.
 */
export function* partsOf(estate: Estate): Generator<undefined, KeptParts> {
  const ground = groundOf(estate)
  const { compiled, own } = ground
  const ranking = isRanked(estate) ? fallRanking(estate) : undefined
  const rows: Record<string, number> = {}
  const view = (name: KeptView): KeptParts['columns'] => {
    const { timing, timings } = modelOf(estate, keptViews[name])
    rows[name] = timings.length / TIMING_WIDTH
    return differing(`view ${name}`, timing, own)
  }
  const listing = listingOf(estate)
  const making: readonly (() => KeptParts['columns'])[] = [
    ...keptViewNames.map((name) => () => view(name)),
    () => groundColumns(estate, ground),
    () => differing('bare', ground.bare, own),
    () => differing('need', compiled.need, int32s(compiled.need.length).fill(-1)),
    () => rowColumns('carried', compiled.carriedBy),
    () => ({ systems: primarySystems(estate), roles: listing.roles, ways: listing.ways, rowOf: listing.systems }),
    () => ({ nextStart: listing.next.start, nextAll: listing.next.workloads }),
    () => rowColumns('stored', storedIn(estate)),
    () => (ranking ? fallColumnsOf(ranking.falls) : {}),
  ]
  const columns: Record<string, Int32Array | Uint8Array | Float64Array> = {}
  for (const make of making) {
    Object.assign(columns, make())
    yield undefined
  }
  const said: SaidOfParts = {
    needNames: compiled.needNames,
    dangling: compiled.dangling,
    views: rows,
    hasAgents: compiled.agents !== null,
    ...(ranking && { jobTokens: ranking.jobTokens }),
  }
  return { columns, said }
}

/** Gives them to answers, as if they had been made here. They must be those of this very estate: nothing is checked. */
export function keepParts(estate: Estate, { columns, said }: KeptParts): void {
  const ground = groundFrom(estate, columns, said)
  keepGround(estate, ground, int32(columns, 'explained'))
  for (const name of keptViewNames) {
    const timing = changed(`view ${name}`, columns, ground.own)
    const timings = copyOf(ground.table.rows, said.views[name]! * TIMING_WIDTH)
    keepModel(estate, keptViews[name], { ...ground.compiled, timing, timings })
  }
  keepListing(estate, {
    systems: int32(columns, 'rowOf'),
    roles: columns['roles'] as Uint8Array,
    ways: columns['ways'] as Uint8Array,
    next: { start: int32(columns, 'nextStart'), workloads: int32(columns, 'nextAll') },
  })
  keepPrimarySystems(estate, int32(columns, 'systems'))
  keepStoredIn(estate, rowsFrom('stored', columns))
  if (said.jobTokens !== undefined) keepFallRanking(estate, { falls: fallsFrom(columns), jobTokens: said.jobTokens })
}

function groundColumns(estate: Estate, { compiled, table, own, decided }: Ground): KeptParts['columns'] {
  const { kind, channel, confidence, soft, needs, logins, agents, picksUpFor, timings } = compiled
  return {
    ...{ kind, channel, confidence, soft, own },
    decided: Int32Array.from(decided),
    explained: Int32Array.from(explainedUses(estate)),
    rows: table.rows.slice(0, table.count * TIMING_WIDTH),
    groundRows: Int32Array.of(timings.length / TIMING_WIDTH),
    needMembers: needs.members,
    needStart: needs.start,
    needConfirmed: needs.confirmedCount,
    ...lists('logins', logins),
    ...(agents && lists('agents', agents)),
    ...(picksUpFor && lists('picksUpFor', picksUpFor)),
  }
}

function groundFrom(estate: Estate, columns: KeptParts['columns'], said: SaidOfParts): Ground {
  const { entities, relationships, indexOf, tails, heads, out } = estate
  const own = int32(columns, 'own')
  const table = timingsOf(columns['rows'] as Float64Array)
  const bytes = (name: string): Uint8Array => columns[name] as Uint8Array
  const compiled: CompiledEstate = {
    entityIds: each(entities.length, (index) => entities[index]!.id),
    entityNumbers: indexOf,
    describedCount: entities.length,
    from: tails,
    to: heads,
    out,
    in: estate.in,
    kind: bytes('kind'),
    channel: bytes('channel'),
    confidence: bytes('confidence'),
    soft: bytes('soft'),
    timing: own,
    timings: table.rows.slice(0, int32(columns, 'groundRows')[0]! * TIMING_WIDTH),
    logins: listsFrom('logins', columns),
    agents: said.hasAgents ? listsFrom('agents', columns) : null,
    picksUpFor: said.hasAgents ? listsFrom('picksUpFor', columns) : null,
    needs: needsFrom(columns, tails.length),
    need: changed('need', columns, int32s(tails.length).fill(-1)),
    needNames: said.needNames,
    carriedBy: rowsFrom('carried', columns),
    relationshipIds: each(tails.length, (number) => relationships[number]!.id),
    dangling: said.dangling,
  }
  const decided = Array.from(int32(columns, 'decided'))
  return { compiled, table, own, bare: changed('bare', columns, own), decided }
}

function needsFrom(columns: KeptParts['columns'], relationships: number): CompiledEstate['needs'] {
  const members = int32(columns, 'needMembers')
  const start = int32(columns, 'needStart')
  const slot = int32s(relationships).fill(-1)
  members.forEach((relationship, at) => (slot[relationship] = at))
  const groupOfSlot = int32s(members.length)
  for (let group = 0; group + 1 < start.length; group++) groupOfSlot.fill(group, start[group], start[group + 1])
  return { slot, groupOfSlot, members, start, confirmedCount: int32(columns, 'needConfirmed') }
}

/** Lists by number, in their order. */
type Rows = ReadonlyMap<number, readonly number[]>

function rowColumns(name: string, rows: Rows): KeptParts['columns'] {
  const all = new Int32Array([...rows.values()].reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows.values()) for (const one of row) all[at++] = one
  return {
    [`${name} of`]: Int32Array.from(rows.keys()),
    [`${name} count`]: Int32Array.from(rows.values(), (row) => row.length),
    [`${name} all`]: all,
  }
}

function rowsFrom(name: string, columns: KeptParts['columns']): Rows {
  const [of, counts, all] = [
    int32(columns, `${name} of`),
    int32(columns, `${name} count`),
    int32(columns, `${name} all`),
  ]
  let at = 0
  return new Map(Array.from(of, (one, i) => [one, [...all.subarray(at, (at += counts[i]!))]]))
}

const fallFields = ['weight', 'breaks', 'unknown', 'systems', 'tier1'] as const

function fallColumnsOf(falls: readonly CredentialFall[]): KeptParts['columns'] {
  return {
    fallOf: Int32Array.from(falls, ({ credential }) => credential),
    ...Object.fromEntries(
      fallFields.map((field) => [`fall ${field}`, Float64Array.from(falls, (fall) => fall[field])]),
    ),
  }
}

function fallsFrom(columns: KeptParts['columns']): CredentialFall[] {
  const [weight, breaks, unknown, systems, tier1] = fallFields.map((field) => columns[`fall ${field}`]!)
  return Array.from(int32(columns, 'fallOf'), (credential, at) => ({
    credential,
    weight: weight![at]!,
    breaks: breaks![at]!,
    unknown: unknown![at]!,
    systems: systems![at]!,
    tier1: tier1![at]!,
  }))
}

const int32 = (columns: KeptParts['columns'], name: string): Int32Array => columns[name] as Int32Array

const lists = (name: string, { start, list }: Adjacency) => ({ [`${name} start`]: start, [`${name} list`]: list })

const listsFrom = (name: string, columns: KeptParts['columns']): Adjacency => ({
  start: int32(columns, `${name} start`),
  list: int32(columns, `${name} list`),
})

/** Where a column differs from another of its length, and what it has there. */
function differing(name: string, column: Int32Array, from: Int32Array): KeptParts['columns'] {
  let count = 0
  for (let i = 0; i < column.length; i++) if (column[i] !== from[i]) count++
  const [at, is] = [int32s(count), int32s(count)]
  for (let i = 0, next = 0; i < column.length; i++)
    if (column[i] !== from[i]) {
      at[next] = i
      is[next++] = column[i]!
    }
  return { [`${name} at`]: at, [`${name} is`]: is }
}

function changed(name: string, columns: KeptParts['columns'], from: Int32Array): Int32Array {
  const [at, is] = [int32(columns, `${name} at`), int32(columns, `${name} is`)]
  const column = copyOf(from)
  for (let i = 0; i < at.length; i++) column[at[i]!] = is[i]!
  return column
}

const each = (length: number, at: (index: number) => string): readonly string[] =>
  lazyList({
    length,
    at,
    all: (into) => {
      for (let i = 0; i < length; i++) into[i] ??= at(i)
    },
  }).now()
