import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PruneReply } from '../../graph/wire-retention.ts'
import type { AuditReply } from '../../graph/wire-audit.ts'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { smallBundle } from '../http/small-bundle.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { runCli, type Ran } from './run-cli.ts'

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyfall-cli-prune-'))
  dataDir = join(folder, 'data')
  vi.stubEnv('KEYFALL_KEEP_IMPORTS', '2')
  vi.stubEnv('KEYFALL_KEEP_DAYS', '30')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const cli = (...words: string[]): Promise<Ran> => runCli('--data', dataDir, ...words)
const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await cli(...words, '--json')).out) as T

/** Five imports of the summer of 2020. */
async function history(): Promise<void> {
  const store = await openEmbeddedStore(dataDir)
  for (let i = 0; i < 5; i++)
    await writeScope(store, draftOf('a', { at: `2020-06-0${i + 1}T00:00:00Z` }), factsOf({ [`t${i}`]: {} }), i)
  await store.close()
}

describe('keyfall prune', () => {
  it('says what would go and changes nothing; then it goes, and the audit has it', async () => {
    await history()
    const { out } = await cli('prune', '--dry-run')
    expect(out).toMatch(/^Scope a +3 +2020-06-01 to 2020-06-03 +2 +2 newest$/m)
    expect(out).toContain('3 imports would go, and')
    expect(out).toContain('the 2 newest imports (KEYFALL_KEEP_IMPORTS), and all younger than 30 days')
    const { code, out: done } = await cli('prune')
    expect([code, done.includes('3 imports went, and')]).toEqual([0, true])
    expect(await json<PruneReply>('prune')).toMatchObject({ imports: 0, scopes: [{ gone: 0, newest: 2 }] })
    expect((await cli('verify')).code).toBe(0)
    const { rows: entries } = await json<AuditReply>('audit', 'list', '--action', 'store.prune')
    expect(entries.map(({ action, outcome }) => [action, outcome])).toContainEqual(['store.prune', 'begun'])
    expect(JSON.stringify(entries)).toContain('"imports":3')
  })
  it('keeps what a plan stands on, and says so', async () => {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'harbour.json')
    writeFileSync(file, smallBundle)
    expect((await cli('import', file)).code).toBe(0)
    await cli('plan', 'save', 'Harbour', 'AKIAEXAMPLEHARBOUR01', '--from', '2036-12-01')
    const { out } = await cli('prune', '--dry-run')
    expect(out).toMatch(/Kept however old: 1 import, for the plan “Harbour” \([a-z2-7]+\)\./)
  })
  it('refuses a policy that could not be undone', async () => {
    vi.stubEnv('KEYFALL_KEEP_IMPORTS', '1')
    const { code, err } = await cli('prune')
    expect([code, err.includes('KEYFALL_KEEP_IMPORTS must be 2 or more')]).toEqual([2, true])
  })
})

describe('keyfall backup', () => {
  it('makes a copy that opens and says the same, while another has the store', async () => {
    await history()
    const held = await openEmbeddedStore(dataDir)
    const restored = join(folder, 'restored')
    mkdirSync(restored, { mode: 0o700 })
    const to = join(restored, 'store.db')
    const { code, out } = await cli('backup', to)
    expect([code, out.includes('whole and verified')]).toEqual([0, true])
    expect(statSync(to).mode & 0o777).toBe(0o600)
    const copy = await openEmbeddedStore(restored)
    const { importId } = (await copy.heads()).get('a')!
    expect(await copy.heads()).toEqual(await held.heads())
    expect(await readScope(copy, importId)).toEqual(await readScope(held, importId))
    expect(await copy.imports('a')).toEqual(await held.imports('a'))
    await copy.close()
    await held.close()
    expect(await cli('backup', to)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already') as string,
    })
  })
  it('leaves nothing behind where there is no store, or no place, or it is in Neo4j', async () => {
    const to = join(folder, 'copy.db')
    expect((await cli('backup', to)).code).toBe(2)
    await history()
    expect((await cli('backup', join(folder, 'no', 'such', 'copy.db'))).code).toBe(2)
    expect(existsSync(to)).toBe(false)
    vi.stubEnv('KEYFALL_NEO4J_URI', 'bolt://localhost:1')
    vi.stubEnv('KEYFALL_NEO4J_PASSWORD', 'KEYFALL-CANARY')
    const { code, err } = await cli('backup', to)
    expect([code, err.includes('neo4j-admin'), err.includes('CANARY')]).toEqual([2, true, false])
  })
})
