/**
 * A stream of 32-bit integers from a seed and a label (mulberry32). Each part of the estate draws from its own
 * stream, so adding a record to one part changes no other part.
 */
export function stream(seed, label) {
  let state = hash(`${seed}/${label}`)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  /** Integer in `[0, bound)`. */
  const below = (bound) => next() % bound
  return {
    next,
    below,
    /** Integer in `[low, high]`. */
    between: (low, high) => low + below(high - low + 1),
    /** True in `percent` of 100 draws. */
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)],
    /** `count` letters of `alphabet`. */
    letters: (count, alphabet) => {
      let text = ''
      for (let i = 0; i < count; i++) text += alphabet[below(alphabet.length)]
      return text
    },
    hex: (count) => {
      let text = ''
      while (text.length < count) text += next().toString(16).padStart(8, '0')
      return text.slice(0, count)
    },
  }
}

/** FNV-1a, 32 bits. */
export function hash(text) {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * Ids of the AWS shape: a prefix and 16 of `[A-Z2-7]`, obviously made up: `AKIA` + `EXAMPLE` + nine letters. `tag` is
 * what a reader recognises them by; it is filled up from the label, so the same tag always gives the same id.
 */
export function awsId(prefix, tag) {
  const clean = tag.toUpperCase().replace(/[^A-Z2-7]/g, '')
  const fill = stream('id', `${prefix}${tag}`).letters(9, base32)
  return `${prefix}EXAMPLE${(clean.slice(0, 9) + fill).slice(0, 9)}`
}

/**
 * Id number `ordinal` of the crowd. Multiplying by an odd number is a permutation of the 45 bits of nine letters, so
 * a million ids look arbitrary and are all different.
 */
export function crowdId(prefix, ordinal) {
  let bits = (BigInt(ordinal) * 0x9e3779b97f4a7c15n) & ((1n << 45n) - 1n)
  let text = ''
  for (let i = 0; i < 9; i++, bits >>= 5n) text += base32[Number(bits & 31n)]
  return `${prefix}EXAMPLE${text}`
}

/** UUID in shape; `ordinal` makes it unlike any other of its `space` (a hexadecimal digit). */
export function uuid(random, space, ordinal) {
  const hex = random.hex(18)
  const tail = ordinal.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 17)}${space}-${tail}`
}
