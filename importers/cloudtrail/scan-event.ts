import { eventLevel, field, FIELDS, KEY_LENGTH, slotOf, type Entry, type Level, type MetKey } from './event-fields.ts'
import { slices } from './slices.ts'
import { plainEnd } from './string-end.ts'

const [quote, backslash, comma, colon, minus, dot, zero, nine] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e, 0x30, 0x39]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

const blank = new Uint8Array(256)
for (const byte of [0x20, 0x0a, 0x0d, 0x09]) blank[byte] = 1
const hexadecimal = new Uint8Array(256)
for (const digit of '0123456789abcdefABCDEF') hexadecimal[digit.charCodeAt(0)] = 1
/** 1 for what may follow a backslash; 2 for `u`. */
const escapable = new Uint8Array(256)
for (const letter of '"\\/bfnrt') escapable[letter.charCodeAt(0)] = 1
escapable[0x75] = 2
const literals = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word))

const DEPTH = 100
const OTHER_TYPE = -2
/** In `starts`: a parameter that is there and was not read, having escapes or being long. */
export const UNREAD = -3

export interface EventScan {
  /** Another file begins: what stands at a place is no longer what stood there. */
  begin(): void
  /**
   * Looks over the object that begins at `start` and must end before `limit`, by the rules of JSON, to the letter. Keeps
   * where the wanted fields stand in `starts` and `ends` (-1: absent, or not of the type that is wanted; texts without
   * their quotes).
   * @returns the byte behind the object; -1 where it is not whole, not JSON, no plain event, has a field twice, a
   * wanted text with an escape or longer than `longest` bytes: then somebody has to look closer
   * @param at where in its file the object begins
   */
  scan(bytes: Uint8Array, start: number, limit: number, at: number): number
  /** The bytes that `starts` and `ends` count in. */
  bytes(): Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Number of who calls, below `SLICES`: the same for the same bytes as long as its version is. -1 where it has none. */
  identity(): number
  identityVersion(identity: number): number
}

/** @param lists keys that make an object the outer one of a list */
export function eventScan(lists: readonly string[], longest: number): EventScan {
  const top = eventLevel(lists)
  const starts = new Int32Array(FIELDS).fill(-1)
  const ends = new Int32Array(FIELDS)
  const closers = new Uint8Array(DEPTH + 2)
  let bytes: Uint8Array = new Uint8Array(0)
  let view = new DataView(bytes.buffer)
  let limit = 0
  let escaped = false
  const identities = slices(field.type, field.identityStore - field.type + 1)
  let identity = -1
  /** Some field is of another type than is wanted. */
  let others = true

  /** @param from behind the opening quote @returns behind the closing one, or -1 */
  const stringEnd = (from: number): number => {
    let at = from
    escaped = false
    for (;;) {
      at = plainEnd(bytes, view, at, limit)
      if (at >= limit) return -1
      const byte = bytes[at]!
      if (byte === quote) return at + 1
      if (byte !== backslash) return -1
      escaped = true
      const kind = at + 1 < limit ? escapable[bytes[at + 1]!]! : 0
      if (kind === 0) return -1
      at += 2
      if (kind === 1) continue
      if (at + 4 > limit) return -1
      for (const end = at + 4; at < end; at++) if (hexadecimal[bytes[at]!] === 0) return -1
    }
  }

  const digitsEnd = (from: number): number => {
    let at = from
    while (at < limit && bytes[at]! >= zero && bytes[at]! <= nine) at++
    return at === from ? -1 : at
  }

  const numberEnd = (from: number): number => {
    let at = bytes[from] === minus ? from + 1 : from
    if (bytes[at] === zero) at++
    else at = digitsEnd(at)
    if (at < 0) return -1
    if (bytes[at] === dot) at = digitsEnd(at + 1)
    if (at < 0) return -1
    if ((bytes[at]! | 0x20) === 0x65) {
      at++
      if (bytes[at] === 0x2b || bytes[at] === minus) at++
      at = digitsEnd(at)
    }
    return at
  }

  const scalarEnd = (at: number): number => {
    const byte = bytes[at]!
    if (byte === quote) return stringEnd(at + 1)
    if (byte === minus || (byte >= zero && byte <= nine)) return numberEnd(at)
    for (const word of literals) {
      if (word[0] !== byte || at + word.length > limit) continue
      for (let i = 1; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1
      return at + word.length
    }
    return -1
  }

  const afterBlanks = (from: number): number => {
    if (from < limit && bytes[from]! > 0x20) return from
    let at = from
    while (at < limit && blank[bytes[at]!] === 1) at++
    return at
  }

  /** @returns behind any value, or -1 */
  const valueEnd = (from: number): number => {
    let at = from
    let depth = 0
    for (;;) {
      at = afterBlanks(at)
      if (at >= limit) return -1
      const byte = bytes[at]!
      if (byte === openBrace || byte === openBracket) {
        if (++depth > DEPTH) return -1
        closers[depth] = byte === openBrace ? closeBrace : closeBracket
        at = afterBlanks(at + 1)
        if (bytes[at] !== closers[depth]) {
          if (byte === openBracket) continue
          at = keyEnd(at)
          if (at < 0) return -1
          continue
        }
        if (at >= limit) return -1
        depth--
        at++
      } else {
        at = scalarEnd(at)
        if (at < 0) return -1
      }
      // A value has ended: what follows closes what it is in, or the next value comes.
      for (;;) {
        if (depth === 0) return at
        at = afterBlanks(at)
        if (at >= limit) return -1
        const next = bytes[at++]!
        if (next === closers[depth]) {
          depth--
          continue
        }
        if (next !== comma) return -1
        if (closers[depth] === closeBrace) {
          at = keyEnd(afterBlanks(at))
          if (at < 0) return -1
        }
        break
      }
    }
  }

  /** @returns behind the colon of the key that begins at `at`, or -1 */
  const keyEnd = (at: number): number => {
    if (at >= limit || bytes[at] !== quote) return -1
    const end = stringEnd(at + 1)
    if (end < 0) return -1
    const next = afterBlanks(end)
    return next < limit && bytes[next] === colon ? next + 1 : -1
  }

  const entryOf = ({ entries, table, spread }: Level, start: number, end: number): Entry | undefined => {
    if (end === start) return undefined
    const number = table[slotOf(bytes, start, end, spread)]!
    if (number < 0) return undefined
    const entry = entries[number]!
    const { key } = entry
    if (key.length !== end - start) return undefined
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return undefined
    return entry
  }

  /** Does this key stand at `at`, with its quotes and the colon? */
  const isKey = ({ text }: MetKey, at: number): boolean => {
    const last = text.byteLength - 4
    if (last < 0 || at + last + 4 > limit) return false
    for (let place = 0; place < last; place += 4)
      if (view.getInt32(at + place, true) !== text.getInt32(place, true)) return false
    return view.getInt32(at + last, true) === text.getInt32(last, true)
  }

  /** The key as it is remembered; undefined for one that is too long or too short for it. */
  const metKey = (of: Level, start: number, end: number, entry: Entry | undefined): MetKey | undefined => {
    if (end === start || end - start + 3 > KEY_LENGTH) return undefined
    const slot = slotOf(bytes, start, end, of.spread)
    const known = of.met[slot]
    if (known !== undefined && known.text.byteLength === end - start + 3 && isKey(known, start - 1)) return known
    const text = Uint8Array.from(bytes.subarray(start - 1, end + 2))
    return (of.met[slot] = {
      text: new DataView(text.buffer),
      entry,
      next: undefined,
    })
  }

  /** @param from behind the opening brace @returns behind the closing one, or -1 */
  const objectEnd = (of: Level, from: number): number => {
    let at = afterBlanks(from)
    if (at < limit && bytes[at] === closeBrace) return at + 1
    let before = of.begin
    for (;;) {
      if (at >= limit || bytes[at] !== quote) return -1
      const guess = before.next
      let entry: Entry | undefined
      if (guess !== undefined && isKey(guess, at)) {
        at = afterBlanks(at + guess.text.byteLength)
        entry = guess.entry
        before = guess
      } else {
        const keyStart = at + 1
        const keyStop = stringEnd(keyStart)
        if (keyStop < 0 || escaped) return -1
        at = afterBlanks(keyStop)
        if (at >= limit || bytes[at] !== colon) return -1
        entry = entryOf(of, keyStart, keyStop - 1)
        if (at === keyStop) {
          const met = metKey(of, keyStart, keyStop - 1, entry)
          if (met !== undefined) before = before.next = met
        }
        at = afterBlanks(at + 1)
      }
      if (at >= limit) return -1
      at = entry === undefined ? valueEnd(at) : entryEnd(entry, at)
      if (at < 0) return -1
      at = afterBlanks(at)
      if (at >= limit) return -1
      const byte = bytes[at++]!
      if (byte === closeBrace) return at
      if (byte !== comma) return -1
      at = afterBlanks(at)
    }
  }

  const entryEnd = ({ field: number, as, stops }: Entry, at: number): number => {
    if (stops || starts[number] !== -1) return -1
    const byte = bytes[at]!
    if (as === 'text') {
      if (byte !== quote) {
        // Told from a key that was not met, so that a second one is seen.
        starts[number] = OTHER_TYPE
        others = true
        return valueEnd(at)
      }
      const end = stringEnd(at + 1)
      if (end < 0) return -1
      if (escaped || end - at - 2 > longest) {
        if (number < field.roleArn) return -1
        // Of a parameter: it may be of a call whose parameters do not matter.
        starts[number] = UNREAD
        return end
      }
      starts[number] = at + 1
      ends[number] = end - 1
      return end
    }
    starts[number] = at
    if (number === field.userIdentity && byte === openBrace) return identityEnd(as as Level, at)
    if (as === 'value') return (ends[number] = valueEnd(at))
    if (byte === openBrace) return (ends[number] = objectEnd(as, at + 1))
    if (byte === openBracket) return -1
    starts[number] = OTHER_TYPE
    others = true
    return valueEnd(at)
  }

  /** Who calls, calls again: what was found the last time is found at one look. */
  const identityEnd = (of: Level, at: number): number => {
    identity = identities.find(view, at, limit)
    if (identity >= 0) {
      identities.place(identity, at, starts, ends)
      return (ends[field.userIdentity] = at + identities.length(identity))
    }
    const end = objectEnd(of, at + 1)
    if (end < 0) return -1
    const keyEnd = starts[field.accessKeyId]! < 0 ? end : ends[field.accessKeyId]!
    identity = identities.add(view, at, end, keyEnd - 4, starts, ends)
    return (ends[field.userIdentity] = end)
  }

  return {
    starts,
    ends,
    begin: () => undefined,
    bytes: () => bytes,
    identity: () => identity,
    identityVersion: identities.version,
    scan(of, start, end) {
      if (of !== bytes) view = new DataView(of.buffer, of.byteOffset, of.byteLength)
      bytes = of
      limit = end
      starts.fill(-1)
      identity = -1
      others = false
      const stop = objectEnd(top, start + 1)
      if (stop < 0) return -1
      if (others) for (let number = 0; number < FIELDS; number++) if (starts[number] === OTHER_TYPE) starts[number] = -1
      return stop
    },
  }
}
