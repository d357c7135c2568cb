import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counts, delta } from '../../../graph/delta.ts'
import type { KnownFacts } from '../../../graph/known.ts'
import { segmentsOf } from '../../../graph/segments.ts'
import { randomFacts } from '../../../test/store/random-facts.ts'
import { segmentDelta } from './segment-delta.ts'

const texts = (facts: KnownFacts): Buffer[] => [...segmentsOf(facts)].map(({ text }) => Buffer.from(text))

it('counts what delta finds, without reading a line', () => {
  fc.assert(
    fc.property(randomFacts, randomFacts, (before, after) => {
      const [then, now] = [texts(before), texts(after)]
      const found = { entities: [0, 0, 0], relationships: [0, 0, 0] }
      then.forEach((segment, bucket) => {
        const one = segmentDelta(segment, now[bucket]!)
        for (const sort of ['entities', 'relationships'] as const) {
          const { added, changed, retired } = one[sort]
          found[sort] = [added, changed, retired].map((count, i) => count + found[sort][i]!)
        }
      })
      const change = delta(before, after)
      const expected = [counts(change.entities), counts(change.relationships)]
      expect([found.entities, found.relationships]).toEqual(
        expected.map(({ added, changed, retired }) => [added, changed, retired]),
      )
    }),
    { numRuns: 100 },
  )
})

it('finds the id of a line whose texts look like one', () => {
  const line = (id: string, name: string): string =>
    `{"e":{"aliases":["\\"id\\":\\"aaaa","id"],"id":"${id}","key":"k","kind":"generic.other","name":"${name}"}}\n`
  const before = Buffer.from(line('bbbb', 'one') + line('cccc', 'two'))
  const after = Buffer.from(line('bbbb', 'ONE') + line('dddd', 'two'))
  expect(segmentDelta(before, after).entities).toEqual({ added: 1, changed: 1, retired: 1 })
})
