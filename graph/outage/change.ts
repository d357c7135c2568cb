import { z } from 'zod'

/** Seconds `[min, max]`; `null` as the maximum is "no known end". */
const span = z.tuple([z.number().min(0), z.number().min(0).nullable()])
const id = z.string().min(1).max(2048)
const seconds = z.number().min(0)

/**
 * What is done (engine.md, "What a change says"). Times are seconds. `targets` are ids of entities, for `cut` of
 * relationships. `until` ends a `disable` or a `cut`; `overlap` and `publish` belong to `rotate`.
 */
export const Change = z.object({
  action: z.enum(['revoke', 'disable', 'rotate', 'cut']),
  targets: z.array(id).min(1).max(100_000),
  at: seconds.default(0),
  /** Until the platform enforces it everywhere. */
  lag: span.default([0, 0]),
  overlap: seconds.optional(),
  publish: z.array(id).max(100_000).optional(),
  until: seconds.optional(),
})
export type Change = z.infer<typeof Change>
/** As a person or a file writes it: `at` and `lag` may be left out. */
export type ChangeInput = z.input<typeof Change>
