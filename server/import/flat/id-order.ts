import { SEGMENTS } from '../../../graph/segments.ts'

/**
 * Opaque ids (graph/ids: 16 characters of `[a-z2-7]`) as three numbers, which stand in the order of the texts: digits
 * before letters.
 */
export interface IdColumns {
  readonly high: Uint32Array
  readonly middle: Uint32Array
  readonly low: Uint32Array
}

export function idColumns(room: number): IdColumns {
  return { high: new Uint32Array(room), middle: new Uint32Array(room), low: new Uint32Array(room) }
}

const BITS = 5
const [A, TWO, DIGITS] = ['a'.charCodeAt(0), '2'.charCodeAt(0), 6]

export function putId({ high, middle, low }: IdColumns, number: number, id: string): void {
  high[number] = numberOf(id, 0, 6)
  middle[number] = numberOf(id, 6, 12)
  low[number] = numberOf(id, 12, 16)
}

function numberOf(id: string, start: number, end: number): number {
  let number = 0
  for (let i = start; i < end; i++) {
    const code = id.charCodeAt(i)
    number = (number << BITS) | (code < A ? code - TWO : code - A + DIGITS)
  }
  return number
}

export function sameId({ high, middle, low }: IdColumns, a: number, b: number): boolean {
  return high[a] === high[b] && middle[a] === middle[b] && low[a] === low[b]
}

/** Entities of a segment stand before its relationships, so each segment has two heaps. */
export const heapOf = (bucket: number, isRelationship: boolean): number => 2 * bucket + Number(isRelationship)
export const HEAPS = 2 * SEGMENTS

/** Lines by heap: `lines[starts[heap]] … lines[starts[heap + 1] - 1]`, as they came. */
export interface Heaps {
  readonly starts: Int32Array
  readonly lines: Int32Array
}

export function intoHeaps(heap: Uint16Array, count: number): Heaps {
  const starts = new Int32Array(HEAPS + 1)
  for (let i = 0; i < count; i++) starts[heap[i]! + 1]!++
  for (let i = 0; i < HEAPS; i++) starts[i + 1]! += starts[i]!
  const lines = new Int32Array(count)
  const next = starts.slice()
  for (let i = 0; i < count; i++) lines[next[heap[i]!]!++] = i
  return { starts, lines }
}

const DIGIT = 15
const DIGIT_VALUES = 1 << DIGIT
/** Below this many, comparing is faster than counting digits. */
const FEW = 4_096

/** In place, and stable: by digits of the first word, which hardly ever are the same for two ids, then by the rest. */
export function sortById(columns: IdColumns, lines: Int32Array): void {
  const { high, middle, low } = columns
  const before = (a: number, b: number): number =>
    high[a]! - high[b]! || middle[a]! - middle[b]! || low[a]! - low[b]! || a - b
  if (lines.length < FEW) {
    lines.sort(before)
    return
  }
  const aside = new Int32Array(lines.length)
  byDigit(high, 0, lines, aside)
  byDigit(high, DIGIT, aside, lines)
  for (let start = 0; start < lines.length;) {
    let end = start + 1
    while (end < lines.length && high[lines[end]!] === high[lines[start]!]) end++
    if (end - start > 1) lines.subarray(start, end).sort(before)
    start = end
  }
}

function byDigit(keys: Uint32Array, shift: number, from: Int32Array, to: Int32Array): void {
  const next = new Int32Array(DIGIT_VALUES + 1)
  for (let i = 0; i < from.length; i++) next[((keys[from[i]!]! >>> shift) & (DIGIT_VALUES - 1)) + 1]!++
  for (let i = 0; i < DIGIT_VALUES; i++) next[i + 1]! += next[i]!
  for (let i = 0; i < from.length; i++) to[next[(keys[from[i]!]! >>> shift) & (DIGIT_VALUES - 1)]!++] = from[i]!
}
