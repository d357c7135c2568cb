import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keptRun, reportFiles } from '../bench/report.mjs'

const run: { rows: { name: string; size: string }[] } = JSON.parse(readFileSync(keptRun, 'utf8'))

describe('docs/benchmarks.md', () => {
  it('is what the generator makes of the committed run, to the letter', async () => {
    const files: ReadonlyMap<string, string> = await reportFiles(run)
    expect(files.size).toBe(3)
    for (const [path, text] of files)
      expect(readFileSync(path, 'utf8'), `${relative('.', path)}: run node test/bench/report.mjs`).toBe(text)
  })

  it('shows no machine by name, and no path', () => {
    const text = readFileSync(keptRun, 'utf8')
    expect(text).not.toMatch(/\/(work|home|root|tmp|Users)\//)
    expect(text).not.toMatch(/localhost|127\.0\.0\.1/)
  })

  it('is small enough to be committed', () => {
    expect(Buffer.byteLength(readFileSync(keptRun))).toBeLessThan(100_000)
  })

  it('has a row for each benchmark at each size, once', () => {
    const names = run.rows.map(({ name, size }) => `${name} ${size}`)
    expect(new Set(names).size).toBe(names.length)
  })
})
