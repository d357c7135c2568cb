import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latelyAsked } from './lately-asked.ts'

const upTo = (count: number, weight = Infinity) => ({ count, weight, weightOf: (made: string) => made.length })
const asked = (kept: ReturnType<typeof latelyAsked<string>>, keys: readonly string[]): string[] =>
  keys.filter((key) => {
    if (kept.get(key) !== undefined) return false
    kept.put(key, `of ${key}`)
    return true
  })

test('what is asked again soon is not made again, however many others ask in between from then on', () => {
  const kept = latelyAsked(upTo(100), 2)
  expect(asked(kept, ['a', 'a'])).toEqual(['a'])
  const others = Array.from({ length: 50 }, (_, i) => `other ${i}`)
  expect(asked(kept, [...others, 'a'])).toEqual(others)
})

test('of what is asked once the last few are kept, and what is asked a second time later on stays', () => {
  const kept = latelyAsked(upTo(100), 2)
  asked(kept, ['a', 'b', 'c'])
  expect(asked(kept, ['b', 'c'])).toEqual([])
  expect(asked(kept, ['a'])).toEqual(['a'])
  expect(asked(kept, ['d', 'e', 'f', 'g', 'a'])).toEqual(['d', 'e', 'f', 'g'])
})

test('whatever is asked, an answer is that of its key, and no more than so many are kept', () => {
  const key = fc.integer({ min: 0, max: 12 }).map(String)
  fc.assert(
    fc.property(fc.array(key, { maxLength: 80 }), fc.integer({ min: 1, max: 6 }), (keys, most) => {
      const kept = latelyAsked(upTo(most), 2)
      for (const one of keys) {
        const made = kept.get(one)
        if (made === undefined) kept.put(one, `of ${one}`)
        else expect(made).toBe(`of ${one}`)
      }
      const there = Array.from({ length: 13 }, (_, i) => String(i)).filter((one) => kept.get(one) !== undefined)
      expect(there.length).toBeLessThanOrEqual(most + 2)
    }),
  )
})

test('of what is heavy less is kept, the newest whatever it weighs', () => {
  const size = fc.integer({ min: 1, max: 25 })
  const question = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  fc.assert(
    fc.property(fc.array(question, { maxLength: 30 }), size, (questions, heavy) => {
      const kept = latelyAsked(upTo(4, 20), 2)
      for (const key of questions) {
        if (kept.get(key) === undefined) kept.put(key, key.repeat(heavy))
        expect(kept.get(key)).toBe(key.repeat(heavy))
      }
      const there = [...'abcdef'].filter((key) => kept.get(key) !== undefined)
      expect(there.length * heavy).toBeLessThanOrEqual(Math.max(20, heavy))
    }),
  )
  const kept = latelyAsked(upTo(4, 20), 2)
  kept.put('light', 'of little')
  kept.put('heavy', 'x'.repeat(30))
  expect(kept.get('light')).toBeUndefined()
  expect(kept.get('heavy')).toHaveLength(30)
})
