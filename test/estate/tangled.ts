import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { standingOf, type Columns } from '../../graph/index/columns.ts'
import { relationshipKindNames, type RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'

/**
 * A seeded estate of any size as columns, with everything that the engine reads: values copied from place to place (rings
 * too), alternatives of every standing, soft needs, sessions, caches, cadences, pick-ups and who does them, grants that
 * others run over, possible and merely recorded relationships. Teams need what their own members and the platform's have; now
 * and then something needs what depends on it. The same size and seed give the same columns.
 */
export function tangled(size: number, seed: number): Columns {
  const draw = drawFrom(seed)
  const estate = peopled(size, draw)
  for (const one of estate.of.credential) wireCredential(estate, draw, one)
  for (const one of estate.of.secret) wireSecret(estate, draw, one)
  for (const one of estate.of.identity) wireIdentity(estate, draw, one)
  for (const one of estate.of.workload) wireWorkload(estate, draw, one)
  for (const one of estate.of.system) wireSystem(estate, draw, one)
  return columnsFrom(estate)
}

interface Draw {
  readonly below: (bound: number) => number
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
}

/** Mulberry32. */
function drawFrom(seed: number): Draw {
  let state = Math.imul(seed, 0x9e3779b1)
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
  return { below, chance: (percent) => below(100) < percent, pick: (list) => list[below(list.length)]! }
}

const shares = { credential: 24, identity: 16, secret: 16, workload: 32, system: 6, resource: 6 } as const
type Sort = keyof typeof shares
const sorts = Object.keys(shares) as Sort[]
const TEAM = 40

interface Row {
  from: number
  to: number
  kind: RelationshipKind
  standing: number
  need: number
  timing: readonly number[]
  by: readonly number[]
  via: readonly number[]
}

interface Tangle {
  readonly size: number
  readonly kinds: Sort[]
  /** Entities of a sort, ascending; those of one team lie together. */
  readonly of: Record<Sort, number[]>
  readonly rows: Row[]
}

function peopled(size: number, { below }: Draw): Tangle {
  const deck = sorts.flatMap((sort) => Array<Sort>(shares[sort]).fill(sort))
  const kinds = Array.from({ length: size }, (_, i) => (i < sorts.length ? sorts[i]! : deck[below(deck.length)]!))
  const of = Object.fromEntries(sorts.map((sort) => [sort, [] as number[]])) as Record<Sort, number[]>
  kinds.forEach((sort, entity) => of[sort].push(entity))
  return { size, kinds, of, rows: [] }
}

/** One of a sort: mostly of the same team, else of an earlier one (the platform's often), seldom of any. */
function near({ of, size }: Tangle, draw: Draw, entity: number, sort: Sort): number {
  const all = of[sort]
  const share = all.length / size
  const team = Math.floor(entity / TEAM) * TEAM
  if (draw.chance(95)) {
    const first = Math.floor(team * share)
    return all[Math.min(all.length - 1, first + draw.below(Math.max(1, Math.round(TEAM * share))))]!
  }
  if (draw.below(200) === 0) return all[draw.below(all.length)]!
  const before = Math.max(1, Math.floor(team * share))
  return all[Math.min(all.length - 1, draw.below(Math.max(1, before >> draw.below(12))))]!
}

const waits = [0, 0, 60, 300, 900, 3600]

function span(draw: Draw): [number, number] {
  const least = draw.pick(waits)
  return [least, draw.chance(6) ? Infinity : least + draw.pick(waits)]
}

/** Session, tolerance and pick-up, least and most of each, and cadence: few combinations, as in life, or any. */
function timing(draw: Draw, isValue: boolean): readonly number[] {
  if (draw.chance(35)) return nothingSaid
  const session = isValue && draw.chance(60) ? span(draw) : [0, 0]
  const tolerance = draw.chance(40) ? span(draw) : [0, 0]
  const pickup = draw.chance(50) ? span(draw) : [Infinity, Infinity]
  return [...session, ...tolerance, ...pickup, draw.chance(2) ? 3600 : 0]
}
const nothingSaid: readonly number[] = [0, 0, 0, 0, Infinity, Infinity, 0]

type More = Partial<Pick<Row, 'need' | 'by' | 'via'>> & { soft?: boolean }

function relate(estate: Tangle, draw: Draw, kind: RelationshipKind, from: number, to: number, more: More = {}): void {
  const doubt = draw.below(100)
  const confidence = doubt < 84 ? 'confirmed' : doubt < 96 ? 'possible' : 'none'
  const via = more.via ?? (draw.chance(4) && estate.rows.length > 0 ? [draw.below(estate.rows.length)] : [])
  estate.rows.push({
    from,
    to,
    kind,
    standing: standingOf(confidence, more.soft ? 'soft' : undefined),
    need: more.need ?? -1,
    timing: timing(draw, kind.startsWith('USES_')),
    by: more.by ?? [],
    via,
  })
}

/** The same need, of two to four: alternatives, one of them soft now and then, which then is none of them. */
function alternatives(estate: Tangle, draw: Draw, kinds: readonly [RelationshipKind, Sort][], from: number): void {
  const need = draw.below(3)
  for (let left = 2 + draw.below(3); left > 0; left--) {
    const [kind, sort] = draw.pick(kinds)
    const by = kind === 'USES_SECRET' ? agents(estate, draw, from) : []
    relate(estate, draw, kind, from, near(estate, draw, from, sort), { need, by, soft: draw.chance(8) })
  }
}

function agents(estate: Tangle, draw: Draw, entity: number): number[] {
  if (!draw.chance(25)) return []
  const one = () => near(estate, draw, entity, draw.pick(['workload', 'identity', 'credential'] as const))
  return draw.chance(20) ? [one(), one()] : [one()]
}

function wireCredential(estate: Tangle, draw: Draw, credential: number): void {
  const other = (sort: Sort) => near(estate, draw, credential, sort)
  if (draw.chance(70)) relate(estate, draw, 'AUTHENTICATES_AS', credential, other('identity'))
  if (draw.chance(12)) relate(estate, draw, 'ISSUED_BY', credential, other('credential'))
  for (let left = draw.below(3); left > 0; left--) relate(estate, draw, 'HOLDS', other('secret'), credential)
}

function wireSecret(estate: Tangle, draw: Draw, secret: number): void {
  const other = (sort: Sort) => near(estate, draw, secret, sort)
  for (let left = draw.chance(35) ? 1 + draw.below(2) : 0; left > 0; left--)
    relate(estate, draw, 'SYNCED_FROM', secret, other('secret'), { by: agents(estate, draw, secret) })
  if (draw.chance(12)) relate(estate, draw, 'ENCRYPTED_BY', secret, other('credential'))
  if (draw.chance(8)) relate(estate, draw, 'DEPENDS_ON', secret, other('workload'))
}

function wireIdentity(estate: Tangle, draw: Draw, identity: number): void {
  const other = (sort: Sort) => near(estate, draw, identity, sort)
  if (draw.chance(20)) relate(estate, draw, 'MEMBER_OF', identity, other('identity'))
  if (draw.chance(20)) relate(estate, draw, 'ASSUMES', identity, other('identity'))
  for (let left = draw.below(3); left > 0; left--)
    relate(estate, draw, 'CAN_ACCESS', identity, other(draw.pick(['resource', 'secret', 'workload'] as const)))
}

function wireWorkload(estate: Tangle, draw: Draw, workload: number): void {
  const other = (sort: Sort) => near(estate, draw, workload, sort)
  if (draw.chance(45)) {
    const by = agents(estate, draw, workload)
    relate(estate, draw, 'USES_SECRET', workload, other('secret'), { by, soft: draw.chance(10) })
  }
  if (draw.chance(35)) alternatives(estate, draw, readable, workload)
  if (draw.chance(25)) relate(estate, draw, 'USES_CREDENTIAL', workload, other('credential'))
  if (draw.chance(30)) relate(estate, draw, 'RUNS_AS', workload, other('identity'))
  if (draw.chance(30)) relate(estate, draw, 'DEPENDS_ON', workload, other('workload'), { soft: draw.chance(25) })
  if (draw.chance(15)) alternatives(estate, draw, runnable, workload)
  if (draw.chance(10)) relate(estate, draw, 'DEFINED_IN', workload, other('resource'))
}
const readable: readonly [RelationshipKind, Sort][] = [
  ['USES_SECRET', 'secret'],
  ['USES_SECRET', 'secret'],
  ['USES_CREDENTIAL', 'credential'],
]
const runnable: readonly [RelationshipKind, Sort][] = [
  ['DEPENDS_ON', 'workload'],
  ['DEPENDS_ON', 'resource'],
  ['RUNS_AS', 'identity'],
]

function wireSystem(estate: Tangle, draw: Draw, system: number): void {
  for (let left = 1 + draw.below(3); left > 0; left--)
    relate(estate, draw, 'DEPENDS_ON', system, near(estate, draw, system, 'workload'), { soft: draw.chance(20) })
  if (draw.chance(25)) relate(estate, draw, 'DEPENDS_ON', system, near(estate, draw, system, 'system'))
}

/** Rows 1 and on of the table of timings are those that occur. */
function columnsFrom({ kinds, rows }: Tangle): Columns {
  const timings = new Map([[nothingSaid.join(), 0]])
  const table = [nothingSaid]
  const timingOf = (row: readonly number[]): number => {
    const key = row.join()
    const known = timings.get(key)
    if (known !== undefined) return known
    timings.set(key, table.length)
    return table.push(row) - 1
  }
  const pairs = (side: 'by' | 'via') => rows.flatMap((row, number) => row[side].map((one) => [number, one] as const))
  const [by, via] = [pairs('by'), pairs('via')]
  const ids = kinds.map((sort, entity) => `${sort}-${entity}`)
  const offsets = new Uint32Array(ids.length + 1)
  ids.forEach((id, i) => (offsets[i + 1] = offsets[i]! + id.length))
  return {
    entityCount: kinds.length,
    describedCount: kinds.length,
    ids: { bytes: new TextEncoder().encode(ids.join('')), offsets },
    entityKind: Uint16Array.from(kinds, (sort) => entityKindNames.indexOf(`generic.${sort}`)),
    relationshipCount: rows.length,
    from: Int32Array.from(rows, ({ from }) => from),
    to: Int32Array.from(rows, ({ to }) => to),
    kind: Uint8Array.from(rows, ({ kind }) => relationshipKindNames.indexOf(kind)),
    standing: Uint8Array.from(rows, ({ standing }) => standing),
    need: Int32Array.from(rows, ({ need }) => need),
    timing: Int32Array.from(rows, (row) => timingOf(row.timing)),
    timings: Float64Array.from(table.flat()),
    picked: Int32Array.from(by, ([relationship]) => relationship),
    agent: Int32Array.from(by, ([, agent]) => agent),
    carried: Int32Array.from(via, ([relationship]) => relationship),
    carrier: Int32Array.from(via, ([, carrier]) => carrier),
  }
}
