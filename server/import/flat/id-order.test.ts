import { expect, it } from 'vitest'
import { idOf } from '../../../graph/ids.ts'
import { idColumns, putId, sameId, sortById } from './id-order.ts'

/** Ids of which some stand twice, more than are sorted by comparing alone. */
const ids = Array.from({ length: 9_000 }, (_, i) => idOf(`thing ${i % 7_500}`))

it.each([1_000, 9_000])(
  'puts %i lines in the order of their ids as texts, and leaves those of one id as they came',
  (count) => {
    const columns = idColumns(count)
    for (let i = 0; i < count; i++) putId(columns, i, ids[i]!)
    const lines = Int32Array.from({ length: count }, (_, i) => i)
    sortById(columns, lines)
    const expected = Array.from(lines.slice().sort((a, b) => a - b)).sort((a, b) =>
      ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b,
    )
    expect([...lines]).toEqual(expected)
    for (let i = 1; i < count; i++)
      expect(sameId(columns, lines[i - 1]!, lines[i]!)).toBe(ids[lines[i - 1]!] === ids[lines[i]!])
  },
)
