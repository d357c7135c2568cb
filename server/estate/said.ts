import { z } from 'zod'
import type { KeptDecision } from '../../graph/answer/links.ts'
import { linkId, type Link } from '../../graph/estate/links.ts'
import { linkKinds } from '../../graph/kinds/link-kinds.ts'
import type { Store } from '../store/contract.ts'
import { wordsOfPeople } from './words-of-people.ts'

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

const words = wordsOfPeople<KeptDecision>('link', linkId, (json) => Kept.parse(json) as KeptDecision)

/** What people decided about links, oldest first. */
export const readDecisions = words.read
/** Keeps a decision in place of an earlier one about the same link. */
export const keepDecision = words.keep
/** Forgets what was decided; the link is suggested again where a rule says so. False: there was nothing. */
export const forgetDecision = (store: Store, link: Link): Promise<boolean> => words.forget(store, linkId(link))
