import { z } from 'zod'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { overrideId } from '../../graph/estate/overrides.ts'
import { deliveryModeNames } from '../../graph/kinds/delivery.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'override'
const TRIES = 3

const span = z.tuple([z.number(), z.number().nullable()]).optional()
const Kept = z.object({
  from: z.string(),
  kind: z.enum(relationshipKindNames as [string, ...string[]]).optional(),
  to: z.string().optional(),
  session: span,
  tolerance: span,
  pickup: span,
  cadence: z.number().optional(),
  delivery: z.enum(deliveryModeNames as [string, ...string[]]).optional(),
  lag: span,
  who: z.string(),
  at: z.string(),
  note: z.string().optional(),
  names: z.object({ from: z.string(), to: z.string().optional() }),
})

/** What people set, oldest first: one document each, so that two who set at once both count. */
export async function readOverrides(store: Store): Promise<readonly KeptOverride[]> {
  const found: KeptOverride[] = []
  for (const { id } of await store.docs.list(KIND)) {
    const doc = await store.docs.get(KIND, id)
    if (doc) found.push(Kept.parse(JSON.parse(new TextDecoder().decode(doc.bytes))) as KeptOverride)
  }
  return found.sort((a, b) => (a.at + overrideId(a) < b.at + overrideId(b) ? -1 : 1))
}

/** Keeps an override in place of an earlier one about the same thing or relationship. */
export async function keepOverride(store: Store, override: KeptOverride): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(Kept.parse(override)))
  await again(async () => {
    const known = await store.docs.get(KIND, overrideId(override))
    await store.docs.put(KIND, overrideId(override), known?.version ?? 0, bytes)
  })
}

/** False: there was none. */
export async function forgetOverride(store: Store, id: string): Promise<boolean> {
  let had = false
  await again(async () => {
    const known = await store.docs.get(KIND, id)
    had = known !== undefined
    if (known) await store.docs.remove(KIND, known.id, known.version)
  })
  return had
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
