import { expect, it } from 'vitest'
import { segmentsOf } from '../../graph/segments.ts'
import { draftOf, factsOf } from '../../test/store/small-estate.ts'
import { memoryStore } from '../../test/store/memory-store.ts'
import type { Store } from '../store/contract.ts'
import { sha256 } from '../store/hashing.ts'
import { openKeeper } from './keeper.ts'

/** A store of which one read of documents fails, when told to: a database that is away for a moment. */
async function shakyStore(): Promise<{ store: Store; failOnce(): void }> {
  const store = await memoryStore().open()
  let isAway = false
  const docs: Store['docs'] = {
    ...store.docs,
    async get(kind, id) {
      if (isAway && kind === 'sample') {
        isAway = false
        throw new Error('away')
      }
      return store.docs.get(kind, id)
    },
  }
  // Nobody tells of a change, so that only what the test asks for is loaded.
  return { store: { ...store, docs, watch: () => () => undefined }, failOnce: () => void (isAway = true) }
}

async function importOne(store: Store, name: string): Promise<void> {
  const staging = await store.stage(draftOf(name))
  for (const { bucket, text } of segmentsOf(factsOf({ [name]: {} })))
    await staging.put(bucket, sha256(text), new TextEncoder().encode(text))
  await staging.commit(0)
}

it('answers for what is believed now also after an attempt to load it failed half-way', async () => {
  const { store, failOnce } = await shakyStore()
  await importOne(store, 'pier')
  const keeper = await openKeeper({ store, titleOf: (importer) => importer })
  await importOne(store, 'quay')
  failOnce()
  await expect(keeper.reload()).rejects.toThrow('away')
  const { entities } = await keeper.reload()
  expect([
    entities,
    keeper
      .estate()
      .entities.map(({ key }) => key)
      .sort(),
  ]).toEqual([2, ['pier', 'quay']])
  keeper.close()
})
