import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { headlineParts } from './headline.ts'

const join = (parts: readonly { text: string }[]): string => parts.map((part) => part.text).join('')

test.prop([fc.string(), fc.string(), fc.string()])(
  'linking never changes a word of the sentence',
  (before, name, after) => {
    const sentence = `${before}${name}${after}`
    const parts = headlineParts(sentence, { name, system: null })
    expect(join(parts)).toBe(sentence)
  },
)

it('links system and name together where the sentence has both', () => {
  const parts = headlineParts('5 break, first Payments / card-vault-sync. 30 more.', {
    name: 'card-vault-sync',
    system: 'Payments',
  })
  expect(parts.filter((part) => part.link)).toEqual([{ text: 'Payments / card-vault-sync', link: true }])
})

it('names the first dependant at the end where the sentence does not', () => {
  expect(join(headlineParts('5 break.', { name: 'etl', system: null }))).toBe('5 break. First: etl')
})
