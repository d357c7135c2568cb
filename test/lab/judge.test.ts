import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measured, outside, type Predicted } from './judge.ts'
import type { Attempt } from './workload.ts'

const change = { from: 100_000, to: 100_000 }
/** An attempt every 100 ms for 8 s around the change; bad from `failed` to `back` seconds. */
function attempts(failed: number, back: number): Attempt[] {
  return Array.from({ length: 80 }, (_, i) => {
    const at = 98_000 + i * 100
    const seconds = (at - change.to) / 1000
    return { at, to: at + 40, ok: seconds < failed || seconds >= back }
  })
}
const judge = (failed: number, back: number, certain: Predicted, possible: Predicted, late = 0) =>
  outside(measured(attempts(failed, back), change), certain, possible, late)

describe('the judge of the laboratory', () => {
  it('finds what was measured inside of its prediction', () => {
    expect(judge(1, 3, [1, 3], [1, 3])).toEqual([])
    expect(judge(1, 3, null, [0, 4])).toEqual([])
    expect(judge(9, 9, null, [0, 4])).toEqual([])
    expect(judge(9, 9, null, null)).toEqual([])
    expect(judge(0, 99, [0, null], [0, null])).toEqual([])
  })

  it.each([
    ['a failure that nobody predicted', judge(1, 3, null, null)],
    ['no failure where one was certain', judge(9, 9, [0, null], [0, null])],
    ['too early', judge(1, 3, null, [2, 4])],
    ['too late', judge(3, 5.5, [1, 5], [0, 7])],
    ['back too early', judge(1, 3, [1, 4], [1, 5])],
    ['back too late', judge(1, 4, null, [0, 3])],
    ['back, predicted never', judge(1, 3, [1, null], [1, null])],
    ['never back', judge(1, 99, null, [0, 3])],
  ])('finds %s', (_, found) => {
    expect(found).toHaveLength(1)
  })

  it('lets what was done late show as much later, and nothing earlier', () => {
    expect(judge(1, 3.5, [1, 3], [1, 3])).toHaveLength(1)
    expect(judge(1, 3.5, [1, 3], [1, 3], 0.5)).toEqual([])
    expect(judge(1.4, 3, [1, 3], [1, 3], 0.5)).toEqual([])
    expect(judge(1, 4, [1, 3], [1, 3], 0.5)).toHaveLength(1)
    expect(judge(0.5, 3, [1, 3], [1, 3], 0.8)).toHaveLength(1)
  })

  it('law: a prediction moved by more than an attempt is outside', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 4, noNaN: true }), (shift) => {
        expect(judge(1, 1.5, [1 + shift, 1.5 + shift], [1 + shift, 1.5 + shift])).not.toEqual([])
      }),
    )
  })
})
