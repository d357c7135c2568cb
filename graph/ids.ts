import { sha256Words } from './sha256.ts'

/** RFC 4648 base32, lower case: letters and digits that survive a URL, a file name and a phone call. */
const alphabet = Uint8Array.from('abcdefghijklmnopqrstuvwxyz234567', (one) => one.charCodeAt(0))

/**
 * Opaque id of whatever has this canonical key: the first 80 bits of its SHA-256, 16 characters of `[a-z2-7]`.
 * The same key gives the same id on every machine and in every import, so links stay true. This is the only place
 * where ids are made. With a million things the chance of any collision is about 4 in 10^13.
 */
export function idOf(key: string): string {
  const words = sha256Words(key)
  const [a, b, c] = [words[0]!, words[1]!, words[2]!]
  const five = (bits: number): number => alphabet[bits & 31]!
  // Five bits a character: the third word gives its upper half.
  return String.fromCharCode(
    five(a >>> 27),
    five(a >>> 22),
    five(a >>> 17),
    five(a >>> 12),
    five(a >>> 7),
    five(a >>> 2),
    five((a << 3) | (b >>> 29)),
    five(b >>> 24),
    five(b >>> 19),
    five(b >>> 14),
    five(b >>> 9),
    five(b >>> 4),
    five((b << 1) | (c >>> 31)),
    five(c >>> 26),
    five(c >>> 21),
    five(c >>> 16),
  )
}

/**
 * The key by which an id is remembered. An id is made of bytes, in which half of a surrogate pair (JSON may say one) is
 * U+FFFD: keys that differ in nothing else have one id.
 */
export function wholeKey(key: string): string {
  return HALF_PAIR.test(key) ? key.replaceAll(HALF_PAIRS, '\ufffd') : key
}
const HALF_PAIR = /\p{Surrogate}/u
const HALF_PAIRS = /\p{Surrogate}/gu

/** Canonical key of a relationship: its own id where it has one, else kind and ends. */
export function relationshipKey(relationship: {
  id?: string | undefined
  kind: string
  from: string
  to: string
}): string {
  return relationship.id ?? `${relationship.kind} ${relationship.from} > ${relationship.to}`
}
