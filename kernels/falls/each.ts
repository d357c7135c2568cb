import { closure, degrade, differs } from './closure'
import {
  aside,
  BREAKS,
  CERTAIN,
  CERTAIN_OUT,
  DEPENDENT,
  entities,
  falls,
  LARGE,
  limit,
  OTHER,
  POSSIBLE_OUT,
  queue,
  ROW,
  SMALL,
  SYSTEMS,
  systemMarks,
  systems,
  tags,
  things,
  TIER1,
  tier1,
  UNKNOWN,
  unsure,
  WEIGHT,
  worth,
} from './state'

/** Things that were put aside, as their fall is large: so many places stand in `aside`. */
let asideCount: i32 = 0
/** Of the systems of which thing the marks are. */
let mark: i32 = 0
/** So many of those who fall first with one whose fall is large are asked whether it is theirs. */
const ASKED = 24

export function putAside(): i32 {
  const count = asideCount
  asideCount = 0
  return count
}

/** Counts things from one place to another, and puts aside whose fall is larger than the limit. */
export function countEach(from: i32, to: i32): i32 {
  for (let place = from; place < to; place++) {
    const thing = load<i32>(things + ((<usize>place) << 2))
    const count = load<u8>(tags + <usize>thing) == LARGE ? -1 : closure(thing, true, limit)
    if (count < 0) {
      store<i32>(aside + ((<usize>(asideCount++)) << 2), place)
      tagOf(thing)
    } else addUp(place, thing, count)
  }
  return asideCount
}

/**
 * Finds who makes a fall large: of those who are out first, the first whose own fall is. Whoever meets it later need not
 * be followed any further.
 */
function tagOf(thing: i32): void {
  if (load<u8>(tags + <usize>thing) == LARGE) return
  for (let i = 1; i <= ASKED; i++) {
    // The queue of `thing` was written over by those who were asked: it is made anew, which is cheap so early.
    const count = closure(thing, true, i + 1)
    if (count >= 0 && count <= i) break
    const one = load<i32>(queue + ((<usize>i) << 2))
    const tag = load<u8>(tags + <usize>one)
    if (tag == LARGE) return
    if (tag == SMALL || one == thing) continue
    const isLarge = closure(one, true, limit) < 0
    store<u8>(tags + <usize>one, isLarge ? LARGE : SMALL)
    if (isLarge) return
  }
}

function addUp(place: i32, thing: i32, possible: i32): void {
  const row = falls + <usize>place * ROW
  const isUnsure = unsure != 0 && load<u8>(unsure + <usize>place) != 0
  const unlike = differs
  let may: u32 = 0
  let mayWeigh: u64 = 0
  if (worth != 0) {
    const degraded = degrade(possible)
    for (let i = 0; i < possible + degraded; i++) {
      const one = worthOf(i)
      if ((one & 3) == OTHER) continue
      may++
      mayWeigh += one >> 2
    }
  }
  let certain = possible
  if (isUnsure) certain = 0
  else if (unlike) certain = closure(thing, false, entities)
  store<f64>(row, <f64>certain, CERTAIN_OUT)
  store<f64>(row, <f64>possible, POSSIBLE_OUT)
  if (worth == 0) return
  let breaks: u32 = 0
  let weigh: u64 = 0
  let systemCount: u32 = 0
  let tier1Count: u32 = 0
  mark++
  for (let i = 0; i < certain; i++) {
    const entity = <usize>load<i32>(queue + ((<usize>i) << 2))
    const one = <u32>load<u16>(worth + (entity << 1))
    if ((one & 3) != DEPENDENT) continue
    breaks++
    weigh += one >> 2
    const system = load<i32>(systems + (entity << 2))
    if (system < 0) continue
    const seen = systemMarks + ((<usize>system) << 2)
    if (load<i32>(seen) == mark) continue
    store<i32>(seen, mark)
    systemCount++
    tier1Count += <u32>load<u8>(tier1 + <usize>system)
  }
  store<f64>(row, <f64>weigh * CERTAIN + <f64>(mayWeigh - weigh), WEIGHT)
  store<f64>(row, <f64>breaks, BREAKS)
  store<f64>(row, <f64>(may - breaks), UNKNOWN)
  store<f64>(row, <f64>systemCount, SYSTEMS)
  store<f64>(row, <f64>tier1Count, TIER1)
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function worthOf(i: i32): u32 {
  return <u32>load<u16>(worth + ((<usize>load<i32>(queue + ((<usize>i) << 2))) << 1))
}
