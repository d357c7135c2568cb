import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import { runCli } from './run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-inventory-'))
const cli = (...args: string[]) => runCli('--data', dir, ...args)
const inventory = async (...args: string[]) =>
  EstateReply.parse(JSON.parse((await cli('inventory', '--json', ...args)).out))

beforeAll(async () => {
  const sample = join(import.meta.dirname, '../../server/sample')
  expect((await cli('import', sample)).code).toBe(0)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('keyfall inventory', { timeout: 120_000 }, () => {
  it('filters, sorts, and says where a filter is wrong', async () => {
    const { rows, matched } = await inventory('--filter', 'own:unknown kind:access', '--sort', '-age', '--limit', '5')
    expect(matched).toBeGreaterThan(0)
    expect(rows.every(({ owner, title }) => owner === undefined && title === 'AWS access key')).toBe(true)
    const ages = rows.map(({ ageDays }) => ageDays).filter((age) => age !== null)
    expect(ages).toEqual([...ages].sort((a, b) => b - a))
    const wrong = await cli('inventory', '--filter', 'colour:red')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('at character 1: “colour” is no key')])
    expect((await cli('inventory', '--gap', 'none-such')).code).toBe(2)
    const column = await cli('inventory', '--sort', 'nam')
    expect([column.code, column.err]).toEqual([2, expect.stringContaining('there are name, kind, owner')])
    expect((await cli('inventory', '--filter', 'own:nobody-at-all')).out).toContain('No credential fits the filter.')
  })

  it('reads well, and writes every row as CSV', async () => {
    const { out } = await cli('inventory', '--limit', '3')
    expect(out).toMatch(/^\d+ credentials, \d+ systems\.\n\d+ % have an owner/)
    const { totals } = await inventory('--limit', '1')
    const rows = parse((await cli('inventory', '--csv')).out, { columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(totals.credentials)
    expect(rows.every(({ id }) => /^[a-z2-7]{16}$/.test(id!))).toBe(true)
  })
})

describe('keyfall findings', { timeout: 120_000 }, () => {
  it('names reason and control of each, and writes SARIF', async () => {
    const { items } = FindingsReply.parse(JSON.parse((await cli('findings', '--json')).out))
    expect(items.length).toBeGreaterThan(50)
    expect(items.find(({ finding }) => finding === 'orphaned')!.reason).toContain('no list of teams has it')
    const sarif = JSON.parse((await cli('findings', '--sarif')).out) as {
      runs: { results: { ruleId: string }[]; tool: { driver: { rules: { id: string }[] } } }[]
    }
    const [run] = sarif.runs
    expect(run!.results).toHaveLength(items.length)
    const rules = new Set(run!.tool.driver.rules.map(({ id }) => id))
    expect(run!.results.every(({ ruleId }) => rules.has(ruleId))).toBe(true)
    expect((await cli('findings', '--only', 'hard-coded')).out).toContain('hard-coded in ftp-bridge')
    const misspelt = await cli('findings', '--only', 'hardcoded')
    expect([misspelt.code, misspelt.out, misspelt.err]).toEqual([2, '', expect.stringContaining('hard-coded, shared')])
  })
})
