/**
 * AssemblyScript. Finds fields of an event of CloudTrail in its bytes; the twin of importers/cloudtrail/scan-event.ts,
 * which says what it does and is what it is tested against.
 */
import { BACKSLASH, isSame, plainEnd, QUOTE } from './text'

const LEVELS = 16
const SLOTS = 256
const ENTRIES = 128
const FIELDS = 64
const KEY_LENGTH = 64
const DEPTH = 100
const OTHER_TYPE = -2
const UNREAD = -3
const AS_TEXT = -1
const AS_VALUE = -2
const STOPS = -3

const OPEN_BRACE: u8 = 0x7b
const CLOSE_BRACE: u8 = 0x7d
const OPEN_BRACKET: u8 = 0x5b
const CLOSE_BRACKET: u8 = 0x5d
const COMMA: u8 = 0x2c
const COLON: u8 = 0x3a
const MINUS: u8 = 0x2d
const ZERO: u8 = 0x30
const NINE: u8 = 0x39

/** Bytes that are looked at, and room for what is read behind them. */
const WINDOW: i32 = 1 << 20
const window = memory.data(WINDOW + 64, 16)
const starts = memory.data(FIELDS * 4, 16)
const ends = memory.data(FIELDS * 4, 16)

/** Number of the entry by slot of the key, -1 for none; one table a level. */
const tables = memory.data(LEVELS * SLOTS, 16)
const spreads = memory.data(LEVELS * 4, 16)
/** Of each entry: key, its length, field, what it leads to. */
const ENTRY = 80
const KEY_AT = 16
const entries = memory.data(ENTRIES * ENTRY, 16)
/** A key that was met, with quotes and colon: length, entry (-1: not wanted), the one that came next, text. */
const MET = 96
const MET_TEXT = 16
const met = memory.data(LEVELS * SLOTS * MET, 16)
/** What came first in objects of a level. */
const begins = memory.data(LEVELS * MET, 16)

const closers = memory.data(DEPTH + 16, 16)
/** By byte: 1 for what may follow a backslash, 2 for `u`, 4 for a hexadecimal digit, 8 for a blank. */
const kinds = memory.data(256, 16)
const ESCAPABLE: u8 = 1
const UNICODE: u8 = 2
const HEXADECIMAL: u8 = 4
const BLANK: u8 = 8

const GROUPS = 512
const IN_GROUP = 8
const SLICES = GROUPS * IN_GROUP
const LONGEST = 640
const SHORTEST = 64
const MOST_KEPT = 16
const held = memory.data(SLICES * LONGEST + 16, 16)
const lengths = memory.data(SLICES * 4, 16)
const marks = memory.data(SLICES * 4, 16)
const versions = memory.data(SLICES * 4, 16)
const oldest = memory.data(GROUPS, 16)
const fieldStarts = memory.data(SLICES * MOST_KEPT * 4, 16)
const fieldEnds = memory.data(SLICES * MOST_KEPT * 4, 16)

let limit: usize = 0
let escaped: bool = false
let others: bool = false
let identity: i32 = -1
let longest: i32 = 0
let seed: u64 = 0
/** Numbers of fields. */
let first: i32 = 0
let count: i32 = 0
let userIdentity: i32 = 0
let accessKey: i32 = 0
let parameters: i32 = 0

export function windowAt(): usize { return window }
export function windowLength(): i32 { return WINDOW }
export function startsAt(): usize { return starts }
export function endsAt(): usize { return ends }
export function tablesAt(): usize { return tables }
export function spreadsAt(): usize { return spreads }
export function entriesAt(): usize { return entries }
export function versionsAt(): usize { return versions }
export function identityOf(): i32 { return identity }

/** `firstField` to `fields` behind it stand in who calls; from `parameter` on fields are those of parameters. */
export function configure(
  longestText: i32,
  firstField: i32,
  fields: i32,
  user: i32,
  key: i32,
  parameter: i32,
  random: u32,
): void {
  longest = longestText
  first = firstField
  count = fields
  userIdentity = user
  accessKey = key
  parameters = parameter
  seed = (<u64>random << 32) | random
  set('"\\/bfnrt', ESCAPABLE)
  set('u', UNICODE)
  set('0123456789abcdefABCDEF', HEXADECIMAL)
  set(' \n\r\t', BLANK)
}

function set(characters: string, kind: u8): void {
  for (let i = 0; i < characters.length; i++) {
    const at = kinds + characters.charCodeAt(i)
    store<u8>(at, load<u8>(at) | kind)
  }
}

// @ts-ignore: decorator
@inline
function kindOf(at: usize): u8 {
  return load<u8>(kinds + load<u8>(at))
}

/** `from`: behind the opening quote. Behind the closing one, or 0. */
// @ts-ignore: decorator
@inline
function stringEnd(from: usize): usize {
  const at = plainEnd(from, limit)
  escaped = false
  if (at >= limit) return 0
  if (load<u8>(at) == QUOTE) return at + 1
  return escapedEnd(at)
}

function escapedEnd(from: usize): usize {
  let at = from
  while (true) {
    if (load<u8>(at) != BACKSLASH) return 0
    escaped = true
    const kind = at + 1 < limit ? kindOf(at + 1) & (ESCAPABLE | UNICODE) : 0
    if (kind == 0) return 0
    at += 2
    if (kind == UNICODE) {
      if (at + 4 > limit) return 0
      for (const end = at + 4; at < end; at++) if ((kindOf(at) & HEXADECIMAL) == 0) return 0
    }
    at = plainEnd(at, limit)
    if (at >= limit) return 0
    if (load<u8>(at) == QUOTE) return at + 1
  }
}

function digitsEnd(from: usize): usize {
  let at = from
  while (at < limit && load<u8>(at) >= ZERO && load<u8>(at) <= NINE) at++
  return at == from ? 0 : at
}

function numberEnd(from: usize): usize {
  let at = load<u8>(from) == MINUS ? from + 1 : from
  if (load<u8>(at) == ZERO) at++
  else at = digitsEnd(at)
  if (at == 0) return 0
  if (load<u8>(at) == 0x2e) at = digitsEnd(at + 1)
  if (at == 0) return 0
  if ((load<u8>(at) | 0x20) == 0x65) {
    at++
    if (load<u8>(at) == 0x2b || load<u8>(at) == MINUS) at++
    at = digitsEnd(at)
  }
  return at
}

// @ts-ignore: decorator
@inline
function scalarEnd(at: usize): usize {
  const byte = load<u8>(at)
  if (byte == QUOTE) return stringEnd(at + 1)
  if (at + 4 <= limit) {
    const word = load<u32>(at)
    // null, true, alse
    if (word == 0x6c6c756e || word == 0x65757274) return at + 4
    if (byte == 0x66 && at + 5 <= limit && load<u32>(at + 1) == 0x65736c61) return at + 5
  }
  if (byte == MINUS || (byte >= ZERO && byte <= NINE)) return numberEnd(at)
  return 0
}

// @ts-ignore: decorator
@inline
function afterBlanks(from: usize): usize {
  if (from < limit && load<u8>(from) > 0x20) return from
  return afterSomeBlanks(from)
}

function afterSomeBlanks(from: usize): usize {
  let at = from
  while (at < limit && (kindOf(at) & BLANK) != 0) at++
  return at
}

/** Behind any value, or 0. */
function valueEnd(from: usize): usize {
  let at = from
  let depth = 0
  while (true) {
    at = afterBlanks(at)
    if (at >= limit) return 0
    const byte = load<u8>(at)
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (++depth > DEPTH) return 0
      store<u8>(closers + depth, byte == OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET)
      at = afterBlanks(at + 1)
      if (at >= limit) return 0
      if (load<u8>(at) != load<u8>(closers + depth)) {
        if (byte == OPEN_BRACKET) continue
        at = keyEnd(at)
        if (at == 0) return 0
        continue
      }
      depth--
      at++
    } else {
      at = scalarEnd(at)
      if (at == 0) return 0
    }
    // A value has ended: what follows closes what it is in, or the next value comes.
    while (true) {
      if (depth == 0) return at
      at = afterBlanks(at)
      if (at >= limit) return 0
      const next = load<u8>(at++)
      const closer = load<u8>(closers + depth)
      if (next == closer) {
        depth--
        continue
      }
      if (next != COMMA) return 0
      if (closer == CLOSE_BRACE) {
        at = keyEnd(afterBlanks(at))
        if (at == 0) return 0
      }
      break
    }
  }
}

/** Behind the colon of the key that begins at `at`, or 0. */
// @ts-ignore: decorator
@inline
function keyEnd(at: usize): usize {
  if (at >= limit || load<u8>(at) != QUOTE) return 0
  const end = stringEnd(at + 1)
  if (end == 0) return 0
  const next = afterBlanks(end)
  return next < limit && load<u8>(next) == COLON ? next + 1 : 0
}

function slotOf(level: i32, start: usize, end: usize): i32 {
  const third = load<u8>(end - 3 > start ? end - 3 : start)
  const middle = load<u8>(start + ((end - start) >> 1))
  const spread = load<i32>(spreads + level * 4)
  return (
    ((<i32>(end - start)) * 7 +
      <i32>load<u8>(start) * 3 +
      <i32>middle * 11 +
      <i32>load<u8>(end - 1) * 5 +
      <i32>third * spread) &
    (SLOTS - 1)
  )
}

function entryOf(level: i32, start: usize, end: usize, slot: i32): i32 {
  const number = <i32>load<i8>(tables + level * SLOTS + slot)
  if (number < 0) return -1
  const entry = entries + number * ENTRY
  const length = load<i32>(entry)
  return length == <i32>(end - start) && isSame(entry + KEY_AT, start, length) ? number : -1
}

/** Behind the closing brace, or 0. `from`: behind the opening one. */
function objectEnd(level: i32, from: usize): usize {
  let at = afterBlanks(from)
  if (at < limit && load<u8>(at) == CLOSE_BRACE) return at + 1
  let before = begins + level * MET
  while (true) {
    if (at >= limit || load<u8>(at) != QUOTE) return 0
    const guess = load<usize>(before + 8)
    const length = guess == 0 ? 0 : load<i32>(guess)
    let entry: i32
    if (length != 0 && at + length <= limit && isSame(guess + MET_TEXT, at, length)) {
      at = afterBlanks(at + length)
      entry = load<i32>(guess + 4)
      before = guess
    } else {
      const start = at + 1
      const stop = stringEnd(start)
      if (stop == 0 || escaped) return 0
      at = afterBlanks(stop)
      if (at >= limit || load<u8>(at) != COLON) return 0
      entry = -1
      if (stop - 1 > start) {
        const slot = slotOf(level, start, stop - 1)
        entry = entryOf(level, start, stop - 1, slot)
        const whole = <i32>(stop - start) + 2
        if (at == stop && whole <= KEY_LENGTH) {
          const node = met + (level * SLOTS + slot) * MET
          if (load<i32>(node) != whole || !isSame(node + MET_TEXT, start - 1, whole)) {
            store<i32>(node, whole)
            memory.copy(node + MET_TEXT, start - 1, whole)
            store<i32>(node + 4, entry)
            store<usize>(node + 8, 0)
          }
          store<usize>(before + 8, node)
          before = node
        }
      }
      at = afterBlanks(at + 1)
    }
    if (at >= limit) return 0
    at = entry < 0 ? valueEnd(at) : entryEnd(entry, at)
    if (at == 0) return 0
    at = afterBlanks(at)
    if (at >= limit) return 0
    const byte = load<u8>(at++)
    if (byte == CLOSE_BRACE) return at
    if (byte != COMMA) return 0
    at = afterBlanks(at)
  }
}

function entryEnd(number: i32, at: usize): usize {
  const entry = entries + number * ENTRY
  const field = load<i32>(entry + 4)
  const as = load<i32>(entry + 8)
  const start = starts + field * 4
  if (as == STOPS || load<i32>(start) != -1) return 0
  const byte = load<u8>(at)
  if (as == AS_TEXT) {
    if (byte != QUOTE) {
      // Told from a key that was not met, so that a second one is seen.
      store<i32>(start, OTHER_TYPE)
      others = true
      return valueEnd(at)
    }
    const end = stringEnd(at + 1)
    if (end == 0) return 0
    if (escaped || <i32>(end - at) - 2 > longest) {
      if (field < parameters) return 0
      // Of a parameter: it may be of a call whose parameters do not matter.
      store<i32>(start, UNREAD)
      return end
    }
    store<i32>(start, <i32>at + 1)
    store<i32>(ends + field * 4, <i32>end - 1)
    return end
  }
  store<i32>(start, <i32>at)
  if (field == userIdentity && byte == OPEN_BRACE) return identityEnd(as, at)
  let end: usize = 0
  if (as == AS_VALUE) end = valueEnd(at)
  else if (byte == OPEN_BRACE) end = objectEnd(as, at + 1)
  else if (byte != OPEN_BRACKET) {
    store<i32>(start, OTHER_TYPE)
    others = true
    return valueEnd(at)
  }
  store<i32>(ends + field * 4, <i32>end)
  return end
}

function groupOf(at: usize): i32 {
  let hash = seed
  for (let place = at; place < at + SHORTEST; place += 8) {
    hash = (hash ^ load<u64>(place)) * 0x9e3779b97f4a7c15
    hash ^= hash >> 29
  }
  return <i32>(hash >> 40) & (GROUPS - 1)
}

/** Who calls, calls again: what was found the last time is found at one look. */
function identityEnd(level: i32, at: usize): usize {
  if (at + SHORTEST > limit) {
    const end = objectEnd(level, at + 1)
    store<i32>(ends + userIdentity * 4, <i32>end)
    return end
  }
  const group = groupOf(at)
  for (let slice = group * IN_GROUP; slice < group * IN_GROUP + IN_GROUP; slice++) {
    const length = load<i32>(lengths + slice * 4)
    if (length == 0 || at + length > limit) continue
    const mark = load<i32>(marks + slice * 4)
    const text = held + slice * LONGEST
    if (load<u32>(at + mark) != load<u32>(text + mark) || !isSame(at, text, length)) continue
    identity = slice
    for (let number = 0; number < count; number++) {
      const start = load<i32>(fieldStarts + (slice * MOST_KEPT + number) * 4)
      store<i32>(starts + (first + number) * 4, start < 0 ? start : start + <i32>at)
      store<i32>(ends + (first + number) * 4, load<i32>(fieldEnds + (slice * MOST_KEPT + number) * 4) + <i32>at)
      // A field of another type is one here, too.
      if (start == OTHER_TYPE) others = true
    }
    store<i32>(ends + userIdentity * 4, <i32>at + length)
    return at + length
  }
  const end = objectEnd(level, at + 1)
  if (end == 0) return 0
  store<i32>(ends + userIdentity * 4, <i32>end)
  const length = <i32>(end - at)
  if (length < SHORTEST || length > LONGEST) return end
  const slice = group * IN_GROUP + <i32>load<u8>(oldest + group)
  store<u8>(oldest + group, (load<u8>(oldest + group) + 1) & (IN_GROUP - 1))
  memory.copy(held + slice * LONGEST, at, length)
  store<i32>(lengths + slice * 4, length)
  const keyEnd = load<i32>(starts + accessKey * 4) < 0 ? <i32>end : load<i32>(ends + accessKey * 4)
  store<i32>(marks + slice * 4, keyEnd - 4 - <i32>at)
  store<i32>(versions + slice * 4, load<i32>(versions + slice * 4) + 1)
  for (let number = 0; number < count; number++) {
    const start = load<i32>(starts + (first + number) * 4)
    store<i32>(fieldStarts + (slice * MOST_KEPT + number) * 4, start < 0 ? start : start - <i32>at)
    store<i32>(
      fieldEnds + (slice * MOST_KEPT + number) * 4,
      load<i32>(ends + (first + number) * 4) - <i32>at,
    )
  }
  identity = slice
  return end
}

/** Addresses in, and out; -1 where somebody has to look closer. */
export function scan(start: usize, end: usize): i32 {
  limit = end
  memory.fill(starts, 0xff, FIELDS * 4)
  identity = -1
  others = false
  const stop = objectEnd(0, start + 1)
  if (stop == 0) return -1
  if (others)
    for (let number = 0; number < FIELDS; number++)
      if (load<i32>(starts + number * 4) == OTHER_TYPE) store<i32>(starts + number * 4, -1)
  return <i32>stop
}
