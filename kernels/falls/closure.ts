import {
  CONFIRMED,
  edgeCount,
  edges,
  entities,
  GROUP,
  groupCount,
  groups,
  HOLDS,
  LARGE,
  out,
  OTHERS,
  places,
  queue,
  READS,
  reads,
  refused,
  SOFT,
  soft,
  start,
  SYNCS,
  tags,
} from './state'

export let epoch: u16 = 0
/** The last closure met something that the two cases count differently. */
export let differs: bool = false
let tail: usize = 0
let placesTail: usize = 0

function nextEpoch(): u16 {
  if (epoch == 0xffff) {
    memory.fill(out, 0, (<usize>entities) << 1)
    memory.fill(refused, 0, (<usize>entities) << 1)
    memory.fill(soft, 0, (<usize>entities) << 1)
    memory.fill(reads, 0, (<usize>edgeCount) << 1)
    for (let group = 0; group < groupCount; group++) store<i32>(groups + ((<usize>group) << 4), 0)
    epoch = 0
  }
  return ++epoch
}

/**
 * Who is out when one thing stops now and for good: so many, in the queue. -1: more than `most`, which is given up; also
 * where somebody is out whose own fall is known to be large (`tags`), if `most` is a limit at all.
 */
export function closure(struck: i32, worst: bool, most: i32): i32 {
  const now = nextEpoch()
  const need: usize = worst ? 8 : 12
  const isLimited = most < entities
  const stop = queue + ((<usize>most) << 2)
  let unlike: bool = false
  store<u16>(out + ((<usize>struck) << 1), now)
  store<i32>(queue, struck)
  let end = queue + 4
  placesTail = places
  for (let head = queue; head < end; head += 4) {
    const entity = <usize>load<i32>(head)
    if (isLimited && (end > stop || load<u8>(tags + entity) == LARGE)) return -1
    const row = start + (entity << 2)
    const last = edges + ((<usize>load<i32>(row, 4)) << 3)
    let at = edges + ((<usize>load<i32>(row)) << 3)
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
  differs = unlike
  return <i32>((end - queue) >> 2)
}

/** One more member of a group does not hold: is the need lost with that? */
function isLost(group: usize, word: u32, at: usize, need: usize, worst: bool, now: u16): bool {
  if (worst && (word & CONFIRMED) == 0) return false
  if ((word & READS) != 0) {
    const read = reads + ((at - edges) >> 2)
    if (load<u16>(read) == now) return false
    store<u16>(read, now)
  }
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
    const row = start + (place << 2)
    const last = edges + ((<usize>load<i32>(row, 4)) << 3)
    for (let at = edges + ((<usize>load<i32>(row)) << 3); at < last; at += 8) {
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

/**
 * Who is degraded and not out, after a closure of the worst case: written behind the queue's own, so many.
 */
export function degrade(count: i32): i32 {
  const now = epoch
  const last = queue + ((<usize>count) << 2)
  tail = last
  for (let head = queue; head < last; head += 4) softOf(<usize>load<i32>(head), false, now)
  for (let place = places; place < placesTail; place += 4) {
    const entity = <usize>load<i32>(place)
    if (load<u16>(out + (entity << 1)) != now) softOf(entity, true, now)
  }
  return <i32>((tail - last) >> 2)
}

function softOf(entity: usize, onlyReads: bool, now: u16): void {
  const row = start + (entity << 2)
  const first = edges + ((<usize>load<i32>(row)) << 3)
  // Soft needs stand at the end of a row.
  for (let at = edges + ((<usize>load<i32>(row, 4)) << 3) - 8; at >= first; at -= 8) {
    const word = load<u32>(at, 4)
    if ((word & SOFT) == 0) return
    if (onlyReads && (word & READS) == 0) continue
    const dependent = load<i32>(at)
    const mark = soft + ((<usize>dependent) << 1)
    if (word >> GROUP != 0 && !isLost(groups + ((<usize>(word >> GROUP)) << 4), word, at, 8, true, now)) continue
    if (load<u16>(mark) == now || load<u16>(out + ((<usize>dependent) << 1)) == now) continue
    store<u16>(mark, now)
    store<i32>(tail, dependent)
    tail += 4
  }
}
