import {
  counters, entities, ENTITY, FLAGS, FULL_OUTPUT, isAnyEarlier, keys, NEVER, output, outputRows, ROW, rows, secondsAt,
  SOFT_AT, STRUCK,
} from './ground'
import { count, moments } from './spread'

/**
 * Everything out or degraded in either run, ascending, as columns: the entities (a multiple of eight bytes), then of the
 * worst and of the best run since when its needs fail, and since when it degrades (Infinity: never).
 * @returns twice the rows, and one more where the two runs are the same; or what was full.
 */
export function leave(): i32 {
  if (count > outputRows) return FULL_OUTPUT
  const size = select()
  return (size << 1) | <i32>fill(sorted(size), size)
}

/** Keys of what is shown: an entity, and where its row is. */
function select(): u32 {
  let last = keys
  for (let row = rows, end = rows + (<usize>count << ROW); row < end; row += 1 << ROW) {
    const numbers = v128.or(v128.load(row), v128.load(row, SOFT_AT))
    const isShown = <u32>v128.any_true(numbers) | ((load<u32>(row, FLAGS) & STRUCK) / STRUCK)
    store<u64>(last, (<u64>load<u32>(row, ENTITY) << 32) | <u64>row)
    last += <usize>isShown << 3
  }
  return <u32>((last - keys) >> 3)
}

/** From so many on it takes counting to put them in order, and from so many on by larger digits. */
const SOME: u32 = 32
const MANY: u32 = 2048

function sorted(size: u32): usize {
  if (size <= SOME) {
    insert(size)
    return keys
  }
  const digit: u32 = size < MANY ? 8 : 11
  let from = keys
  let to = keys + (<usize>outputRows << 3)
  for (let low: u32 = 0; entities >> low != 0; low += digit) {
    byDigit(from, to, size, low + 32, digit)
    const other = from
    from = to
    to = other
  }
  return from
}

function insert(size: u32): void {
  const end = keys + (<usize>size << 3)
  for (let at = keys + 8; at < end; at += 8) {
    const key = load<u64>(at)
    let place = at
    while (place > keys && load<u64>(place - 8) > key) {
      store<u64>(place, load<u64>(place - 8))
      place -= 8
    }
    store<u64>(place, key)
  }
}

/** In the order of one digit. */
function byDigit(from: usize, to: usize, size: u32, shift: u32, digit: u32): void {
  const most = (1 << digit) - 1
  memory.fill(counters, 0, <usize>4 << digit)
  const end = from + (<usize>size << 3)
  for (let at = from; at < end; at += 8) {
    const one = counters + (<usize>(<u32>(load<u64>(at) >> shift) & most) << 2)
    store<u32>(one, load<u32>(one) + 1)
  }
  let sum = <u32>to
  for (let one = counters, last = counters + (<usize>4 << digit); one < last; one += 4) {
    const here = load<u32>(one)
    store<u32>(one, sum)
    sum += here << 3
  }
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at)
    const one = counters + (<usize>(<u32>(key >> shift) & most) << 2)
    const place = load<u32>(one)
    store<u64>(place, key)
    store<u32>(one, place + 8)
  }
}

/** Returns whether the two runs are the same. */
function fill(from: usize, size: u32): bool {
  const never = f64x2.splat(Infinity)
  const struck = f64x2.lt(moments(), never)
  const bytes = <usize>size << 3
  let who = output
  let one = output + ((((<usize>size << 2) + 7) >> 3) << 3)
  let unlike = i64x2.splat(0)
  for (let at = from, end = from + bytes; at < end; at += 8) {
    const key = load<u64>(at)
    const row = <usize><u32>key
    const needs = secondsAt(row)
    let isOut = f64x2.lt(needs, never)
    if ((load<u32>(row, FLAGS) & STRUCK) != 0) isOut = v128.or(isOut, struck)
    const soft = v128.bitselect(never, secondsAt(row + SOFT_AT), isOut)
    unlike = v128.or(unlike, v128.xor(needs, i64x2.shuffle(needs, needs, 1, 0)))
    unlike = v128.or(unlike, v128.xor(soft, i64x2.shuffle(soft, soft, 1, 0)))
    store<u32>(who, <u32>(key >> 32))
    let best = one
    v128.store64_lane(best, needs, 0)
    v128.store64_lane((best += bytes), soft, 0)
    v128.store64_lane((best += bytes), needs, 1)
    v128.store64_lane((best += bytes), soft, 1)
    who += 4
    one += 8
  }
  return !v128.any_true(unlike)
}
