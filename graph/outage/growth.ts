import { channels } from './channels.ts'
import { putMoment } from './copies.ts'
import { heap, popEntity, pushEntity } from './heap.ts'
import { countedAlternatives, needsOf } from './needs.ts'
import type { Copies, Moment, Run, Wait } from './run.ts'
import { causes, eachSpan, measure } from './spans-of.ts'
import { pickupOf, taking } from './taking.ts'
import { TIMING_WIDTH, timingColumns } from './timings.ts'

/**
 * Ends that grow round a cycle (engine.md rule 9). Repeating the rules would climb for ever, or step by step up to a
 * far alternative. Instead: fix, for every entity, the need that decides its end now, and ask how early its end could
 * be if of each need's alternatives always the earliest were back. That is a shortest path to something that does not
 * wait for the cycle, all steps being waits of zero or more. The true end is never before it (more needs can only
 * make it later), so it may be taken at once; and where no path leaves the cycle, the end is never.
 */

/** Moments looked at per question; beyond it what is known so far stands in, which is safe and only less far-sighted. */
const BUDGET = 20_000

/** Ends that entities of the same cycle, and what it waits for, can't have before; Infinity: never. */
export interface LateEnds {
  readonly ends: readonly { readonly entity: number; readonly end: number }[]
  /** Moments looked at: what the look cost. */
  readonly looked: number
}

/** The earliest ends that are possible round an entity, given everything that is out so far; only later ones than now. */
export function lateEnds(run: Run, entity: number): LateEnds {
  const explored = explore(run, { entity, copies: null })
  const best = shortest(run, explored)
  const ends: { entity: number; end: number }[] = []
  explored.moments.forEach((moment, number) => {
    if (moment.copies === null && best[number]! > run.needEnd[moment.entity]!)
      ends.push({ entity: moment.entity, end: best[number]! })
  })
  return { ends, looked: explored.moments.length }
}

interface Explored {
  readonly moments: Moment[]
  /** The waits of each moment: it comes when the earliest of them is over. */
  readonly waits: { seconds: number; after: number }[][]
}

function explore(run: Run, start: Moment): Explored {
  const moments: Moment[] = []
  const numbers = new Map<number, number>()
  const entityCount = run.estate.entityIds.length
  const numberOf = (moment: Moment): number => {
    const key = moment.copies ? (moment.copies.credential + 1) * entityCount + moment.entity : moment.entity
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, moments.length)
    return moments.push(moment) - 1
  }
  numberOf(start)
  const waits: Explored['waits'] = []
  for (let next = 0; next < moments.length; next++) {
    const moment = moments[next]!
    const found: readonly Wait[] =
      next < BUDGET ? waitsOf(run, moment) : [{ after: null, seconds: momentNow(run, moment) }]
    waits.push(found.map(({ after, seconds }) => ({ seconds, after: after ? numberOf(after) : -1 })))
  }
  return { moments, waits }
}

function momentNow(run: Run, { entity, copies }: Moment): number {
  return copies ? (copies.good?.get(entity) ?? Infinity) : run.needEnd[entity]!
}

/** Dijkstra from what waits for nothing, backwards: the earliest each moment can come. */
function shortest(run: Run, { moments, waits }: Explored): number[] {
  const best = waits.map((list) =>
    list.reduce((least, one) => (one.after < 0 ? Math.min(least, one.seconds) : least), Infinity),
  )
  for (const number of standingStill(waits)) best[number] = Math.min(best[number]!, momentNow(run, moments[number]!))
  const waiters: { number: number; seconds: number }[][] = moments.map(() => [])
  waits.forEach((list, number) => {
    for (const { after, seconds } of list) if (after >= 0) waiters[after]!.push({ number, seconds })
  })
  const queue = heap()
  best.forEach((seconds, number) => {
    if (seconds < Infinity) pushEntity(queue, seconds, number)
  })
  const settled = new Uint8Array(moments.length)
  for (let number = popEntity(queue); number >= 0; number = popEntity(queue)) {
    if (settled[number] === 1) continue
    settled[number] = 1
    for (const waiter of waiters[number]!) {
      const seconds = best[number]! + waiter.seconds
      if (seconds >= best[waiter.number]!) continue
      best[waiter.number] = seconds
      pushEntity(queue, seconds, waiter.number)
    }
  }
  return best
}

/**
 * Moments that can wait round a cycle without any time passing: there the least answer is what it is now, and nothing
 * forces a later one. Found by taking away, again and again, what has no wait of zero among the rest.
 */
function standingStill(waits: Explored['waits']): number[] {
  const left = waits.map((list) => list.filter((one) => one.after >= 0 && one.seconds === 0).length)
  const waiters: number[][] = waits.map(() => [])
  waits.forEach((list, number) => {
    for (const { after, seconds } of list) if (after >= 0 && seconds === 0) waiters[after]!.push(number)
  })
  const gone = left.flatMap((count, number) => (count === 0 ? [number] : []))
  for (let next = 0; next < gone.length; next++)
    for (const waiter of waiters[gone[next]!]!) if (--left[waiter]! === 0) gone.push(waiter)
  return left.flatMap((count, number) => (count > 0 ? [number] : []))
}

function waitsOf(run: Run, { entity, copies }: Moment): readonly Wait[] {
  return copies ? waitsOfCopy(run, copies, entity) : waitsOfEntity(run, entity)
}

/** What made its end grow last; where that was not noted, the need with the latest end. */
function waitsOfEntity(run: Run, entity: number): readonly Wait[] {
  const noted = run.waits.get(entity)
  if (noted) return noted
  let latest = -Infinity
  let deciding: readonly number[] = []
  for (const need of needsOf(run, entity, 0)) {
    const end = endOfNeed(run, need)
    if (end <= latest) continue
    latest = end
    deciding = need
  }
  if (deciding.length === 0) return [{ after: null, seconds: run.needEnd[entity]! }]
  return deciding.flatMap((relationship) => waitsOfRelationship(run, relationship))
}

/**
 * Notes what an end waits for, before it grows: at that moment nothing that itself waits for this entity can be as
 * late as the new end, so the note can't lead round a cycle in which no time passes. Looked up later it could.
 */
export function noteWaits(run: Run, entity: number, relationship: number): void {
  run.waits.set(
    entity,
    countedAlternatives(run, relationship).flatMap((one) => waitsOfRelationship(run, one)),
  )
}

function endOfNeed(run: Run, need: readonly number[]): number {
  let latest = -Infinity
  let earliest = Infinity
  for (const relationship of need) {
    const { start, end } = measure(run, relationship)
    latest = Math.max(latest, start)
    earliest = Math.min(earliest, end)
  }
  return earliest > latest ? earliest : -Infinity
}

/** What the end of a relationship's latest span waits for. */
function waitsOfRelationship(run: Run, relationship: number): Wait[] {
  const { estate } = run
  const cadence = estate.timings[estate.timing[relationship]! * TIMING_WIDTH + timingColumns.cadence]!
  const early = run.worst ? 0 : cadence
  const late = run.worst ? cadence : 0
  let latest = -Infinity
  let cause = -1
  let credential = -1
  eachSpan(run, relationship, (_, start, end, spanCause, spanCredential) => {
    if (end <= start + early || end < latest || (end === latest && spanCause < cause)) return
    latest = end
    cause = spanCause
    credential = spanCredential
  })
  if (cause === causes.down) return [afterOutage(run, estate.to[relationship]!, late)]
  if (cause === causes.lost) return [{ after: { entity: credential, copies: null }, seconds: late }]
  if (cause === causes.rotated && estate.channel[relationship] === channels.reads)
    return waitsOfTaking(run, run.copies.get(credential)!, relationship, late)
  return [{ after: null, seconds: latest + late }]
}

/** After an outage that the change itself holds up, or that needs hold up. */
function afterOutage(run: Run, entity: number, seconds: number): Wait {
  if (run.outEnd[entity]! > run.needEnd[entity]!) return { after: null, seconds: run.outEnd[entity]! + seconds }
  return { after: { entity, copies: null }, seconds }
}

function waitsOfTaking(run: Run, copies: Copies, relationship: number, seconds: number): Wait[] {
  const source = run.estate.to[relationship]!
  const { moment, waitedFor } = taking(run, relationship, copies.good?.get(source) ?? Infinity)
  if (moment === Infinity) return [{ after: null, seconds: Infinity }]
  const pickup = pickupOf(run, relationship) + seconds
  if (waitedFor === null) return [{ after: { entity: source, copies }, seconds: pickup }]
  return waitedFor.map((entity) => afterOutage(run, entity, pickup))
}

function waitsOfCopy(run: Run, copies: Copies, place: number): Wait[] {
  const syncs = copies.fills.get(place) ?? []
  if (run.worst && syncs.length > 0) return waitsOfTaking(run, copies, latestSync(run, copies, syncs), 0)
  const waits = syncs.flatMap((sync) => waitsOfTaking(run, copies, sync, 0))
  if (copies.put.has(place)) {
    const moment = putMoment(run, place)
    const isLate = moment !== run.at && moment < Infinity
    waits.push(isLate ? afterOutage(run, place, 0) : { after: null, seconds: moment })
  }
  return waits
}

function latestSync(run: Run, copies: Copies, syncs: readonly number[]): number {
  let latest = -Infinity
  let decides = syncs[0]!
  for (const sync of syncs) {
    const { moment } = taking(run, sync, copies.good?.get(run.estate.to[sync]!) ?? Infinity)
    if (moment <= latest) continue
    latest = moment
    decides = sync
  }
  return decides
}
