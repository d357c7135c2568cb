import { z } from 'zod'
import type { ImportId, Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'sample'
const ID = 'imports'
const Marked = z.array(z.string())

/** The imports that came from the fictional sample, so that every answer can say that it is one. */
export async function sampleImports(store: Store): Promise<ReadonlySet<ImportId>> {
  const doc = await store.docs.get(KIND, ID)
  return new Set(doc ? Marked.parse(JSON.parse(new TextDecoder().decode(doc.bytes))) : [])
}

/** Marks the heads of now as the sample's. Called once, after it was loaded into an empty store. */
export async function markAsSample(store: Store): Promise<void> {
  const doc = await store.docs.get(KIND, ID)
  const heads = [...(await store.heads()).values()].map(({ importId }) => importId)
  try {
    await store.docs.put(KIND, ID, doc?.version ?? 0, new TextEncoder().encode(JSON.stringify(heads)))
  } catch (error) {
    // Another server on the same store marked it meanwhile.
    if (!isStoreError(error, 'VersionConflict')) throw error
  }
}
