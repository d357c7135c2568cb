/** Strings of JSON in memory, sixteen bytes at a time. Memory goes on for 16 bytes behind whatever is looked at. */

export const QUOTE: u8 = 0x22
export const BACKSLASH: u8 = 0x5c

/**
 * Where the first byte stands, from `at` on, that does not stand for itself in a string (quote, backslash, control);
 * `limit` or behind it where there is none before it.
 */
// @ts-ignore: decorator
@inline
export function plainEnd(from: usize, limit: usize): usize {
  let at = from
  for (; at < limit; at += 16) {
    const bytes = v128.load(at)
    const found = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    )
    const mask = i8x16.bitmask(found)
    if (mask != 0) return at + ctz(mask)
  }
  return limit
}

/** Are these two the same for `length` bytes? */
// @ts-ignore: decorator
@inline
export function isSame(one: usize, other: usize, length: i32): bool {
  let at: i32 = 0
  for (; at + 16 <= length; at += 16)
    if (i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at))) != 0xffff) return false
  if (at == length) return true
  const equal = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)))
  const wanted = (1 << (length - at)) - 1
  return (equal & wanted) == wanted
}
