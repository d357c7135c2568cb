import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysOf, fits, LONGEST_FILTER, readFilter, type Term, type Told } from './filter.ts'

const keys = ['own', 'tier', 'used', 'flag']
const read = (text: string): readonly Term[] => {
  const terms = readFilter(text, keys)
  if ('message' in terms) throw new Error(`${terms.at}: ${terms.message}`)
  return terms
}
const row: Record<string, Told> = { own: 'Payments', tier: [1, 3], used: 4, flag: ['shared', 'stale'] }
const keeps = (text: string, told: Record<string, Told> = row): boolean =>
  fits(read(text), 'AKIAEXAMPLEKEY', (key) => told[key] ?? null)

describe('the filter', () => {
  it.each([
    ['', true],
    ['akia', true],
    ['aexk', true],
    ['zz', false],
    ['own:pay', true],
    ['own:finops,payments', true],
    ['-own:payments', false],
    ['tier:1', true],
    ['tier:2', false],
    ['tier:<3', true],
    ['used:<7d', true],
    ['used:>1w', false],
    ['used:<1d', false],
    ['flag:stale -flag:orphaned', true],
    ['own:payments tier:2', false],
    ['own:"pay ments"', false],
  ])('%s keeps the row: %s', (text, expected) => expect(keeps(text)).toBe(expected))

  it('finds what is not known', () => {
    expect(keeps('own:unknown', { ...row, own: null })).toBe(true)
    expect(keeps('used:<7d', { ...row, used: null })).toBe(false)
    expect(keeps('flag:none', { ...row, flag: [] })).toBe(true)
  })

  it('says what is wrong, and where', () => {
    expect(readFilter('own:a team:b', keys)).toMatchObject({ at: 6, message: expect.stringContaining('“team”') })
    expect(readFilter('own:', keys)).toMatchObject({ at: 4 })
    expect(readFilter('a -', keys)).toMatchObject({ at: 2 })
    expect(readFilter('x'.repeat(LONGEST_FILTER + 1), keys)).toMatchObject({ at: LONGEST_FILTER })
  })

  it('reads spans', () => {
    expect(['12h', '7d', '2w', '1y', '5', 'x', '1z'].map(daysOf)).toEqual([0.5, 7, 14, 365, 5, undefined, undefined])
  })

  it('law: any text is read or refused with a place inside of it, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const terms = readFilter(text, keys)
        if ('message' in terms) expect(terms.at).toBeLessThanOrEqual(text.length)
        else expect(typeof fits(terms, 'name', () => null)).toBe('boolean')
      }),
    )
  })

  it('law: a term and its opposite never keep the same row', () => {
    fc.assert(
      fc.property(fc.constantFrom('own:payments', 'tier:1', 'akia', 'used:<7d', 'flag:x'), (term) => {
        expect(keeps(term)).not.toBe(keeps(`-${term}`))
      }),
    )
  })
})
