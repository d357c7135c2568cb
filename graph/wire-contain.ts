import * as z from 'zod/mini'
import { Overall, Snapshot, Thing } from './wire.ts'

/** What a set of containment actions does when all of it is done together. */

const count = z.int().check(z.nonnegative())

export const TogetherQuery = z.object({
  /** Ids of `containment.options` and `containment.cut`, with commas; at most 200 count. */
  actions: z.optional(z.string().check(z.maxLength(8_000))),
})
export type TogetherQuery = z.infer<typeof TogetherQuery>

export const TogetherReply = z.object({
  snapshot: Snapshot,
  /** Those of the asked actions that there are, in the order asked. */
  actions: z.array(z.string()),
  /** Asked for, and nothing here is called so: another state of the graph offered them. */
  unknownActions: z.array(z.string()),
  /** Of all of them together, each dependant once. What one broke alone stays broken; one may take another's fallback away. */
  price: z.object({ breaks: count, unknown: count }),
  /** The first 25 that break, and the first 25 that cannot be told. */
  breaks: z.array(Thing),
  unknown: z.array(Thing),
  /** Break only because the actions are done together: none of them alone breaks these. */
  onlyTogether: count,
  verdict: Overall,
  /** Shortest ways to what is to be protected, and how many of them the set ends. */
  routes: count,
  cut: count,
  /** What stays within reach over any way, the first 25, and how many. */
  left: z.array(Thing),
  leftCount: count,
})
export type TogetherReply = z.infer<typeof TogetherReply>
