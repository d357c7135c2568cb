import { ALL, begin, differs, metHub, NO_HUB, spread, strike, tail } from './closure'
import {
  asked,
  bestHubs,
  FIRST_HUB,
  HUB,
  HUB_UNLIKE,
  hubEnd,
  hubs,
  KNOWN,
  LAST,
  limit,
  MOST_HUBS,
  OF_BEST,
  queue,
  ROW_SHIFT,
  rows,
  SIZE,
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
/** Of those who fall first with one that met its hub late, so many are asked whether it is theirs. */
const TAUGHT: i32 = 24
const LATE: usize = 128 << 2
const VERY_LATE: usize = 2048 << 2

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

/**
 * A hub with which a thing falls whose own fall is larger than `over`: one that was met, or a new one, whose fall is a good
 * part of the thing's. 0: there is none that is worth it, and the thing's whole fall is as `fallOf` left it.
 */
export function findHub(thing: i32, worst: bool, over: i32): u32 {
  const isMet = !fallOf(thing, worst, ALL, over)
  foundUnlike = differs
  if (isMet) {
    const hub = metHub
    if (tail - queue > VERY_LATE) askLongest(worst, over)
    return hub
  }
  const size = <i32>((tail - queue) >> 2)
  if (hubsEnd() == MOST_HUBS) return 0
  const candidates = listCandidates(size)
  let most = 0
  let best = 0
  // Where nothing was found several times, less is looked at.
  let budget = size << 2 >> misses
  for (let i = 0; i < candidates && budget > 0; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    if (load<u16>(known(one, worst)) == NONE) continue
    if (!fallOf(one, worst, ALL, over)) {
      misses = 0
      fallsWith(metHub, one, worst, differs)
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
  if (most > max(limit, over) && most > size >> 3) {
    misses = 0
    const hub = newHub(best, most, worst)
    if (hub != 0) return hub
  }
  misses = min(misses + 1, 8)
  fallOf(thing, worst, ALL, NO_HUB)
  return 0
}

/** Whom a search asks: so many places of `asked`. */
function listCandidates(size: i32): i32 {
  const count = listLongest(min(size, AMONG))
  if (size < limit * VERY_MANY) return count
  const step = size / SPREAD
  if (step == 0) return count
  for (let k = 0; k < SPREAD; k++)
    store<i32>(asked + ((<usize>(count + k)) << 2), load<i32>(queue + ((<usize>(1 + k * step)) << 2)))
  return count + SPREAD
}

function listLongest(among: i32): i32 {
  let count = 0
  for (let least = 1 << 12, below = i32.MAX_VALUE; least > 1 && count < LONGEST; below = least, least >>= 1)
    for (let i = 1; i < among && count < LONGEST; i++) {
      const one = load<i32>(queue + ((<usize>i) << 2))
      const row = rows + ((<usize>one) << ROW_SHIFT)
      const length = <i32>((load<u32>(row, LAST) - load<u32>(row)) >> 3)
      if (length < least || length >= below) continue
      store<i32>(asked + ((<usize>count) << 2), one)
      count++
    }
  return count
}

/** A hub was met very late: one with a long row that falls early and leads to it is looked for, for those who come later. */
function askLongest(worst: bool, over: i32): void {
  const size = <i32>((tail - queue) >> 2)
  const candidates = listLongest(min(size, AMONG))
  let budget = size
  for (let i = 0; i < candidates && budget > 0; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    if (load<u16>(known(one, worst)) != 0) continue
    if (!fallOf(one, worst, ALL, over)) return fallsWith(metHub, one, worst, differs)
    const count = <i32>((tail - queue) >> 2)
    budget -= count
    if (count <= limit) fallsWith(NONE, one, worst, false)
  }
}

/**
 * A thing met a hub late: those of its first who fall with a hub, too, are told so, and whoever meets them later need not be
 * followed any further.
 */
export function learnHubs(worst: bool): void {
  if (tail - queue < LATE) return
  for (let i = 0; i < TAUGHT; i++) store<i32>(asked + ((<usize>i) << 2), load<i32>(queue + ((<usize>(i + 1)) << 2)))
  for (let i = 0; i < TAUGHT; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    if (load<u16>(known(one, worst)) != 0) continue
    if (fallOf(one, worst, queue + ((<usize>limit) << 2), 0)) fallsWith(NONE, one, worst, false)
    else if (metHub != 0) return fallsWith(metHub, one, worst, differs)
  }
}
