import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { canonical } from '../../graph/canonical.ts'
import { segmentsOf } from '../../graph/segments.ts'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { isStoreError } from '../../server/store/errors.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { embeddedPlace } from '../store/embedded-place.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { generationOf } from './generations.ts'
import { seeded } from './seed.ts'

const FLIPS = Number(process.env['KEYFALL_FLIPS'] ?? 50)

/** Everything a store can be asked, as one text. */
async function everything(folder: string): Promise<string> {
  const store = await openEmbeddedStore(folder)
  try {
    const said: unknown[] = []
    for (const [scope, head] of await store.heads()) {
      said.push(scope, head, await store.imports(scope))
      for (const { text } of segmentsOf(await readScope(store, head.importId))) said.push(text)
    }
    for (const { id } of await store.docs.list('plan')) said.push((await store.docs.get('plan', id))!.bytes.toString())
    said.push(await store.audit.read('c', 0, 100))
    return canonical(said)
  } finally {
    await store.close()
  }
}

it(`F9: ${FLIPS} random bytes flipped, each is found or changes no answer`, async () => {
  const { folder, open, remove } = await embeddedPlace()
  const store = await open()
  await writeScope(store, draftOf('a'), generationOf(1, { entities: 300, relationships: 900 }), 0)
  await writeScope(store, draftOf('a'), generationOf(2, { entities: 300, relationships: 900 }), 1)
  for (const scope of ['b', 'c', 'd']) await writeScope(store, draftOf(scope), factsOf({ [scope]: {} }), 0)
  for (const id of ['1', '2', '3']) await store.docs.put('plan', id, 0, Buffer.from(`plan ${id}`))
  for (const [at, body] of ['one', 'two', 'three'].entries()) await store.audit.append('c', at + 1, body)
  await store.close()
  const before = await everything(folder)
  const clean = readFileSync(join(folder, 'store.db'))
  const random = seeded('F9')
  let [found, without] = [0, 0]
  for (let i = 0; i < FLIPS; i++) {
    // Half of them in the first pages and rows, where structure lies; bytes of segments are the rest.
    const at = Math.floor(random.next() * (i % 2 ? clean.length : Math.min(clean.length, 64 * 1024)))
    const flipped = Buffer.from(clean)
    flipped[at] = flipped[at]! ^ (1 << Math.floor(random.next() * 8))
    const copy = mkdtempSync(join(tmpdir(), 'keyfall-flip-'))
    cpSync(folder, copy, { recursive: true })
    writeFileSync(join(copy, 'store.db'), flipped, { mode: 0o600 })
    const outcome = await everything(copy).catch((error: unknown) => error)
    if (typeof outcome === 'string') {
      expect({ at, same: outcome === before }).toEqual({ at, same: true })
      without++
    } else {
      expect({ at, named: isStoreError(outcome), error: String(outcome) }).toEqual({
        at,
        named: true,
        error: String(outcome),
      })
      found++
    }
    rmSync(copy, { recursive: true })
  }
  console.log(`F9: ${FLIPS} flips: ${found} found, ${without} without effect, 0 silent`)
  expect(found).toBeGreaterThan(0)
  await remove()
}, 120_000)
