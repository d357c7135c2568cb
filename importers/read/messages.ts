import { z } from 'zod'
import { EntityFact, ObservationFact, RelationshipFact, skipReasons, type SkipReason } from '../../graph/facts.ts'

/** One fact, shaped as a line of an NDJSON bundle (docs/bundle.md). */
export const Fact = z.union([
  z.object({ entity: EntityFact }),
  z.object({ relationship: RelationshipFact }),
  z.object({ observation: ObservationFact }),
])
export type Fact = z.infer<typeof Fact>

export const Scope = z.object({
  importer: z.string().max(80),
  /** `aws/123456789012`; with `importer` it names the scope. */
  id: z.string().max(512),
  title: z.string().max(512),
  complete: z.boolean(),
  nature: z.enum(['snapshot', 'log', 'asserted']),
})
export type Scope = z.infer<typeof Scope>

const count = z.number().int().min(0)
const skipReason = z.enum(Object.keys(skipReasons) as [SkipReason, ...SkipReason[]])

/** What became of one file. `read = mapped + merged + skipped`. */
export const FileMessage = z.object({
  type: z.literal('file'),
  name: z.string(),
  /** `null`: not recognised, or refused before anybody could look at it. */
  importer: z.string().nullable(),
  read: count,
  mapped: count,
  merged: count,
  skipped: z.array(z.object({ reason: skipReason, count, where: z.array(z.string()) })),
  notes: z.array(z.string()),
  /** Uncompressed, as far as it was read. */
  bytes: count,
  /** Of the uncompressed bytes; empty where the file was not read to its end. */
  sha256: z.string(),
  /** Why it was not read to its end. Facts from before that point stand; its importer's scopes are not complete. */
  error: z.string().optional(),
})
export type FileMessage = z.infer<typeof FileMessage>

export const FactsMessage = z.object({ type: z.literal('facts'), scope: Scope, facts: z.array(Fact) })
export type FactsMessage = z.infer<typeof FactsMessage>

/** The last word on a scope, after all its facts: only here is `complete` final. */
export const ScopeMessage = z.object({
  type: z.literal('scope'),
  scope: Scope,
  facts: count,
  /** Of a log: days on which it has an event, ascending and apart (graph/log-days). */
  days: z.array(z.tuple([z.number().int(), z.number().int()]).readonly()).optional(),
  /** Fields dropped because they looked like a secret value, and facts dropped over a limit: mistakes of the importer. */
  defects: z.array(z.object({ detector: z.string(), field: z.string(), count })),
})
export type ScopeMessage = z.infer<typeof ScopeMessage>

export const ProgressMessage = z.object({
  type: z.literal('progress'),
  file: z.string(),
  importer: z.string().nullable(),
  bytes: count,
  records: count,
})
export type ProgressMessage = z.infer<typeof ProgressMessage>

export const Message = z.discriminatedUnion('type', [FileMessage, FactsMessage, ScopeMessage, ProgressMessage])
export type Message = z.infer<typeof Message>
