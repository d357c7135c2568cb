import { z } from 'zod'
import type { KeptDecision } from '../../graph/answer/links.ts'
import { linkId, type Link } from '../../graph/estate/links.ts'
import { linkKinds } from '../../graph/kinds/link-kinds.ts'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'link'
const TRIES = 3

const Kept = z.object({
  kind: z.enum(linkKinds),
  from: z.string(),
  to: z.string(),
  decision: z.enum(['confirmed', 'rejected']),
  who: z.string(),
  at: z.string(),
  note: z.string().optional(),
  names: z.object({ from: z.string(), to: z.string() }),
})

/** What people decided about links, oldest first: one document each, so that two who decide at once both count. */
export async function readDecisions(store: Store): Promise<readonly KeptDecision[]> {
  const found: KeptDecision[] = []
  for (const { id } of await store.docs.list(KIND)) {
    const doc = await store.docs.get(KIND, id)
    if (doc) found.push(Kept.parse(JSON.parse(new TextDecoder().decode(doc.bytes))) as KeptDecision)
  }
  return found.sort((a, b) => (a.at + linkId(a) < b.at + linkId(b) ? -1 : 1))
}

/** Keeps a decision in place of an earlier one about the same link. */
export async function keepDecision(store: Store, decision: KeptDecision): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(Kept.parse(decision)))
  await again(async () => {
    const known = await store.docs.get(KIND, linkId(decision))
    await store.docs.put(KIND, linkId(decision), known?.version ?? 0, bytes)
  })
}

/** Forgets what was decided; the link is suggested again where a rule says so. False: there was nothing. */
export async function forgetDecision(store: Store, link: Link): Promise<boolean> {
  let had = false
  await again(async () => {
    const known = await store.docs.get(KIND, linkId(link))
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
