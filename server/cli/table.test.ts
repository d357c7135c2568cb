import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { short, table } from './table.ts'

const head = ['', 'credential', 'breaks', 'owner', 'first']
const rows = [
  ['1', 'billing key', '53', 'FinOps', 'invoice-pdf, order-archive'],
  ['2', 'search key', '7', '', 'relay-8'],
]

describe('a table', () => {
  it('puts numbers under each other by their last digit', () => {
    expect(table(head, rows)).toEqual([
      '   credential   breaks  owner   first',
      '1  billing key      53  FinOps  invoice-pdf, order-archive',
      '2  search key        7          relay-8',
    ])
  })

  it('says under a row what does not fit beside it, with its name, and nothing of empty cells', () => {
    expect(table(head, rows, 40)).toEqual([
      '   credential   breaks  owner',
      '1  billing key      53  FinOps',
      '      first: invoice-pdf, order-archive',
      '2  search key        7',
      '      first: relay-8',
    ])
    expect(table(head, rows, 20)[3]).toBe('      owner: FinOps')
  })

  it('keeps its columns under each other where characters are wide or drawn over others, and cuts none in two', () => {
    const name = (text: string): string =>
      table(
        ['name', 'of'],
        [
          ['東京本社', 'x'],
          [text, 'y'],
        ],
      )[2]!
    expect(table(['name', 'of'], [['東京本社', 'x']])).toEqual(['name      of', '東京本社  x'])
    expect(name('ab')).toBe('ab        y')
    expect(name('u\u0308ber')).toBe('u\u0308ber      y')
    expect(name('🔑🔑')).toBe('🔑🔑      y')
    expect(short('a🔑🔑🔑', 5)).toBe('a🔑…')
    expect(short('🔑'.repeat(9), 6)).toBe('🔑🔑…')
    expect(short('東京本社', 8)).toBe('東京本社')
  })

  const cell = fc.stringMatching(/^[a-z0-9 ]{0,12}$/)
  test.prop([fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), fc.integer({ min: 24, max: 60 })])(
    'loses no cell and is no wider than asked where its cells are not',
    (cells, width) => {
      const lines = table(['one', 'two', 'three'], cells, width)
      const text = lines.join('\n')
      for (const one of cells.flat()) expect(text).toContain(one.trim())
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    },
  )
})
