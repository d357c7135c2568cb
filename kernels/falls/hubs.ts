import { ALL, begin, differs, givenUpAt, metHub, metUnlike, NO_HUB, spread, strike, tail, takeBack, takenBy } from './closure'
import {
  asked,
  bestHubs,
  CONFIRMED,
  FIRST_HUB,
  GROUP,
  HUB,
  HUB_NUMBER,
  HUB_UNLIKE,
  hubEnd,
  hubs,
  KNOWN,
  LAST,
  limit,
  MOST_HUBS,
  OF_BEST,
  OTHERS,
  queue,
  ROW_SHIFT,
  rows,
  SIZE,
  SOFTENS,
} from './state'

/** Its own fall is small: it falls with no hub. */
const NONE: u16 = 1
/** Of those who fall with a thing, so many with the longest rows are asked first whether they are its hub, */
const LONGEST: i32 = 32
/** among so many who fall first; */
const AMONG: i32 = 4096
/** and where very many fall, so many more from all over. */
const SPREAD: i32 = 1024
const VERY_MANY: i32 = 8
/** So many searches in a row found nothing. */
export let misses: i32 = 0

export function forgetMisses(): void {
  misses = 0
}

/** Behind the last hub. */
export function hubsEnd(): u32 {
  return min(atomic.load<u32>(hubEnd) + FIRST_HUB, MOST_HUBS)
}

export function hubAt(hub: u32): usize {
  return hubs + (<usize>hub) * HUB
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function known(thing: i32, worst: bool): usize {
  return worst ? rows + ((<usize>thing) << ROW_SHIFT) + KNOWN : bestHubs + ((<usize>thing) << 1)
}

/**
 * From now on it is known that the hub falls with this; `unlike`: in the worst case, and perhaps not in the best. Several
 * workers may say so of the same thing: each of it is true for good, so it does not matter which is kept.
 */
export function fallsWith(hub: u32, thing: i32, worst: bool, unlike: bool): void {
  atomic.store<u16>(known(thing, worst), <u16>hub | (unlike ? HUB_UNLIKE : 0))
}

/** Its number; 0: there are too many. */
function newHub(thing: i32, size: i32, worst: bool): u32 {
  if (hubsEnd() == MOST_HUBS) return 0
  // Each worker gets numbers of its own. Whoever looks at all hubs before the next lines sees one for whom nobody waits.
  const hub = atomic.add<u32>(hubEnd, 1) + FIRST_HUB
  if (hub >= MOST_HUBS) return 0
  const at = hubAt(hub)
  store<i32>(at, thing)
  store<i32>(at, worst ? 0 : 1, OF_BEST)
  atomic.store<i32>(at, size, SIZE)
  // After all else: from here on others meet it.
  fallsWith(hub, thing, worst, false)
  return hub
}

/** Of the hub that `findHub` gave: it may fall in the worst case only. */
export let foundUnlike: bool = false

/** The fall of one thing, up to a hub or up to so many. */
export function fallOf(thing: i32, worst: bool, stop: usize, over: i32): bool {
  begin()
  strike(thing)
  return spread(queue, worst, stop, over)
}

/** The hub at which `fallOf` was given up. */
export function hubThatWasMet(worst: bool): u32 {
  foundUnlike = differs
  learnWay(queue, worst)
  return metHub
}

/**
 * A hub for a thing whose `fallOf` was given up as too many fall: one that is met, or a new one, whose fall is a good part of
 * the thing's. 0: there is none that is worth it, and the thing's whole fall is as `fallOf` leaves it.
 */
export function findHub(thing: i32, worst: bool): u32 {
  if (!spread(givenUpAt, worst, ALL, 0)) return hubThatWasMet(worst)
  foundUnlike = differs
  const size = <i32>((tail - queue) >> 2)
  if (hubsEnd() == MOST_HUBS) return 0
  const candidates = listCandidates(queue, size)
  let most = 0
  let best = 0
  // Where nothing was found several times, less is looked at.
  let budget = size << 2 >> misses
  for (let i = 0; i < candidates && budget > 0; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    if (load<u16>(known(one, worst)) == NONE) continue
    if (!fallOf(one, worst, ALL, 0)) {
      misses = 0
      fallsWith(metHub, one, worst, differs)
      learnWay(queue, worst)
      foundUnlike = foundUnlike || differs
      return metHub
    }
    const count = <i32>((tail - queue) >> 2)
    budget -= count
    if (count > most) {
      most = count
      best = one
    }
    if (count > size >> 1) break
    if (count <= limit) fallsWith(NONE, one, worst, false)
  }
  if (most > limit && most > size >> 3) {
    misses = 0
    const hub = newHub(best, most, worst)
    if (hub != 0) return hub
  }
  misses = min(misses + 1, 8)
  fallOf(thing, worst, ALL, NO_HUB)
  return 0
}

/** Whom a search asks: so many places of `asked`. */
function listCandidates(from: usize, size: i32): i32 {
  const count = listLongest(from, min(size, AMONG))
  if (size < limit * VERY_MANY) return count
  const step = size / SPREAD
  if (step == 0) return count
  for (let k = 0; k < SPREAD; k++)
    store<i32>(asked + ((<usize>(count + k)) << 2), load<i32>(from + ((<usize>(1 + k * step)) << 2)))
  return count + SPREAD
}

function listLongest(from: usize, among: i32): i32 {
  let count = 0
  for (let least = 1 << 12, below = i32.MAX_VALUE; least > 1 && count < LONGEST; below = least, least >>= 1)
    for (let i = 1; i < among && count < LONGEST; i++) {
      const one = load<i32>(from + ((<usize>i) << 2))
      const row = rows + ((<usize>one) << ROW_SHIFT)
      const length = <i32>((load<u32>(row, LAST) - load<u32>(row)) >> 3)
      if (length < least || length >= below) continue
      store<i32>(asked + ((<usize>count) << 2), one)
      count++
    }
  return count
}

/** `findLarger` made another run than upon what is kept, which is gone with that. */
export let lostKept: bool = false

/**
 * Makes a hub that is larger than this one, which is kept, for those who fall with it and with much beside it, as this thing
 * does: of whoever falls beside it, one that takes most of that with it, where the kept one falls with it, too. False: there is
 * none.
 */
export function findLarger(thing: i32, hub: u32, worst: bool): bool {
  const size = load<i32>(hubAt(hub), SIZE)
  const from = tail
  lostKept = false
  strike(thing)
  if (!spread(from, worst, ALL, size)) {
    learnWay(from, worst)
    takeBack()
    return false
  }
  const rest = <i32>((tail - from) >> 2)
  const candidates = listCandidates(from, rest)
  takeBack()
  let most = 0
  let best = 0
  let budget = rest << 2
  for (let i = 0; i < candidates && budget > 0; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    strike(one)
    const isWhole = spread(from, worst, ALL, size)
    const count = <i32>((tail - from) >> 2)
    takeBack()
    budget -= count
    if (!isWhole || count <= most) continue
    most = count
    best = one
    if (count > rest >> 1) break
  }
  if (most <= limit) return false
  // Where the kept one falls with it, its fall is that and what is beside it, and need not be counted from nothing.
  if ((load<u16>(known(best, worst)) & HUB_NUMBER) == hub) return newHub(best, size + most, worst) != 0
  lostKept = true
  if (!fallOf(best, worst, ALL, size - 1)) {
    if (metHub == hub) return newHub(best, size + most, worst) != 0
    spread(givenUpAt, worst, ALL, NO_HUB)
  }
  const all = <i32>((tail - queue) >> 2)
  return all > size && newHub(best, all, worst) != 0
}

/**
 * Who was met by the last run, which began at `from`, falls with a hub: so does everybody on the way there, as far back as each
 * takes the next with it alone. Whoever comes to one of them later need not follow it any further.
 */
export function learnWay(from: usize, worst: bool): void {
  const hub = metHub
  const size = load<i32>(hubAt(hub), SIZE)
  let unlike = metUnlike
  for (let at = givenUpAt; at > from; ) {
    const before = takenBy(at, from)
    const one = load<i32>(before)
    const sure: i32 = aloneTakes(one, load<i32>(at), worst)
    if (sure < 0) return
    if (sure == 0) unlike = true
    const place = known(one, worst)
    const old = load<u16>(place)
    if (old <= NONE || load<i32>(hubAt(old & HUB_NUMBER), SIZE) <= size) fallsWith(hub, one, worst, unlike)
    at = before
  }
}

/** 1: it takes the other with it for certain, 0: perhaps, -1: not alone. */
function aloneTakes(one: i32, other: i32, worst: bool): i32 {
  const row = rows + ((<usize>one) << ROW_SHIFT)
  const last = <usize>(load<u32>(row, LAST) & ~SOFTENS)
  for (let at = <usize>load<u32>(row); at < last; at += 8) {
    const word = load<u32>(at, 4)
    if ((word & OTHERS) != 0) return -1
    if (load<i32>(at) != other || word >> GROUP != 0) continue
    // Confirmed ones come first.
    return (word & CONFIRMED) != 0 ? 1 : worst ? 0 : -1
  }
  return -1
}
