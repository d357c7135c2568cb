import { z } from 'zod'
import type { Keeper } from '../estate/keeper.ts'
import type { ImportId, Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'snapshot'
const Kept = z.object({
  /** When it was first named. */
  at: z.string(),
  /** What it stands on; null: nobody knew any more, so it may be anything that was there. */
  imports: z.nullable(z.array(z.string())),
  /** Of the newest import that was there. */
  seq: z.number(),
})
export type KeptSnapshot = z.infer<typeof Kept>

export interface SnapshotRoom {
  readonly store: Store
  readonly keeper?: Pick<Keeper, 'importsOf'> | undefined
  now(): string
}

/**
 * Remembers which imports these snapshots stand on, so that pruning leaves them alone. To be called before what names
 * them is kept: what is kept never names a snapshot of which nothing is remembered.
 */
export async function keepSnapshots({ store, keeper, now }: SnapshotRoom, snapshots: Iterable<string>): Promise<void> {
  const wanted = new Set(snapshots)
  for (const { id } of await store.docs.list(KIND)) wanted.delete(id)
  if (wanted.size === 0) return
  const seq = [...(await store.heads()).values()].reduce((most, head) => Math.max(most, head.seq), 0)
  for (const id of wanted) {
    const kept: KeptSnapshot = { at: now(), imports: [...(keeper?.importsOf?.(id) ?? [])], seq }
    if (keeper?.importsOf?.(id) === undefined) kept.imports = null
    try {
      await store.docs.put(KIND, id, 0, new TextEncoder().encode(JSON.stringify(kept)))
    } catch (error) {
      if (!isStoreError(error, 'VersionConflict')) throw error
    }
  }
}

export async function readSnapshots(store: Store): Promise<ReadonlyMap<string, KeptSnapshot>> {
  const found = new Map<string, KeptSnapshot>()
  for (const { id } of await store.docs.list(KIND)) {
    const doc = await store.docs.get(KIND, id)
    if (doc) found.set(id, Kept.parse(JSON.parse(new TextDecoder().decode(doc.bytes))))
  }
  return found
}

/** The imports that one of these snapshots may stand on. */
export function importsOfSnapshots(
  kept: ReadonlyMap<string, KeptSnapshot>,
  snapshots: Iterable<string>,
): {
  readonly imports: readonly ImportId[]
  /** And all up to this place in the order of the store. */ readonly upTo: number
} {
  const imports = new Set<ImportId>()
  let upTo = 0
  for (const one of snapshots) {
    const known = kept.get(one)
    for (const id of known?.imports ?? []) imports.add(id)
    if (known?.imports === null) upTo = Math.max(upTo, known.seq)
  }
  return { imports: [...imports], upTo }
}

/** Those that nobody names any more, and that nobody is about to name. */
export async function forgetSnapshots(store: Store, named: ReadonlySet<string>, now: string): Promise<void> {
  for (const [id, { at }] of await readSnapshots(store)) {
    if (named.has(id) || Date.parse(now) - Date.parse(at) < DAY_MS) continue
    const doc = await store.docs.get(KIND, id)
    if (doc) await store.docs.remove(KIND, id, doc.version).catch(() => undefined)
  }
}

const DAY_MS = 86_400_000
