import { createHash } from 'node:crypto'
import type { Locator } from './tallies.ts'

/** A UUID as four numbers of 32 bits. */
const WORDS = 4

export interface Seen {
  /** Remembers an event by its id, or by what stands for one. A UUID is put into `at`; for another `at.text` is set. */
  firstTime(eventId: string, at: Locator): boolean
  /** The same of a UUID in four numbers. */
  firstWords(words: Uint32Array): boolean
}

/**
 * Remembers which events were read: 16 bytes each in a table at most 60 % full (a `Set` of strings needs about ten
 * times that, and a year of logs has tens of millions). What is no UUID (test corpora, starred-out samples) is
 * remembered by 128 bits of its SHA-256.
 */
export function seenEvents(): Seen {
  let slots = 1 << 12
  let table = new Uint32Array(slots * WORDS)
  let used = 0
  const scratch = new Uint32Array(WORDS)

  const isFree = (at: number): boolean => (table[at]! | table[at + 1]! | table[at + 2]! | table[at + 3]!) === 0

  /** Where these words stand, or the free place where they belong. */
  const placeOf = (words: Uint32Array): number => {
    const a = words[0]!
    const b = words[1]!
    const c = words[2]!
    const d = words[3]!
    let hash = Math.imul(a ^ (b >>> 15), 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35)
    hash ^= hash >>> 16
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * WORDS
      const same = table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d
      if (same || isFree(at)) return at
    }
  }

  const put = (words: Uint32Array, at: number): void => {
    for (let word = 0; word < WORDS; word++) table[at + word] = words[word]!
  }

  const grow = (): void => {
    const old = table
    slots *= 2
    table = new Uint32Array(slots * WORDS)
    for (let at = 0; at < old.length; at += WORDS) {
      for (let word = 0; word < WORDS; word++) scratch[word] = old[at + word]!
      if ((scratch[0]! | scratch[1]! | scratch[2]! | scratch[3]!) !== 0) put(scratch, placeOf(scratch))
    }
  }

  const firstWords = (words: Uint32Array): boolean => {
    const at = placeOf(words)
    if (!isFree(at)) return false
    put(words, at)
    if (++used * 5 > slots * 3) grow()
    return true
  }

  return {
    firstWords,
    firstTime(eventId, at) {
      const isId = wordsOf(eventId, at.words)
      at.text = isId ? undefined : ''
      if (isId) return firstWords(at.words)
      const digest = createHash('sha256').update(eventId).digest()
      for (let word = 0; word < WORDS; word++) scratch[word] = digest.readUInt32BE(word * 4)
      return firstWords(scratch)
    },
  }
}

const HYPHEN = 0x2d
/** Value of a hexadecimal digit; 255 for any other byte. */
const digits = new Uint8Array(256).fill(255)
for (let value = 0; value < 16; value++)
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()]) digits[digit.charCodeAt(0)] = value

/**
 * Reads a UUID of 36 bytes into four numbers. False for what is none, and for the one of zeros alone, which would read
 * as a free slot.
 */
export function readUuid(bytes: Uint8Array, start: number, into: Uint32Array): boolean {
  let at = start
  let any = 0
  for (let word = 0; word < WORDS; word++) {
    let value = 0
    for (let digit = 0; digit < 8; digit++) {
      const place = at - start
      if (place === 8 || place === 13 || place === 18 || place === 23) {
        if (bytes[at] !== HYPHEN) return false
        at++
      }
      const read = digits[bytes[at++]!]!
      if (read === 255) return false
      value = (value << 4) | read
    }
    into[word] = value
    any |= value
  }
  return any !== 0
}

function wordsOf(id: string, into: Uint32Array): boolean {
  if (id.length !== 36) return false
  const bytes = Buffer.from(id)
  return bytes.length === 36 && readUuid(bytes, 0, into)
}
