import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { cleanParts, cleanText } from './clean-name.ts'

describe('hostile names', () => {
  it.each([
    ['\u202Egnp.exe', '⟨U+202E⟩gnp.exe'],
    ['a\u200Bb', 'a⟨U+200B⟩b'],
    ['bell\u0007', 'bell⟨U+0007⟩'],
    ['tag\u{E0041}', 'tag⟨U+E0041⟩'],
    ['two\nlines', 'two⟨U+000A⟩lines'],
    ['\uD800', '⟨U+D800⟩'],
    ['Überweisung 支払い', 'Überweisung 支払い'],
  ])('%j is shown as %j', (name, shown) => {
    expect(cleanText(name)).toBe(shown)
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 300 })])(
    'nothing invisible is left, and nothing visible is lost',
    (name) => {
      const parts = cleanParts(name)
      expect(/[\p{Cc}\p{Cs}\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(cleanText(name))).toBe(false)
      const shown = parts.reduce((sum, part) => sum + (part.mark ? 1 : [...part.text].length), 0)
      expect(shown).toBe([...name].length)
    },
  )

  it('cuts a name of 10,000 characters and says so', () => {
    expect(cleanText('A'.repeat(10_000))).toBe(`${'A'.repeat(400)}…`)
  })
})
