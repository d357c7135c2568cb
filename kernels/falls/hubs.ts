import { ALL, begin, differs, metHub, NO_HUB, spread, strike, tail } from './closure'
import {
  asked,
  bestHubs,
  entities,
  HUB,
  HUB_UNLIKE,
  hubs,
  limit,
  MOST_HUBS,
  queue,
  SIZE,
  start,
  WAITING,
  worstHubs,
} from './state'

/** Hubs of both cases are numbered from 2 on. */
let hubEnd: u32 = 2
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
let misses: i32 = 0

/** As long as nothing is known. */
export function forgetHubs(): void {
  memory.fill(worstHubs, 0, (<usize>entities) << 1)
  memory.fill(bestHubs, 0, (<usize>entities) << 1)
  memory.fill(hubs, 0, 2 * HUB)
  hubEnd = 2
  misses = 0
}

export function hubsEnd(): u32 {
  return hubEnd
}

export function hubAt(hub: u32): usize {
  return hubs + (<usize>hub) * HUB
}

export function knownHubs(worst: bool): usize {
  return worst ? worstHubs : bestHubs
}

/** From now on it is known that the hub falls with this; `unlike`: in the worst case, and perhaps not in the best. */
export function fallsWith(hub: u32, thing: i32, worst: bool, unlike: bool): void {
  store<u16>(knownHubs(worst) + ((<usize>thing) << 1), <u16>hub | (unlike ? HUB_UNLIKE : 0))
}

/** Of the hub that `findHub` gave: it may fall in the worst case only. */
export let foundUnlike: bool = false

/** The fall of one thing, up to a hub or up to so many. */
export function fallOf(thing: i32, worst: bool, stop: usize, over: i32): bool {
  begin()
  strike(thing)
  return spread(queue, worst, stop, knownHubs(worst), over)
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
  if (hubEnd >= <u32>MOST_HUBS) return 0
  const candidates = listCandidates(size)
  let most = 0
  let best = 0
  // Where nothing was found several times, less is looked at.
  let budget = size << 2 >> misses
  for (let i = 0; i < candidates && budget > 0; i++) {
    const one = load<i32>(asked + ((<usize>i) << 2))
    const known = load<u16>(knownHubs(worst) + ((<usize>one) << 1))
    if (known == NONE) continue
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
    const at = hubAt(hubEnd)
    store<i32>(at, best)
    store<i32>(at, most, SIZE)
    store<i32>(at, 0, WAITING)
    fallsWith(hubEnd, best, worst, false)
    return hubEnd++
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
      const row = start + ((<usize>one) << 2)
      const length = load<i32>(row, 4) - load<i32>(row)
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
    if (load<u16>(knownHubs(worst) + ((<usize>one) << 1)) != 0) continue
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
    if (load<u16>(knownHubs(worst) + ((<usize>one) << 1)) != 0) continue
    if (fallOf(one, worst, queue + ((<usize>limit) << 2), 0)) fallsWith(NONE, one, worst, false)
    else if (metHub != 0) return fallsWith(metHub, one, worst, differs)
  }
}
