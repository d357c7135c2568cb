import * as z from 'zod/mini'
import { Coverage, ReachChain, Snapshot, Thing } from './wire.ts'

/** Things that every known way to what matters goes through. */

const count = z.int().check(z.nonnegative())
const text = z.string()

export const ChokePointsQuery = z.object({
  /** How many are listed; 25 where absent. */
  limit: z.optional(z.coerce.number().check(z.int(), z.positive(), z.maximum(200))),
})
export type ChokePointsQuery = z.infer<typeof ChokePointsQuery>

export const ChokePoint = z.object({
  thing: Thing,
  /** Crown jewels, and things of any sort, that nothing known leads to any more without it; itself left out. */
  jewels: count,
  things: count,
  /** Names of the first of these jewels. */
  first: z.array(text),
  /** Credentials that lead to it; with a subject, 1. */
  credentials: count,
  /** What breaks if it stops for good, and of how many that is not known. */
  price: z.object({ breaks: count, unknown: count }),
  /** With a subject: the shortest way from it to here. */
  way: z.nullable(ReachChain),
})
export type ChokePoint = z.infer<typeof ChokePoint>

export const ChokePointsReply = z.object({
  snapshot: Snapshot,
  /** Whoever holds it starts here; null: whoever holds any credential. */
  subject: z.nullable(Thing),
  headline: z.object({ title: text, sentence: text }),
  /** Why there may be ways round all of these; never empty. */
  lowerBound: z.array(text),
  /** Credentials that ways start from, and crown jewels that they lead to. */
  credentials: count,
  jewels: count,
  /** Of these jewels, those that no single thing stands before: nothing but themselves is on every way. */
  open: count,
  /** Most jewels first. */
  points: z.array(ChokePoint),
  /** How many there are, listed or not. */
  total: count,
  coverage: Coverage,
})
export type ChokePointsReply = z.infer<typeof ChokePointsReply>
