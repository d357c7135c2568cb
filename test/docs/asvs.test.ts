import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const rows = readFileSync('docs/asvs.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+ +\|/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

/** Requirements of level 1 by chapter and section of ASVS 5.0.0: the last number is how many rows the section has. */
const levelOne = {
  '1.2': 5, '1.3': 2, '1.5': 1, '2.1': 1, '2.2': 2, '2.3': 1, '3.2': 2, '3.3': 1, '3.4': 2, '3.5': 3, '4.1': 1,
  '4.4': 1, '5.2': 2, '5.3': 2, '6.1': 1, '6.2': 8, '6.3': 2, '6.4': 2, '7.2': 4, '7.4': 2, '8.1': 1, '8.2': 2,
  '8.3': 1, '9.1': 3, '9.2': 1, '10.4': 5, '11.3': 2, '11.4': 1, '12.1': 1, '12.2': 2, '13.4': 1, '14.2': 1,
  '14.3': 1, '15.1': 1, '15.2': 1, '15.3': 1,
} // prettier-ignore

describe('docs/asvs.md', () => {
  it('answers every requirement of level 1, once', () => {
    const sections = new Map<string, number>()
    for (const [number = ''] of rows) {
      const section = number.split('.').slice(0, 2).join('.')
      sections.set(section, (sections.get(section) ?? 0) + 1)
    }
    expect(Object.fromEntries(sections)).toEqual(levelOne)
    expect(new Set(rows.map(([number]) => number)).size).toBe(rows.length)
    for (const row of rows) expect(row.every((cell) => cell.length > 0)).toBe(true)
  })

  it.each(rows.map((row) => [row[0]!, row[3]!] as const))('%s names tests that are there', (_number, heldBy) => {
    for (const one of heldBy.split(';')) {
      const [, file, title] = /`([^`]+)`(?:: (.+))?/.exec(one.trim()) ?? []
      if (file?.startsWith('npm run ')) continue
      expect(existsSync(file ?? ''), file).toBe(true)
      if (title) expect(readFileSync(file!, 'utf8')).toContain(title)
    }
  })
})
