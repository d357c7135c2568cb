import type { DocStore } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const TRIES = 3

/** Documents of one kind, all in memory: they are few, and every request asks for one. */
export interface KeptDocs<T> {
  get(id: string): T | undefined
  all(): readonly T[]
  /**
   * Writes what `next` makes of what is stored now, and resolves when that is on disk. `next` may throw to refuse.
   * Asked again when somebody else wrote meanwhile.
   */
  change(id: string, next: (now: T | undefined) => T): Promise<T>
  /** What other servers on the same store wrote. */
  reload(): Promise<void>
}

/** @param parse throws where a document is not of this kind: nothing half understood is believed. */
export async function openKeptDocs<T>(docs: DocStore, kind: string, parse: (json: unknown) => T): Promise<KeptDocs<T>> {
  const known = new Map<string, { readonly version: number; readonly value: T }>()
  const read = async (id: string): Promise<number> => {
    const doc = await docs.get(kind, id)
    if (!doc) {
      known.delete(id)
      return 0
    }
    known.set(id, { version: doc.version, value: parse(JSON.parse(new TextDecoder().decode(doc.bytes))) })
    return doc.version
  }
  const reload = async (): Promise<void> => {
    const stored = await docs.list(kind)
    const ids = new Set(stored.map(({ id }) => id))
    for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id)
    for (const { id, version } of stored) if (known.get(id)?.version !== version) await read(id)
  }
  await reload()
  return {
    get: (id) => known.get(id)?.value,
    all: () => [...known.values()].map(({ value }) => value),
    async change(id, next) {
      for (let left = TRIES; ; left--) {
        const version = await read(id)
        const value = next(known.get(id)?.value)
        try {
          const bytes = new TextEncoder().encode(JSON.stringify(parse(value)))
          known.set(id, { version: await docs.put(kind, id, version, bytes), value })
          return value
        } catch (error) {
          if (left === 1 || !isStoreError(error, 'VersionConflict')) throw error
        }
      }
    },
    reload,
  }
}
