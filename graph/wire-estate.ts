import * as z from 'zod/mini'
import { EvidenceItem, Hit, Snapshot, Thing } from './wire.ts'

/** Everything that is known of every credential, as a list that can be filtered, and what is missing in it. */

const count = z.int().check(z.nonnegative())

export const EstateQuery = z.object({
  /** Filter, see graph/filter.ts. */
  f: z.optional(z.string().check(z.maxLength(500))),
  /** Id of a finding: only the credentials that have it. */
  gap: z.optional(z.string().check(z.maxLength(64))),
  /** A column, `-` before it turns the order; absent: by what falls with it. */
  sort: z.optional(z.string().check(z.regex(/^-?(name|kind|owner|age|used|weight)$/))),
  cursor: z.optional(z.coerce.number()),
  limit: z.optional(z.coerce.number()),
})
export type EstateQuery = z.infer<typeof EstateQuery>

export const Gap = z.object({
  id: z.string(),
  title: z.string(),
  todo: z.string(),
  level: z.enum(['high', 'medium', 'low']),
  count,
})

export const EstateRow = z.extend(Hit, {
  plane: z.string(),
  /** Days since it was made or last rotated; null: not known. */
  ageDays: z.nullable(z.number()),
  usedDays: z.nullable(z.number()),
  expiresAt: z.nullable(z.string()),
  purpose: z.nullable(z.string()),
  rotation: z.nullable(z.string()),
  systems: z.array(z.string()),
  places: count,
  users: count,
  /** What of it a person stated: "owner", "purpose". */
  stated: z.optional(z.array(z.string())),
  /** Ids of findings. */
  flags: z.array(z.string()),
})
export type EstateRow = z.infer<typeof EstateRow>

export const EstateReply = z.object({
  snapshot: Snapshot,
  totals: z.object({
    credentials: count,
    systems: count,
    /** With an owner, a purpose, a rule to rotate it and an expiry that a source states. */
    complete: count,
    withOwner: count,
    withPurpose: count,
    withRotation: count,
    withExpiry: count,
  }),
  gaps: z.array(Gap),
  /** Why the filter was not understood, and at which character; then nothing is filtered. */
  problem: z.nullable(z.object({ at: count, message: z.string() })),
  matched: count,
  rows: z.array(EstateRow),
  /** Ask again with this to go on. */
  next: z.optional(count),
})
export type EstateReply = z.infer<typeof EstateReply>

export const FindingItem = z.object({
  finding: z.string(),
  title: z.string(),
  level: z.enum(['high', 'medium', 'low']),
  todo: z.string(),
  credential: Thing,
  reason: z.string(),
  owner: z.nullable(z.string()),
  evidence: z.array(EvidenceItem),
  controls: z.array(z.object({ id: z.string(), framework: z.string(), title: z.string() })),
})
export const FindingsQuery = z.object({
  finding: z.optional(z.string().check(z.maxLength(64))),
  credential: z.optional(z.string().check(z.maxLength(16))),
})
export const FindingsReply = z.object({
  snapshot: Snapshot,
  credentials: count,
  items: z.array(FindingItem),
  /** Left out beyond the bound; the count of each is exact in `/api/estate`. */
  more: count,
})
export type FindingsReply = z.infer<typeof FindingsReply>
