import { channels, isNeed, loginKind } from './channels.ts'
import { CONFIRMED } from './compile.ts'
import { placesOf, refreshCopies } from './copies.ts'
import { lateEnds, noteWaits } from './growth.ts'
import { popEntity, pushEntity } from './heap.ts'
import { touch, type Refused, type Run } from './run.ts'
import { measure } from './spans-of.ts'

/** Puts out what the change itself puts out (engine.md rule 1). */
export function strike(run: Run): void {
  const { resolved } = run
  if (run.until > run.inv)
    for (const target of resolved.struck) {
      touch(run, target)
      run.outStart[target] = run.inv
      run.outEnd[target] = run.until
      enqueue(run, target)
    }
  for (const target of resolved.rotated) enqueue(run, target)
  for (const relationship of resolved.cut) if (isNeed(run.estate.channel[relationship]!)) relax(run, relationship)
}

/**
 * Follows every outage to what needs it until nothing changes: the least fixpoint, as every rule only ever makes spans
 * larger when what it reads gets larger. Earliest outages go first, so that most entities are visited once.
 */
export function settle(run: Run): void {
  for (;;) {
    const entity = popEntity(run.heap)
    if (entity >= 0) {
      if (run.queued[entity] === 0) continue
      run.queued[entity] = 0
      run.work.spread++
      spread(run, entity)
    } else if (run.staleCopies.size > 0) renewCopies(run)
    else return
  }
}

function enqueue(run: Run, entity: number): void {
  touch(run, entity)
  run.queued[entity] = 1
  // A rotated entity is not out and has no start: its old value is refused from the enforcement on.
  pushEntity(run.heap, run.outStart[entity] === Infinity ? run.inv : run.outStart[entity]!, entity)
}

function renewCopies(run: Run): void {
  for (const copies of run.staleCopies) {
    run.staleCopies.delete(copies)
    for (const place of refreshCopies(run, copies)) relaxReaders(run, place)
  }
}

function spread(run: Run, entity: number): void {
  const { estate } = run
  const { start, list } = estate.in
  let isHeld = false
  for (let i = start[entity]!; i < start[entity + 1]!; i++) {
    const relationship = list[i]!
    const channel = estate.channel[relationship]!
    if (channel === channels.holds) isHeld = true
    else if (isNeed(channel)) relax(run, relationship)
  }
  if (isHeld) refuseInPlaces(run, entity)
  markStale(run, entity)
  stopPickups(run, entity)
  if (run.worst && estate.picksUpFor !== null)
    for (let i = estate.out.start[entity]!; i < estate.out.start[entity + 1]!; i++) {
      const relationship = estate.out.list[i]!
      if (estate.kind[relationship] === loginKind) stopPickups(run, estate.to[relationship]!)
    }
}

function relaxReaders(run: Run, place: number): void {
  const { in: into, channel } = run.estate
  for (let i = into.start[place]!; i < into.start[place + 1]!; i++)
    if (channel[into.list[i]!] === channels.reads) relax(run, into.list[i]!)
}

function markStale(run: Run, place: number): void {
  for (const copies of run.copiesAt.get(place) ?? []) run.staleCopies.add(copies)
}

/** What an agent picks up for others is taken later while it is down (rule 3). */
function stopPickups(run: Run, agent: number): void {
  const { picksUpFor, channel, to } = run.estate
  if (picksUpFor === null || run.copiesAt.size === 0) return
  for (let i = picksUpFor.start[agent]!; i < picksUpFor.start[agent + 1]!; i++) {
    const relationship = picksUpFor.list[i]!
    if (!run.copiesAt.has(to[relationship]!)) continue
    if (channel[relationship] === channels.syncs) markStale(run, to[relationship]!)
    else if (channel[relationship] === channels.reads) relax(run, relationship)
  }
}

/** For how long a credential is refused that was not rotated: by the change, and by what it needs, kept apart (rule 4). */
export function refusalsOf(run: Run, credential: number): Refused[] {
  const refusals: Refused[] = []
  if (run.resolved.struck.has(credential) && run.until > run.inv)
    refusals.push({ start: run.inv, end: run.until, keeps: true, credential })
  if (run.needEnd[credential]! > run.needStart[credential]!)
    refusals.push({ start: run.needStart[credential]!, end: run.needEnd[credential]!, keeps: false, credential })
  return refusals
}

/** A credential that is out is refused wherever it is held (rule 2). */
function refuseInPlaces(run: Run, credential: number): void {
  const refusals = refusalsOf(run, credential)
  if (refusals.length === 0) return
  for (const place of placesOf(run, credential)) {
    let isNew = false
    for (const refused of refusals) if (addRefused(run, place, refused)) isNew = true
    if (isNew) relaxReaders(run, place)
  }
}

/** Keeps a pair unless a wider one is there: a wider one puts everybody out for at least as long. */
function addRefused(run: Run, place: number, pair: Refused): boolean {
  const list = run.refusedAt.get(place)
  if (!list) {
    run.refusedAt.set(place, [pair])
    return true
  }
  const covers = (wide: Refused, narrow: Refused) =>
    wide.keeps === narrow.keeps && wide.start <= narrow.start && wide.end >= narrow.end
  if (list.some((other) => covers(other, pair))) return false
  const kept = list.filter((other) => !covers(pair, other))
  kept.push(pair)
  run.refusedAt.set(place, kept)
  return true
}

/** Works a relationship out again and hands its span to the need it belongs to (rules 4 to 8). */
function relax(run: Run, relationship: number): void {
  const { estate } = run
  const { start, end } = measure(run, relationship)
  if (end <= start) return
  const slot = estate.needs.slot[relationship]!
  const group = slot < 0 ? -1 : estate.needs.groupOfSlot[slot]!
  const confirmed = estate.confidence[relationship] === CONFIRMED
  if (group < 0 || estate.needs.confirmedCount[group] === 0) {
    // A need known only as possible counts in the worst case, each relationship for itself, and not in the best.
    if (run.worst || confirmed) putOut(run, relationship, start, end)
    return
  }
  if (run.worst && !confirmed) return
  relaxAlternatives(run, relationship, slot, group, start, end)
}

function relaxAlternatives(
  run: Run,
  relationship: number,
  slot: number,
  group: number,
  start: number,
  end: number,
): void {
  const { needs } = run.estate
  const wasOut = run.slotEnd[slot]! > run.slotStart[slot]!
  if (wasOut && run.slotStart[slot]! <= start && run.slotEnd[slot]! >= end) return
  run.slotStart[slot] = Math.min(run.slotStart[slot]!, start)
  run.slotEnd[slot] = Math.max(run.slotEnd[slot]!, end)
  if (!wasOut) {
    run.touchedSlots.push(slot)
    run.groupOut[group]!++
  }
  const first = needs.start[group]!
  const counted = run.worst ? needs.confirmedCount[group]! : needs.start[group + 1]! - first
  if (run.groupOut[group]! < counted) return
  let latest = -Infinity
  let earliest = Infinity
  for (let i = first; i < first + counted; i++) {
    latest = Math.max(latest, run.slotStart[i]!)
    earliest = Math.min(earliest, run.slotEnd[i]!)
  }
  if (earliest > latest) putOut(run, relationship, latest, earliest)
}

/** A need is out: so is its dependent, or it is degraded where the need is soft. */
function putOut(run: Run, relationship: number, start: number, end: number): void {
  const dependent = run.estate.from[relationship]!
  if (run.estate.soft[relationship] === 1) {
    touch(run, dependent)
    run.softStart[dependent] = Math.min(run.softStart[dependent]!, start)
    run.softEnd[dependent] = Math.max(run.softEnd[dependent]!, end)
    return
  }
  if (start >= run.needStart[dependent]! && end <= run.needEnd[dependent]!) return
  const growths = end > run.needEnd[dependent]! && end < Infinity ? ++run.growths[dependent]! : 0
  if (growths >= GROWTHS_BEFORE_NOTES) noteWaits(run, dependent, relationship)
  widen(run, dependent, start, end)
  // Looks may cost about as much as the run itself so far, no more.
  if (growths >= GROWTHS_BEFORE_LOOK && run.work.looked * COST_OF_LOOKING <= run.work.spread) lookAhead(run, dependent)
}

/** Takes ends at once that would be reached step by step, or never. */
function lookAhead(run: Run, entity: number): void {
  const { ends, looked } = lateEnds(run, entity)
  run.work.looked += looked
  run.growths[entity] = GROWTHS_BEFORE_NOTES
  for (const late of ends) widen(run, late.entity, run.needStart[late.entity]!, late.end)
}

/** An end that grew so often may be growing round a cycle; all ends of a cycle are noted before the first look. */
const GROWTHS_BEFORE_LOOK = 16
const GROWTHS_BEFORE_NOTES = 8
/** Of one moment looked at, in entities followed. */
const COST_OF_LOOKING = 4

/** Makes what an entity's needs do to it at least this span. */
function widen(run: Run, entity: number, start: number, end: number): void {
  touch(run, entity)
  run.needStart[entity] = Math.min(run.needStart[entity]!, start)
  run.needEnd[entity] = Math.max(run.needEnd[entity]!, end)
  run.outStart[entity] = Math.min(run.outStart[entity]!, start)
  run.outEnd[entity] = Math.max(run.outEnd[entity]!, end)
  enqueue(run, entity)
}
