import * as z from 'zod/mini'

/** Which imports are kept, and which go. */

const text = z.string()
const count = z.int().check(z.nonnegative())

export const PruneReply = z.object({
  at: text,
  dryRun: z.boolean(),
  /** An import is kept while it is among so many newest of its source, or younger than so many days. */
  policy: z.object({ imports: count, days: count }),
  /** That go, the pieces of them that no other import has, and the bytes of those in the store. */
  imports: count,
  segments: count,
  bytes: count,
  scopes: z.array(
    z.object({
      scope: text,
      title: text,
      gone: count,
      /** When the first and the last that goes were imported. */
      from: z.nullable(text),
      to: z.nullable(text),
      /** That stay: the newest; beyond those, young enough; beyond both, referred to. */
      newest: count,
      young: count,
      referred: count,
    }),
  ),
  /** What refers to imports, however old they are. */
  references: z.array(
    z.object({
      what: z.enum(['plan', 'scenario']),
      id: text,
      name: text,
      /** How many; null: made by an older version, which did not say: all that were there then. */
      imports: z.nullable(count),
    }),
  ),
})
export type PruneReply = z.infer<typeof PruneReply>
