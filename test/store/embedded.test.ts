import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { segmentsOf } from '../../graph/segments.ts'
import { openEmbeddedStore, type EmbeddedStore } from '../../server/store/embedded/store.ts'
import { isTidy } from '../../server/store/embedded/tidy.ts'
import { isStoreError } from '../../server/store/errors.ts'
import { sha256 } from '../../server/store/hashing.ts'
import { openStore } from '../../server/store/open.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { openDatabase } from '../../server/store/sqlite-driver.ts'
import { describeStore } from './contract.ts'
import { embeddedPlace } from './embedded-place.ts'
import { draftOf, factsOf } from './small-estate.ts'

describeStore('embedded', () => embeddedPlace())
describeStore('embedded, imports and the audit written by threads of their own', () =>
  embeddedPlace({ apartFromBytes: 0, auditApartFromBytes: 0 }),
)

describe('data directory', () => {
  let folder: string
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'keyfall-store-'))))
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is made for the owner alone', async () => {
    const inside = join(folder, 'new', 'data')
    const store = await openStore({ dataDir: inside })
    await writeScope(store, draftOf('a'), factsOf({ key: {} }), 0)
    expect((await stat(inside)).mode & 0o777).toBe(0o700)
    for (const file of await readdir(inside))
      expect([file, (await stat(join(inside, file))).mode & 0o777]).toEqual([file, 0o600])
    await store.close()
  })

  it.each([0o750, 0o705])('is refused when it is open to others (%o)', async (mode) => {
    await chmod(folder, mode)
    await expect(openEmbeddedStore(folder)).rejects.toThrow(`mode ${mode.toString(8)}`)
  })

  it('is refused when the store in it was written by a later version', async () => {
    await (await openEmbeddedStore(folder)).close()
    const database = openDatabase(join(folder, 'store.db'))
    database.exec('PRAGMA user_version = 99')
    database.close()
    await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ name: 'SchemaTooNew' })
  })

  it('is refused when the store in it is something else, and left as it is', async () => {
    await writeFile(join(folder, 'store.db'), 'a diary, and a long one\n'.repeat(200), { mode: 0o600 })
    const failure = await openEmbeddedStore(folder).catch((error: unknown) => error)
    expect(isStoreError(failure, 'CorruptSegment')).toBe(true)
    expect((failure as Error).message).not.toContain('diary')
    expect((await stat(join(folder, 'store.db'))).size).toBe(24 * 200)
  })

  it('is cleared of what an import left that never ended, and of nothing else', async () => {
    let store = await openEmbeddedStore(folder)
    const facts = factsOf({ key: {}, job: {} })
    await writeScope(store, draftOf('a'), facts, 0)
    const staging = await store.stage(draftOf('a'))
    for (const { bucket, text } of segmentsOf(factsOf({ one: {}, two: {} })))
      await staging.put(bucket, sha256(text), Buffer.from(text))
    await store.close()
    store = await openEmbeddedStore(folder)
    expect(store.swept).toBe(2)
    expect((await readScope(store, (await store.heads()).get('a')!.importId)).entities).toEqual(facts.entities)
    await store.close()
    store = await openEmbeddedStore(folder)
    expect(store.swept).toBe(0)
    await store.close()
  })

  it('does not look for leftovers where nothing was left, and does after a prune that did not end', async () => {
    let store = await openEmbeddedStore(folder)
    const isSaidTidy = (): boolean => {
      const database = openDatabase(join(folder, 'store.db'))
      try {
        return isTidy(database)
      } finally {
        database.close()
      }
    }
    for (let i = 0; i < 3; i++) await writeScope(store, draftOf('a'), factsOf({ [`t${i}`]: {} }), i)
    expect(isSaidTidy()).toBe(true)
    const staging = await store.stage(draftOf('a'))
    await staging.put(0, sha256('loose'), Buffer.from('loose'))
    expect(isSaidTidy()).toBe(false)
    await staging.abort()
    await writeScope(store, draftOf('a'), factsOf({ t9: {} }), 3)
    expect(isSaidTidy()).toBe(false)
    await store.close()
    store = await openEmbeddedStore(folder)
    expect(store.swept).toBe(1)
    expect(isSaidTidy()).toBe(true)
    await store.prune({ keep: 1, days: 0, now: '2030-01-01T00:00:00Z' })
    expect(isSaidTidy()).toBe(true)
    await store.close()
    const database = openDatabase(join(folder, 'store.db'))
    database.exec("UPDATE meta SET value = '1', sum = 'wrong' WHERE key = 'tidy'")
    database.close()
    store = await openEmbeddedStore(folder)
    expect(isSaidTidy()).toBe(true)
    await store.close()
  })

  it('gives the space of pruned imports back, also of a file that an older version made', async () => {
    const size = async (): Promise<number> => (await stat(join(folder, 'store.db'))).size
    const text = (i: number): string => randomBytes(60_000).toString('hex') + String(i)
    const fill = async (store: EmbeddedStore, from: number): Promise<void> => {
      for (let i = from; i < from + 6; i++) await writeScope(store, draftOf('a'), factsOf({ t: { name: text(i) } }), i)
    }
    const policy = { keep: 1, days: 0, now: '2030-01-01T00:00:00Z' }
    let store = await openEmbeddedStore(folder)
    await fill(store, 0)
    const full = await size()
    const { bytes, segments } = await store.prune(policy)
    expect([bytes > 250_000, segments]).toEqual([true, 5])
    expect(await size()).toBeLessThan(full - 250_000)
    await store.close()
    const old = openDatabase(join(folder, 'store.db'))
    old.exec('PRAGMA auto_vacuum = NONE; VACUUM')
    old.close()
    store = await openEmbeddedStore(folder)
    await fill(store, 6)
    const again = await size()
    await store.prune(policy)
    expect(await size()).toBe(again)
    await store.prune({ ...policy, compact: true })
    expect(await size()).toBeLessThan(again - 250_000)
    const findings: unknown[] = []
    for await (const finding of store.verify()) findings.push(finding)
    expect(findings).toEqual([])
    await store.close()
  })

  it('is backed up while it is used, into a store that opens', async () => {
    const store = await openEmbeddedStore(folder)
    const facts = factsOf({ key: {} })
    await writeScope(store, draftOf('a'), facts, 0)
    const copy = await mkdtemp(join(tmpdir(), 'keyfall-copy-'))
    await store.backup(join(copy, 'store.db'))
    await chmod(join(copy, 'store.db'), 0o600)
    await writeScope(store, draftOf('a'), factsOf({}), 1)
    // Whoever made the copy reads no more: the log goes into the database.
    expect((await stat(join(folder, 'store.db-wal'))).size).toBe(0)
    const restored = await openEmbeddedStore(copy)
    expect((await readScope(restored, (await restored.heads()).get('a')!.importId)).entities).toEqual(facts.entities)
    await restored.close()
    await store.close()
    await rm(copy, { recursive: true })
  })

  it('syncs before it says committed', async () => {
    const store = await openEmbeddedStore(folder)
    await store.close()
    const database = openDatabase(join(folder, 'store.db'))
    const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() as object)[0]
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('secure_delete'), pragma('trusted_schema')]).toEqual([
      'wal',
      2,
      1,
      0,
    ])
    database.close()
  })
})
