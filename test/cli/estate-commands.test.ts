import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { BlastReply, FindReply, ImportReply, SourcesReply } from '../../graph/wire.ts'
import { smallBundle, smallKey } from '../http/small-bundle.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-cli-'))
const exports = join(folder, 'harbour.json')
beforeAll(() => {
  buildIfNeeded(['server'])
  writeFileSync(exports, smallBundle)
  writeFileSync(join(folder, 'photo.png'), '\u0089PNG')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One bundle with a key for each verdict. */
const verdicts = {
  format: 'keyfall.bundle/1',
  scope: 'verdicts',
  entities: [
    { id: 'used', kind: 'generic.api_key', name: 'used' },
    { id: 'twin-a', kind: 'generic.api_key', name: 'twin' },
    { id: 'twin-b', kind: 'generic.api_key', name: 'twin' },
    { id: 'job', role: 'workload', name: 'evil\u001b[2Jjob\u202e' },
  ],
  relationships: [{ kind: 'USES_CREDENTIAL', from: 'job', to: 'used' }],
}

/** The same commands on a store of their own, and through a server that holds it. */
describe.each(['store', 'server'] as const)('through the %s', (through) => {
  let server: TestServer | undefined
  let dataDir: string
  const cli = (...args: string[]) => runCli('--data', dataDir, ...args)
  beforeAll(async () => {
    server = through === 'server' ? await testServer() : undefined
    dataDir = server?.dataDir ?? mkdtempSync(join(folder, 'data-'))
  })
  afterAll(() => server?.close())

  it('an empty estate is said to be one', async () => {
    expect((await cli('sources')).out).toContain('Nothing is imported yet')
    expect((await cli('impact', 'anything')).code).toBe(2)
  })
  it('a dry run shows and changes nothing', async () => {
    const { code, out } = await cli('import', '--dry-run', exports)
    expect(code).toBe(0)
    expect(out).toContain('things 5 added')
    expect(out).toContain('dry run')
    const { sources } = SourcesReply.parse(JSON.parse((await cli('sources', '--json')).out))
    expect(sources).toEqual([])
  })
  it('an import reports each file, also the one nobody knows', async () => {
    const { code, out } = await cli('import', exports, join(folder, 'photo.png'))
    expect(code).toBe(0)
    expect(out).toContain('Keyfall bundle: 9 of 9 understood')
    expect(out).toContain('Not recognised: 1 file')
    expect(out).toContain('photo.png')
    const again = ImportReply.parse(JSON.parse((await cli('import', '--json', exports)).out))
    expect(again.scopes.map(({ changed }) => changed)).toEqual([false])
  })
  it('an import of nothing known, or of no file, is a wrong use', async () => {
    expect((await cli('import', join(folder, 'photo.png'))).code).toBe(2)
    expect((await cli('import', join(folder, 'none'))).code).toBe(2)
  })
  it('a retirement waits for its number', async () => {
    const less = join(folder, 'less', 'harbour.json')
    mkdirSync(join(folder, 'less'), { recursive: true })
    const bundle = JSON.parse(smallBundle) as { entities: object[]; relationships: object[] }
    writeFileSync(less, JSON.stringify({ ...bundle, entities: bundle.entities.slice(0, 3), relationships: [] }))
    const refused = await cli('import', less)
    expect(refused.code).toBe(2)
    const shown = /--accept-retire (\d+)/.exec(refused.out)!
    expect(shown[1]).toBe('2')
    expect((await cli('import', less, '--accept-retire', '1')).code).toBe(2)
    expect((await cli('import', less, '--accept-retire', '2')).code).toBe(0)
    expect((await cli('import', exports)).code).toBe(0)
  })
  it('finds, and answers with a verdict in its exit code', async () => {
    const file = join(folder, 'verdicts.json')
    writeFileSync(file, JSON.stringify(verdicts))
    expect((await cli('import', file)).code).toBe(0)
    const found = FindReply.parse(JSON.parse((await cli('find', 'harbour', '--json')).out))
    expect(found.hits.map(({ id }) => id)).toContain(idOf(smallKey))
    const codes = { 'not-safe': 20, 'cannot-say': 30, 'safe-after-steps': 10, safe: 0 }
    for (const word of [smallKey, idOf(smallKey), 'harbour-key', 'AKIAEXAMPLEHARBOUR01']) {
      const { code, out } = await cli('impact', word, '--json')
      const reply = BlastReply.parse(JSON.parse(out))
      expect(reply.subject.id).toBe(idOf(smallKey))
      expect(code).toBe(codes[reply.verdict])
      expect(code).toBeGreaterThan(2)
    }
    const { code, out } = await cli('impact', 'used')
    expect(code).toBe(20)
    expect(out.split('\n')[0]).toContain('Not safe to revoke')
    expect(out).toContain('<U+001B>')
    expect(out).not.toMatch(/[\u001b\u202e]/)
  })
  it('asks back when several are meant', async () => {
    const { code, err } = await cli('impact', 'twin')
    expect(code).toBe(2)
    expect(err).toContain('2 credentials match')
    expect(err.match(/ twin \(API key\)/g)).toHaveLength(2)
  })
  it.each([
    [['impact', 'used', '--revoke', '--rotate'], ''],
    [['impact', 'used', '--overlap', '24h'], '--overlap belongs to --rotate'],
    [['impact', 'used', '--rotate', '--overlap', 'soon'], '90s, 15m'],
    [['impact'], ''],
    [['import'], ''],
    [['unknown'], ''],
    [['find', 'x', '--limit', 'many'], 'whole number'],
    [['forecast', '--days', 'many'], 'whole number'],
    [['rank', '--limit', '-1'], 'whole number'],
  ])('%j is a wrong use', async (args, words) => {
    const { code, err } = await cli(...args)
    expect(code).toBe(2)
    expect(err).toContain(words)
  })
  it('exports what another store imports to the same', async () => {
    const file = join(folder, `${through}.ndjson`)
    expect((await cli('export', '--out', file)).code).toBe(0)
    expect(statSync(file).mode & 0o077).toBe(0)
    const document = JSON.parse((await cli('export', '--format', 'bundle')).out) as {
      entities: object[]
      relationships: object[]
    }
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.filter((line) => line.startsWith('{"entity"'))).toHaveLength(document.entities.length)
    expect(lines.filter((line) => line.startsWith('{"relationship"'))).toHaveLength(document.relationships.length)
    const other = mkdtempSync(join(folder, 'other-'))
    expect((await runCli('--data', other, 'import', file)).code).toBe(0)
    const [here, there] = await Promise.all([cli('sources', '--json'), runCli('--data', other, 'sources', '--json')])
    const counts = ({ out }: { out: string }) => SourcesReply.parse(JSON.parse(out)).snapshot
    expect(counts(there)).toMatchObject({ entities: counts(here).entities, relationships: counts(here).relationships })
    expect((await cli('export', '--out', join(folder, 'none', 'x'))).code).toBe(2)
  })
})

it('every command has help that exits with 0', async () => {
  for (const command of ['serve', 'import', 'impact', 'simulate', 'export', 'find', 'sources']) {
    expect((await runCli(command, '--help')).code, command).toBe(0)
  }
})

it('names a wrong setting', async () => {
  const { code, err } = await runCli('serve', '--port', 'abc')
  expect(code).toBe(2)
  expect(err).toContain('KEYFALL_PORT')
})
