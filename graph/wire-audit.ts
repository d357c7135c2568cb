import * as z from 'zod/mini'

/**
 * The audit as it is asked for and shown (`GET /api/audit`). Entries hold ids of things, never names out of files and
 * never values; `objectName` is looked up in today's estate when the reply is made, for who may see the map.
 */

const text = z.string()
const count = z.int().check(z.nonnegative())
const short = z.string().check(z.maxLength(100))

/** `begun`: a change that is about to be made; a second entry says how it ended. */
export const AuditOutcome = z.enum(['begun', 'done', 'failed'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/**
 * Enough to open the same question again: the route as a pattern, its ids, those query fields that are ids, numbers,
 * times or words of ours. What somebody typed is not kept.
 */
export const AuditDetail = z.object({
  /** `GET /api/blast/{id}`. */
  route: z.optional(text),
  params: z.optional(z.record(text, text)),
  query: z.optional(z.record(text, text)),
  /** Snapshot that the answer was made from. */
  snapshot: z.optional(text),
  /** Of a failure: the problem's code. */
  problem: z.optional(text),
  requestId: z.optional(text),
  /** Seq of the entry that this one ends. */
  of: z.optional(count),
  /** The plan, of what is done within one. */
  plan: z.optional(text),
  /** Other ids and numbers, by action. */
  more: z.optional(z.record(text, z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
export type AuditDetail = z.infer<typeof AuditDetail>

export const AuditEntry = z.object({
  v: z.literal(2),
  chain: text,
  /** From 1, without a gap: the order. */
  seq: count,
  /** Wall time, ISO 8601 UTC. Shown; order is `seq`. */
  ts: text,
  /** Milliseconds since the process began, from a clock that never goes back. */
  mono: z.number(),
  /** Id of a person, a token, a session; `local`: a command on the server's machine; `server`; `anonymous`. */
  actor: text,
  role: z.nullable(text),
  /** How he came: `session`, `token`, `local`, `cli`, `server`. */
  via: text,
  /** A code of server/audit/actions.ts; success and failure have different ones. */
  action: text,
  outcome: AuditOutcome,
  /** Id of what it is about. */
  object: z.nullable(text),
  /** Id of the scope, of an import. */
  scope: z.nullable(text),
  /** Generation of that scope. */
  generation: z.nullable(count),
  /** Keyed hash of method, path, query and body: the same request gives the same. */
  requestHash: z.nullable(text),
  detail: AuditDetail,
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** One row of the Audit screen. */
export const AuditRow = z.object({
  ...AuditEntry.shape,
  /** The action in words: "asked what breaks". */
  words: text,
  kind: z.enum(['read', 'change', 'server']),
  /** Today's name of the object; null: none, unknown now, or not for this reader. */
  objectName: z.nullable(text),
  /** A checkpoint was signed at this entry. */
  checkpoint: z.boolean(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const AuditQuery = z.object({
  /** Actor, whole id. */
  who: z.optional(short),
  /** A code, or the beginning of codes: `import` finds `import.commit`. */
  action: z.optional(short),
  /** Object, whole id: also a plan or credential named in the detail. */
  object: z.optional(short),
  outcome: z.optional(AuditOutcome),
  kind: z.optional(z.enum(['read', 'change', 'server'])),
  /** ISO 8601, inclusive. A day alone is taken from its first to its last moment. */
  from: z.optional(z.string().check(z.maxLength(40))),
  to: z.optional(z.string().check(z.maxLength(40))),
  /** Absent: the chain of this server. */
  chain: z.optional(short),
  /** `cursor` of the last reply: go on with older ones. */
  cursor: z.optional(z.coerce.number().check(z.gte(1))),
  /** Default 100. */
  limit: z.optional(z.coerce.number().check(z.gte(1), z.lte(500))),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const AuditFault = z.object({
  chain: text,
  /** First entry that is wrong; null where the fault is in the checkpoints. */
  seq: z.nullable(count),
  words: text,
})
export type AuditFault = z.infer<typeof AuditFault>

/** What `keyfall audit verify` says of one chain. */
export const AuditChain = z.object({
  chain: text,
  entries: count,
  checkpoints: count,
  /** The chain that this server writes. */
  own: z.boolean(),
  /** `not-checked`: keyed by another server, or older than the key. */
  state: z.enum(['verifies', 'broken', 'not-checked']),
  firstBad: z.nullable(count),
  words: text,
})
export type AuditChain = z.infer<typeof AuditChain>

export const AuditVerdict = z.object({
  ok: z.boolean(),
  /** When it was checked, ISO 8601. */
  at: text,
  sentence: text,
  chains: z.array(AuditChain),
  faults: z.array(AuditFault),
  /** Is a sink outside this machine's data directory configured, and did it take the last checkpoint? */
  outside: z.enum(['none', 'delivered', 'failing']),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>

export const AuditReply = z.object({
  verdict: AuditVerdict,
  /** Newest first. */
  rows: z.array(AuditRow),
  /** Set where older entries are left to look through, also when `rows` is short: the search looks at 20,000 a time. */
  cursor: z.nullable(count),
  /** Everybody, every action that these rows could be narrowed to: of the entries looked at. */
  actors: z.array(text),
  actions: z.array(z.object({ code: text, words: text })),
})
export type AuditReply = z.infer<typeof AuditReply>
