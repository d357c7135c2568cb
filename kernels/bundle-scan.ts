/**
 * AssemblyScript. Takes lines of a bundle from their bytes into rows of numbers; the twin of graph/scan/bundle-scan.ts,
 * which says which lines those are and is what it is tested against.
 */
import {
  beginTable,
  beginTables,
  blockListOf,
  blocksOf,
  countOf,
  find,
  hashOf,
  hasColon,
  intern,
  lastHash,
  plainText,
  TABLE,
  touch,
} from './text-table'

const WINDOW = (4 << 20) + (1 << 19)
const SCRATCH = 1 << 14
/** Of a table that is empty. */
const SLOTS = 1 << 10
const ROWS = 1 << 14
const window = memory.data(WINDOW, 64)
const scratch = memory.data(SCRATCH, 64)

const ids = memory.data(TABLE, 16)
const needs = memory.data(TABLE, 16)
const entityKinds = memory.data(TABLE, 16)
const kinds = memory.data(TABLE, 16)

/** Rows of relationships, a column after the other, and of entities: number and kind. */
const fromColumn = memory.data(ROWS * 4, 64)
const toColumn = memory.data(ROWS * 4, 64)
const needColumn = memory.data(ROWS * 4, 64)
const timingColumn = memory.data(ROWS * 4, 64)
const kindColumn = memory.data(ROWS, 64)
const standingColumn = memory.data(ROWS, 64)
const entityColumn = memory.data(ROWS * 8, 64)
/**
 * Texts of the rows since the last `numberAll`: address, length, hash, address that its number goes to. Ids and needs
 * are numbered many at a time, so that their waits for memory overlap.
 */
const STAGED = 1 << 9
const stagedIds = memory.data((2 * STAGED + 1) * 16, 64)
const stagedNeeds = memory.data((STAGED + 1) * 16, 64)
/** Lengths of the texts that are new, in the order of their numbers. */
const idLengths = memory.data(ROWS * 12, 64)
const needLengths = memory.data(ROWS * 4, 64)

/** Seven seconds of the line, and those that were met: the seven, then the row they have + 1. */
const TIMES_BYTES: usize = 7 * 8
const times = memory.data(64, 16)
const TIMINGS = 1 << 12
const timings = memory.data(TIMINGS * 64, 64)

const ALL_TAKEN = 0
const NOT_PLAIN = 1
const NEW_TIMING = 2
const FULL = 3
const NO_MEMORY = 4

let status = 0
let rows = 0
let entities = 0
let knownIds = 0
let knownNeeds = 0
let longestId = 0
let longestNeed = 0
let longestName = 0

export function windowAt(): usize { return window }
export function windowLength(): i32 { return WINDOW }
export function scratchAt(): usize { return scratch }
export function scratchLength(): i32 { return SCRATCH }
export function fromAt(): usize { return fromColumn }
export function toAt(): usize { return toColumn }
export function needAt(): usize { return needColumn }
export function timingAt(): usize { return timingColumn }
export function kindAt(): usize { return kindColumn }
export function standingAt(): usize { return standingColumn }
export function entityAt(): usize { return entityColumn }
export function idLengthsAt(): usize { return idLengths }
export function needLengthsAt(): usize { return needLengths }
export function timesAt(): usize { return times }
/** Why `scan` came back. */
export function statusOf(): i32 { return status }
export function rowCount(): i32 { return rows }
export function entityCount(): i32 { return entities }
export function newIds(): i32 { return countOf(ids) - knownIds }
export function newNeeds(): i32 { return countOf(needs) - knownNeeds }

/** Tables by number, as `name` and `blocksIn` take them: ids, needs, kinds of entities, kinds of relationships. */
function tableOf(number: i32): usize {
  return number == 0 ? ids : number == 1 ? needs : number == 2 ? entityKinds : kinds
}
export function blocksIn(table: i32): i32 { return blocksOf(tableOf(table)) }
export function blockListIn(table: i32): usize { return blockListOf(tableOf(table)) }

/** Begins anew; the lengths that texts may have. 0: no memory. */
export function configure(random: u32, id: i32, need: i32, name: i32): bool {
  beginTables(random)
  longestId = id
  longestNeed = need
  longestName = name
  memory.fill(timings, 0, TIMINGS * 64)
  ids16 = stagedIds
  needs16 = stagedNeeds
  const isRoom = beginTable(ids, SLOTS) && beginTable(needs, SLOTS) && beginTable(entityKinds, SLOTS) && beginTable(kinds, SLOTS)
  taken()
  return isRoom
}

/** Number of the text in `scratch`, a new one where it is not there; -1: no memory. */
export function name(table: i32, length: i32): i32 {
  const number = intern(tableOf(table), scratch, length, hashOf(scratch, length))
  taken()
  return number
}

/** Rows and lengths were taken over. */
export function taken(): void {
  rows = 0
  entities = 0
  knownIds = countOf(ids)
  knownNeeds = countOf(needs)
}

/** The row of the times that made `scan` come back. */
export function learn(row: i32): void {
  const entry = timingEntry()
  memory.copy(entry, times, TIMES_BYTES)
  store<i32>(entry, row + 1, 56)
}

function timingEntry(): usize {
  let hash: u64 = 0
  for (let at = times; at < times + TIMES_BYTES; at += 8) {
    hash = (hash ^ load<u64>(at)) * 0x9e3779b97f4a7c15
    hash ^= hash >> 32
  }
  return timings + <usize>(hash & (TIMINGS - 1)) * 64
}

/** Row of the times of the line, -1 where it is not known. */
function timingRow(): i32 {
  const entry = timingEntry()
  for (let at: usize = 0; at < TIMES_BYTES; at += 8) if (load<u64>(times + at) != load<u64>(entry + at)) return -1
  return load<i32>(entry, 56) - 1
}

const MOST_DIGITS = 15
let numberEnd: usize = 0

/** A whole number as JSON has it; -1 for anything else. */
function whole(from: usize): i64 {
  let at = from
  let number: i64 = 0
  while (true) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) break
    number = number * 10 + digit
    at++
    if (<i32>(at - from) > MOST_DIGITS) return -1
  }
  if (at == from || (at - from > 1 && load<u8>(from) == 0x30)) return -1
  numberEnd = at
  return number
}

/** `[1,2]` or `[1,null]` into two of the times; behind it, or 0. */
function span(from: usize, place: i32): usize {
  if (load<u8>(from) != 0x5b) return 0
  const least = whole(from + 1)
  if (least < 0 || load<u8>(numberEnd) != 0x2c) return 0
  let at = numberEnd + 1
  let most = Infinity
  if (load<u32>(at) == NULL) at += 4
  else {
    const number = whole(at)
    if (number < 0) return 0
    most = <f64>number
    at = numberEnd
  }
  store<f64>(times + place * 8, <f64>least)
  store<f64>(times + place * 8 + 8, most)
  return load<u8>(at) == 0x5d ? at + 1 : 0
}

let nameEnd: usize = 0

/** The number of a name whose opening quote was read, -1 where it is none; leaves `nameEnd` behind the closing one. */
// @ts-ignore: decorator
@inline
function named(table: usize, from: usize): i32 {
  const close = plainText(from)
  if (close == 0) return -1
  nameEnd = close + 1
  return find(table, from, <i32>(close - from), lastHash)
}

// Texts as eight bytes or fewer are read.
const RELATIONSHIP_1: u64 = 0x6974616c6572227b // {"relati
const RELATIONSHIP_2: u64 = 0x3a22706968736e6f // onship":
const ENTITY_1: u64 = 0x797469746e65227b // {"entity
const ENTITY_2: u32 = 0x7b3a22 // ":{
const LINE_END: u32 = 0x0a7d7d // }} and the end
const THREE: u32 = 0xffffff
const FIVE: u64 = 0xffffffffff
const SIX: u64 = 0xffffffffffff
const KIND: u64 = 0x223a22646e696b22 // "kind":"
const FROM: u64 = 0x223a226d6f726622 // "from":"
const NEED: u64 = 0x223a226465656e22 // "need":"
const NAME: u64 = 0x223a22656d616e22 // "name":"
const TO: u64 = 0x223a226f7422 // "to":"
const ID: u64 = 0x223a22646922 // "id":"
const STRENGTH_1: u64 = 0x74676e6572747322 // "strengt
const STRENGTH_2: u32 = 0x223a2268 // h":"
const HARD: u32 = 0x64726168
const SOFT: u32 = 0x74666f73
const CONFIDENCE_1: u64 = 0x656469666e6f6322 // "confide
const CONFIDENCE_2: u64 = 0x223a2265636e // nce":"
const NONE: u64 = 0x22656e6f6e // none"
const POSSIBLE: u64 = 0x656c626973736f70
const CONFIRMED_1: u64 = 0x656d7269666e6f63 // confirme
const CONFIRMED_2: u16 = 0x2264 // d"
const SESSION: u64 = 0x6e6f697373657322 // "session
const TOLERANCE_1: u64 = 0x6e6172656c6f7422 // "toleran
const TOLERANCE_2: u32 = 0x3a226563 // ce":
const PICKUP: u64 = 0x2270756b63697022 // "pickup"
const CADENCE: u64 = 0x65636e6564616322 // "cadence
const QUOTE_COLON: u16 = 0x3a22
const NULL: u32 = 0x6c6c756e

const QUOTE: u8 = 0x22
const COLON: u8 = 0x3a
const COMMA: u8 = 0x2c

/** Fields that were met. */
const HAS_KIND = 1
const HAS_FROM = 2
const HAS_TO = 4
const HAS_ENDS = 7
const HAS_NEED = 8
const HAS_STRENGTH = 16
const HAS_CONFIDENCE = 32
const HAS_SESSION = 64
const HAS_TOLERANCE = 128
const HAS_PICKUP = 256
const HAS_CADENCE = 512
const HAS_SPAN = HAS_SESSION | HAS_TOLERANCE | HAS_PICKUP
const HAS_ID = 2
const HAS_NAME = 4

const CONFIRMED = 2
const CONFIDENCE_SHIFT = 1

let valueEnd: usize = 0

/** `value` with its closing quote begins here: 0 none, 1 possible, 2 confirmed, -1 anything else. */
function confidenceAt(at: usize): i32 {
  const value = load<u64>(at)
  if ((value & FIVE) == NONE) {
    valueEnd = at + 5
    return 0
  }
  if (value == POSSIBLE && load<u8>(at + 8) == QUOTE) {
    valueEnd = at + 9
    return 1
  }
  valueEnd = at + 10
  return value == CONFIRMED_1 && load<u16>(at + 8) == CONFIRMED_2 ? CONFIRMED : -1
}

function noTimes(): void {
  memory.fill(times, 0, TIMES_BYTES)
  store<f64>(times, Infinity, 32)
  store<f64>(times, Infinity, 40)
}

/** The field of a time that begins at `at`; behind its value, or 0. `valueBit`: which it was. */
let valueBit = 0
function timeAt(at: usize, word: u64, seen: i32): usize {
  if ((seen & (HAS_SPAN | HAS_CADENCE)) == 0) noTimes()
  if (word == SESSION) {
    valueBit = HAS_SESSION
    return load<u16>(at + 8) == QUOTE_COLON ? span(at + 10, 0) : 0
  }
  if (word == TOLERANCE_1) {
    valueBit = HAS_TOLERANCE
    return load<u32>(at + 8) == TOLERANCE_2 ? span(at + 12, 2) : 0
  }
  if (word == PICKUP) {
    valueBit = HAS_PICKUP
    return load<u8>(at + 8) == COLON ? span(at + 9, 4) : 0
  }
  if (word != CADENCE || load<u16>(at + 8) != QUOTE_COLON) return 0
  valueBit = HAS_CADENCE
  const seconds = whole(at + 10)
  if (seconds < 0) return 0
  store<f64>(times, <f64>seconds, 48)
  return numberEnd
}

let ids16: usize = stagedIds
let needs16: usize = stagedNeeds

// @ts-ignore: decorator
@inline
function stage(at: usize, from: usize, length: i32, hash: u32, into: usize): void {
  store<u32>(at, <u32>from)
  store<i32>(at, length, 4)
  store<u32>(at, hash, 8)
  store<u32>(at, <u32>into, 12)
}

/** Gives every text that is staged its number, in their order. False: no memory. */
function numberAll(): bool {
  touch(ids, stagedIds, ids16)
  let next = countOf(ids)
  for (let at: usize = stagedIds; at < ids16; at += 16) {
    const length = load<i32>(at, 4)
    const number = intern(ids, <usize>load<u32>(at), length, load<u32>(at, 8))
    if (number < 0) return false
    store<i32>(<usize>load<u32>(at, 12), number)
    if (number == next) store<i32>(idLengths + (next++ - knownIds) * 4, length)
  }
  touch(needs, stagedNeeds, needs16)
  next = countOf(needs)
  for (let at: usize = stagedNeeds; at < needs16; at += 16) {
    const length = load<i32>(at, 4)
    const number = intern(needs, <usize>load<u32>(at), length, load<u32>(at, 8))
    if (number < 0) return false
    store<i32>(<usize>load<u32>(at, 12), number)
    if (number == next) store<i32>(needLengths + (next++ - knownNeeds) * 4, length)
  }
  ids16 = stagedIds
  needs16 = stagedNeeds
  return true
}

/** Behind the line whose relationship's first key begins here, or 0 and why. */
function relationship(start: usize): usize {
  let at = start
  let seen = 0
  let kind = 0
  let tail: usize = 0
  let tailLength = 0
  let tailHash: u32 = 0
  let head: usize = 0
  let headLength = 0
  let headHash: u32 = 0
  let need: usize = 0
  let needLength = 0
  let needHash: u32 = 0
  let strength = 0
  let confidence = CONFIRMED
  status = NOT_PLAIN
  while (true) {
    const word = load<u64>(at)
    let bit: i32
    if (word == KIND) {
      bit = HAS_KIND
      kind = named(kinds, at + 8)
      if (kind < 0) return 0
      at = nameEnd
    } else if (word == FROM) {
      bit = HAS_FROM
      tail = at + 8
      const close = plainText(tail)
      tailLength = <i32>(close - tail)
      if (close == 0 || !hasColon || tailLength > longestId) return 0
      tailHash = lastHash
      at = close + 1
    } else if ((word & SIX) == TO) {
      bit = HAS_TO
      head = at + 6
      const close = plainText(head)
      headLength = <i32>(close - head)
      if (close == 0 || !hasColon || headLength > longestId) return 0
      headHash = lastHash
      at = close + 1
    } else if (word == NEED) {
      bit = HAS_NEED
      need = at + 8
      const close = plainText(need)
      needLength = <i32>(close - need)
      if (close == 0 || needLength > longestNeed) return 0
      needHash = lastHash
      at = close + 1
    } else if (word == CONFIDENCE_1) {
      bit = HAS_CONFIDENCE
      if ((load<u64>(at + 8) & SIX) != CONFIDENCE_2) return 0
      confidence = confidenceAt(at + 14)
      if (confidence < 0) return 0
      at = valueEnd
    } else if (word == STRENGTH_1) {
      bit = HAS_STRENGTH
      const value = load<u32>(at + 12)
      if (load<u32>(at + 8) != STRENGTH_2 || load<u8>(at + 16) != QUOTE) return 0
      if (value != HARD && value != SOFT) return 0
      strength = value == SOFT ? 1 : 0
      at += 17
    } else {
      at = timeAt(at, word, seen)
      if (at == 0) return 0
      bit = valueBit
    }
    if ((seen & bit) != 0) return 0
    seen |= bit
    if (load<u8>(at) == COMMA) at++
    else if ((load<u32>(at) & THREE) == LINE_END) break
    else return 0
  }
  if ((seen & HAS_ENDS) != HAS_ENDS) return 0
  let timing = 0
  if ((seen & (HAS_SPAN | HAS_CADENCE)) != 0 && ((seen & HAS_SPAN) != 0 || load<f64>(times, 48) != 0)) {
    timing = timingRow()
    if (timing < 0) {
      status = NEW_TIMING
      return 0
    }
  }
  const row = rows++
  stage(ids16, tail, tailLength, tailHash, fromColumn + row * 4)
  stage(ids16 + 16, head, headLength, headHash, toColumn + row * 4)
  ids16 += 32
  if ((seen & HAS_NEED) != 0) {
    stage(needs16, need, needLength, needHash, needColumn + row * 4)
    needs16 += 16
  } else store<i32>(needColumn + row * 4, -1)
  store<i32>(timingColumn + row * 4, timing)
  store<u8>(kindColumn + row, <u8>kind)
  store<u8>(standingColumn + row, <u8>(strength | (confidence << CONFIDENCE_SHIFT)))
  return at + 3
}

/** The same of an entity. */
function entity(start: usize): usize {
  let at = start
  let seen = 0
  let kind = 0
  let id: usize = 0
  let length = 0
  let hash: u32 = 0
  status = NOT_PLAIN
  while (true) {
    const word = load<u64>(at)
    let bit: i32
    if (word == KIND) {
      bit = HAS_KIND
      kind = named(entityKinds, at + 8)
      if (kind < 0) return 0
      at = nameEnd
    } else if ((word & SIX) == ID) {
      bit = HAS_ID
      id = at + 6
      const close = plainText(id)
      length = <i32>(close - id)
      if (close == 0 || !hasColon || length > longestId) return 0
      hash = lastHash
      at = close + 1
    } else if (word == NAME) {
      bit = HAS_NAME
      const close = plainText(at + 8)
      if (close == 0 || <i32>(close - at) - 8 > longestName) return 0
      at = close + 1
    } else return 0
    if ((seen & bit) != 0) return 0
    seen |= bit
    if (load<u8>(at) == COMMA) at++
    else if ((load<u32>(at) & THREE) == LINE_END) break
    else return 0
  }
  if ((seen & (HAS_KIND | HAS_ID)) != (HAS_KIND | HAS_ID)) return 0
  const row = entityColumn + entities++ * 8
  stage(ids16, id, length, hash, row)
  ids16 += 16
  store<i32>(row, kind, 4)
  return at + 3
}

/**
 * Takes whole lines between two addresses, as long as they are plain. Where the first line begins that was not taken,
 * or `end`; `statusOf` says why.
 */
export function scan(start: usize, end: usize): usize {
  let at = start
  status = ALL_TAKEN
  while (at < end) {
    if (rows == ROWS || entities == ROWS) {
      status = FULL
      break
    }
    const word = load<u64>(at)
    let next: usize = 0
    if (word == RELATIONSHIP_1 && load<u64>(at + 8) == RELATIONSHIP_2 && load<u8>(at + 16) == 0x7b)
      next = relationship(at + 17)
    else if (word == ENTITY_1 && (load<u32>(at + 8) & THREE) == ENTITY_2) next = entity(at + 11)
    else status = NOT_PLAIN
    if (next == 0) break
    at = next
    if (ids16 >= stagedIds + STAGED * 32 - 16 && !numberAll()) {
      status = NO_MEMORY
      return at
    }
  }
  if (at >= end) status = ALL_TAKEN
  if (!numberAll()) status = NO_MEMORY
  return at
}
