import { rm } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { embeddedPlace } from '../store/embedded-place.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { buildChild, startChild } from './child.ts'

const TIMES = 20
const settings = (folder: string): unknown => ({
  store: { dataDir: folder },
  size: { entities: 10, relationships: 10 },
  imports: 1,
})

let file: string
beforeAll(async () => {
  file = await buildChild()
  return () => rm(file, { force: true })
})

describe('F8: two of them', () => {
  it(`a second server on one directory refuses within a second and names the first, ${TIMES} times`, async () => {
    const { folder, remove } = await embeddedPlace()
    const store = await openEmbeddedStore(folder)
    for (let i = 0; i < TIMES; i++) {
      const began = performance.now()
      await expect(openEmbeddedStore(folder)).rejects.toMatchObject({ name: 'StoreLocked' })
      expect(performance.now() - began).toBeLessThan(1_000)
      if (i % 4) continue
      const child = startChild(file, settings(folder))
      expect(await child.ended).toBe(1)
      expect(child.said[0]).toContain(`failed StoreLocked ${folder} is in use by process ${process.pid}, started 20`)
    }
    await store.close()
    await (await openEmbeddedStore(folder)).close()
    await remove()
  })

  it('of two servers that start at once one serves', async () => {
    for (let i = 0; i < 5; i++) {
      const { folder, remove } = await embeddedPlace()
      const children = [
        startChild(file, { ...(settings(folder) as object), imports: 300 }),
        startChild(file, { ...(settings(folder) as object), imports: 300 }),
      ]
      await Promise.all(children.map((child) => child.heard('')))
      const first = children.map(({ said }) => said[0]!.split(' ')[0])
      for (const child of children) child.kill()
      await Promise.all(children.map(({ ended }) => ended))
      expect(first.sort()).toEqual(['failed', 'ready'])
      await remove()
    }
  })

  it(`of two imports of one scope exactly one wins, ${TIMES} times`, async () => {
    const { folder, remove } = await embeddedPlace()
    const store = await openEmbeddedStore(folder)
    for (let i = 0; i < TIMES; i++) {
      const both = [`one ${i}`, `two ${i}`].map((key) => factsOf({ [key]: {} }))
      const ends = await Promise.allSettled(both.map((facts) => writeScope(store, draftOf('a'), facts, i)))
      const won = ends.findIndex(({ status }) => status === 'fulfilled')
      expect(ends[1 - won]).toMatchObject({ status: 'rejected', reason: { name: 'ScopeMoved' } })
      const head = (await store.heads()).get('a')!
      expect(head.generation).toBe(i + 1)
      expect((await readScope(store, head.importId)).entities).toEqual(both[won]!.entities)
    }
    expect(await store.imports('a')).toHaveLength(TIMES)
    await store.close()
    await remove()
  })
})
