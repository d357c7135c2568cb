import { ALL, differs, keep, metHub, NO_HUB, placesTail, spread, strike, tail, takeBack } from './closure'
import { fallOf, fallsWith, findHub, findLarger, forgetMisses, foundUnlike, hubAt, hubThatWasMet, learnWay, lostKept } from './hubs'
import { entities, hasWorth, limit, LOOKED, places, queue, REST, SIZE, SPENT, things, unsure } from './state'
import { addBreaks, addMay, clearSums, keepSums, sumsAsKept, writeBreaks, writeMay, writeNothing } from './sums'
import { letGo, putWaiting, takeHeld, takeHub, takenUnlike, takeWaiting, UNLIKE_LIST } from './waiting'

/** So many rows this worker wrote. */
let written: i32 = 0
/** Where so many times its own fall was spent upon a hub, a larger one is looked for; */
const DEAR: i64 = 2
/** after each time that there was none only for twice as much, up to so often; */
const MOST_LOOKS: i64 = 8
/** one that was found counts as so much less: mostly it is that of those who follow, too, but it may be one of a kind. */
const NOT_FOUND: i32 = 4

/** Before a worker's first thing of a ranking. */
export function open(): void {
  forgetMisses()
  written = 0
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function thingAt(place: i32): i32 {
  return load<i32>(things + ((<usize>place) << 2))
}

/** Counts things from one place to another; one whose fall is large waits for its hub. So many rows this worker wrote by now. */
export function countEach(from: i32, to: i32): i32 {
  for (let place = from; place < to; place++) count(place, true)
  return written
}

/** Counts some of what waits, of whomever. So many rows this worker wrote by now; negative: nothing waits that is its to do. */
export function settle(): i32 {
  let hub = takeHub(true)
  if (hub != 0) {
    countUpon(hub, true)
    return written
  }
  let place = takeWaiting(UNLIKE_LIST)
  if (place >= 0) {
    for (; place >= 0; place = takeWaiting(UNLIKE_LIST)) count(place, false)
    return written
  }
  hub = takeHub(false)
  if (hub == 0) return -1
  countUpon(hub, false)
  return written
}

function count(place: i32, worst: bool): void {
  const thing = thingAt(place)
  if (!fallOf(thing, worst, limit < entities ? queue + ((<usize>limit) << 2) : ALL, 0)) {
    const hub = metHub != 0 ? hubThatWasMet(worst) : findHub(thing, worst)
    if (hub != 0) {
      fallsWith(hub, thing, worst, foundUnlike)
      return putWaiting(hub, place, foundUnlike)
    }
  }
  clearSums()
  write(place, worst, queue, places, false)
}

/** Adds up whoever is out from `from` on. `unlike`: what it is counted upon falls in the worst case, and perhaps not in the best. */
function write(place: i32, worst: bool, from: usize, placesFrom: usize, unlike: bool): void {
  if (worst) {
    const isUnsure = unsure != 0 && load<u8>(unsure + <usize>place) != 0
    const isUnlike = unlike || differs
    if (hasWorth) addMay(from, placesFrom, !isUnsure && !isUnlike)
    writeMay(place)
    if (isUnsure) {
      writeNothing(place)
      written++
      return
    }
    if (isUnlike) {
      // Upon a hub: what is kept of it is needed still.
      if (from != queue || tail - queue > (<usize>limit) << 2) return putWaiting(UNLIKE_LIST, place, false)
      return count(place, false)
    }
  } else if (hasWorth) addBreaks(from)
  writeBreaks(place)
  written++
}

/** What falls with a hub falls with everybody who waits for it: that is counted once, and the rest of each upon it. */
function countUpon(hub: u32, worst: bool): void {
  const at = hubAt(hub)
  const size = load<i32>(at, SIZE)
  let place = takeWaiting(hub)
  if (place >= 0) {
    fallOf(load<i32>(at), worst, ALL, NO_HUB)
    clearSums()
    if (hasWorth) {
      if (worst) addMay(queue, places, true)
      else addBreaks(queue)
    }
    keepSums()
    keep()
    while (place >= 0) {
      countOneUpon(place, at, size, worst, takenUnlike)
      takeBack()
      place = looks ? takeHeld() : takeWaiting(hub)
      if (place < 0 && looks && lookForLarger(hub, at, worst)) place = takeWaiting(hub)
    }
  }
  letGo(hub)
}

/** Looks for a larger hub than the one that is kept. False: that is gone now. */
function lookForLarger(hub: u32, at: usize, worst: bool): bool {
  const isFound = findLarger(thingAt(lookFrom), hub, worst)
  atomic.store<i32>(at, ~load<i32>(at, LOOKED) + (isFound ? 1 : NOT_FOUND), LOOKED)
  looks = false
  return !lostKept
}

/** This worker looks for a larger hub than the one it counts upon, from the thing in this place. */
let looks: bool = false
let lookFrom: i32 = 0

/**
 * More was spent upon a hub, by whomever, than looking for a larger one costs; where that found none, it is done seldom. Of
 * several workers one looks, from the one that made it too much: that is like those of which most is spent, most likely, if not
 * less fell beside it than beside those before.
 */
function lookWhereDear(hub: usize, size: i32, place: i32, rest: i32): void {
  const before = load<i32>(hub, REST)
  store<i32>(hub, before + ((rest - before) >> 2), REST)
  const spent = atomic.add<i64>(hub, rest, SPENT) + rest
  const looked = atomic.load<i32>(hub, LOOKED)
  if (looks || rest <= limit * 2 || rest < before || looked < 0 || spent <= (<i64>size * DEAR) << min(<i64>(looked / NOT_FOUND), MOST_LOOKS)) return
  if (atomic.cmpxchg<i32>(hub, looked, ~looked, LOOKED) != looked) return
  looks = true
  lookFrom = place
  atomic.store<i64>(hub, 0, SPENT)
}

/** `unlike`: what it is counted upon falls with it in the worst case, and perhaps not in the best. */
function countOneUpon(place: i32, hub: usize, size: i32, worst: bool, unlike: bool): void {
  const thing = thingAt(place)
  const from = tail
  const placesFrom = placesTail
  strike(thing)
  if (!spread(from, worst, ALL, size)) {
    learnWay(from, worst)
    fallsWith(metHub, thing, worst, unlike || differs)
    return putWaiting(metHub, place, unlike || differs)
  }
  const rest = <i32>((tail - from) >> 2)
  lookWhereDear(hub, size, place, rest)
  sumsAsKept()
  write(place, worst, from, placesFrom, unlike)
}
