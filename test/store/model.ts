import fc from 'fast-check'
import { canonical } from '../../graph/canonical.ts'
import { counts, delta } from '../../graph/delta.ts'
import { startMerge } from '../../graph/merge.ts'
import { segmentsOf } from '../../graph/segments.ts'
import type { KnownFacts } from '../../graph/known.ts'
import type { Store } from '../../server/store/contract.ts'
import { sha256 } from '../../server/store/hashing.ts'
import { readScope, restoreImport, writeScope } from '../../server/store/scope-facts.ts'
import type { StoreUnderTest } from './contract.ts'
import { memoryStore } from './memory-store.ts'
import { randomFacts } from './random-facts.ts'
import { draftOf } from './small-estate.ts'

const scopes = ['a', 'b', 'c'] as const
const at = (day: number): string => new Date(Date.UTC(2025, 0, 1 + day)).toISOString()

/** What can be done to a store, so that two can be asked to do the same. Each gives what can be compared. */
type Deed = (store: Store, day: number) => Promise<unknown>

async function generation(store: Store, scope: string): Promise<number> {
  return (await store.heads()).get(scope)?.generation ?? 0
}

async function believed(store: Store, scope: string): Promise<KnownFacts> {
  const head = (await store.heads()).get(scope)
  return head ? readScope(store, head.importId) : { entities: new Map(), relationships: new Map() }
}

const deeds: fc.Arbitrary<{ readonly words: string; readonly deed: Deed }> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ scope: fc.constantFrom(...scopes), facts: randomFacts }).map(({ scope, facts }) => ({
      words: `import ${scope}`,
      deed: async (store: Store, day: number) =>
        (await writeScope(store, draftOf(scope, { at: at(day) }), facts, await generation(store, scope))).changed,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...scopes).map((scope) => ({
      words: `import ${scope} again`,
      deed: async (store: Store, day: number) =>
        (
          await writeScope(
            store,
            draftOf(scope, { at: at(day) }),
            await believed(store, scope),
            await generation(store, scope),
          )
        ).changed,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...scopes).map((scope) => ({
      words: `import ${scope} too late`,
      deed: async (store: Store, day: number) =>
        writeScope(
          store,
          draftOf(scope, { at: at(day) }),
          await believed(store, scope),
          (await generation(store, scope)) + 1,
        ).catch((error: Error) => error.name),
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...scopes), fc.nat(3)).map(([scope, back]) => ({
      words: `undo ${scope} by ${back}`,
      deed: async (store: Store, day: number) => {
        const earlier = (await store.imports(scope))[back]
        if (!earlier) return 'nothing to go back to'
        return (await restoreImport(store, earlier.id, await generation(store, scope), at(day))).manifest.root
      },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(3), fc.nat(10)).map(([keep, days]) => ({
      words: `prune to ${keep} or ${days} days`,
      deed: async (store: Store, day: number) => (await store.prune({ keep, days, now: at(day) })).imports.length,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...scopes), fc.nat(3)).map(([scope, back]) => ({
      words: `difference of ${scope} to ${back} before`,
      deed: async (store: Store) => {
        const earlier = (await store.imports(scope))[back]
        if (!earlier) return 'nothing to compare with'
        const { entities, relationships } = delta(await readScope(store, earlier.id), await believed(store, scope))
        return [counts(entities), counts(relationships)]
      },
    })),
  },
)

/** All that is believed and remembered, without the ids that each store makes up for itself. */
async function state(store: Store): Promise<string> {
  const merge = startMerge()
  const said: unknown[] = []
  for (const scope of scopes) {
    merge.known(await believed(store, scope))
    for (const { generation, seq, root, at, files } of await store.imports(scope))
      said.push([scope, generation, seq, root, at, files])
  }
  const estate = sha256([...segmentsOf(merge.finish())].map(({ text }) => text).join(''))
  return canonical([estate, said])
}

/** M1: whatever is done to a store, it stands as the model does, after each step and after a restart. */
export async function sameAsModel(make: () => Promise<StoreUnderTest>, runs: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 6 }), fc.nat(5), async (steps, restart) => {
      const [place, modelPlace] = [await make(), memoryStore()]
      let store = await place.open()
      const model = await modelPlace.open()
      try {
        for (const [day, { words, deed }] of steps.entries()) {
          const [got, expected] = [await deed(store, day), await deed(model, day)]
          if (canonical(got) !== canonical(expected))
            throw new Error(`${words}: ${canonical(got)}, not ${canonical(expected)}`)
          if (day === restart) {
            await store.close()
            store = await place.open()
          }
        }
        const [got, expected] = [await state(store), await state(model)]
        if (got !== expected)
          throw new Error(`after ${steps.map(({ words }) => words).join(', ')}: ${got}, not ${expected}`)
      } finally {
        await store.close()
        await place.remove()
      }
    }),
    { numRuns: runs, seed, examples: [] },
  )
}
