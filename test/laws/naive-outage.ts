/**
 * The outage engine as its page reads, one function a rule, with no thought for speed: apply all rules to what is out
 * so far, again and again, until nothing changes (Kleene). It shares no code with graph/outage and is its oracle.
 */

export interface NaiveRelationship {
  id: string
  from: string
  to: string
  kind: string
  need?: string
  strength?: 'hard' | 'soft'
  session?: [number, number | null]
  tolerance?: [number, number | null]
  pickup?: [number, number | null]
  cadence?: number
  by?: string[]
  via?: string[]
  confidence?: 'confirmed' | 'possible' | 'none'
}
export interface NaiveEstate {
  entities: { id: string; role: string }[]
  relationships: NaiveRelationship[]
}
export interface NaiveChange {
  action: 'revoke' | 'disable' | 'rotate' | 'cut'
  targets: string[]
  at?: number
  lag?: [number, number | null]
  overlap?: number
  publish?: string[]
  until?: number
}
type Span = [number, number]
type Maybe = Span | null
type Ends = [number, number | null] | null
export type NaiveExpect = Record<
  string,
  { certain: Ends; possible: Ends; degraded: null | { certain: Ends; possible: Ends } }
>

const flowing = ['AUTHENTICATES_AS', 'ISSUED_BY', 'ENCRYPTED_BY', 'RUNS_AS', 'MEMBER_OF', 'DEPENDS_ON']
const onlySeen = ['ASSUMES', 'CAN_ACCESS']
const userKinds = ['USES_SECRET', 'USES_CREDENTIAL']

const hull = (a: Maybe, b: Maybe): Maybe => (a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : (a ?? b))
const hullAll = (spans: Maybe[]): Maybe => spans.reduce<Maybe>(hull, null)
const meetAll = (spans: Maybe[]): Maybe => {
  if (spans.length === 0 || spans.includes(null)) return null
  const start = Math.max(...spans.map((span) => span![0]))
  const end = Math.min(...spans.map((span) => span![1]))
  return end > start ? [start, end] : null
}
const same = (a: Maybe, b: Maybe) => a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1])

interface World {
  worst: boolean
  estate: NaiveEstate
  change: NaiveChange
  inv: number
  until: number
  out: Map<string, Maybe>
}

const pick = (span: [number, number | null] | undefined, high: boolean, absent: number) =>
  span ? (high ? (span[1] ?? Infinity) : span[0]) : absent
const gap = (world: World, r: NaiveRelationship) => pick(r.tolerance, !world.worst, 0)
const session = (world: World, r: NaiveRelationship) => pick(r.session, !world.worst, 0)
const pickup = (world: World, r: NaiveRelationship) => pick(r.pickup, world.worst, Infinity)
const sure = (r: NaiveRelationship) =>
  onlySeen.includes(r.kind) ? false : (r.confidence ?? 'confirmed') === 'confirmed'
const at = (world: World) => world.change.at ?? 0
const isRotated = (world: World, id: string) => world.change.action === 'rotate' && world.change.targets.includes(id)
const isCut = (world: World, r: NaiveRelationship) =>
  world.change.action === 'cut' && [r.id, ...(r.via ?? [])].some((id) => world.change.targets.includes(id))
const live = (world: World, kind: string) =>
  world.estate.relationships.filter((r) => r.kind === kind && r.confidence !== 'none' && !isCut(world, r))
const outOf = (world: World, id: string): Maybe => world.out.get(id) ?? null
const byChange = (world: World, id: string): Maybe =>
  ['revoke', 'disable'].includes(world.change.action) && world.change.targets.includes(id) && world.until > world.inv
    ? [world.inv, world.until]
    : null

/** Rule 2, first half: the places that hold a credential's refused value. */
function holders(world: World, credential: string): Set<string> {
  const carries = (r: NaiveRelationship) => world.worst || sure(r)
  const places = new Set<string>()
  for (const r of live(world, 'HOLDS')) if (r.to === credential && carries(r)) places.add(r.from)
  for (let before = -1; before !== places.size;) {
    before = places.size
    for (const r of live(world, 'SYNCED_FROM')) if (places.has(r.to) && carries(r)) places.add(r.from)
  }
  return places
}

/** Rule 3, what "down" means for one of `by`: spans in which it picks nothing up. */
function downs(world: World, id: string): Span[] {
  const spans: Maybe[] = [outOf(world, id)]
  if (isRotated(world, id) && world.worst) spans.push([world.inv, Infinity])
  if (world.worst) {
    // A login that is cut is still one of them: it is out by that cut, not absent.
    const logins = world.estate.relationships.filter(
      (r) => r.kind === 'AUTHENTICATES_AS' && r.to === id && r.confidence !== 'none',
    )
    const each = logins.map((r) =>
      hullAll([outOf(world, r.from), isRotated(world, r.from) ? [world.inv, Infinity] : null]),
    )
    spans.push(meetAll(each))
  }
  return spans.filter((span) => span !== null)
}

/** Rule 3: when a value good from `from` is taken over `r`. */
function taken(world: World, r: NaiveRelationship, from: number): number {
  const wait = pickup(world, r)
  if (from === Infinity || wait === Infinity) return Infinity
  const places = r.kind === 'SYNCED_FROM' ? [r.from, r.to] : [r.to]
  const blocks = [
    ...places.map((id) => outOf(world, id)).filter((span) => span !== null),
    ...(r.by ?? []).flatMap((id) => downs(world, id)),
  ]
  let start = from
  for (;;) {
    const block = blocks.find((b) => (b[0] <= start && start < b[1]) || (b[0] < start + wait && start < b[1]))
    if (!block) return start + wait
    if (block[1] === Infinity) return Infinity
    start = block[1]
  }
}

/** Rule 2, second half: since when each place has the good value of a rotated credential. */
function goodAgain(world: World, credential: string, places: Set<string>): Map<string, number> {
  const put = new Map<string, number>()
  for (const r of live(world, 'HOLDS')) {
    if (r.to !== credential || !places.has(r.from) || !world.change.publish?.includes(r.from)) continue
    if (world.worst && !sure(r)) continue
    const out = outOf(world, r.from)
    const isOut = out !== null && out[0] <= at(world) && at(world) < out[1]
    put.set(r.from, isOut ? (world.worst ? Infinity : out[1]) : at(world))
  }
  const syncs = live(world, 'SYNCED_FROM').filter((r) => places.has(r.from) && places.has(r.to))
  const good = new Map<string, number>()
  // From "never" downwards: only what is reached from something put counts, so a ring of syncs is no source.
  for (let changed = true; changed;) {
    changed = false
    for (const place of places) {
      const ways = syncs
        .filter((r) => r.from === place)
        .map((r) => (world.worst && !sure(r) ? Infinity : taken(world, r, good.get(r.to) ?? Infinity)))
      const own = put.get(place) ?? Infinity
      const value = world.worst ? (ways.length > 0 ? Math.max(...ways) : own) : Math.min(own, ...ways)
      if (value < (good.get(place) ?? Infinity)) {
        good.set(place, value)
        changed = true
      }
    }
  }
  return good
}

interface Needs {
  hard: Map<string, Maybe>
  soft: Map<string, Maybe>
}

/** Rules 4 to 7: the spans of every relationship, then rule 8: of every dependent, through its needs. */
function needs(world: World, viaNeeds: Map<string, Maybe>): Needs {
  const spans = new Map<NaiveRelationship, Maybe>()
  const carrying = world.estate.relationships.filter(
    (r) => r.confidence !== 'none' && [...flowing, ...onlySeen, ...userKinds].includes(r.kind),
  )
  const causes = new Map<string, { from: number; end: number | null; keeps: boolean; places: Set<string> }[]>()
  const goods = new Map<string, Map<string, number>>()
  for (const { id } of world.estate.entities) {
    const places = holders(world, id)
    const list = []
    if (isRotated(world, id)) {
      list.push({ from: world.inv, end: null, keeps: true, places })
      goods.set(id, goodAgain(world, id, places))
    }
    const direct = byChange(world, id)
    if (direct) list.push({ from: direct[0], end: direct[1], keeps: true, places })
    const indirect = viaNeeds.get(id) ?? null
    if (indirect) list.push({ from: indirect[0], end: indirect[1], keeps: !world.worst, places })
    if (list.length > 0) causes.set(id, list)
  }
  for (const r of carrying) {
    const raw: Span[] = []
    const tolerated = (span: Maybe) => {
      if (span) raw.push([span[0] + gap(world, r), span[1]])
    }
    if (isCut(world, r)) tolerated([world.inv, world.until])
    if (isRotated(world, r.to) && ['ISSUED_BY', 'ENCRYPTED_BY'].includes(r.kind))
      tolerated([world.inv, at(world) + pickup(world, r)])
    if (r.kind !== 'USES_CREDENTIAL') tolerated(outOf(world, r.to))
    if (r.kind === 'USES_CREDENTIAL')
      for (const cause of causes.get(r.to) ?? []) {
        const handed = world.change.publish?.includes(r.from) ? at(world) + pickup(world, r) : Infinity
        raw.push([cause.from + (cause.keeps ? session(world, r) : 0), cause.end ?? handed])
      }
    if (r.kind === 'USES_SECRET')
      for (const [credential, list] of causes)
        for (const cause of list) {
          if (!cause.places.has(r.to)) continue
          const end = cause.end ?? taken(world, r, goods.get(credential)!.get(r.to) ?? Infinity)
          raw.push([cause.from + (cause.keeps ? session(world, r) : 0), end])
        }
    const cadence = r.cadence ?? 0
    const kept = raw
      .map(([start, end]): Span => [world.worst ? start : start + cadence, end])
      .filter(([start, end]) => end > start)
      .map(([start, end]): Span => [start, world.worst ? end + cadence : end])
    spans.set(r, hullAll(kept))
  }
  const groups = new Map<string, NaiveRelationship[]>()
  carrying.forEach((r, i) => {
    const name = JSON.stringify([r.from, r.need === undefined ? i : r.need, r.strength ?? 'hard'])
    groups.set(name, [...(groups.get(name) ?? []), r])
  })
  const found: Needs = { hard: new Map(), soft: new Map() }
  for (const group of groups.values()) {
    const confirmed = group.filter(sure)
    const all = group.map((r) => spans.get(r) ?? null)
    let span: Maybe
    if (confirmed.length === 0) span = world.worst ? hullAll(all) : null
    else span = meetAll(world.worst ? confirmed.map((r) => spans.get(r) ?? null) : all)
    const into = (group[0]!.strength ?? 'hard') === 'hard' ? found.hard : found.soft
    into.set(group[0]!.from, hull(into.get(group[0]!.from) ?? null, span))
  }
  return found
}

/** No end that is reached without going round a cycle is later than all waits of the estate together (rule 9). */
function longestWait({ estate, change }: World): number {
  let sum = 1 + (change.at ?? 0) + (change.overlap ?? 0) + (change.until ?? 0)
  sum += (change.lag?.[0] ?? 0) + (change.lag?.[1] ?? 0)
  for (const r of estate.relationships) sum += (r.cadence ?? 0) + (r.pickup?.[0] ?? 0) + (r.pickup?.[1] ?? 0)
  return sum * (change.targets.length + 1)
}

function run(estate: NaiveEstate, change: NaiveChange, worst: boolean) {
  const lag = change.lag ?? [0, 0]
  const early = lag[0]
  const late = lag[1] ?? Infinity
  const inv = (change.at ?? 0) + (change.action === 'rotate' ? (change.overlap ?? 0) : 0) + (worst ? early : late)
  const until = change.until === undefined ? Infinity : change.until + (worst ? late : early)
  const world: World = { worst, estate, change, inv, until, out: new Map() }
  const limit = longestWait(world)
  let viaNeeds = new Map<string, Maybe>()
  for (;;) {
    const found = needs(world, viaNeeds)
    const out = new Map<string, Maybe>()
    let stable = true
    for (const { id } of estate.entities) {
      const widen = (span: Maybe): Maybe => (span && span[1] > limit ? [span[0], Infinity] : span)
      const indirect = widen(found.hard.get(id) ?? null)
      found.hard.set(id, indirect)
      out.set(id, hull(indirect, byChange(world, id)))
      stable &&= same(out.get(id)!, outOf(world, id)) && same(indirect, viaNeeds.get(id) ?? null)
    }
    world.out = out
    viaNeeds = found.hard
    if (stable) return { out, soft: found.soft }
  }
}

/** The answer in the shape of a vector's `expect`. */
export function naiveOutages(estate: NaiveEstate, change: NaiveChange): NaiveExpect {
  const possible = run(estate, change, true)
  const certain = run(estate, change, false)
  const json = (span: Maybe): Ends => span && [span[0], span[1] === Infinity ? null : span[1]]
  const expect: NaiveExpect = {}
  for (const { id } of estate.entities) {
    const worst = possible.out.get(id) ?? null
    const best = certain.out.get(id) ?? null
    const softWorst = worst ? null : (possible.soft.get(id) ?? null)
    const softBest = best ? null : (certain.soft.get(id) ?? null)
    if (!worst && !best && !softWorst && !softBest) continue
    const degraded = softWorst || softBest ? { certain: json(softBest), possible: json(softWorst) } : null
    expect[id] = { certain: json(best), possible: json(worst), degraded }
  }
  return expect
}
