import {
  bitsAt, bitsOfClass, CARRIES, CHANNEL, CLASS, classes, CONFIRMED, DOWN, endOf, ENTITY, entities, firstOf, FLAGS,
  FULL_QUEUE, groupConfirmed, groupCount, groupEnd, groupOfSlot, groups, groupStart, HOLDS, inStart, isAnyEarlier,
  LINE_DOWN, LINE_LOST, LINE_SESSION, lineAt, LOST_AT, mask, NEVER, PLAIN, putSeconds, queue, QUEUED, queueEnd, READS,
  ROW, rowOf, rows, secondsAt, slotAt, slots, SOFT, SOFTENED, STRUCK, TANGLED,
} from './ground'
import { places, placeCount, walkCopies } from './copies'

/** Rows that were met. */
export let count: u32 = 0
let base: u32 = 1
/** Of the question. */
let stamp: i32 = 0
let worstMoment: f64 = 0
let bestMoment: f64 = 0
let tail: usize = 0
let failed: i32 = 0
/** What was only looked at so that it is near when it is needed. */
let near: u32 = 0

/** The moments of both runs. */
// @ts-ignore: decorator
@inline
export function moments(): v128 {
  return f64x2.replace_lane(f64x2.splat(worstMoment), 1, bestMoment)
}

/** Nothing is met yet. Numbers that ran out: once in thousands of millions of rows everything is cleared. */
export function begin(worst: f64, best: f64): void {
  memory.fill(rows, 0, <usize>count << ROW)
  base += count
  count = 0
  if (base > 0xffffffff - entities - 1) {
    memory.fill(rowOf, 0, <usize>entities << 2)
    base = 1
  }
  if (stamp == i32.MAX_VALUE) {
    memory.fill(groups, 0, <usize>groupCount << 4)
    stamp = 0
  }
  stamp++
  worstMoment = worst
  bestMoment = best
  tail = queue
  failed = 0
}

export function strike(entity: u32): void {
  const row = met(entity)
  store<u32>(row, load<u32>(row, FLAGS) | STRUCK, FLAGS)
  enqueue(row)
}

export function cut(edge: usize): void {
  const word = load<u32>(edge, 4)
  const bits = bitsAt(word)
  if ((bits & DOWN) != 0 || (bits & CHANNEL) == CARRIES)
    offer(edge, word, bits, f64x2.add(moments(), v128.load(lineAt(word), LINE_DOWN)))
}

/** Row of an entity, made where it has none. */
export function met(entity: u32): usize {
  const at = rowOf + (<usize>entity << 2)
  const number = load<u32>(at) - base
  if (number < count) return rows + (<usize>number << ROW)
  const row = rows + (<usize>count << ROW)
  store<u32>(at, base + count)
  store<u32>(row, entity, ENTITY)
  count++
  return row
}

/** Row of an entity that has one. */
// @ts-ignore: decorator
@inline
export function rowOfMet(entity: u32): usize {
  return rows + (<usize>(load<u32>(rowOf + (<usize>entity << 2)) - base) << ROW)
}

function enqueue(row: usize): void {
  if (load<u32>(row, QUEUED) != 0) return
  if (tail + 4 > queueEnd) {
    failed = FULL_QUEUE
    return
  }
  store<u32>(row, 1, QUEUED)
  store<u32>(tail, <u32>row)
  tail += 4
}

/**
 * Hands the outage of whoever is in the queue to whoever needs it, until nothing starts earlier for it. Most edges are
 * needs of their own: for these there is no branch to guess, whether the dependent was met before or not and whether it
 * starts earlier or not, as it would be guessed wrong every other time.
 * @returns what was full, or 0.
 */
export function follow(): i32 {
  const lines = classes
  const bitsFrom = bitsOfClass
  const low = mask
  const known = rowOf
  const all = rows
  const from0 = base
  const never = i64x2.splat(NEVER)
  const change = moments()
  for (let head = queue; head < tail; head += 4) {
    // Rows that come soon; behind the tail stands what was there before, which may be looked at as well.
    near ^= load<u32>(inStart + (<usize>load<u32>(load<u32>(head, 32), ENTITY) << 2))
    near ^= load<u32>(firstOf(load<u32>(load<u32>(head, 12), ENTITY)))
    const row = load<u32>(head)
    const entity = load<u32>(row, ENTITY)
    const needs = v128.xor(v128.load(row), never)
    store<u32>(row, 0, QUEUED)
    let start = needs
    if ((load<u32>(row, FLAGS) & STRUCK) != 0) start = f64x2.pmin(needs, change)
    const first = firstOf(entity)
    const end = endOf(entity)
    let last = tail
    // Each edge adds at most one.
    if (last + ((end - first) >> 1) > queueEnd) failed = FULL_QUEUE
    if (failed != 0) return isTangled() ? TANGLED : failed
    let total = count
    let isHeld: u32 = 0
    for (let at = first; at < end; at += 8) {
      const word = load<u32>(at, 4)
      const number = <usize>(word & low)
      const bits = load<u32>(bitsFrom + (number << 2))
      if (u32(word > low) | u32((bits & PLAIN) == 0)) {
        count = total
        tail = last
        isHeld |= handOther(at, word, bits, row, needs, start)
        total = count
        last = tail
        continue
      }
      const from = f64x2.add(start, v128.load(lines + (number << CLASS)))
      const dependent = load<u32>(at)
      const place = known + (<usize>dependent << 2)
      const which = load<u32>(place) - from0
      const isNew = <u32>(which >= total)
      const one = which + ((total - which) & (0 - isNew))
      const found = all + (<usize>one << ROW)
      const soft = (bits & SOFT) << SOFTENED
      const cell = found + soft
      const old = v128.xor(v128.load(cell), never)
      store<u32>(place, from0 + one)
      v128.store(cell, v128.xor(f64x2.pmin(old, from), never))
      store<u32>(found, dependent, ENTITY)
      store<u32>(last, <u32>found)
      const waits = load<u32>(found, QUEUED)
      const wakes = <u32>isAnyEarlier(from, old) & <u32>(soft == 0) & (waits ^ 1)
      store<u32>(found, waits | wakes, QUEUED)
      last += <usize>wakes << 2
      total += isNew
    }
    count = total
    tail = last
    if (isHeld != 0) refuseCopies(row, needs)
  }
  return failed != 0 && isTangled() ? TANGLED : failed
}

/** More were handed on than things in any sensible estate are. */
function isTangled(): bool {
  return (tail - queue) >> 2 > <usize>(count + 1024) << 3
}

/** Needs with alternatives, and values. Returns whether the value of what fails lies in places. */
function handOther(at: usize, word: u32, bits: u32, row: usize, needs: v128, start: v128): u32 {
  const line = lineAt(word)
  if ((bits & DOWN) != 0) offer(at, word, bits, f64x2.add(start, v128.load(line, LINE_DOWN)))
  else if ((bits & CHANNEL) == CARRIES) {
    offer(at, word, bits, f64x2.add(needs, v128.load(line, LINE_LOST)))
    if ((load<u32>(row, FLAGS) & STRUCK) != 0) offer(at, word, bits, f64x2.add(moments(), v128.load(line, LINE_SESSION)))
  } else return <u32>((bits & CHANNEL) == HOLDS)
  return 0
}

/** An edge that does not hold from these moments on, to the need it belongs to. */
function offer(at: usize, word: u32, bits: u32, given: v128): void {
  const never = f64x2.splat(Infinity)
  let from = given
  if (!isAnyEarlier(from, never)) return
  const slot = slotAt(at, word)
  // Alternatives that are not confirmed save nobody in the worst case, and in the best only confirmed needs count.
  if ((bits & CONFIRMED) == 0)
    from = slot != 0 ? f64x2.replace_lane(from, 0, Infinity) : f64x2.replace_lane(from, 1, Infinity)
  if (slot != 0) from = slotOut(slot, from)
  if (!isAnyEarlier(from, never)) return
  const row = met(load<u32>(at))
  const cell = row + ((bits & SOFT) << SOFTENED)
  const old = secondsAt(cell)
  if (!isAnyEarlier(from, old)) return
  putSeconds(cell, f64x2.pmin(old, from))
  if ((bits & SOFT) == 0) enqueue(row)
}

/** Notes that a slot is out; the moments its whole group is, Infinity while it holds. */
function slotOut(slot: u32, from: v128): v128 {
  const never = f64x2.splat(Infinity)
  const group = load<u32>(groupOfSlot + (<usize>slot << 2))
  const first = load<u32>(groupStart + (<usize>group << 2))
  const size = load<u32>(groupEnd + (<usize>group << 2)) - first
  const confirmed = load<u32>(groupConfirmed + (<usize>group << 2))
  const state = groups + (<usize>group << 4)
  const members = slots + (<usize>first << 4)
  if (load<i32>(state) != stamp) {
    store<i32>(state, stamp)
    store<u64>(state, 0, 8)
    for (let i: u32 = 0; i < size; i++) v128.store(members + (<usize>i << 4), never)
  }
  const at = slots + (<usize>slot << 4)
  const old = v128.load(at)
  if (!isAnyEarlier(from, old)) return never
  const next = f64x2.pmin(old, from)
  v128.store(at, next)
  // How many are out, of either run.
  const came = v128.and(f64x2.eq(old, never), f64x2.lt(next, never))
  const worst = load<u32>(state, 8) + <u32>(i64x2.extract_lane(came, 0) & 1)
  const best = load<u32>(state, 12) + <u32>(i64x2.extract_lane(came, 1) & 1)
  store<u32>(state, worst, 8)
  store<u32>(state, best, 12)
  if (worst < confirmed && best < size) return never
  // The confirmed ones come first, and no others count in the worst case.
  let latest = next
  for (let i: u32 = 0; i < confirmed; i++) latest = f64x2.pmax(latest, v128.load(members + (<usize>i << 4)))
  const ofWorst = f64x2.extract_lane(latest, 0)
  for (let i = confirmed; i < size; i++) latest = f64x2.pmax(latest, v128.load(members + (<usize>i << 4)))
  return f64x2.replace_lane(latest, 0, ofWorst)
}

/** The value of what fails is refused wherever it lies, and whoever reads it there loses it. */
function refuseCopies(credential: usize, needs: v128): void {
  const isStruck = (load<u32>(credential, FLAGS) & STRUCK) != 0
  const isLost = isAnyEarlier(needs, f64x2.splat(Infinity))
  if (!isStruck && !isLost) return
  walkCopies(load<u32>(credential, ENTITY))
  for (let i: u32 = 0; i < placeCount; i++) {
    const word = load<u32>(places + (<usize>i << 2))
    const runs = word & 3
    const place = <usize>(word ^ runs)
    if (isStruck) {
      const flags = load<u32>(place, FLAGS)
      if ((runs & ~flags) != 0) {
        store<u32>(place, flags | runs, FLAGS)
        refuse(place, inRuns(moments(), runs), LINE_SESSION)
      }
    }
    if (!isLost) continue
    const from = inRuns(needs, runs)
    const known = secondsAt(place + LOST_AT)
    if (!isAnyEarlier(from, known)) continue
    putSeconds(place + LOST_AT, f64x2.pmin(from, known))
    refuse(place, from, LINE_LOST)
  }
}

function inRuns(seconds: v128, runs: u32): v128 {
  return (runs & 2) != 0 ? seconds : f64x2.replace_lane(seconds, 1, Infinity)
}

function refuse(place: usize, from: v128, lead: usize): void {
  const entity = load<u32>(place, ENTITY)
  const end = endOf(entity)
  for (let at = firstOf(entity); at < end; at += 8) {
    const word = load<u32>(at, 4)
    const bits = bitsAt(word)
    if ((bits & CHANNEL) == READS) offer(at, word, bits, f64x2.add(from, v128.load(lineAt(word) + lead)))
  }
}
