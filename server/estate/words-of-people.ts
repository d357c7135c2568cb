import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const TRIES = 3

/** What people said of one kind of thing: one document each, so that two who say something at once both count. */
export interface WordsOfPeople<T> {
  /** Oldest first. */
  read(store: Store): Promise<readonly T[]>
  /** Keeps a word in place of an earlier one about the same. */
  keep(store: Store, word: T): Promise<void>
  /** False: there was none. */
  forget(store: Store, id: string): Promise<boolean>
}

/** @param parse throws where a document is not of this kind: nothing half understood is believed. */
export function wordsOfPeople<T extends { readonly at: string }>(
  kind: string,
  idOf: (word: T) => string,
  parse: (json: unknown) => T,
): WordsOfPeople<T> {
  return {
    async read(store) {
      const found: T[] = []
      for (const { id } of await store.docs.list(kind)) {
        const doc = await store.docs.get(kind, id)
        if (doc) found.push(parse(JSON.parse(new TextDecoder().decode(doc.bytes))))
      }
      return found.sort((a, b) => (a.at + idOf(a) < b.at + idOf(b) ? -1 : 1))
    },
    async keep(store, word) {
      const bytes = new TextEncoder().encode(JSON.stringify(parse(word)))
      await again(async () => {
        const known = await store.docs.get(kind, idOf(word))
        await store.docs.put(kind, idOf(word), known?.version ?? 0, bytes)
      })
    },
    async forget(store, id) {
      let had = false
      await again(async () => {
        const known = await store.docs.get(kind, id)
        had = known !== undefined
        if (known) await store.docs.remove(kind, known.id, known.version)
      })
      return had
    },
  }
}

/** Somebody else wrote between reading and writing: the last word counts, so read again. */
async function again(write: () => Promise<void>): Promise<void> {
  for (let left = TRIES; ; left--)
    try {
      return await write()
    } catch (error) {
      if (left === 1 || !isStoreError(error, 'VersionConflict')) throw error
    }
}
