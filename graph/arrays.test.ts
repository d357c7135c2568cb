import { expect, it } from 'vitest'
import { copyOf, float64s, int32s, uint16s, uint32s, uint8s } from './arrays.ts'

const makers = {
  Int32Array: int32s,
  Uint32Array: uint32s,
  Uint16Array: uint16s,
  Uint8Array: uint8s,
  Float64Array: float64s,
}

it.each(Object.entries(makers))('%s: as many zeros as were asked for, however many', (name, make) => {
  for (const length of [0, 1, 1000, 16_383, 100_000]) {
    const numbers = make(length)
    expect(numbers.constructor.name).toBe(name)
    expect(numbers.length).toBe(length)
    expect(numbers.every((one) => one === 0)).toBe(true)
  }
})

it('copies from the beginning, and nothing written to the copy is in the other', () => {
  for (const length of [4, 100_000]) {
    const numbers = int32s(length)
    numbers.set([1, 2, 3, 4])
    const all = copyOf(numbers)
    const some = copyOf(numbers, 3)
    all[0] = 9
    expect([all.length, all[3], numbers[0], [...some]]).toEqual([length, 4, 1, [1, 2, 3]])
  }
})

it('lets most of what is made count with no heap, and some of it', () => {
  const made = Array.from({ length: 64 }, () => int32s(1 << 22).buffer)
  const shared = made.filter((buffer) => buffer instanceof SharedArrayBuffer).length
  expect(shared).toBeGreaterThan(48)
  expect(shared).toBeLessThan(64)
})
