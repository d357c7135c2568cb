import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', 'docs')
const page = readFileSync(join(folder, 'journeys.md'), 'utf8')
const rows = [...page.matchAll(/^\| (\d+) [^|]*\| (\w+) +\| \[([\w-]+)\]\(([^)]+)\) +\| (.+?) +\|$/gm)].map(
  (found) => ({
    ...{ journey: Number(found[1]), file: found[4]!, title: found[5]! },
  }),
)

describe('the table of journeys', () => {
  it('holds all 25', () => {
    const held = new Set(rows.map(({ journey }) => journey))
    expect([...held].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1))
  })

  it('names tests that are there', () => {
    const missing = rows.filter(({ file, title }) => {
      const path = join(folder, file)
      if (!existsSync(path)) return true
      const text = readFileSync(path, 'utf8')
      return !['(', '(\n      ', '(\n    '].some((open) => text.includes(`${open}'${title}`))
    })
    expect(missing.map(({ file, title }) => `${file}: ${title}`)).toEqual([])
  })
})
