import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { StoreError } from '../../server/store/errors.ts'
import { writeScope } from '../../server/store/scope-facts.ts'
import { openDatabase } from '../../server/store/sqlite-driver.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { runCli } from './run-cli.ts'

let dataDir: string
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'keyfall-cli-verify-'))))
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const verify = (...more: string[]) => runCli('--data', dataDir, 'verify', ...more)
function damage(statement: string): void {
  const database = openDatabase(join(dataDir, 'store.db'))
  database.exec(statement)
  database.close()
}

describe('keyfall verify', () => {
  it('names what is damaged, and of which source it is', async () => {
    const store = await openEmbeddedStore(dataDir)
    await writeScope(store, draftOf('a'), factsOf({ one: {}, two: {} }), 0)
    expect(await verify(), 'while another has the store open').toMatchObject({
      code: 0,
      out: 'Everything is as it was stored.\n',
    })
    await store.close()
    damage(`UPDATE segment SET bytes = x'00' WHERE hash = (SELECT max(hash) FROM segment)`)
    const { code, out, err } = await verify()
    expect(code).toBe(1)
    expect(out).toMatch(/^segment [0-9a-f]{64}: of .*, as imported .*: not what was stored\n1 thing is not/)
    expect(err).toContain('Restore a copy of the data directory')
    damage('DELETE FROM segment')
    const reply = JSON.parse((await verify('--json')).out) as { ok: boolean; findings: { words: string }[] }
    expect(reply.ok).toBe(false)
    expect(reply.findings.some(({ words }) => words.endsWith('missing'))).toBe(true)
  })
  it('says of a file that is no store any more that it is damaged, and does not touch it', async () => {
    writeFileSync(join(dataDir, 'store.db'), 'KEYFALL-CANARY '.repeat(1_000), { mode: 0o600 })
    const { code, out } = await verify()
    expect(code).toBe(1)
    expect(out).toContain('file store.db: ')
    expect(out).not.toContain('CANARY')
  })
  it('is refused where nothing was ever stored', async () => {
    expect(await verify()).toMatchObject({ code: 2 })
  })
  it('is the command that a damaged store names', async () => {
    const named = /`keyfall ([a-z]+)`/.exec(new StoreError('CorruptSegment', 'x').hint)![1]!
    expect((await runCli(named, '--help')).code).toBe(0)
  })
})
