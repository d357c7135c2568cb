import { CONFIRMED } from './compile.ts'
import { channels } from './channels.ts'
import { heap, popEntity, pushEntity } from './heap.ts'
import type { Copies, Run } from './run.ts'
import { taken } from './taking.ts'

function isLive(run: Run, relationship: number, channel: number): boolean {
  return run.estate.channel[relationship] === channel && !run.resolved.cut.has(relationship)
}

/** A `possible` copy is counted as one in the worst case only. */
function makesHolder(run: Run, relationship: number): boolean {
  return run.worst || run.estate.confidence[relationship] === CONFIRMED
}

/** Places that reach the credential over `HOLDS`, then `SYNCED_FROM`; worked out once a run. */
export function placesOf(run: Run, credential: number): readonly number[] {
  const known = run.places.get(credential)
  if (known) return known
  const { start, list } = run.estate.in
  const places: number[] = []
  const seen = new Set<number>()
  const follow = (head: number, channel: number): void => {
    for (let i = start[head]!; i < start[head + 1]!; i++) {
      const relationship = list[i]!
      if (!isLive(run, relationship, channel) || !makesHolder(run, relationship)) continue
      const place = run.estate.from[relationship]!
      if (seen.has(place)) continue
      seen.add(place)
      places.push(place)
    }
  }
  follow(credential, channels.holds)
  for (let next = 0; next < places.length; next++) follow(places[next]!, channels.syncs)
  run.places.set(credential, places)
  return places
}

export function copiesOf(run: Run, credential: number): Copies {
  const { estate } = run
  const places = placesOf(run, credential)
  const inside = new Set(places)
  const put = new Set<number>()
  for (let i = estate.in.start[credential]!; i < estate.in.start[credential + 1]!; i++) {
    const holds = estate.in.list[i]!
    const place = estate.from[holds]!
    if (isLive(run, holds, channels.holds) && inside.has(place) && run.resolved.published.has(place))
      if (!run.worst || estate.confidence[holds] === CONFIRMED) put.add(place)
  }
  const fills = new Map<number, number[]>()
  const feeds = new Map<number, number[]>()
  for (const place of places)
    for (let i = estate.out.start[place]!; i < estate.out.start[place + 1]!; i++) {
      const sync = estate.out.list[i]!
      const source = estate.to[sync]!
      if (!isLive(run, sync, channels.syncs) || !inside.has(source)) continue
      append(fills, place, sync)
      append(feeds, source, sync)
    }
  return { credential, places, put, fills, feeds, good: null }
}

function append(lists: Map<number, number[]>, key: number, item: number): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** When a put place has the new value: at `at`, unless it was out at that moment. */
export function putMoment(run: Run, place: number): number {
  const isOut = run.outStart[place]! <= run.at && run.at < run.outEnd[place]!
  if (!isOut) return run.at
  return run.worst ? Infinity : run.outEnd[place]!
}

/**
 * Works out `good` from what is out so far; returns the places where it changed. Both cases settle a place only from
 * settled ones, so a ring of syncs is no source. Outages only grow, so moments only move later.
 */
export function refreshCopies(run: Run, copies: Copies): number[] {
  const before = copies.good
  const good = run.worst ? latestWays(run, copies) : earliestWays(run, copies)
  copies.good = good
  return copies.places.filter((place) => before === null || good.get(place) !== before.get(place))
}

/** Worst case: a sync overwrites what was put, and of several syncs the last one counts. */
function latestWays(run: Run, copies: Copies): Map<number, number> {
  const good = new Map<number, number>()
  const waiting = new Map<number, number>()
  const latest = new Map<number, number>()
  const settled: number[] = []
  const settle = (place: number, moment: number): void => {
    if (moment === Infinity) return
    good.set(place, moment)
    settled.push(place)
  }
  for (const place of copies.places) {
    const ways = copies.fills.get(place)
    if (ways) waiting.set(place, ways.length)
    else if (copies.put.has(place)) settle(place, putMoment(run, place))
  }
  for (let next = 0; next < settled.length; next++) {
    const source = settled[next]!
    for (const sync of copies.feeds.get(source) ?? []) {
      // A sync that is only possible brings nothing fresh: its place waits for it for ever.
      if (run.estate.confidence[sync] !== CONFIRMED) continue
      const place = run.estate.from[sync]!
      const moment = Math.max(latest.get(place) ?? 0, taken(run, sync, good.get(source)!))
      latest.set(place, moment)
      const left = waiting.get(place)! - 1
      waiting.set(place, left)
      if (left === 0) settle(place, moment)
    }
  }
  return good
}

/** Best case: the earliest way wins. */
function earliestWays(run: Run, copies: Copies): Map<number, number> {
  const good = new Map<number, number>()
  const best = new Map<number, number>()
  const queue = heap()
  const offer = (place: number, moment: number): void => {
    if (moment >= (best.get(place) ?? Infinity)) return
    best.set(place, moment)
    pushEntity(queue, moment, place)
  }
  for (const place of copies.put) offer(place, putMoment(run, place))
  for (let place = popEntity(queue); place >= 0; place = popEntity(queue)) {
    if (good.has(place)) continue
    good.set(place, best.get(place)!)
    for (const sync of copies.feeds.get(place) ?? []) offer(run.estate.from[sync]!, taken(run, sync, good.get(place)!))
  }
  return good
}

/** The fewest copies from a place to a credential it holds: relationship numbers, the `HOLDS` last. */
export function copyPath(run: Run, place: number, credential: number): readonly number[] {
  const { estate } = run
  const cameBy = new Map<number, number>([[place, -1]])
  const queue = [place]
  for (let next = 0; next < queue.length; next++) {
    const here = queue[next]!
    for (let i = estate.out.start[here]!; i < estate.out.start[here + 1]!; i++) {
      const relationship = estate.out.list[i]!
      const head = estate.to[relationship]!
      if (!makesHolder(run, relationship)) continue
      if (head === credential && isLive(run, relationship, channels.holds)) {
        const path = [relationship]
        for (let by = cameBy.get(here)!; by >= 0; by = cameBy.get(estate.from[by]!)!) path.unshift(by)
        return path
      }
      if (!isLive(run, relationship, channels.syncs) || cameBy.has(head)) continue
      cameBy.set(head, relationship)
      queue.push(head)
    }
  }
  return []
}
