import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { TextColumn } from '../index/columns.ts'

/** Texts by number, each once. */
export interface Texts {
  /** Number of the text; a new one where it is not there. */
  internText(text: string): number
  count(): number
  column(): TextColumn
}

/** Texts in one arena, found by hash. For ids of estates, of which there are millions. */
export interface TextTable extends Texts {
  /** Number of the ASCII text `bytes[from] … bytes[to - 1]` with this hash (`hashOf`); a new one where it is not there. */
  intern(view: DataView, from: number, to: number, hash: number): number
  /** Its number, or -1. */
  find(view: DataView, from: number, to: number, hash: number): number
}

const FIRST_ARENA = 1 << 16
const FIRST_SLOTS = 1 << 12

export function textTable(): TextTable {
  let arena = new Uint8Array(FIRST_ARENA)
  let arenaView = new DataView(arena.buffer)
  let used = 0
  let offsets = new Uint32Array(FIRST_SLOTS)
  let hashes = new Int32Array(FIRST_SLOTS)
  let count = 0
  /** Open addressing: number + 1, 0 is free; twice as many as texts. */
  let slots = new Int32Array(FIRST_SLOTS * 2)
  let mask = slots.length - 1

  const isSame = (number: number, view: DataView, from: number, length: number): boolean => {
    const start = offsets[number]!
    if (offsets[number + 1]! - start !== length) return false
    let i = 0
    for (; i + 4 <= length; i += 4)
      if (arenaView.getInt32(start + i, true) !== view.getInt32(from + i, true)) return false
    for (; i < length; i++) if (arenaView.getUint8(start + i) !== view.getUint8(from + i)) return false
    return true
  }
  const grow = (): void => {
    const moreOffsets = new Uint32Array(offsets.length * 2)
    moreOffsets.set(offsets)
    offsets = moreOffsets
    const moreHashes = new Int32Array(hashes.length * 2)
    moreHashes.set(hashes)
    hashes = moreHashes
    slots = new Int32Array(slots.length * 2)
    mask = slots.length - 1
    for (let number = 0; number < count; number++) {
      let slot = hashes[number]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
  }
  const add = (view: DataView, from: number, length: number, hash: number, slot: number): number => {
    if (used + length > arena.length) {
      const larger = new Uint8Array(Math.max(arena.length * 2, used + length))
      larger.set(arena)
      arena = larger
      arenaView = new DataView(arena.buffer)
    }
    arena.set(new Uint8Array(view.buffer, view.byteOffset + from, length), used)
    used += length
    const number = count++
    offsets[number + 1] = used
    hashes[number] = hash
    slots[slot] = number + 1
    if (count + 1 >= offsets.length) grow()
    return number
  }
  const slotOf = (view: DataView, from: number, length: number, hash: number): number => {
    let slot = hash & mask
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if (hashes[held - 1] === hash && isSame(held - 1, view, from, length)) break
      slot = (slot + 1) & mask
    }
    return slot
  }
  const intern = (view: DataView, from: number, to: number, hash: number): number => {
    const slot = slotOf(view, from, to - from, hash)
    return slots[slot] !== 0 ? slots[slot]! - 1 : add(view, from, to - from, hash, slot)
  }
  return {
    intern,
    find: (view, from, to, hash) => slots[slotOf(view, from, to - from, hash)]! - 1,
    internText(text) {
      const bytes = utf8ToBytes(`${text}"    `)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const length = bytes.length - 5
      const isPlain = readText(view, 0, length + 1) === length
      return intern(view, 0, length, isPlain ? lastText.hash : hashOfAny(bytes, length))
    },
    count: () => count,
    column: () => ({ bytes: arena.slice(0, used), offsets: offsets.slice(0, count + 1) }),
  }
}

const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c
const COLONS = 0x3a3a3a3a
const ONES = 0x01010101
const HIGHS = 0x80808080 | 0

/** What `readText` found: the hash of the last text, and whether a colon is in it. */
export const lastText = { hash: 0, hasColon: false }

/**
 * Reads the text of a JSON string from behind its opening quote: the place of its closing quote, or -1 where it is not
 * plain: a backslash, a control character, a byte that is not ASCII, or no end before `end`. Four bytes at a time;
 * `view` has to go on for 4 bytes behind `end`.
 */
export function readText(view: DataView, from: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  let colons = 0
  let at = from
  for (;;) {
    if (at >= end) return -1
    const word = view.getInt32(at, true)
    const quote = word ^ QUOTES
    const backslash = word ^ BACKSLASHES
    const low = (word - 0x20202020) & ~word & HIGHS
    const stops = ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | word | low
    if ((stops & HIGHS) !== 0) break
    const colon = word ^ COLONS
    colons |= (colon - ONES) & ~colon & HIGHS
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
    at += 4
  }
  for (;;) {
    if (at >= end) return -1
    const byte = view.getUint8(at)
    if (byte === 0x22) break
    if (byte === 0x5c || byte < 0x20 || byte > 0x7f) return -1
    if (byte === 0x3a) colons = 1
    hash = Math.imul(hash ^ byte, 0x01000193)
    at++
    if (at - from > LONGEST) return -1
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  lastText.hash = hash ^ (hash >>> 13)
  lastText.hasColon = colons !== 0
  return at
}

const LONGEST = 1 << 20

/** Of a text that is not plain: which of the two it is follows from the text, so each has one hash. */
function hashOfAny(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash
}
