/** A UUID as four numbers of 32 bits. */
const WORDS = 4

/**
 * Remembers which events were read: 16 bytes each in a table at most 60 % full (a `Set` of strings needs about ten
 * times that, and a year of logs has tens of millions). Ids that are no UUIDs come from test corpora and starred-out
 * samples; they are few, and kept as they are.
 */
export function seenEvents(): { firstTime(eventId: string): boolean } {
  const others = new Set<string>()
  let slots = 1 << 12
  let table = new Uint32Array(slots * WORDS)
  let used = 0

  const isFree = (at: number): boolean => (table[at]! | table[at + 1]! | table[at + 2]! | table[at + 3]!) === 0

  /** Where these words stand, or the free place where they belong. */
  const placeOf = (words: ArrayLike<number>): number => {
    const [a = 0, b = 0, c = 0, d = 0] = [words[0], words[1], words[2], words[3]]
    let hash = Math.imul(a ^ (b >>> 15), 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35)
    hash ^= hash >>> 16
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * WORDS
      const same = table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d
      if (same || isFree(at)) return at
    }
  }

  const grow = (): void => {
    const old = table
    slots *= 2
    table = new Uint32Array(slots * WORDS)
    for (let at = 0; at < old.length; at += WORDS) {
      const words = old.subarray(at, at + WORDS)
      if (words.some((word) => word !== 0)) table.set(words, placeOf(words))
    }
  }

  return {
    firstTime(eventId) {
      const words = wordsOf(eventId)
      if (words === undefined) {
        const known = others.has(eventId)
        others.add(eventId)
        return !known
      }
      const at = placeOf(words)
      if (!isFree(at)) return false
      table.set(words, at)
      if (++used * 5 > slots * 3) grow()
      return true
    },
  }
}

/** Undefined for what is no UUID, and for the one of zeros alone, which would read as a free slot. */
function wordsOf(id: string): readonly number[] | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id)) return undefined
  const digits = [id.slice(0, 8), id.slice(9, 13) + id.slice(14, 18), id.slice(19, 23) + id.slice(24, 28), id.slice(28)]
  const words = digits.map((part) => Number.parseInt(part, 16))
  return words.some((word) => word !== 0) ? words : undefined
}
