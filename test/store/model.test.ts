import { expect, it } from 'vitest'
import { seeded } from '../faults/seed.ts'
import { embeddedPlace } from './embedded-place.ts'
import { memoryStore } from './memory-store.ts'
import { sameAsModel } from './model.ts'

const RUNS = Number(process.env['KEYFALL_MODEL_RUNS'] ?? 500)

it(`M1: the embedded store stands as the model does (${RUNS} runs)`, async () => {
  await sameAsModel(embeddedPlace, RUNS, seeded('M1 embedded').seed)
}, 300_000)

it('M1 notices a store that forgets a scope', async () => {
  const forgetful = async (): ReturnType<typeof embeddedPlace> => {
    const place = memoryStore()
    return {
      folder: '',
      remove: place.remove,
      open: async () => {
        const store = await place.open()
        return { ...store, heads: async () => new Map([...(await store.heads())].filter(([scope]) => scope !== 'b')) }
      },
    }
  }
  await expect(sameAsModel(forgetful, 50, 1)).rejects.toThrow('Property failed')
})
