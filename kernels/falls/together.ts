import {
  aside,
  BREAKS,
  CERTAIN,
  CERTAIN_OUT,
  CONFIRMED,
  DEPENDENT,
  edges,
  entities,
  falls,
  GROUP,
  groups,
  HOLDS,
  members,
  memberStart,
  met,
  OTHER,
  OTHERS,
  outBits,
  places,
  planes,
  POSSIBLE_OUT,
  queue,
  READS,
  refusedBits,
  ring,
  ROW,
  SOFT,
  softBits,
  start,
  systemBits,
  SYSTEMS,
  systems,
  things,
  TIER1,
  tier1,
  UNKNOWN,
  unsure,
  waits,
  WEIGHT,
  worth,
} from './state'

/** Sums of 128 things at once: digit `k` of each sum is a bit of plane `k`; eight sums of 32 digits. */
const SUM: usize = 512
const MAY: usize = 0
const MAY_WEIGH: usize = 1
const POSSIBLE: usize = 2
const CERTAINLY: usize = 3
const BROKEN: usize = 4
const WEIGH: usize = 5
const SYSTEMS_HIT: usize = 6
const TIER1_HIT: usize = 7
const SUMS: usize = 8

let head: i32 = 0
let tail: i32 = 0
let metCount: i32 = 0
let unlike: bool = false

/** Counts the things at `aside[first]` and the following, 128 at most: a bit each, and all of them in one pass. */
export function countTogether(first: i32, count: i32): void {
  memory.fill(planes, 0, SUMS * SUM)
  unlike = false
  let anyUnsure = false
  for (let i = 0; i < count; i++) {
    const place = load<i32>(aside + ((<usize>(first + i)) << 2))
    if (unsure != 0 && load<u8>(unsure + <usize>place) != 0) anyUnsure = true
    strike(place, i)
  }
  spread(true)
  tallyWorst()
  if (unlike || anyUnsure) {
    clear()
    for (let i = 0; i < count; i++) {
      const place = load<i32>(aside + ((<usize>(first + i)) << 2))
      if (unsure == 0 || load<u8>(unsure + <usize>place) == 0) strike(place, i)
    }
    spread(false)
  }
  tallyBest()
  clear()
  for (let i = 0; i < count; i++) writeRow(load<i32>(aside + ((<usize>(first + i)) << 2)), i)
}

function strike(place: i32, lane: i32): void {
  const thing = load<i32>(things + ((<usize>place) << 2))
  const low = lane < 64 ? (<i64>1) << lane : 0
  const high = lane < 64 ? 0 : (<i64>1) << (lane - 64)
  add(thing, i64x2.replace_lane(i64x2.splat(low), 1, high))
}

/** Until nobody is out who was not before: whoever waits has dependents that do not know it yet. */
function spread(worst: bool): void {
  while (head != tail) {
    const entity = <usize>load<i32>(ring + ((<usize>head) << 2))
    head = head == entities ? 0 : head + 1
    store<u8>(waits + entity, 0)
    walk(entity, worst)
  }
}

function walk(entity: usize, worst: bool): void {
  const lost = v128.load(outBits + (entity << 4))
  const without = v128.load(refusedBits + (entity << 4))
  const row = start + (entity << 2)
  const last = edges + ((<usize>load<i32>(row, 4)) << 3)
  for (let at = edges + ((<usize>load<i32>(row)) << 3); at < last; at += 8) {
    const word = load<u32>(at, 4)
    const other = load<i32>(at)
    if ((word & OTHERS) == 0) {
      let bits = (word & READS) != 0 ? v128.or(lost, without) : lost
      if (!v128.any_true(v128.andnot(bits, v128.load(outBits + ((<usize>other) << 4))))) continue
      if (word >> GROUP == 0) {
        if ((word & CONFIRMED) == 0) {
          unlike = true
          if (!worst) continue
        }
      } else {
        const group = groups + ((<usize>(word >> GROUP)) << 4)
        if (load<i32>(group, 8) != load<i32>(group, 12)) unlike = true
        if (worst && (word & CONFIRMED) == 0) continue
        bits = ofAll(<usize>(word >> GROUP), load<i32>(group + (worst ? 8 : 12)))
      }
      add(other, bits)
      continue
    }
    if ((word & SOFT) != 0) break
    const bits = (word & HOLDS) != 0 ? lost : without
    if (!v128.any_true(v128.andnot(bits, v128.load(refusedBits + ((<usize>other) << 4))))) continue
    if ((word & CONFIRMED) == 0) {
      unlike = true
      if (!worst) continue
    }
    refuse(other, bits)
  }
}

/** For whom the first so many members of a group do not hold. */
function ofAll(group: usize, count: i32): v128 {
  let bits = i64x2.splat(-1)
  let at = members + ((<usize>load<i32>(memberStart + (group << 2))) << 3)
  for (const last = at + ((<usize>count) << 3); at < last && v128.any_true(bits); at += 8) {
    const source = (<usize>load<i32>(at)) << 4
    let lost = v128.load(outBits + source)
    if ((load<u32>(at, 4) & READS) != 0) lost = v128.or(lost, v128.load(refusedBits + source))
    bits = v128.and(bits, lost)
  }
  return bits
}

function add(entity: i32, bits: v128): void {
  const at = (<usize>entity) << 4
  const before = v128.load(outBits + at)
  if (!v128.any_true(v128.andnot(bits, before))) return
  meet(entity, before, v128.load(refusedBits + at))
  v128.store(outBits + at, v128.or(before, bits))
}

function refuse(entity: i32, bits: v128): void {
  const at = (<usize>entity) << 4
  const before = v128.load(refusedBits + at)
  meet(entity, before, v128.load(outBits + at))
  v128.store(refusedBits + at, v128.or(before, bits))
}

function meet(entity: i32, one: v128, two: v128): void {
  if (!v128.any_true(v128.or(one, two))) {
    store<i32>(met + ((<usize>metCount) << 2), entity)
    metCount++
  }
  wait(entity)
}

function wait(entity: i32): void {
  const flag = waits + <usize>entity
  if (load<u8>(flag) != 0) return
  store<u8>(flag, 1)
  store<i32>(ring + ((<usize>tail) << 2), entity)
  tail = tail == entities ? 0 : tail + 1
}

function clear(): void {
  const none = i64x2.splat(0)
  for (let i = 0; i < metCount; i++) {
    const at = (<usize>load<i32>(met + ((<usize>i) << 2))) << 4
    v128.store(outBits + at, none)
    v128.store(refusedBits + at, none)
  }
  metCount = 0
  head = 0
  tail = 0
}

function plus(sum: usize, bits: v128, digit: usize): void {
  let carry = bits
  for (let plane = planes + sum * SUM + (digit << 4); v128.any_true(carry); plane += 16) {
    const before = v128.load(plane)
    v128.store(plane, v128.xor(before, carry))
    carry = v128.and(before, carry)
  }
}

function plusWeight(sum: usize, bits: v128, weight: u32): void {
  for (let rest = weight, digit: usize = 0; rest != 0; rest >>= 1, digit++) if ((rest & 1) != 0) plus(sum, bits, digit)
}

function tallyWorst(): void {
  for (let i = 0; i < metCount; i++) {
    const entity = <usize>load<i32>(met + ((<usize>i) << 2))
    const bits = v128.load(outBits + (entity << 4))
    plus(POSSIBLE, bits, 0)
    if (worth != 0) may(entity, bits)
  }
  if (worth == 0) return
  // The queue is empty: whoever is degraded is listed in it.
  let softCount = 0
  for (let i = 0; i < metCount; i++) softCount = degrade(<usize>load<i32>(met + ((<usize>i) << 2)), softCount)
  for (let i = 0; i < softCount; i++) {
    const entity = <usize>load<i32>(queue + ((<usize>i) << 2))
    const at = softBits + (entity << 4)
    may(entity, v128.andnot(v128.load(at), v128.load(outBits + (entity << 4))))
    v128.store(at, i64x2.splat(0))
  }
}

function may(entity: usize, bits: v128): void {
  const one = <u32>load<u16>(worth + (entity << 1))
  if ((one & 3) == OTHER) return
  plus(MAY, bits, 0)
  plusWeight(MAY_WEIGH, bits, one >> 2)
}

function degrade(entity: usize, softCount: i32): i32 {
  let count = softCount
  const lost = v128.load(outBits + (entity << 4))
  const without = v128.load(refusedBits + (entity << 4))
  const row = start + (entity << 2)
  const first = edges + ((<usize>load<i32>(row)) << 3)
  for (let at = edges + ((<usize>load<i32>(row, 4)) << 3) - 8; at >= first; at -= 8) {
    const word = load<u32>(at, 4)
    if ((word & SOFT) == 0) break
    let bits = (word & READS) != 0 ? v128.or(lost, without) : lost
    if (word >> GROUP != 0) {
      if ((word & CONFIRMED) == 0) continue
      bits = ofAll(<usize>(word >> GROUP), load<i32>(groups + ((<usize>(word >> GROUP)) << 4), 8))
    }
    if (!v128.any_true(bits)) continue
    const dependent = load<i32>(at)
    const mark = softBits + ((<usize>dependent) << 4)
    const before = v128.load(mark)
    if (!v128.any_true(before)) {
      store<i32>(queue + ((<usize>count) << 2), dependent)
      count++
    }
    v128.store(mark, v128.or(before, bits))
  }
  return count
}

function tallyBest(): void {
  let hit = 0
  for (let i = 0; i < metCount; i++) {
    const entity = <usize>load<i32>(met + ((<usize>i) << 2))
    const bits = v128.load(outBits + (entity << 4))
    plus(CERTAINLY, bits, 0)
    if (worth == 0) continue
    const one = <u32>load<u16>(worth + (entity << 1))
    if ((one & 3) != DEPENDENT) continue
    plus(BROKEN, bits, 0)
    plusWeight(WEIGH, bits, one >> 2)
    const system = load<i32>(systems + (entity << 2))
    if (system < 0) continue
    const at = systemBits + ((<usize>system) << 4)
    const before = v128.load(at)
    if (!v128.any_true(before)) {
      store<i32>(places + ((<usize>hit) << 2), system)
      hit++
    }
    v128.store(at, v128.or(before, bits))
  }
  for (let i = 0; i < hit; i++) {
    const system = <usize>load<i32>(places + ((<usize>i) << 2))
    const at = systemBits + (system << 4)
    const bits = v128.load(at)
    plus(SYSTEMS_HIT, bits, 0)
    if (load<u8>(tier1 + system) != 0) plus(TIER1_HIT, bits, 0)
    v128.store(at, i64x2.splat(0))
  }
}

function sumOf(sum: usize, lane: i32): f64 {
  let value: u32 = 0
  for (let digit: usize = 0; digit < 32; digit++) {
    const byte = load<u8>(planes + sum * SUM + (digit << 4) + ((<usize>lane) >> 3))
    value |= (((<u32>byte) >> (lane & 7)) & 1) << (<u32>digit)
  }
  return <f64>value
}

function writeRow(place: i32, lane: i32): void {
  const row = falls + <usize>place * ROW
  store<f64>(row, sumOf(CERTAINLY, lane), CERTAIN_OUT)
  store<f64>(row, sumOf(POSSIBLE, lane), POSSIBLE_OUT)
  if (worth == 0) return
  const weigh = sumOf(WEIGH, lane)
  const breaks = sumOf(BROKEN, lane)
  store<f64>(row, weigh * CERTAIN + (sumOf(MAY_WEIGH, lane) - weigh), WEIGHT)
  store<f64>(row, breaks, BREAKS)
  store<f64>(row, sumOf(MAY, lane) - breaks, UNKNOWN)
  store<f64>(row, sumOf(SYSTEMS_HIT, lane), SYSTEMS)
  store<f64>(row, sumOf(TIER1_HIT, lane), TIER1)
}
