/**
 * AssemblyScript. Both runs of a change that is never undone, over the flat index; the twin of
 * graph/outage/for-good.ts, which says what it does and is what it is tested against. Where things lie is said by
 * graph/outage/kernel-board.ts; a question is `answer`, then `leave`.
 */
import { bitsOf, nextWord, openSet, setBit, wordAt } from './bit-sets'

/** Channels, by graph/outage/channels.ts. */
const CHANNEL: u32 = 7
const HOLDS: u32 = 2
const SYNCS: u32 = 3
const READS: u32 = 4
const CARRIES: u32 = 5
/** What a class is in one of the two runs, by graph/outage/flat-board.ts. */
const SOFT: u32 = 8
const CONFIRMED: u32 = 16
const COUNTS: u32 = 32
const DOWN: u32 = 64
/** The two runs read it differently. */
const DIFFERS: u32 = 128
/** A line of a class, of either run: seconds when the thing is down, its value refused, it is lost; bits. */
const CLASS: u32 = 6
const SESSION: usize = 16
const LOST_SECONDS: usize = 32
const BITS: usize = 48

/** A row of what is met: start in either run, entity, the walk that saw it, flags of either run. */
const ROW: u32 = 5
const ENTITY: usize = 16
const WALK: usize = 20
const FLAGS: usize = 24
const STRUCK: u32 = 1
const LOST: u32 = 2
const KEEPS: u32 = 4
const KEEPS_NOT: u32 = 8
const DONE: u32 = 16

/** Something is full; whoever asks makes it larger and asks again. */
const FULL_QUEUE = -1
const FULL_ENTRIES = -2
const FULL_MOMENTS = -3

let inStart: usize = 0
let inEnd: usize = 0
let edges: usize = 0
let slotOfEdge: usize = 0
let groupOfSlot: usize = 0
let groupStart: usize = 0
let groupEnd: usize = 0
let groupConfirmed: usize = 0
let mask: u32 = 0
let shift: u32 = 0
let isWide: bool = false
let classes: usize = 0

let entities: u32 = 0
/** By entity: `base` and its row; counts while it is below `base + count`. */
let rowOf: usize = 0
/** Zeros from `count` on. */
let rows: usize = 0
/** By row, of either run: when it degrades. */
let softs: usize = 0
let base: u32 = 1
let count: u32 = 0
let slots: usize = 0
let groups: usize = 0
let groupCount: u32 = 0
let places: usize = 0
let placeCount: u32 = 0

let queue: usize = 0
let queueEnd: usize = 0
let entries: usize = 0
let entriesEnd: usize = 0
let table: usize = 0
let tableEnd: usize = 0
let heap: usize = 0
let strikes: usize = 0
let worstMoment: f64 = 0
let bestMoment: f64 = 0

/** Of the run on its way. */
let side: usize = 0
let inv: f64 = 0
let cuts: usize = 0
let cutCount: u32 = 0
/** Of the question, and of the run. */
let stamp: i32 = 0
let runStamp: i32 = 0
let walk: i32 = 0
let tail: usize = 0
let now: f64 = 0
let differs: u32 = 0
let failed: i32 = 0
/** What was only looked at so that it is near when it is needed. */
let near: u32 = 0

let buckets: usize = 0
let bucketMask: u32 = 0
let used: u32 = 0
let nextEntry: usize = 0
let heapSize: u32 = 0
let lastMoment: f64 = 0
let lastBucket: usize = 0

/** The index, as graph/index/flat-index.ts says. */
export function look(
  starts: usize, ends: usize, all: usize, slotsOf: usize,
  group: usize, firsts: usize, lasts: usize, confirmed: usize,
  classBits: u32, lines: usize,
): void {
  inStart = starts
  inEnd = ends
  edges = all
  slotOfEdge = slotsOf
  groupOfSlot = group
  groupStart = firsts
  groupEnd = lasts
  groupConfirmed = confirmed
  isWide = classBits == 32
  mask = isWide ? 0xffffffff : (1 << classBits) - 1
  shift = classBits
  classes = lines
}

/** Where it writes. */
export function write(
  entityCount: u32, row: usize, all: usize, soft: usize, place: usize, bits: usize,
  slotsAt: usize, groupsAt: usize, groupTotal: u32,
): void {
  entities = entityCount
  rowOf = row
  rows = all
  softs = soft
  places = place
  bitsOf(bits, entityCount)
  slots = slotsAt
  groups = groupsAt
  groupCount = groupTotal
}

/** What may have to be larger: where each begins and ends. */
export function widen(
  queueAt: usize, queueTo: usize, entriesAt: usize, entriesTo: usize,
  tableAt: usize, tableTo: usize, heapAt: usize,
): void {
  queue = queueAt
  queueEnd = queueTo
  entries = entriesAt
  entriesEnd = entriesTo
  table = tableAt
  tableEnd = tableTo
  heap = heapAt
}

/** Has the last answer a best case that is the worst one? */
export function isSame(): i32 {
  return (differs & DIFFERS) == 0 ? 1 : 0
}

/**
 * Both runs, of things that are struck and edges that are cut (ascending), `worst` and `best` being the moments. The
 * second is left out where the first met nothing that the two count differently.
 * @returns rows that were met, or what was full.
 */
export function answer(struckAt: usize, struckCount: u32, cutsAt: usize, cutsGiven: u32, worst: f64, best: f64): i32 {
  forgetIfLate()
  stamp++
  walk = 0
  failed = 0
  strikes = struckAt
  cuts = cutsAt
  cutCount = cutsGiven
  worstMoment = worst
  bestMoment = best
  differs = worst == best ? 0 : DIFFERS
  side = 0
  run(worst, struckCount)
  if (failed != 0) return failed
  if ((differs & DIFFERS) != 0) {
    side = 8
    run(best, struckCount)
    if (failed != 0) return failed
  } else takeOver()
  degrade()
  return count
}

/** The best case is the worst one. */
function takeOver(): void {
  const end = rows + (<usize>count << ROW)
  for (let row = rows; row < end; row += 1 << ROW) {
    store<i64>(row, load<i64>(row), 8)
    store<u32>(row, load<u32>(row, FLAGS), FLAGS + 4)
    const soft = softs + ((row - rows) >> 1)
    store<i64>(soft, load<i64>(soft), 8)
  }
}

/** Numbers ran out: once in thousands of millions of rows everything is cleared. */
function forgetIfLate(): void {
  memory.fill(rows, 0, <usize>count << ROW)
  memory.fill(softs, 0, <usize>count << 4)
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
  if (runStamp >= i32.MAX_VALUE - 1) {
    memory.fill(table, 0, tableEnd - table)
    runStamp = 0
  }
}

function run(moment: f64, struckCount: u32): void {
  inv = moment
  runStamp++
  now = -Infinity
  tail = queue
  buckets = table
  bucketMask = 255
  used = 0
  nextEntry = entries
  heapSize = 0
  lastMoment = NaN
  if (moment == Infinity) return
  for (let i: u32 = 0; i < struckCount; i++) {
    const row = met(load<u32>(strikes + (<usize>i << 2)))
    if ((flagsOf(row) & STRUCK) != 0) continue
    setFlags(row, flagsOf(row) | STRUCK)
    push(moment, row)
  }
  for (let i: u32 = 0; i < cutCount; i++) {
    const edge = edges + (<usize>load<u32>(cuts + (<usize>i << 2)) << 3)
    const word = load<u32>(edge, 4)
    const cls = classOf(word)
    const bits = load<u32>(cls + (side >> 1), BITS)
    if ((bits & DOWN) != 0 || (bits & CHANNEL) == CARRIES) offer(edge, word, bits, inv + load<f64>(cls + side))
  }
  follow()
}

// @ts-ignore: decorator
@inline
function classOf(word: u32): usize {
  return classes + (<usize>(word & mask) << CLASS)
}

// @ts-ignore: decorator
@inline
function firstOf(entity: u32): usize {
  return edges + (<usize>load<u32>(inStart + (<usize>entity << 2)) << 3)
}

// @ts-ignore: decorator
@inline
function endOf(entity: u32): usize {
  return edges + (<usize>load<u32>(inEnd + (<usize>entity << 2)) << 3)
}

// @ts-ignore: decorator
@inline
function slotAt(at: usize, word: u32): u32 {
  return isWide ? load<u32>(slotOfEdge + ((at - edges) >> 1)) : word >> shift
}

// @ts-ignore: decorator
@inline
function flagsOf(row: usize): u32 {
  return load<u32>(row + (side >> 1), FLAGS)
}

// @ts-ignore: decorator
@inline
function setFlags(row: usize, flags: u32): void {
  store<u32>(row + (side >> 1), flags, FLAGS)
}

/** Row of an entity, made where it has none. */
// @ts-ignore: decorator
@inline
function met(entity: u32): usize {
  const at = rowOf + (<usize>entity << 2)
  const number = load<u32>(at) - base
  if (number < count) return rows + (<usize>number << ROW)
  const row = rows + (<usize>count << ROW)
  store<u32>(at, base + count)
  store<u32>(row, entity, ENTITY)
  count++
  return row
}

/**
 * A number of seconds in a row. Zeros stand for never (Infinity), so that rows are made ready by filling them with
 * zeros, and whoever meets an entity for the first time has no branch to take for it.
 */
const NEVER: i64 = 0x7ff0000000000000

// @ts-ignore: decorator
@inline
function secondsAt(at: usize): f64 {
  return reinterpret<f64>(load<i64>(at) ^ NEVER)
}

// @ts-ignore: decorator
@inline
function putSeconds(at: usize, seconds: f64): void {
  store<i64>(at, reinterpret<i64>(seconds) ^ NEVER)
}

/** Of both runs. */
// @ts-ignore: decorator
@inline
function bothAt(at: usize): v128 {
  return v128.xor(v128.load(at), i64x2.splat(NEVER))
}

function enqueue(row: usize): void {
  if (tail == queueEnd) {
    failed = FULL_QUEUE
    return
  }
  store<u32>(tail, <u32>row)
  tail += 4
}

function follow(): void {
  for (let entry = pop(); entry != 0; entry = pop()) {
    tail = queue
    for (; entry != 0; entry = load<u32>(entry, 4)) enqueue(load<u32>(entry))
    for (let head = queue; head < tail; head += 4) hand(head)
    if (failed != 0) return
  }
}

/** Hands the outage of an entity to whoever needs it. */
function hand(head: usize): void {
  // Rows that come soon; behind the tail stands what was there before, which may be looked at as well.
  near ^= load<u32>(inStart + (<usize>load<u32>(load<u32>(head, 32), ENTITY) << 2))
  near ^= load<u32>(firstOf(load<u32>(load<u32>(head, 12), ENTITY)))
  const row = load<u32>(head)
  const entity = load<u32>(row, ENTITY)
  const flags = flagsOf(row)
  const needs = secondsAt(row + side)
  const moment = now
  if ((flags & DONE) != 0) {
    // Struck before, and now out by its needs as well: open sessions may end with that.
    if ((flags & (STRUCK | LOST)) != STRUCK || needs > moment) return
    setFlags(row, flags | LOST)
    handLost(entity, needs)
    return
  }
  const struck = (flags & STRUCK) != 0
  const start = struck && inv < needs ? inv : needs
  const lostFrom = needs > moment ? Infinity : needs
  setFlags(row, flags | DONE | (struck && lostFrom < Infinity ? LOST : 0))
  if (struck) handStruck(entity)
  const first = firstOf(entity)
  const end = endOf(entity)
  handHard(first, end, start, moment)
  if (end == first) return
  // Values come last in a row, and few things have any.
  let isHeld = false
  for (let at = end - 8; at >= first; at -= 8) {
    const word = load<u32>(at, 4)
    const cls = classOf(word)
    const bits = load<u32>(cls + (side >> 1), BITS)
    if ((bits & DOWN) != 0) break
    differs |= bits
    if ((bits & CHANNEL) == HOLDS) isHeld = true
    else if ((bits & CHANNEL) == CARRIES) offer(at, word, bits, lostFrom + load<f64>(cls + side, LOST_SECONDS))
  }
  if (!isHeld || lostFrom == Infinity) return
  walkCopies(entity)
  refuse(lostFrom, KEEPS_NOT, LOST_SECONDS)
}

/**
 * Hard needs, which come first in a row. Most are needs of their own that are out at once: for these there is no branch
 * to guess, whether the dependent was met before or not, as it would be guessed wrong every other time.
 */
// @ts-ignore: decorator
@inline
function handHard(first: usize, end: usize, start: f64, moment: f64): void {
  const both = side
  const lines = classes
  const bitsAt = classes + (side >> 1)
  const low = mask
  const known = rowOf
  const all = rows
  const from0 = base
  const never = i64x2.splat(NEVER)
  let seen: u32 = 0
  let total = count
  let last = tail
  // Each edge adds at most one: where they might not fit, the long way sees to it.
  const isFull = last + (end - first) > queueEnd
  for (let at = first; at < end; at += 8) {
    const word = load<u32>(at, 4)
    const cls = <usize>(word & low) << CLASS
    const bits = load<u32>(bitsAt + cls, BITS)
    if ((bits & (DOWN | SOFT)) != DOWN) break
    seen |= bits
    const from = start + load<f64>(lines + cls + both)
    if (u32(word > low) | u32(isWide) | u32((bits & COUNTS) == 0) | u32(from > moment) | u32(isFull)) {
      count = total
      tail = last
      offer(at, word, bits, from)
      total = count
      last = tail
      continue
    }
    const dependent = load<u32>(at)
    const place = known + (<usize>dependent << 2)
    const number = load<u32>(place) - from0
    const isNew = <u32>(number >= total)
    const one = number + ((total - number) & (0 - isNew))
    const row = all + (<usize>one << ROW)
    const old = v128.xor(v128.load64_zero(row + both), never)
    store<u32>(place, from0 + one)
    v128.store64_lane(row + both, v128.xor(f64x2.pmin(old, f64x2.splat(from)), never), 0)
    store<u32>(row, dependent, ENTITY)
    store<u32>(last, <u32>row)
    last += <usize>(from < f64x2.extract_lane(old, 0)) << 2
    total += isNew
  }
  count = total
  tail = last
  differs |= seen
}

/**
 * What only degrades takes nothing with it, so it is looked at once for both runs when they are done: soft needs of
 * whatever is out, from the end of its row, where only values come behind them.
 */
function degrade(): void {
  const out = count
  const never = i64x2.splat(NEVER)
  let seen: u32 = 0
  for (let row = rows, last = rows + (<usize>out << ROW); row < last; row += 1 << ROW) {
    near ^= load<u32>(firstOf(load<u32>(row, ENTITY + (4 << ROW))))
    let starts = bothAt(row)
    if (((load<u32>(row, FLAGS) | load<u32>(row, FLAGS + 4)) & STRUCK) != 0) starts = struckFrom(row, starts)
    if (!v128.any_true(f64x2.lt(starts, f64x2.splat(Infinity)))) continue
    const entity = load<u32>(row, ENTITY)
    const first = firstOf(entity)
    for (let at = endOf(entity) - 8; at >= first; at -= 8) {
      const word = load<u32>(at, 4)
      const cls = classOf(word)
      const bits = load<u32>(cls, BITS)
      if ((bits & DOWN) == 0) continue
      if ((bits & SOFT) == 0) break
      seen |= bits
      const from = f64x2.add(starts, v128.load(cls))
      if (u32(word > mask) | u32(isWide) | u32((load<u32>(cls, BITS + 4) & COUNTS) == 0)) {
        side = 0
        offer(at, word, bits, f64x2.extract_lane(from, 0))
        side = 8
        offer(at, word, load<u32>(cls, BITS + 4), f64x2.extract_lane(from, 1))
        continue
      }
      const dependent = load<u32>(at)
      const place = rowOf + (<usize>dependent << 2)
      const total = count
      const known = load<u32>(place) - base
      const isNew = <u32>(known >= total)
      const one = known + ((total - known) & (0 - isNew))
      store<u32>(place, base + one)
      store<u32>(rows + (<usize>one << ROW), dependent, ENTITY)
      const soft = softs + (<usize>one << 4)
      v128.store(soft, v128.xor(f64x2.pmin(v128.xor(v128.load(soft), never), from), never))
      count = total + isNew
    }
  }
  differs |= seen
}

/** From when something struck is out, in either run. */
function struckFrom(row: usize, needs: v128): v128 {
  const worst = (load<u32>(row, FLAGS) & STRUCK) != 0 ? worstMoment : Infinity
  const best = (load<u32>(row, FLAGS + 4) & STRUCK) != 0 ? bestMoment : Infinity
  return f64x2.pmin(needs, f64x2.replace_lane(f64x2.splat(worst), 1, best))
}

/** What the change itself does to whoever has the value of a struck credential. */
function handStruck(entity: u32): void {
  let isHeld = false
  const end = endOf(entity)
  for (let at = firstOf(entity); at < end; at += 8) {
    const word = load<u32>(at, 4)
    const cls = classOf(word)
    const bits = load<u32>(cls + (side >> 1), BITS)
    if ((bits & CHANNEL) == HOLDS) isHeld = true
    else if ((bits & CHANNEL) == CARRIES) offer(at, word, bits, inv + load<f64>(cls + side, SESSION))
  }
  if (!isHeld) return
  walkCopies(entity)
  refuse(inv, KEEPS, SESSION)
}

/** What a struck credential's own needs take from its users. */
function handLost(entity: u32, from: f64): void {
  const end = endOf(entity)
  for (let at = firstOf(entity); at < end; at += 8) {
    const word = load<u32>(at, 4)
    const cls = classOf(word)
    const bits = load<u32>(cls + (side >> 1), BITS)
    if ((bits & CHANNEL) == CARRIES) offer(at, word, bits, from + load<f64>(cls + side, LOST_SECONDS))
  }
  walkCopies(entity)
  refuse(from, KEEPS_NOT, LOST_SECONDS)
}

/** An edge that does not hold from a moment on, to the need it belongs to. */
function offer(at: usize, word: u32, bits: u32, moment: f64): void {
  if (moment == Infinity) return
  differs |= bits
  const slot = slotAt(at, word)
  let from = moment
  if (slot != 0) {
    if (side == 0 && (bits & CONFIRMED) == 0) return
    from = slotOut(slot, from)
    if (from == Infinity) return
    // What its other members do is asked of both runs.
    if ((bits & SOFT) != 0) differs |= DIFFERS
  } else if ((bits & COUNTS) == 0) return
  const row = met(load<u32>(at))
  if ((bits & SOFT) != 0) {
    const soft = softs + ((row - rows) >> 1) + side
    if (from < secondsAt(soft)) putSeconds(soft, from)
  } else if (from < secondsAt(row + side)) {
    putSeconds(row + side, from)
    if (from > now) push(from, row)
    else enqueue(row)
  }
}

/** Notes that a slot is out; the moment its whole group is, Infinity while it holds. */
function slotOut(slot: u32, from: f64): f64 {
  const group = load<u32>(groupOfSlot + (<usize>slot << 2))
  const first = load<u32>(groupStart + (<usize>group << 2))
  const size = load<u32>(groupEnd + (<usize>group << 2)) - first
  const state = groups + (<usize>group << 4)
  const members = slots + (<usize>first << 4)
  if (load<i32>(state) != stamp) {
    store<i32>(state, stamp)
    store<u64>(state, 0, 8)
    for (let i: u32 = 0; i < size; i++) v128.store(members + (<usize>i << 4), f64x2.splat(Infinity))
  }
  const confirmed = load<u32>(groupConfirmed + (<usize>group << 2))
  if (confirmed != size) differs |= DIFFERS
  const counted = side == 0 ? confirmed : size
  const at = slots + (<usize>slot << 4) + side
  const old = load<f64>(at)
  if (from >= old) return Infinity
  store<f64>(at, from)
  const place = state + (side >> 1)
  let outs = load<u32>(place, 8)
  if (old == Infinity) store<u32>(place, ++outs, 8)
  if (outs < counted) return Infinity
  let latest = from
  for (let i: u32 = 0; i < counted; i++) latest = max<f64>(latest, load<f64>(members + (<usize>i << 4) + side))
  return latest
}

/** Places that hold the credential in this run. */
function walkCopies(credential: u32): void {
  walk++
  placeCount = 0
  let next: u32 = 0
  let over = HOLDS
  for (let entity = credential; ; ) {
    const end = endOf(entity)
    for (let at = firstOf(entity); at < end; at += 8) {
      const bits = load<u32>(classOf(load<u32>(at, 4)) + (side >> 1), BITS)
      if ((bits & CHANNEL) != over) continue
      differs |= bits
      if (side != 0 && (bits & CONFIRMED) == 0) continue
      if (cutCount != 0 && isCut(<u32>((at - edges) >> 3))) continue
      const row = met(load<u32>(at))
      if (load<i32>(row, WALK) == walk) continue
      store<i32>(row, walk, WALK)
      store<u32>(places + (<usize>placeCount << 2), <u32>row)
      placeCount++
    }
    if (next == placeCount) return
    entity = load<u32>(load<u32>(places + (<usize>next << 2)), ENTITY)
    next++
    over = SYNCS
  }
}

function isCut(edge: u32): bool {
  let low: u32 = 0
  let high = cutCount
  while (low < high) {
    const middle = (low + high) >> 1
    const one = load<u32>(cuts + (<usize>middle << 2))
    if (one == edge) return true
    if (one < edge) low = middle + 1
    else high = middle
  }
  return false
}

/** A value is refused in each of these places, and whoever reads it there loses it. */
function refuse(from: f64, sort: u32, lead: usize): void {
  for (let i: u32 = 0; i < placeCount; i++) {
    const row = load<u32>(places + (<usize>i << 2))
    const flags = flagsOf(row)
    if ((flags & sort) != 0) continue
    setFlags(row, flags | sort)
    const entity = load<u32>(row, ENTITY)
    const end = endOf(entity)
    for (let at = firstOf(entity); at < end; at += 8) {
      const word = load<u32>(at, 4)
      const cls = classOf(word)
      const bits = load<u32>(cls + (side >> 1), BITS)
      if ((bits & CHANNEL) == READS) offer(at, word, bits, from + load<f64>(cls + side + lead))
    }
  }
}

/**
 * Moments (graph/outage/moments.ts): a bucket for each, of 16 bytes: moment, first entry, run. A run begins with a
 * small table; one that is half full goes on in the next, four times as large.
 */
function push(moment: f64, row: usize): void {
  if (nextEntry == entriesEnd) {
    failed = FULL_ENTRIES
    return
  }
  let bucket = lastBucket
  if (moment != lastMoment) {
    bucket = bucketOf(moment)
    if (load<i32>(bucket, 12) != runStamp) {
      if (++used > (bucketMask >> 1)) {
        grow()
        if (failed != 0) return
        bucket = bucketOf(moment)
      }
      store<i32>(bucket, runStamp, 12)
      store<f64>(bucket, moment)
      store<u32>(bucket, 0, 8)
    }
    lastMoment = moment
    lastBucket = bucket
  }
  const head = load<u32>(bucket, 8)
  if (head == 0) pushHeap(moment)
  store<u32>(nextEntry, <u32>row)
  store<u32>(nextEntry, head, 4)
  store<u32>(bucket, <u32>nextEntry, 8)
  nextEntry += 8
}

function bucketOf(moment: f64): usize {
  const mixed = reinterpret<u64>(moment) * 0x9e3779b97f4a7c15
  let place = <u32>(mixed >> 40) & bucketMask
  let bucket = buckets + (<usize>place << 4)
  while (load<i32>(bucket, 12) == runStamp && load<f64>(bucket) != moment) {
    place = (place + 1) & bucketMask
    bucket = buckets + (<usize>place << 4)
  }
  return bucket
}

function grow(): void {
  const old = buckets
  const end = old + (<usize>(bucketMask + 1) << 4)
  if (end + ((end - old) << 2) > tableEnd) {
    failed = FULL_MOMENTS
    return
  }
  buckets = end
  bucketMask = (bucketMask << 2) | 3
  for (let one = old; one < end; one += 16) {
    if (load<i32>(one, 12) != runStamp) continue
    const bucket = bucketOf(load<f64>(one))
    store<f64>(bucket, load<f64>(one))
    store<u64>(bucket, load<u64>(one, 8), 8)
  }
  lastMoment = NaN
}

/** First entry of the earliest bucket, which is emptied; 0 when there is none. */
function pop(): usize {
  if (heapSize == 0) return 0
  now = popHeap()
  const bucket = bucketOf(now)
  const head = load<u32>(bucket, 8)
  store<u32>(bucket, 0, 8)
  return head
}

function pushHeap(moment: f64): void {
  let at = heapSize++
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = load<f64>(heap + (<usize>parent << 3))
    if (above <= moment) break
    store<f64>(heap + (<usize>at << 3), above)
    at = parent
  }
  store<f64>(heap + (<usize>at << 3), moment)
}

function popHeap(): f64 {
  const first = load<f64>(heap)
  const size = --heapSize
  const last = load<f64>(heap + (<usize>size << 3))
  let at: u32 = 0
  for (;;) {
    let child: u32 = (at << 1) + 1
    if (child >= size) break
    let below = load<f64>(heap + (<usize>child << 3))
    if (child + 1 < size) {
      const right = load<f64>(heap + (<usize>child << 3), 8)
      if (right < below) {
        below = right
        child++
      }
    }
    if (below >= last) break
    store<f64>(heap + (<usize>at << 3), below)
    at = child
  }
  store<f64>(heap + (<usize>at << 3), last)
  return first
}

/** Bits of what leaves: what its number is in the worst and in the best run, and whether it is struck there. */
const SOFT_WORST: u32 = 1
const SOFT_BEST: u32 = 2
const STRUCK_WORST: u32 = 4
const STRUCK_BEST: u32 = 8

/** How many are out or degraded in either run; they are put into the set of bits. */
export function select(): i32 {
  let total = 0
  for (let number: u32 = 0; number < count; number++) {
    const row = rows + (<usize>number << ROW)
    const shown = v128.or(v128.load(row), v128.load(softs + (<usize>number << 4)))
    const flags = (load<u32>(row, FLAGS) | load<u32>(row, FLAGS + 4)) & STRUCK
    if (flags == 0 && !v128.any_true(shown)) continue
    setBit(load<u32>(row, ENTITY))
    total++
  }
  return total
}

/**
 * These, ascending. A number of a run is when the needs of a row fail; where they do not and nothing strikes it, when
 * it degrades. `isBoth`: the best run has numbers of its own.
 */
export function leave(worst: usize, best: usize, who: usize, sorts: usize, isBoth: bool): void {
  openSet()
  for (let word = nextWord(); word != 0; word = nextWord())
    for (; word != 0; word &= word - 1) {
      const entity = wordAt() + <u32>ctz(word)
      const number = load<u32>(rowOf + (<usize>entity << 2)) - base
      const row = rows + (<usize>number << ROW)
      const soft = softs + (<usize>number << 4)
      const flags = load<u32>(row, FLAGS) & STRUCK
      const start = secondsAt(row)
      const degraded = secondsAt(soft)
      const isSoft = <u32>(start == Infinity) & <u32>(degraded < Infinity) & (flags ^ STRUCK)
      store<f64>(worst, isSoft != 0 ? degraded : start)
      let sort = isSoft * SOFT_WORST + flags * STRUCK_WORST
      if (isBoth) {
        const flagsBest = load<u32>(row, FLAGS + 4) & STRUCK
        const startBest = secondsAt(row + 8)
        const degradedBest = secondsAt(soft + 8)
        const isSoftBest = <u32>(startBest == Infinity) & <u32>(degradedBest < Infinity) & (flagsBest ^ STRUCK)
        store<f64>(best, isSoftBest != 0 ? degradedBest : startBest)
        sort |= isSoftBest * SOFT_BEST + flagsBest * STRUCK_BEST
        best += 8
      } else sort |= sort << 1
      store<u32>(who, entity)
      store<u8>(sorts, <u8>sort)
      worst += 8
      who += 4
      sorts += 1
    }
}
