/** The bytes of strings, four at a time: most bytes of a log stand in strings. */

const [quote, backslash] = [0x22, 0x5c]
const ONES = 0x01010101
const HIGH = 0x80808080 | 0
const SPACES = 0x20202020
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c

/** 1 for bytes that stand for themselves inside a string. */
const plain = new Uint8Array(256).fill(1, 0x20)
plain[quote] = plain[backslash] = 0

/**
 * Where the first byte stands, from `from` on, that does not stand for itself in a string of JSON (quote, backslash,
 * control); `limit` where there is none before it.
 */
export function plainEnd(bytes: Uint8Array, view: DataView, from: number, limit: number): number {
  let at = from
  for (const last = limit - 4; at <= last; at += 4) {
    const word = view.getInt32(at, true)
    const asQuote = word ^ QUOTES
    const asBackslash = word ^ BACKSLASHES
    // The lowest high bit that is set stands at the first such byte; those above it may be set by what it borrowed.
    const found =
      (((word - SPACES) & ~word) | ((asQuote - ONES) & ~asQuote) | ((asBackslash - ONES) & ~asBackslash)) & HIGH
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3)
  }
  while (at < limit && plain[bytes[at]!] === 1) at++
  return at
}
