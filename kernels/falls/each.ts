import { ALL, degrade, differs, keep, metHub, NO_HUB, placesTail, spread, strike, tail, takeBack } from './closure'
import { fallOf, fallsWith, findHub, forgetHubs, foundUnlike, hubAt, hubsEnd, knownHubs, learnHubs } from './hubs'
import { entities, limit, nextWaiting, places, queue, SIZE, things, unsure, WAITING, worth } from './state'
import { addBreaks, addMay, clearSums, keepSums, sumsAsKept, writeBreaks, writeMay, writeNothing } from './sums'

/** Things that wait for hubs: so many. */
let waiting: i32 = 0
/** The first thing whose best case has to be counted still, from 1 on. */
let unlikeFirst: i32 = 0
/** The first whose hub is but a small part of its fall: another is looked for. */
let astrayFirst: i32 = 0

/** With the next that waits: its hub may fall in the worst case only. */
const UNLIKE: i32 = i32.MIN_VALUE

/** Before the first thing of a ranking. */
export function open(): void {
  forgetHubs()
  waiting = 0
  unlikeFirst = 0
  astrayFirst = 0
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function thingAt(place: i32): i32 {
  return load<i32>(things + ((<usize>place) << 2))
}

/** Counts things from one place to another; one whose fall is large waits for its hub. So many wait. */
export function countEach(from: i32, to: i32): i32 {
  for (let place = from; place < to; place++) count(place, true, 0)
  return waiting
}

/** `over`, if not 0: its fall is large, and no hub of that size will do. */
function count(place: i32, worst: bool, over: i32): void {
  const thing = thingAt(place)
  if (over != 0 || !fallOf(thing, worst, limit < entities ? queue + ((<usize>limit) << 2) : ALL, 0)) {
    const met = over != 0 ? 0 : metHub
    const hub = met != 0 ? met : findHub(thing, worst, over)
    if (hub != 0) {
      wait(place, thing, hub, worst, met != 0 ? differs : foundUnlike)
      if (met != 0) learnHubs(worst)
      return
    }
  }
  clearSums()
  if (worst) {
    if (worth != 0) {
      degrade(queue, places)
      addMay(queue)
    }
    writeMay(place)
    if (isUnsure(place)) return writeNothing(place)
    if (differs) {
      if (tail - queue > (<usize>limit) << 2) return putUnlike(place)
      return count(place, false, 0)
    }
  }
  if (worth != 0) addBreaks(queue)
  writeBreaks(place)
}

function isUnsure(place: i32): bool {
  return unsure != 0 && load<u8>(unsure + <usize>place) != 0
}

/** `unlike`: the hub may fall with it in the worst case only. */
function wait(place: i32, thing: i32, hub: u32, worst: bool, unlike: bool): void {
  fallsWith(hub, thing, worst, unlike)
  const first = hubAt(hub) + WAITING
  store<i32>(nextWaiting + ((<usize>place) << 2), load<i32>(first) | (unlike ? UNLIKE : 0))
  store<i32>(first, place + 1)
  waiting++
}

function putUnlike(place: i32): void {
  store<i32>(nextWaiting + ((<usize>place) << 2), unlikeFirst)
  unlikeFirst = place + 1
}

function putAstray(place: i32): void {
  store<i32>(nextWaiting + ((<usize>place) << 2), astrayFirst)
  astrayFirst = place + 1
}

/** Counts whatever waits. */
export function settle(): void {
  countWaiting(true)
  while (unlikeFirst != 0) {
    const place = unlikeFirst - 1
    unlikeFirst = load<i32>(nextWaiting + ((<usize>place) << 2))
    count(place, false, 0)
  }
  countWaiting(false)
}

function countWaiting(worst: bool): void {
  // One that meets a larger hub waits again, for that.
  while (waiting > 0) {
    for (let hub: u32 = 2; hub < hubsEnd(); hub++) {
      if (load<i32>(hubAt(hub), WAITING) == 0) continue
      countUpon(hub, worst)
      const size = load<i32>(hubAt(hub), SIZE)
      while (astrayFirst != 0) {
        const place = astrayFirst - 1
        astrayFirst = load<i32>(nextWaiting + ((<usize>place) << 2))
        count(place, worst, size)
      }
    }
  }
}

/** What falls with a hub falls with everybody who waits for it: that is counted once, and the rest of each upon it. */
function countUpon(hub: u32, worst: bool): void {
  const at = hubAt(hub)
  let first = load<i32>(at, WAITING)
  store<i32>(at, 0, WAITING)
  fallOf(load<i32>(at), worst, ALL, NO_HUB)
  clearSums()
  if (worth != 0) {
    addBreaks(queue)
    if (worst) {
      degrade(queue, places)
      addMay(queue)
    }
  }
  keepSums()
  keep()
  while (first != 0) {
    const place = first - 1
    const next = load<i32>(nextWaiting + ((<usize>place) << 2))
    first = next & ~UNLIKE
    waiting--
    countOneUpon(place, load<i32>(at, SIZE), worst, next < 0)
    takeBack()
  }
}

/** `unlike`: what it is counted upon falls with it in the worst case, and perhaps not in the best. */
function countOneUpon(place: i32, size: i32, worst: bool, unlike: bool): void {
  const thing = thingAt(place)
  const from = tail
  const placesFrom = placesTail
  strike(thing)
  if (!spread(from, worst, from + ((<usize>(size + limit)) << 2), knownHubs(worst), size)) {
    if (metHub == 0) return putAstray(place)
    return wait(place, thing, metHub, worst, unlike || differs)
  }
  sumsAsKept()
  if (worst) {
    if (worth != 0) {
      degrade(from, placesFrom)
      addMay(from)
    }
    writeMay(place)
    if (isUnsure(place)) return writeNothing(place)
    if (unlike || differs) return putUnlike(place)
  }
  if (worth != 0) addBreaks(from)
  writeBreaks(place)
}
