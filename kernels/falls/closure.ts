import {
  began,
  bestHubs,
  CONFIRMED,
  counted,
  entities,
  GROUP,
  groupCount,
  groups,
  HOLDS,
  HUB,
  HUB_NUMBER,
  HUB_UNLIKE,
  hubs,
  KNOWN,
  LAST,
  needs,
  out,
  OTHERS,
  places,
  queue,
  READS,
  readLoss,
  refused,
  ROW_SHIFT,
  rows,
  SIZE,
  SOFT,
  soft,
  SOFTENS,
  softLoss,
  SYNCS,
} from './state'

let epoch: u16 = 0
/** Something was met that the two cases count differently. */
export let differs: bool = false
/** Who is out: from `queue` to here. Behind them stands who is degraded, up to `softTail`. */
export let tail: usize = queue
export let softTail: usize = queue
/** Where values are refused: from `places` to here. */
export let placesTail: usize = places
/** Members of groups that were counted and may be taken back: from `counted` to here. */
let countedTail: usize = counted
/** 0: nothing will be taken back. */
let countedStep: usize = 0
/** The hub at which the last run was given up, 0: none. `differs` then says whether it falls in the worst case only. */
export let metHub: u32 = 0
/** Whoever was met falls with it in the worst case, and perhaps not in the best. */
export let metUnlike: bool = false
/** Where in the queue the last run was given up: whoever stands there was not followed yet. */
export let givenUpAt: usize = queue

/** For `spread`: whatever falls, all of it is wanted. */
export const ALL: usize = usize.MAX_VALUE
export const NO_HUB: i32 = i32.MAX_VALUE

/** Nobody is out from now on. */
export function begin(): void {
  if (epoch == 0xffff) {
    memory.fill(out, 0, (<usize>entities) << 1)
    memory.fill(refused, 0, (<usize>entities) << 1)
    memory.fill(readLoss, 0, (<usize>entities) << 1)
    memory.fill(softLoss, 0, (<usize>entities) << 1)
    memory.fill(soft, 0, (<usize>entities) << 1)
    memory.fill(groups, 0, (<usize>groupCount) << 2)
    epoch = 0
  }
  epoch++
  differs = false
  tail = queue
  softTail = queue
  placesTail = places
  countedTail = counted
  countedStep = 0
  keptSoftens = false
}

/** From now on `softOf` adds behind whoever is out. */
export function beginSoft(): void {
  softTail = tail
}

/** It stops now and for good. */
export function strike(thing: i32): void {
  const mark = out + ((<usize>thing) << 1)
  if (load<u16>(mark) == epoch) return
  store<u16>(mark, epoch)
  store<i32>(tail, thing)
  tail += 4
}

/**
 * Whoever is out from `from` on takes others with it, until nobody is new. False: given up, as more than `stop` (an address)
 * are out, or as somebody is with whom a hub is known to fall that is larger than `over`.
 */
export function spread(from: usize, worst: bool, stop: usize, over: i32): bool {
  const now = epoch
  // Other workers write what is known while it is read here, each number as a whole and after what it names: who does not see
  // it yet, or sees no size of it yet, knows less and counts more.
  const known = worst ? rows + KNOWN : bestHubs
  const shift: usize = worst ? ROW_SHIFT : 1
  const need = worst ? needs : needs + 4
  let unlike: bool = false
  let end = tail
  for (let head = from; head < end; head += 4) {
    const entity = <usize>load<i32>(head)
    if (over != NO_HUB) {
      const hub = load<u16>(known + (entity << shift))
      if (hub != 0 && load<i32>(hubs + (<usize>(hub & HUB_NUMBER)) * HUB, SIZE) > over) {
        metHub = hub & HUB_NUMBER
        metUnlike = (hub & HUB_UNLIKE) != 0
        givenUpAt = head
        tail = end
        if (unlike || metUnlike) differs = true
        return false
      }
    }
    if (end > stop) {
      metHub = 0
      givenUpAt = head
      tail = end
      if (unlike) differs = true
      return false
    }
    store<u32>(began + (head - queue), <u32>end)
    const row = rows + (entity << ROW_SHIFT)
    const last = load<u32>(row, LAST) & ~SOFTENS
    let at = <usize>load<u32>(row)
    // Needs of their own that are confirmed come first: written first and counted after, without a branch.
    for (; at < last; at += 8) {
      if ((load<u32>(at, 4) & ~READS) != CONFIRMED) break
      const dependent = load<i32>(at)
      const mark = out + ((<usize>dependent) << 1)
      store<i32>(end, dependent)
      end += (<usize>(load<u16>(mark) != now)) << 2
      store<u16>(mark, now)
    }
    let isHeld: bool = false
    for (; at < last; at += 8) {
      const word = load<u32>(at, 4)
      if ((word & OTHERS) != 0) {
        isHeld = (word & HOLDS) != 0
        break
      }
      const dependent = load<i32>(at)
      const mark = out + ((<usize>dependent) << 1)
      if (load<u16>(mark) == now) continue
      if (word >> GROUP == 0) {
        unlike = true
        if (!worst) continue
      } else {
        if (isUnlike(word)) unlike = true
        if ((word & READS) != 0 && load<u16>(readLoss + (entity << 1)) == now) continue
        if (!isLost(word, need, worst, now)) continue
      }
      store<u16>(mark, now)
      store<i32>(end, dependent)
      end += 4
    }
    if (isHeld) {
      tail = end
      if (refuse(<i32>entity, worst, now)) unlike = true
      end = tail
    }
  }
  tail = end
  if (unlike) differs = true
  return true
}

/** The place in the queue of whoever took the one at `at` with it, of those from `from` on. */
export function takenBy(at: usize, from: usize): usize {
  let low = from
  let high = at
  while (high - low > 4) {
    const mid = low + (((high - low) >> 3) << 2)
    if (<usize>load<u32>(began + (mid - queue)) <= at) low = mid
    else high = mid
  }
  return low
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function isUnlike(word: u32): bool {
  const need = needs + ((<usize>(word >> GROUP)) << 3)
  return load<i32>(need) != load<i32>(need, 4)
}

/** One more member of a group does not hold: is the need lost with that? */
function isLost(word: u32, need: usize, worst: bool, now: u16): bool {
  if (worst && (word & CONFIRMED) == 0) return false
  store<u32>(countedTail, word)
  countedTail += countedStep
  const group = <usize>(word >> GROUP)
  const at = groups + (group << 2)
  const lost = load<u32>(at)
  const count = lost >> 16 == <u32>now ? (lost & 0xffff) + 1 : 1
  store<u32>(at, ((<u32>now) << 16) | count)
  return count >= load<u32>(need + (group << 3))
}

/** A value is refused wherever it is held, and whoever reads it there loses it. Did the cases differ? */
function refuse(credential: i32, worst: bool, now: u16): bool {
  const need = worst ? needs : needs + 4
  let unlike: bool = false
  let over = HOLDS
  let place = <usize>credential
  for (let next = placesTail; ; next += 4) {
    // What reads at one who is out is counted with that, once.
    const isRead = over == SYNCS && load<u16>(out + (place << 1)) != now
    if (isRead) store<u16>(readLoss + (place << 1), now)
    const row = rows + (place << ROW_SHIFT)
    const last = load<u32>(row, LAST) & ~SOFTENS
    for (let at = <usize>load<u32>(row); at < last; at += 8) {
      const word = load<u32>(at, 4)
      if ((word & SOFT) != 0) break
      const other = load<i32>(at)
      if ((word & OTHERS) == 0) {
        const mark = out + ((<usize>other) << 1)
        if (!isRead || (word & READS) == 0 || load<u16>(mark) == now) continue
        if (word >> GROUP == 0) {
          if ((word & CONFIRMED) == 0) {
            unlike = true
            if (!worst) continue
          }
        } else {
          if (isUnlike(word)) unlike = true
          if (!isLost(word, need, worst, now)) continue
        }
        store<u16>(mark, now)
        store<i32>(tail, other)
        tail += 4
        continue
      }
      if ((word & over) == 0) continue
      if ((word & CONFIRMED) == 0) {
        unlike = true
        if (!worst) continue
      }
      const mark = refused + ((<usize>other) << 1)
      if (load<u16>(mark) == now) continue
      store<u16>(mark, now)
      store<i32>(placesTail, other)
      placesTail += 4
    }
    if (next >= placesTail) break
    place = <usize>load<i32>(next)
    over = SYNCS
  }
  return unlike
}

/** Who is degraded with whom the value is refused, of places from `place` on, in the worst case. */
export function degradeAt(place: usize): void {
  for (let at = place; at < placesTail; at += 4) {
    const entity = <usize>load<i32>(at)
    if (load<u16>(out + (entity << 1)) == epoch) continue
    softOf(entity, true)
    store<u16>(softLoss + (entity << 1), epoch)
  }
}

/** Who is degraded by one who is out, and is not out. Behind `softTail`, which begins at `tail`. */
export function softOf(entity: usize, onlyReads: bool): void {
  const now = epoch
  const row = rows + (entity << ROW_SHIFT)
  const first = <usize>load<u32>(row)
  const isRead = load<u16>(softLoss + (entity << 1)) == now
  // Soft needs stand at the end of a row.
  for (let at = <usize>(load<u32>(row, LAST) & ~SOFTENS) - 8; at >= first; at -= 8) {
    const word = load<u32>(at, 4)
    if ((word & SOFT) == 0) return
    if ((word & READS) != 0 ? isRead : onlyReads) continue
    const dependent = load<i32>(at)
    const mark = soft + ((<usize>dependent) << 1)
    if (word >> GROUP != 0 && !isLost(word, needs, true, now)) continue
    if (load<u16>(mark) == now || load<u16>(out + ((<usize>dependent) << 1)) == now) continue
    store<u16>(mark, now)
    store<i32>(softTail, dependent)
    softTail += 4
  }
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
export function isDegraded(entity: usize): bool {
  return load<u16>(soft + (entity << 1)) == epoch
}

/** What is out and degraded now stays; what comes after it can be taken back. */
let keptTail: usize = 0
let keptPlaces: usize = 0
let keptCounted: usize = 0
let keptDiffers: bool = false
/** Somebody is degraded of what is kept. */
export let keptSoftens: bool = false

export function keep(): void {
  keptTail = tail
  keptPlaces = placesTail
  keptCounted = countedTail
  keptDiffers = differs
  keptSoftens = softTail > tail
  softTail = tail
  countedStep = 4
}

/** As it was when it was kept. */
export function takeBack(): void {
  for (let at = keptTail; at < tail; at += 4) store<u16>(out + ((<usize>load<i32>(at)) << 1), 0)
  for (let at = tail; at < softTail; at += 4) store<u16>(soft + ((<usize>load<i32>(at)) << 1), 0)
  for (let at = keptPlaces; at < placesTail; at += 4) {
    const place = (<usize>load<i32>(at)) << 1
    store<u16>(refused + place, 0)
    store<u16>(readLoss + place, 0)
    store<u16>(softLoss + place, 0)
  }
  for (let at = keptCounted; at < countedTail; at += 4) {
    const group = groups + ((<usize>(load<u32>(at) >> GROUP)) << 2)
    store<u32>(group, load<u32>(group) - 1)
  }
  tail = softTail = keptTail
  placesTail = keptPlaces
  countedTail = keptCounted
  differs = keptDiffers
}
