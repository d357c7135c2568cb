import * as z from 'zod/mini'
import { Duty } from '../wire-plan.ts'
import {
  CutoverPlane,
  Exception,
  PlanStatus,
  Prediction,
  RollbackProposal,
  WaveOutcome,
  WaveScore,
  Who,
} from '../wire-cutover.ts'
import { Operation, Verdict } from '../wire.ts'

/** What is kept of a plan: what people decided, and nothing that can be computed. */

const text = z.string()
const System = z.nullable(z.object({ id: text, name: text }))

export const KeptItem = z.object({
  credential: text,
  /** As it was called when it was added, for when no source shows it any more. */
  name: text,
  /** null: the usual one of its kind. */
  op: z.nullable(Operation),
  /** null: the usual way back. */
  proposal: z.nullable(RollbackProposal),
})
export type KeptItem = z.infer<typeof KeptItem>

export const KeptWave = z.object({
  title: text,
  pilot: z.boolean(),
  start: text,
  end: text,
  /** Ids, in the order in which they go. */
  credentials: z.array(text),
})
export type KeptWave = z.infer<typeof KeptWave>

const KeptName = z.object({
  duty: Duty,
  name: text,
  credential: z.nullable(text),
  plane: z.nullable(CutoverPlane),
  by: Who,
  at: text,
})
export const KeptException = z.omit(Exception, { inForce: true, words: true })
export type KeptException = z.infer<typeof KeptException>

/** What edits change, in parts: an undo puts whole parts back. */
export const PlanParts = z.object({
  name: text,
  items: z.array(KeptItem),
  waves: z.array(KeptWave),
  freezes: z.array(text),
  names: z.array(KeptName),
  exceptions: z.array(KeptException),
  done: z.array(z.object({ credential: text, step: text, by: Who, at: text, proof: text })),
  asks: z.array(z.object({ credential: text, system: System, of: text, by: Who, at: text })),
})
export type PlanParts = z.infer<typeof PlanParts>
export const partNames = ['name', 'items', 'waves', 'freezes', 'names', 'exceptions', 'done', 'asks'] as const
export type PartName = (typeof partNames)[number]

export const KeptEntry = z.object({
  version: z.int(),
  by: Who,
  at: text,
  snapshot: text,
  words: z.array(text),
  /** Parts as they were before; of old entries forgotten, and they can't be undone any more. */
  before: z.optional(z.partial(PlanParts)),
  /** Version of the entry that this one put back. */
  undoes: z.optional(z.int()),
})
export type KeptEntry = z.infer<typeof KeptEntry>

export const KeptPlan = z.extend(PlanParts, {
  id: text,
  status: PlanStatus,
  created: z.object({ by: Who, at: text }),
  /** Everybody who wrote it, in the order in which they came. Only ever grows. */
  authors: z.array(Who),
  /** Oldest first. */
  log: z.array(KeptEntry),
  /** What was predicted when each cut was marked as done; absent in plans of older versions. */
  predictions: z.optional(z.array(Prediction)),
  /** The last score of each wave, and how waves ended. */
  scores: z.optional(z.array(WaveScore)),
  outcomes: z.optional(z.array(WaveOutcome)),
})
export type KeptPlan = z.infer<typeof KeptPlan>

export const KeptSignOff = z.object({
  id: text,
  plan: text,
  credential: text,
  system: System,
  /** What it was given for. */
  snapshot: text,
  op: Operation,
  window: z.object({ start: text, end: text }),
  set: z.array(z.object({ id: text, name: text, verdict: Verdict })),
  by: Who,
  at: text,
  note: z.optional(text),
  withdrawn: z.nullable(z.object({ by: Who, at: text, reason: text })),
  declined: z.optional(z.object({ reason: text })),
  breakGlass: z.nullable(
    z.object({
      reason: text,
      until: text,
      review: z.nullable(z.object({ by: Who, at: text, words: text })),
    }),
  ),
})
export type KeptSignOff = z.infer<typeof KeptSignOff>
