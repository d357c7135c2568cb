import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { matchesGlob } from './glob.ts'

describe('wildcards', () => {
  test.prop(
    [
      fc.string({ unit: fc.constantFrom(...'ab?**'), maxLength: 8 }),
      fc.string({ unit: fc.constantFrom(...'ab'), maxLength: 10 }),
    ],
    { numRuns: 500 },
  )('match as a regular expression of the same meaning does', (pattern, text) => {
    const meaning = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
    expect(matchesGlob(pattern, text)).toBe(meaning.test(text))
  })
})
