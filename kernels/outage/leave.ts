import {
  entities, ENTITY, FLAGS, FULL_OUTPUT, list, marks, output, outputRows, ROW, rows, secondsAt, SOFT_AT, STRUCK,
} from './ground'
import { count, moments, rowOfMet } from './spread'

/**
 * Everything out or degraded in either run, ascending, as columns: the entities (a multiple of eight bytes), then of the
 * worst and of the best run since when its needs fail, and since when it degrades (Infinity: never).
 * @returns twice the rows, and one more where the two runs are the same; or what was full.
 */
export function leave(): i32 {
  if (count > outputRows) return FULL_OUTPUT
  const size = count <= FEW ? keyed() : marked()
  return (size << 1) | <i32>(count <= FEW ? fill(size, 8) : fill(size, 4))
}

/** Up to so many are put in order by comparing; graph/outage/kernel-board.ts has room for them. */
const FEW: u32 = 24

// @ts-ignore: decorator
@inline
function isShown(row: usize): u32 {
  const numbers = v128.or(v128.load(row), v128.load(row, SOFT_AT))
  return <u32>v128.any_true(numbers) | ((load<u32>(row, FLAGS) & STRUCK) / STRUCK)
}

/** Lists rows of few in the order of their entities: behind each its entity. */
function keyed(): u32 {
  let last = list
  for (let row = rows, end = rows + (<usize>count << ROW); row < end; row += 1 << ROW) {
    if (!isShown(row)) continue
    const key = (<u64>load<u32>(row, ENTITY) << 32) | <u64>row
    let place = last
    while (place > list && load<u64>(place - 8) > key) {
      store<u64>(place, load<u64>(place - 8))
      place -= 8
    }
    store<u64>(place, key)
    last += 8
  }
  return <u32>((last - list) >> 3)
}

/**
 * Lists rows of many in the order of their entities: a bit for each that is shown, and one for each eight bytes of those,
 * where nothing else is looked at. All are zero again then.
 */
function marked(): u32 {
  const upper = marks + (((<usize>entities + 63) >> 6) << 3)
  for (let row = rows, end = rows + (<usize>count << ROW); row < end; row += 1 << ROW) {
    const entity = load<u32>(row, ENTITY)
    const at = marks + (<usize>(entity >> 6) << 3)
    store<u64>(at, load<u64>(at) | (<u64>isShown(row) << (entity & 63)))
    const above = upper + (<usize>(entity >> 12) << 3)
    store<u64>(above, load<u64>(above) | (<u64>1 << ((entity >> 6) & 63)))
  }
  let last = list
  const most = (entities + 4095) >> 12
  for (let i: u32 = 0; i < most; i++) {
    const above = upper + (<usize>i << 3)
    let words = load<u64>(above)
    if (words == 0) continue
    store<u64>(above, 0)
    for (; words != 0; words &= words - 1) {
      const number = (i << 6) | <u32>ctz(words)
      const at = marks + (<usize>number << 3)
      let word = load<u64>(at)
      store<u64>(at, 0)
      for (; word != 0; word &= word - 1) {
        store<u32>(last, <u32>rowOfMet((number << 6) | <u32>ctz(word)))
        last += 4
      }
    }
  }
  return <u32>((last - list) >> 2)
}

/** Takes out what is listed. Returns whether the two runs are the same. */
// @ts-ignore: decorator
@inline
function fill(size: u32, step: usize): bool {
  const never = f64x2.splat(Infinity)
  const struck = f64x2.lt(moments(), never)
  const bytes = <usize>size << 3
  let who = output
  let one = output + ((((<usize>size << 2) + 7) >> 3) << 3)
  let unlike = i64x2.splat(0)
  for (let at = list, end = list + <usize>size * step; at < end; at += step) {
    const row = <usize>load<u32>(at)
    const needs = secondsAt(row)
    let isOut = f64x2.lt(needs, never)
    if ((load<u32>(row, FLAGS) & STRUCK) != 0) isOut = v128.or(isOut, struck)
    const soft = v128.bitselect(never, secondsAt(row + SOFT_AT), isOut)
    unlike = v128.or(unlike, v128.xor(needs, i64x2.shuffle(needs, needs, 1, 0)))
    unlike = v128.or(unlike, v128.xor(soft, i64x2.shuffle(soft, soft, 1, 0)))
    store<u32>(who, load<u32>(row, ENTITY))
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
