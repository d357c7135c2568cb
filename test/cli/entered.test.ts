import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { AuditReply, type AuditRow } from '../../graph/wire-audit.ts'
import type { SignOffsReply } from '../../graph/wire-cutover.ts'
import type { OverridesReply } from '../../graph/wire-overrides.ts'
import { smallBundle } from '../http/small-bundle.ts'
import { runCli, type Ran } from './run-cli.ts'

/** Commands that open the store themselves: what they change is in the audit like what a server changes. */
const folder = mkdtempSync(join(tmpdir(), 'keyfall-entered-'))
const bundle = join(folder, 'harbour.json')
const KEY = 'AKIAEXAMPLEHARBOUR01'
const settings = ['KEYFALL_AUDIT_KEY_FILE', 'KEYFALL_SEAL', 'KEYFALL_SEAL_KEYFILE'] as const
const before = settings.map((name) => [name, process.env[name]] as const)
const restore = (): void => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
}
const at =
  (data: string) =>
  (...words: string[]): Promise<Ran> =>
    runCli('--data', join(folder, data), ...words)

beforeAll(() => writeFileSync(bundle, smallBundle))
afterEach(restore)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function changesIn(cli: (...words: string[]) => Promise<Ran>): Promise<AuditRow[]> {
  const { rows } = AuditReply.parse(JSON.parse((await cli('audit', 'list', '--limit', '200', '--json')).out))
  return rows.filter(({ kind }) => kind === 'change').reverse()
}
const codes = (rows: readonly AuditRow[]): string[] => rows.map(({ action, outcome }) => `${action} ${outcome}`)
const both = (action: string): string[] => [`${action} begun`, `${action} done`]

it('enters every change twice, what failed as failed, and nothing that only looks', async () => {
  const cli = at('all')
  await cli('import', bundle, '--dry-run')
  await cli('import', bundle)
  await cli('override', 'quay-api', '--uses', 'secret/quay', '--pickup', '5m', '--note', 'pelican words')
  const { overrides } = JSON.parse((await cli('override', '--json')).out) as OverridesReply
  await cli('override', '--remove', overrides[0]!.id)
  await cli('plan', 'save', 'Pelican plan', KEY, '--do', 'rotate', '--from', '2036-12-01')
  await cli('plan', 'rename', 'Pelican plan', 'Heron', '--preview')
  await cli('plan', 'freeze', 'Pelican plan', '2036-12-18..2037-01-04')
  await cli('plan', 'status', 'Pelican plan', 'ready')
  await cli('signoff', 'Pelican plan', KEY, '--give')
  const given = await cli('signoff', 'Pelican plan', KEY, '--give', '--break-glass', 'heron words', '--json')
  const { signOffs } = JSON.parse(given.out) as SignOffsReply
  await cli('signoff', 'Pelican plan', '--withdraw', signOffs[0]!.id, '--reason', 'too early')
  await cli('impact', KEY)

  const rows = await changesIn(cli)
  expect(codes(rows)).toEqual([
    ...['import.commit', 'overrides.set', 'overrides.remove', 'plan.create', 'plan.change'].flatMap(both),
    ...['plan.change begun', 'plan.change.failed failed', 'signoff.give begun', 'signoff.give.failed failed'],
    ...['signoff.give', 'signoff.withdraw'].flatMap(both),
  ])
  expect(rows.every(({ actor, via, detail }) => actor === 'owner' && via === 'local' && detail.snapshot)).toBe(true)
  expect(rows.find(({ action }) => action === 'signoff.give.failed')!.detail.problem).toBe('may-not')
  expect(new Set(rows.slice(8).map(({ detail }) => detail.plan)).size).toBe(1)
  // Ids alone: what somebody typed, and names out of files, are not kept.
  expect(JSON.stringify(rows.map(({ objectName: _, ...entry }) => entry))).not.toMatch(/pelican|heron|quay|harbour/i)
  expect((await cli('audit', 'verify')).code).toBe(0)
}, 60_000)

it('changes nothing where nothing can be entered, and still answers who only asks', async () => {
  const cli = at('closed')
  await cli('import', bundle)
  mkdirSync(join(folder, 'no-key'))
  process.env['KEYFALL_AUDIT_KEY_FILE'] = join(folder, 'no-key')
  expect((await cli('plan', 'save', 'Unseen', KEY, '--do', 'rotate')).code).not.toBe(30)
  expect((await cli('find', KEY)).out).toContain(KEY)
  restore()
  expect((await cli('plan', 'list')).out).not.toContain('Unseen')
}, 60_000)

it('goes on in the chain of a sealed store, whichever command writes', async () => {
  const key = join(folder, 'seal.key')
  writeFileSync(key, 'a long enough secret of a test', { mode: 0o600 })
  process.env['KEYFALL_SEAL'] = 'keyfile'
  process.env['KEYFALL_SEAL_KEYFILE'] = key
  const cli = at('sealed')
  await cli('seal')
  // The file of the key may be gone: a sealed store has its own copy.
  process.env['KEYFALL_AUDIT_KEY_FILE'] = join(folder, 'another.key')
  await cli('import', bundle)
  await cli('user', 'add', 'Ada', '--role', 'viewer')
  await cli('plan', 'save', 'Sealed', KEY, '--do', 'rotate')
  expect((await cli('audit', 'verify')).code).toBe(0)
  expect(codes(await changesIn(cli))).toEqual(['import.commit', 'people.invite', 'plan.create'].flatMap(both))
}, 60_000)
