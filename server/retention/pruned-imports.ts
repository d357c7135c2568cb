import { z } from 'zod'
import type { ImportId, Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'pruned'
const Run = z.object({ at: z.string(), imports: z.array(z.string()) })

/** Remembers what a run let go, by its moment. */
export async function keepPruned(store: Store, at: string, imports: readonly ImportId[]): Promise<void> {
  try {
    await store.docs.put(KIND, at, 0, new TextEncoder().encode(JSON.stringify(Run.parse({ at, imports }))))
  } catch (error) {
    if (!isStoreError(error, 'VersionConflict')) throw error
  }
}

/** When this import was pruned, ISO 8601; undefined: it is stored, it never was, or it went very long ago. */
export async function whenPruned(store: Store, id: ImportId): Promise<string | undefined> {
  for (const { id: run } of [...(await store.docs.list(KIND))].reverse()) {
    const doc = await store.docs.get(KIND, run)
    if (!doc) continue
    const { at, imports } = Run.parse(JSON.parse(new TextDecoder().decode(doc.bytes)))
    if (imports.includes(id)) return at
  }
  return undefined
}

/** In words, of an import that is not stored. */
export async function goneWords(store: Store, id: ImportId): Promise<string> {
  const at = await whenPruned(store, id)
  return at === undefined ? 'was pruned, or never stored' : `was pruned on ${at.slice(0, 10)}, as too old to be kept`
}

/** What went longer ago than imports are kept is not told of any more. */
export async function forgetPruned(store: Store, before: string): Promise<void> {
  for (const { id, version } of await store.docs.list(KIND))
    if (id < before) await store.docs.remove(KIND, id, version).catch(() => undefined)
}
