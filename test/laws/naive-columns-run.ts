import type { Columns } from '../../graph/index/columns.ts'
import {
  carries,
  confidenceOf,
  isSoft,
  kindNumber,
  wayOfKind,
  type Arrows,
  type ColumnChange,
  type Part,
} from './naive-columns-part.ts'

/** Spans by row; none is start = Infinity, end = -Infinity, and an end of Infinity is never. */
export interface NaiveSpans {
  readonly start: Float64Array
  readonly end: Float64Array
}

/** What one run finds: outages, what of them needs do, and what is degraded and not out. */
export interface NaiveRun {
  readonly out: NaiveSpans
  readonly needs: NaiveSpans
  readonly degraded: NaiveSpans
}

type Span = readonly [start: number, end: number]
const NOWHERE: Span = [Infinity, -Infinity]
const hull = (a: Span, b: Span): Span => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
const some = (span: Span): Span => (span[1] > span[0] ? span : NOWHERE)
const meet = (a: Span, b: Span): Span => [Math.max(a[0], b[0]), Math.min(a[1], b[1])]

/** Seven numbers a row, as `Columns.timings` has them; the two runs read one of each pair. */
const timingsOf = { session: 0, tolerance: 2, pickup: 4, cadence: 6 } as const
const WIDTH = 7
const [issuedBy, encryptedBy, authenticatesAs] = (['ISSUED_BY', 'ENCRYPTED_BY', 'AUTHENTICATES_AS'] as const).map(
  kindNumber,
)

/** Far more rounds than any estate here needs: rules that did not climb to a fixpoint would show as this. */
const MOST_ROUNDS = 1_000_000

/** One run: rules 1 to 8 for everything in the part, again and again, until a round changes nothing (rule 9). */
export function runOver(columns: Columns, arrows: Arrows, part: Part, change: ColumnChange, worst: boolean) {
  const { from, to, kind, timing, timings } = columns
  const { local } = arrows
  const size = part.entities.length
  const at = change.at ?? 0
  const [least, most] = change.lag ?? [0, 0]
  const inv = at + (change.action === 'rotate' ? (change.overlap ?? 0) : 0) + (worst ? least : most)
  const until = change.until === undefined ? Infinity : change.until + (worst ? most : least)
  const targets = new Set(change.action === 'cut' ? [] : change.targets)
  const isRotated = (entity: number) => change.action === 'rotate' && targets.has(entity)
  const published = new Set(change.publish)
  const isStruck = (entity: number) => change.action !== 'rotate' && targets.has(entity) && until > inv
  const isCut = (relationship: number) => part.cut.has(relationship)
  const isSure = (relationship: number) => confidenceOf(columns, relationship) === 2
  const said = (relationship: number, column: number, high: boolean) =>
    timings[timing[relationship]! * WIDTH + column + (high ? 1 : 0)]!
  const tolerance = (relationship: number) => said(relationship, timingsOf.tolerance, !worst)
  const session = (relationship: number) => said(relationship, timingsOf.session, !worst)
  const pickup = (relationship: number) => said(relationship, timingsOf.pickup, worst)
  const cadence = (relationship: number) => said(relationship, timingsOf.cadence, false)

  const needStart = new Float64Array(size).fill(Infinity)
  const needEnd = new Float64Array(size).fill(-Infinity)
  const needsOf = (entity: number): Span => {
    const one = local[entity]!
    return one < 0 ? NOWHERE : [needStart[one]!, needEnd[one]!]
  }
  const outOf = (entity: number): Span => (isStruck(entity) ? hull(needsOf(entity), [inv, until]) : needsOf(entity))

  /** Calls with every relationship that leads to this from a place, of a way, not cut. */
  function* copiesAt(entity: number, way: 'holds' | 'syncs') {
    for (let i = arrows.inStart[entity]!; i < arrows.inStart[entity + 1]!; i++) {
      const one = arrows.in[i]!
      if (wayOfKind[kind[one]!] === way && confidenceOf(columns, one) !== 0 && !isCut(one)) yield one
    }
  }

  // Rule 2: the places that hold each credential's refused value.
  const places = new Map<number, Set<number>>()
  const held = new Map<number, number[]>()
  for (const credential of part.entities) {
    const found = new Set<number>()
    for (const one of copiesAt(credential, 'holds')) if (worst || isSure(one)) found.add(from[one]!)
    for (const place of found)
      for (const one of copiesAt(place, 'syncs')) if (worst || isSure(one)) found.add(from[one]!)
    if (found.size === 0) continue
    places.set(credential, found)
    for (const place of found) held.set(place, [...(held.get(place) ?? []), credential])
  }

  /** Rule 3, "down": spans in which an agent picks nothing up. */
  function downs(agent: number): Span[] {
    const spans = [outOf(agent)]
    if (isRotated(agent) && worst) spans.push([inv, Infinity])
    if (worst) {
      let all: Span = [-Infinity, Infinity]
      let logins = 0
      for (let i = arrows.inStart[agent]!; i < arrows.inStart[agent + 1]!; i++) {
        const one = arrows.in[i]!
        if (kind[one] !== authenticatesAs || confidenceOf(columns, one) === 0) continue
        logins++
        all = meet(all, hull(outOf(from[one]!), isRotated(from[one]!) ? [inv, Infinity] : NOWHERE))
      }
      if (logins > 0) spans.push(some(all))
    }
    return spans.filter(([start, end]) => end > start)
  }

  /** Rule 3: when a value that is good from `good` is taken over a relationship. */
  function taken(relationship: number, good: number): number {
    const wait = pickup(relationship)
    if (good === Infinity || wait === Infinity) return Infinity
    const isSync = wayOfKind[kind[relationship]!] === 'syncs'
    const blocks = [outOf(to[relationship]!), ...(isSync ? [outOf(from[relationship]!)] : [])]
    for (let i = arrows.agentStart[relationship]!; i < arrows.agentStart[relationship + 1]!; i++)
      blocks.push(...downs(columns.agent[i]!))
    for (let start = good; ;) {
      const block = blocks.find(([b, e]) => e > b && start < e && (b <= start || b < start + wait))
      if (!block) return start + wait
      if (block[1] === Infinity) return Infinity
      start = block[1]
    }
  }

  /** Rule 2: since when each place has the good value of a rotated credential. From "never" down, so no ring is a source. */
  function goodAgain(credential: number): Map<number, number> {
    const inside = places.get(credential) ?? new Set<number>()
    const put = new Map<number, number>()
    for (const one of copiesAt(credential, 'holds')) {
      const place = from[one]!
      if (!inside.has(place) || !published.has(place) || (worst && !isSure(one))) continue
      const [start, end] = outOf(place)
      put.set(place, start <= at && at < end ? (worst ? Infinity : end) : at)
    }
    const syncs = new Map<number, number[]>()
    for (const source of inside)
      for (const one of copiesAt(source, 'syncs'))
        if (inside.has(from[one]!)) syncs.set(from[one]!, [...(syncs.get(from[one]!) ?? []), one])
    const good = new Map<number, number>()
    for (let changed = true; changed;) {
      changed = false
      for (const place of inside) {
        const arrivals = (syncs.get(place) ?? []).map((one) =>
          worst && !isSure(one) ? Infinity : taken(one, good.get(to[one]!) ?? Infinity),
        )
        const own = put.get(place) ?? Infinity
        const value = worst ? (arrivals.length > 0 ? Math.max(...arrivals) : own) : Math.min(own, ...arrivals)
        if (value >= (good.get(place) ?? Infinity)) continue
        good.set(place, value)
        changed = true
      }
    }
    return good
  }
  let good = new Map<number, Map<number, number>>()

  /** Rules 4 to 7: the span of one relationship. */
  function spanOver(relationship: number): Span {
    const head = to[relationship]!
    const way = wayOfKind[kind[relationship]!]
    const every = cadence(relationship)
    let span = NOWHERE
    const add = (start: number, end: number) => {
      const begins = worst ? start : start + every
      if (end > begins) span = hull(span, [begins, worst ? end + every : end])
    }
    const wait = tolerance(relationship)
    if (isCut(relationship)) add(inv + wait, until)
    if (isRotated(head) && (kind[relationship] === issuedBy || kind[relationship] === encryptedBy))
      add(inv + wait, at + pickup(relationship))
    if (way !== 'has') {
      const [start, end] = outOf(head)
      if (end > start) add(start + wait, end)
    }
    const refused = (credential: number, end: () => number) => {
      const keeps = session(relationship)
      if (isRotated(credential)) add(inv + keeps, end())
      if (isStruck(credential)) add(inv + keeps, until)
      const [start, lost] = needsOf(credential)
      if (lost > start) add(start + (worst ? 0 : keeps), lost)
    }
    if (way === 'has') refused(head, () => (published.has(from[relationship]!) ? at + pickup(relationship) : Infinity))
    if (way === 'reads')
      for (const credential of held.get(head) ?? [])
        refused(credential, () => taken(relationship, good.get(credential)?.get(head) ?? Infinity))
    return span
  }

  /** Rule 8: each dependent's groups, hard or soft. Alternatives have one need and one strength. */
  function groupsOf(entity: number, soft: boolean): number[][] {
    const groups: number[][] = []
    const named = new Map<number, number[]>()
    for (let i = arrows.outStart[entity]!; i < arrows.outStart[entity + 1]!; i++) {
      const one = arrows.out[i]!
      const way = wayOfKind[kind[one]!]
      if (way === 'holds' || way === 'syncs' || !carries(columns, one) || isSoft(columns, one) !== soft) continue
      const need = columns.need[one]!
      const group = need < 0 ? undefined : named.get(need)
      if (group) group.push(one)
      else {
        groups.push([one])
        if (need >= 0) named.set(need, groups.at(-1)!)
      }
    }
    return groups
  }
  function spanOfGroup(group: readonly number[]): Span {
    const sure = group.filter(isSure)
    if (sure.length === 0) return worst ? group.map(spanOver).reduce(hull, NOWHERE) : NOWHERE
    return some((worst ? sure : group).map(spanOver).reduce(meet))
  }

  // No end that is reached without going round a cycle is later than all waits together (rule 9). Of a change that is
  // no rotation nobody waits for a new value.
  const delaying = [timingsOf.cadence, ...(change.action === 'rotate' ? [timingsOf.pickup, timingsOf.pickup + 1] : [])]
  const hard = Array.from(part.entities, (entity) => groupsOf(entity, false))
  let limit = 1 + at + (change.overlap ?? 0) + (change.until ?? 0) + least + (Number.isFinite(most) ? most : 0)
  const finite = (seconds: number) => (Number.isFinite(seconds) ? seconds : 0)
  for (const entity of part.entities)
    for (let i = arrows.outStart[entity]!; i < arrows.outStart[entity + 1]!; i++) {
      const row = timing[arrows.out[i]!]! * WIDTH
      for (const column of delaying) limit += finite(timings[row + column]!)
    }
  limit *= change.targets.length + 1

  let rounds = 0
  for (let changed = true; changed;) {
    if (++rounds > MOST_ROUNDS) throw new Error('no fixpoint: the rules do not climb')
    changed = false
    good = new Map(change.action === 'rotate' ? change.targets.map((one) => [one, goodAgain(one)]) : [])
    for (let one = 0; one < size; one++) {
      let span = NOWHERE
      for (const group of hard[one]!) span = hull(span, spanOfGroup(group))
      if (span[1] > limit) span = [span[0], Infinity]
      if (span[0] === needStart[one] && span[1] === needEnd[one]) continue
      needStart[one] = span[0]
      needEnd[one] = span[1]
      changed = true
    }
  }

  // Rule 10: what is degraded goes no further, so once is enough.
  const columnsOf = (spanAt: (one: number, entity: number) => Span): NaiveSpans => {
    const [start, end] = [new Float64Array(size), new Float64Array(size)]
    part.entities.forEach((entity, one) => ([start[one], end[one]] = spanAt(one, entity) as [number, number]))
    return { start, end }
  }
  const run: NaiveRun = {
    out: columnsOf((_, entity) => some(outOf(entity))),
    needs: { start: needStart, end: needEnd },
    degraded: columnsOf((_, entity) => {
      const [start, end] = outOf(entity)
      return end > start ? NOWHERE : groupsOf(entity, true).map(spanOfGroup).reduce(hull, NOWHERE)
    }),
  }
  return { run, rounds }
}
