import {
  bestHubs,
  CONFIRMED,
  counted,
  edgeCount,
  edges,
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
  out,
  OTHERS,
  places,
  queue,
  READS,
  reads,
  refused,
  ROW_SHIFT,
  rows,
  SIZE,
  SOFT,
  soft,
  SOFTENS,
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
/** Members of groups that were counted: from `counted` to here. */
let countedTail: usize = counted
/** The hub at which the last run was given up, 0: none. `differs` then says whether it falls in the worst case only. */
export let metHub: u32 = 0

/** For `spread`: whatever falls, all of it is wanted. */
export const ALL: usize = usize.MAX_VALUE
export const NO_HUB: i32 = i32.MAX_VALUE

/** How many of each group have to be lost, two words a group, is copied beside its count: all of it is zeros yet. */
export function prepareGroups(needs: usize): void {
  for (let group = 0; group < groupCount; group++)
    store<i64>(groups + ((<usize>group) << 4), load<i64>(needs + ((<usize>group) << 3)), 8)
}

/** Nobody is out from now on. */
export function begin(): void {
  if (epoch == 0xffff) {
    memory.fill(out, 0, (<usize>entities) << 1)
    memory.fill(refused, 0, (<usize>entities) << 1)
    memory.fill(soft, 0, (<usize>entities) << 1)
    memory.fill(reads, 0, (<usize>edgeCount) << 1)
    for (let group = 0; group < groupCount; group++) store<i32>(groups + ((<usize>group) << 4), 0)
    epoch = 0
  }
  epoch++
  differs = false
  tail = queue
  softTail = queue
  placesTail = places
  countedTail = counted
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
  const need: usize = worst ? 8 : 12
  let unlike: bool = false
  let end = tail
  for (let head = from; head < end; head += 4) {
    const entity = <usize>load<i32>(head)
    if (over != NO_HUB) {
      const hub = load<u16>(known + (entity << shift))
      if (hub != 0 && load<i32>(hubs + (<usize>(hub & HUB_NUMBER)) * HUB, SIZE) > over) {
        metHub = hub & HUB_NUMBER
        tail = end
        if (unlike || (hub & HUB_UNLIKE) != 0) differs = true
        return false
      }
    }
    if (end > stop) {
      metHub = 0
      tail = end
      return false
    }
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
        const group = groups + ((<usize>(word >> GROUP)) << 4)
        if (load<i32>(group, 8) != load<i32>(group, 12)) unlike = true
        if (!isLost(group, word, at, need, worst, now)) continue
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

/** One more member of a group does not hold: is the need lost with that? */
function isLost(group: usize, word: u32, at: usize, need: usize, worst: bool, now: u16): bool {
  if (worst && (word & CONFIRMED) == 0) return false
  if ((word & READS) != 0) {
    const read = reads + ((at - edges) >> 2)
    if (load<u16>(read) == now) return false
    store<u16>(read, now)
  }
  store<u32>(countedTail, <u32>at)
  countedTail += 4
  const count = load<i32>(group) == <i32>now ? load<i32>(group, 4) + 1 : 1
  store<i32>(group, now)
  store<i32>(group, count, 4)
  return count >= load<i32>(group + need)
}

/** A value is refused wherever it is held, and whoever reads it there loses it. Did the cases differ? */
function refuse(credential: i32, worst: bool, now: u16): bool {
  const need: usize = worst ? 8 : 12
  let unlike: bool = false
  let over = HOLDS
  let place = <usize>credential
  for (let next = placesTail; ; next += 4) {
    const row = rows + (place << ROW_SHIFT)
    const last = load<u32>(row, LAST) & ~SOFTENS
    for (let at = <usize>load<u32>(row); at < last; at += 8) {
      const word = load<u32>(at, 4)
      if ((word & SOFT) != 0) break
      const other = load<i32>(at)
      if ((word & OTHERS) == 0) {
        const mark = out + ((<usize>other) << 1)
        if (over == HOLDS || (word & READS) == 0 || load<u16>(mark) == now) continue
        if (word >> GROUP == 0) {
          if ((word & CONFIRMED) == 0) {
            unlike = true
            if (!worst) continue
          }
        } else {
          const group = groups + ((<usize>(word >> GROUP)) << 4)
          if (load<i32>(group, 8) != load<i32>(group, 12)) unlike = true
          if (!isLost(group, word, at, need, worst, now)) continue
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
    if (load<u16>(out + (entity << 1)) != epoch) softOf(entity, true)
  }
}

/** Who is degraded by one who is out, and is not out. Behind `softTail`, which begins at `tail`. */
export function softOf(entity: usize, onlyReads: bool): void {
  const now = epoch
  const row = rows + (entity << ROW_SHIFT)
  const first = <usize>load<u32>(row)
  // Soft needs stand at the end of a row.
  for (let at = <usize>(load<u32>(row, LAST) & ~SOFTENS) - 8; at >= first; at -= 8) {
    const word = load<u32>(at, 4)
    if ((word & SOFT) == 0) return
    if (onlyReads && (word & READS) == 0) continue
    const dependent = load<i32>(at)
    const mark = soft + ((<usize>dependent) << 1)
    if (word >> GROUP != 0 && !isLost(groups + ((<usize>(word >> GROUP)) << 4), word, at, 8, true, now)) continue
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
}

/** As it was when it was kept. */
export function takeBack(): void {
  for (let at = keptTail; at < tail; at += 4) store<u16>(out + ((<usize>load<i32>(at)) << 1), 0)
  for (let at = tail; at < softTail; at += 4) store<u16>(soft + ((<usize>load<i32>(at)) << 1), 0)
  for (let at = keptPlaces; at < placesTail; at += 4) store<u16>(refused + ((<usize>load<i32>(at)) << 1), 0)
  for (let at = keptCounted; at < countedTail; at += 4) {
    const edge = <usize>load<u32>(at)
    const word = load<u32>(edge, 4)
    const group = groups + ((<usize>(word >> GROUP)) << 4)
    store<i32>(group, load<i32>(group, 4) - 1, 4)
    if ((word & READS) != 0) store<u16>(reads + ((edge - edges) >> 2), 0)
  }
  tail = softTail = keptTail
  placesTail = keptPlaces
  countedTail = keptCounted
  differs = keptDiffers
}
