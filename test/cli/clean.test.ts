import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { clean } from '../../server/cli/clean.ts'
import { table } from '../../server/cli/table.ts'
import { runCli } from './run-cli.ts'

describe('text from files on a terminal', () => {
  it('shows what would act on it', () => {
    expect(clean('a\u001b[31mred\u0007')).toBe('a<U+001B>[31mred<U+0007>')
    expect(clean('pay\u202egnp.exe')).toBe('pay<U+202E>gnp.exe')
    expect(clean('two\nlines\r')).toBe('two<U+000A>lines<U+000D>')
    expect(clean('null\u0000\u200b\ufeff\u{e0041}')).toBe('null<U+0000><U+200B><U+FEFF><U+E0041>')
    expect(clean('Zürich 日本 🚢 naïve')).toBe('Zürich 日本 🚢 naïve')
  })
  test.prop([fc.string({ unit: 'binary' })])(
    'never lets one of them through, and cleaning twice is cleaning once',
    (text) => {
      const shown = clean(text)
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/)
      expect(clean(shown)).toBe(shown)
    },
  )
  it('shows it in what was typed, too', async () => {
    for (const args of [['im\u001b[31mp'], ['find', 'x', '--\u001b]0;x\u0007y'], ['export', '--format', 'a\u202eb']]) {
      const { code, err } = await runCli(...args)
      expect(code).toBe(2)
      expect(err).toMatch(/^error: .*<U\+(001B|202E)>/)
      expect(err).not.toMatch(/[\u001b\u0007\u202e]/)
    }
  })
  it('keeps a table one line a row', () => {
    expect(table(['a', 'b'], [['x\ny', 'z'.repeat(100)]])).toHaveLength(2)
  })
})
