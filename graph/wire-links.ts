import * as z from 'zod/mini'
import { linkKinds } from './kinds/link-kinds.ts'
import { Snapshot, Thing } from './wire.ts'

/** Links between things that sources name differently: suggested, confirmed, rejected. */

const id = z.string().check(z.regex(/^[a-z2-7]{16}$/, 'an id is 16 letters a to z or digits 2 to 7'))
const note = z.optional(z.string().check(z.maxLength(200)))

export const LinkKindShape = z.enum(linkKinds)
export const Verdict = z.enum(['confirmed', 'rejected'])

/** An end of a link; one that no source names any more keeps the name it had. */
export const LinkEnd = z.object({ name: z.string(), thing: z.nullable(Thing) })

export const SuggestedLink = z.object({
  id,
  kind: LinkKindShape,
  from: LinkEnd,
  to: LinkEnd,
  /** "payments is the same as acme/payments" */
  sentence: z.string(),
  reason: z.string(),
})
export const DecidedLink = z.object({
  id,
  kind: LinkKindShape,
  from: LinkEnd,
  to: LinkEnd,
  sentence: z.string(),
  decision: Verdict,
  who: z.string(),
  at: z.string(),
  note: z.optional(z.string()),
  /** False while an end is not there, or while a source says the opposite for certain. */
  inForce: z.boolean(),
})
export const LinksReply = z.object({
  snapshot: Snapshot,
  open: z.array(SuggestedLink),
  /** Suggestions beyond the bound. */
  more: z.int(),
  decided: z.array(DecidedLink),
})
export type LinksReply = z.infer<typeof LinksReply>

export const DecideLink = z.object({ decision: Verdict, note })
/** A link of one's own: a caller named, a copy that no source shows. Ends by id. */
export const AddLink = z.object({ kind: LinkKindShape, from: id, to: id, note })
