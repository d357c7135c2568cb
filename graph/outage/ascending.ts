import { copyOf, int32s } from '../arrays.ts'
/** From so many numbers on, as a share of all that there could be, a set of bits is faster than sorting. */
const DENSE = 2048

/** Puts numbers in order. `bits` has one for each number there could be; all are zero, and are left so. */
export function ascending(bits: Int32Array, numbers: Int32Array): Int32Array {
  if (numbers.length * DENSE < bits.length * 32) return copyOf(numbers).sort()
  for (let i = 0; i < numbers.length; i++) bits[numbers[i]! >> 5]! |= 1 << (numbers[i]! & 31)
  const sorted = int32s(numbers.length)
  let count = 0
  for (let i = 0; i < bits.length; i++) {
    let word = bits[i]!
    if (word === 0) continue
    bits[i] = 0
    for (; word !== 0; word &= word - 1) sorted[count++] = (i << 5) + 31 - Math.clz32(word & -word)
  }
  return sorted
}

/** Its place among ascending numbers, -1 when it is not there. */
export function placeOf(sorted: Int32Array, number: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (sorted[middle] === number) return middle
    if (sorted[middle]! < number) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** Is it among ascending numbers? */
export function has(sorted: Int32Array, number: number): boolean {
  return placeOf(sorted, number) >= 0
}
