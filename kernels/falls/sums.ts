import { beginSoft, degradeAt, isDegraded, keptSoftens, softOf, softTail, tail } from './closure'
import {
  BREAKS,
  CERTAIN,
  CERTAIN_OUT,
  DEPENDENT,
  FALL,
  falls,
  hasWorth,
  LAST,
  OTHER,
  POSSIBLE_OUT,
  queue,
  ROW_SHIFT,
  rows,
  SOFTENS,
  SYSTEM,
  SYSTEMS,
  systemMarks,
  systems,
  TIER1,
  UNKNOWN,
  WEIGHT,
  WORTH,
} from './state'

/** Of those who may be out or degraded. */
let may: u32 = 0
let mayWeigh: u64 = 0
/** Of those who are out for certain. */
let breaks: u32 = 0
let weigh: u64 = 0
let systemCount: u32 = 0
let tier1Count: u32 = 0

/** Systems that are marked so are counted, and those of what was kept. */
let mark: u16 = 0
let keptMark: u16 = 0
const LAST_MARK: u16 = 0xffff

let keptMay: u32 = 0
let keptMayWeigh: u64 = 0
let keptBreaks: u32 = 0
let keptWeigh: u64 = 0
let keptSystemCount: u32 = 0
let keptTier1Count: u32 = 0

/** Nobody is counted. */
export function clearSums(): void {
  may = breaks = systemCount = tier1Count = 0
  mayWeigh = weigh = 0
  if (mark == LAST_MARK) {
    memory.fill(systemMarks, 0, (<usize>systems) << 1)
    mark = 0
  }
  keptMark = ++mark
}

/** What is counted now is what everything after `sumsAsKept` begins with. */
export function keepSums(): void {
  keptMay = may
  keptMayWeigh = mayWeigh
  keptBreaks = breaks
  keptWeigh = weigh
  keptSystemCount = systemCount
  keptTier1Count = tier1Count
  keptMark = mark
}

export function sumsAsKept(): void {
  may = keptMay
  mayWeigh = keptMayWeigh
  breaks = keptBreaks
  weigh = keptWeigh
  systemCount = keptSystemCount
  tier1Count = keptTier1Count
  if (mark == LAST_MARK) onlyKeptMarks()
  mark++
}

/** Of all marks only those of what was kept stay: numbers begin again. */
function onlyKeptMarks(): void {
  for (let at = systemMarks, end = systemMarks + ((<usize>systems) << 1); at < end; at += 2)
    store<u16>(at, load<u16>(at) == keptMark ? 1 : 0)
  keptMark = mark = 1
}

/**
 * Whoever is out from `from` on, and whoever is degraded with them and with places from `place` on; where both cases are the
 * same, `alsoBreaks`.
 */
export function addMay(from: usize, place: usize, alsoBreaks: bool): void {
  beginSoft()
  for (let at = from; at < tail; at += 4) {
    const entity = <usize>load<i32>(at)
    const row = rows + (entity << ROW_SHIFT)
    const one = <u32>load<u16>(row, WORTH)
    if ((load<u32>(row, LAST) & SOFTENS) != 0) softOf(entity, false)
    if (alsoBreaks && (one & 3) == DEPENDENT) addBreak(row, one)
    // Who was degraded by what was kept is counted there.
    if ((one & 3) == OTHER || (keptSoftens && isDegraded(entity))) continue
    may++
    mayWeigh += one >> 2
  }
  degradeAt(place)
  for (let at = tail; at < softTail; at += 4) {
    const one = <u32>load<u16>(rows + ((<usize>load<i32>(at)) << ROW_SHIFT), WORTH)
    if ((one & 3) == OTHER) continue
    may++
    mayWeigh += one >> 2
  }
}

/** Whoever is out from `from` on. */
export function addBreaks(from: usize): void {
  for (let at = from; at < tail; at += 4) {
    const row = rows + ((<usize>load<i32>(at)) << ROW_SHIFT)
    const one = <u32>load<u16>(row, WORTH)
    if ((one & 3) == DEPENDENT) addBreak(row, one)
  }
}

// @ts-ignore: the compiler of AssemblyScript knows it
@inline
function addBreak(row: usize, one: u32): void {
  breaks++
  weigh += one >> 2
  const system = load<i32>(row, SYSTEM)
  if (system < 0) return
  const seen = systemMarks + ((<usize>(system >> 1)) << 1)
  const by = load<u16>(seen)
  if (by == mark || by == keptMark) return
  store<u16>(seen, mark)
  systemCount++
  tier1Count += system & 1
}

/** The worst case of a row; the best case follows. */
export function writeMay(place: i32): void {
  const row = falls + <usize>place * FALL
  store<f64>(row, <f64>((tail - queue) >> 2), POSSIBLE_OUT)
  if (!hasWorth) return
  store<f64>(row, <f64>mayWeigh, WEIGHT)
  store<f64>(row, <f64>may, UNKNOWN)
}

/** The best case of a row of which the worst is written. */
export function writeBreaks(place: i32): void {
  const row = falls + <usize>place * FALL
  store<f64>(row, <f64>((tail - queue) >> 2), CERTAIN_OUT)
  if (!hasWorth) return
  store<f64>(row, <f64>weigh * CERTAIN + (load<f64>(row, WEIGHT) - <f64>weigh), WEIGHT)
  store<f64>(row, <f64>breaks, BREAKS)
  store<f64>(row, load<f64>(row, UNKNOWN) - <f64>breaks, UNKNOWN)
  store<f64>(row, <f64>systemCount, SYSTEMS)
  store<f64>(row, <f64>tier1Count, TIER1)
}

/** Nothing of a row of which the worst is written is certain. */
export function writeNothing(place: i32): void {
  const row = falls + <usize>place * FALL
  store<f64>(row, 0, CERTAIN_OUT)
  if (!hasWorth) return
  store<f64>(row, 0, BREAKS)
  store<f64>(row, 0, SYSTEMS)
  store<f64>(row, 0, TIER1)
}
