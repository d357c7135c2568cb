import * as z from 'zod/mini'
import { deliveryModeNames } from './kinds/delivery.ts'
import { relationshipKindNames } from './kinds/relationship-kinds.ts'
import { Snapshot, Thing } from './wire.ts'

/** Times that a person set, because he knows better than imports and tables. */

const id = z.string().check(z.regex(/^[a-z2-7]{16}$/, 'an id is 16 letters a to z or digits 2 to 7'))
const seconds = z.number().check(z.nonnegative(), z.lte(3_155_760_000))
/** Seconds `[shortest, longest]`; `null`: no known end. */
const span = z
  .tuple([seconds, z.nullable(seconds)])
  .check(z.refine(([least, most]) => most === null || least <= most, 'the shortest time comes first'))

const times = {
  session: z.optional(span),
  tolerance: z.optional(span),
  pickup: z.optional(span),
  cadence: z.optional(seconds),
  delivery: z.optional(z.enum(deliveryModeNames as [string, ...string[]])),
  /** Until a change to the thing is enforced everywhere; without `kind` and `to`. */
  lag: z.optional(span),
}

/** With `kind` and `to` of a relationship, else of the thing `from`. Takes the place of what was set of it before. */
export const SetOverride = z.object({
  from: id,
  kind: z.optional(z.enum(relationshipKindNames as [string, ...string[]])),
  to: z.optional(id),
  ...times,
  note: z.optional(z.string().check(z.maxLength(200))),
})
export type SetOverride = z.infer<typeof SetOverride>

/** What a person may state of a credential or a business system. Empty texts take a statement back. */
export const Statement = z.object({
  owner: z.optional(z.string().check(z.trim(), z.maxLength(120))),
  purpose: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  rotation: z.optional(z.string().check(z.trim(), z.maxLength(120))),
  tier: z.optional(z.int().check(z.gte(1), z.lte(4))),
  breakGlass: z.optional(z.boolean()),
})
export type Statement = z.infer<typeof Statement>

/**
 * `PATCH /api/estate`: what is stated of many credentials at once. The tier is stated of the systems that they serve.
 * `preview` changes nothing. `restore` puts back what a reply said was before.
 */
export const StateMany = z.object({
  ids: z.optional(z.array(id).check(z.maxLength(500))),
  set: z.optional(Statement),
  note: z.optional(z.string().check(z.maxLength(200))),
  preview: z.optional(z.boolean()),
  restore: z.optional(z.array(z.object({ id, said: z.nullable(Statement) })).check(z.maxLength(1000))),
})
export type StateMany = z.infer<typeof StateMany>

export const StateManyReply = z.object({
  snapshot: Snapshot,
  /** In words: "owner", "tier"; `null`: nothing was, or is, known. */
  changes: z.array(
    z.object({ thing: Thing, what: z.string(), before: z.nullable(z.string()), after: z.nullable(z.string()) }),
  ),
  /** Chosen credentials of which nothing changes. */
  same: z.int(),
  /** For an undo: what people had stated before. */
  before: z.array(z.object({ id, said: z.nullable(Statement) })),
})
export type StateManyReply = z.infer<typeof StateManyReply>

const End = z.object({ name: z.string(), thing: z.nullable(Thing) })
export const OverridesReply = z.object({
  snapshot: Snapshot,
  overrides: z.array(
    z.object({
      id,
      kind: z.nullable(z.string()),
      from: End,
      to: z.nullable(End),
      ...times,
      said: z.optional(Statement),
      /** "api uses shop/aws: takes a new value within 5 min (set by you)" */
      sentence: z.string(),
      who: z.string(),
      at: z.string(),
      note: z.optional(z.string()),
      /** False while no source shows the relationship, or the thing. */
      inForce: z.boolean(),
    }),
  ),
})
export type OverridesReply = z.infer<typeof OverridesReply>
