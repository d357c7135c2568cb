import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { segmentsOf } from '../../graph/segments.ts'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
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

  it('is backed up while it is used, into a store that opens', async () => {
    const store = await openEmbeddedStore(folder)
    const facts = factsOf({ key: {} })
    await writeScope(store, draftOf('a'), facts, 0)
    const copy = await mkdtemp(join(tmpdir(), 'keyfall-copy-'))
    await store.backup(join(copy, 'store.db'))
    await chmod(join(copy, 'store.db'), 0o600)
    await writeScope(store, draftOf('a'), factsOf({}), 1)
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
