import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { blastOf } from '../../../test/browser/answers.ts'
import { hostileNames, worldOf } from '../../../test/browser/worlds.ts'
import { csv, csvCell } from './csv.ts'
import { summaryMarkdown } from './summary.ts'

describe('CSV', () => {
  test.prop([fc.array(fc.array(fc.string(), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 })])(
    'has as many rows and cells as were put in, and no cell that a spreadsheet would run',
    (rows) => {
      const back = parse(csv(rows), { relax_column_count: true }) as string[][]
      expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length))
      for (const cell of back.flat()) expect(/^[=+\-@\t\r]/.test(cell)).toBe(false)
    },
  )
  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'])('guards %j', (cell) => {
    expect(csvCell(cell).replace(/^"/, '').startsWith("'")).toBe(true)
  })
})

describe('the summary', () => {
  it('says verdict, counts, steps, coverage, snapshot and link', () => {
    const text = summaryMarkdown(blastOf(worldOf('std'), 'revoke'), 'http://localhost/b/x')
    for (const part of [
      '## Not safe to revoke now',
      '67 dependants',
      '### Steps',
      '### Not known',
      'Coverage',
      'snapshot std',
      '<http://localhost/b/x>',
    ])
      expect(text.replaceAll('\\', '')).toContain(part)
  })
  it('renders hostile names inert', () => {
    const text = summaryMarkdown(blastOf(worldOf('hostile'), 'revoke'), 'http://localhost/b/x')
    expect(text).not.toMatch(/(?<!\\)<(script|img|svg)/)
    expect(text).not.toMatch(/(?<!\\)\]\(/)
    expect(text).not.toContain(hostileNames[7]!.charAt(0))
  })
})
