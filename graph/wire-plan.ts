import * as z from 'zod/mini'
import { Operation, Overall, Snapshot, Thing } from './wire.ts'

/** From an answer to a cutover: what may go, who answers for it, in which order, and how it is taken back. */

const text = z.string()
const count = z.int().check(z.nonnegative())

// ------------------------------------------------------------------ readiness

export const GateState = z.enum(['met', 'not-met', 'unknown'])
export type GateState = z.infer<typeof GateState>

export const Gate = z.object({
  id: z.enum(['inventoried', 'mapped', 'accountable', 'tolerates', 'overlap', 'rollback', 'validation', 'continuity']),
  title: text,
  state: GateState,
  why: text,
  /** What would change it; empty where it is met. */
  todo: text,
})
export type Gate = z.infer<typeof Gate>

const accepts = z.enum(['yes', 'no', 'unknown'])
export const Consumer = z.object({
  thing: Thing,
  /** A credential that is minted for minutes or hours instead of one that stands. */
  shortLived: accepts,
  /** A broker or proxy that holds the value and lends the connection. */
  proxied: accepts,
  /** Access that somebody approves each time. */
  approved: accepts,
  why: text,
})
export type Consumer = z.infer<typeof Consumer>

// ------------------------------------------------------------------ accountability

export const Duty = z.enum(['approver', 'revoker', 'business-owner', 'vendor-contact', 'on-call'])
export type Duty = z.infer<typeof Duty>

export const Named = z.object({
  duty: Duty,
  /** Whom a source names for it. */
  name: z.nullable(text),
  /** Where that is said, or what is missing. */
  why: text,
  /** Nobody is named; the likely one, to be confirmed. */
  proposed: z.optional(text),
  /** False: there is no vendor, so no contact is needed. */
  needed: z.boolean(),
})
export type Named = z.infer<typeof Named>

/** Of a control plane: who does it (R), answers for it (A), is asked (C), is told (I); null is a missing name. */
export const RaciRow = z.object({
  plane: z.enum(['issuance', 'elevation', 'inventory', 'offboarding', 'rollback']),
  title: text,
  responsible: z.nullable(text),
  accountable: z.nullable(text),
  consulted: z.nullable(text),
  informed: z.nullable(text),
  /** Duties of which a name is missing here. */
  missing: z.array(Duty),
})
export type RaciRow = z.infer<typeof RaciRow>

// ------------------------------------------------------------------ rollback

export const Rollback = z.object({
  verdict: z.enum(['accepted', 'refused', 'unknown']),
  /** Why it is refused, or what is not known; of an accepted one what was simulated. */
  why: text,
  todo: text,
  /** Seconds after T until which it can be taken; null: as long as nobody deletes. */
  until: z.nullable(text),
  /** Values that let somebody in once it is done. */
  standing: count,
  /** Still out after it, at most 20. */
  left: z.array(Thing),
  leftCount: count,
})
export type Rollback = z.infer<typeof Rollback>

// ------------------------------------------------------------------ plan

export const PlanQuery = z.object({
  /** Ids of credentials, separated by commas; absent: all that the filter leaves. */
  credentials: z.optional(z.string().check(z.maxLength(20_000))),
  f: z.optional(z.string().check(z.maxLength(500))),
  gap: z.optional(z.string().check(z.maxLength(64))),
  op: z.optional(Operation),
  /** At most so many; absent: as many as one owner's load needs. */
  waves: z.optional(z.coerce.number().check(z.int(), z.positive(), z.maximum(52))),
  /** First day, ISO 8601; absent: the day after the snapshot's. */
  from: z.optional(z.string().check(z.maxLength(40))),
  /** `2026-12-18..2027-01-04`, several separated by commas; both days inclusive. */
  freeze: z.optional(z.string().check(z.maxLength(1_000))),
  /** Id of a thing in foreign hands: then the order is that of the exposure. */
  exposed: z.optional(z.string().check(z.maxLength(16))),
})
export type PlanQuery = z.infer<typeof PlanQuery>

export const ConflictKind = z.enum(['order', 'ring', 'owner-load', 'freeze', 'job', 'no-slot', 'lead', 'together'])
export type ConflictKind = z.infer<typeof ConflictKind>
export const Conflict = z.object({
  kind: ConflictKind,
  /** Ids of the credentials it is about. */
  credentials: z.array(text),
  words: text,
  todo: text,
})
export type Conflict = z.infer<typeof Conflict>

export const PlanItem = z.object({
  credential: Thing,
  op: Operation,
  owner: z.nullable(text),
  verdict: Overall,
  ready: z.boolean(),
  gates: z.array(Gate),
  consumers: z.array(Consumer),
  consumersCount: count,
  named: z.array(Named),
  raci: z.array(RaciRow),
  rollback: Rollback,
  /** What falls with it, see GET /api/rank. */
  weight: count,
  breaks: count,
  unknown: count,
  /** Findings on it, by level: three for high, two for medium, one for low. */
  risk: count,
  findings: z.array(text),
  /** Credentials of this plan that have to go first. */
  after: z.array(text),
})
export type PlanItem = z.infer<typeof PlanItem>

const together = z.object({ breaks: count, unknown: count, systems: z.array(text), first: z.array(text) })
export const Wave = z.object({
  number: count,
  pilot: z.boolean(),
  /** Its window, ISO 8601 UTC. */
  start: text,
  end: text,
  items: z.array(PlanItem),
  /** All old values of the wave refused at once and nobody did anything: one change, not the sum. */
  unprepared: together,
  /** The same with second values, every copy updated and restarts done. */
  prepared: together,
  /** What each alone would add up to; less than `unprepared` where two of the wave are each other's fallback. */
  sum: z.object({ breaks: count, unknown: count }),
  conflicts: z.array(Conflict),
})
export type Wave = z.infer<typeof Wave>

export const PlanReply = z.object({
  snapshot: Snapshot,
  title: text,
  sentence: text,
  ready: z.boolean(),
  from: text,
  waves: z.array(Wave),
  /** What is not about one wave. */
  conflicts: z.array(Conflict),
  totals: z.object({ credentials: count, ready: count, waves: count, conflicts: count }),
  /** Gates by how many credentials they hold up, the most first. */
  gates: z.array(z.object({ id: text, title: text, met: count, notMet: count, unknown: count, todo: text })),
  /** Names that are missing, the most frequent first. */
  missing: z.array(z.object({ duty: Duty, credentials: count, words: text })),
  problem: z.nullable(z.object({ at: count, message: text })),
  /** Chosen and left out, beyond the bound of one plan. */
  left: count,
  rules: z.array(text),
})
export type PlanReply = z.infer<typeof PlanReply>

// ------------------------------------------------------------------ runbook

export const RunbookQuery = z.object({
  op: z.optional(Operation),
  /** T, ISO 8601; absent: steps have no dates. */
  at: z.optional(z.string().check(z.maxLength(40))),
})
export type RunbookQuery = z.infer<typeof RunbookQuery>

export const RunbookStep = z.object({
  number: count,
  phase: z.enum(['prepare', 'issue', 'deliver', 'validate', 'cut', 'watch', 'retire']),
  title: text,
  detail: text,
  /** Seconds from T. */
  at: z.number(),
  /** "T − 1 d". */
  when: text,
  /** ISO 8601, where T is given. */
  date: z.nullable(text),
  who: z.nullable(text),
  /** Never run by us. */
  run: z.array(text),
  /** How one knows that it worked, on the path that the workload uses. */
  check: text,
  undo: text,
  /** After this step there is no way back. */
  final: z.boolean(),
})
export type RunbookStep = z.infer<typeof RunbookStep>

export const RunbookReply = z.object({
  snapshot: Snapshot,
  credential: Thing,
  op: Operation,
  title: text,
  sentence: text,
  verdict: Overall,
  ready: z.boolean(),
  gates: z.array(Gate),
  named: z.array(Named),
  raci: z.array(RaciRow),
  consumers: z.array(Consumer),
  consumersCount: count,
  steps: z.array(RunbookStep),
  /** The step after which there is no undo; null where each can be undone. */
  pointOfNoReturn: z.nullable(count),
  rollback: Rollback,
  /** What a rollback does, in this order. */
  rollbackSteps: z.array(z.object({ title: text, run: z.array(text) })),
  watch: z.object({
    /** Seconds. */
    lasts: z.number(),
    why: text,
    signals: z.array(z.object({ where: text, signal: text, means: text })),
    queries: z.array(z.object({ title: text, language: text, text })),
  }),
})
export type RunbookReply = z.infer<typeof RunbookReply>
