import * as z from 'zod/mini'
import { SeenUse } from './wire-acts.ts'
import { Operation, Overall, Snapshot, Thing, Verdict } from './wire.ts'
import {
  ConflictKind,
  Duty,
  Gate,
  Named,
  PlanItem,
  PlanQuery,
  RaciRow,
  RunbookReply,
  RunbookStep,
  Wave,
} from './wire-plan.ts'

/**
 * Plans that people keep: who wrote them, who signed what for which set of dependents, what was done. Everything that
 * can change by itself (gates, conflicts, whether a sign-off stands) is computed when it is asked, and kept nowhere.
 */

const text = z.string()
const count = z.int().check(z.nonnegative())
const id = z.string().check(z.regex(/^[a-z2-7]{16}$/, 'an id is 16 letters a to z or digits 2 to 7'))
/** What people write: one line or a few, no longer than a page. */
const words = z.string().check(z.minLength(1), z.maxLength(1_000))
const name = z.string().check(z.minLength(1), z.maxLength(120))
/** ISO 8601, UTC: 2026-12-01T09:00:00Z. */
const moment = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/, 'a moment is like 2026-12-01T09:00:00Z'))
const waveNumber = z.int().check(z.positive(), z.maximum(52))

export const Who = z.object({ id: text, name: text })
export type Who = z.infer<typeof Who>

// ------------------------------------------------------------------ state

export const PlanStatus = z.enum(['draft', 'ready', 'running', 'closed', 'rolled-back'])
export type PlanStatus = z.infer<typeof PlanStatus>

export const CutoverPlane = RaciRow.shape.plane
export type CutoverPlane = z.infer<typeof CutoverPlane>

// ------------------------------------------------------------------ sign-offs

export const SetChange = z.object({
  id: text,
  name: text,
  /** null: was not in it, or is no longer. */
  before: z.nullable(Verdict),
  after: z.nullable(Verdict),
})
export type SetChange = z.infer<typeof SetChange>

/** What is different from what a sign-off was given for. All empty and all false: it stands. */
export const SignOffDifference = z.object({
  added: z.array(SetChange),
  gone: z.array(SetChange),
  worse: z.array(SetChange),
  better: z.array(SetChange),
  /** The operation is another one now. */
  action: z.boolean(),
  /** The wave goes at another time now. */
  window: z.boolean(),
  /** Whoever gave it has changed the plan since: nobody signs what he wrote. */
  author: z.optional(z.boolean()),
  /** In one sentence; empty where nothing is different. */
  words: text,
})
export type SignOffDifference = z.infer<typeof SignOffDifference>

export const SignOffState = z.enum(['valid', 'declined', 'lapsed', 'expired', 'withdrawn'])
export type SignOffState = z.infer<typeof SignOffState>

export const SignOff = z.object({
  id: text,
  plan: text,
  /** Thing.id of the credential. */
  credential: text,
  /** The business system it speaks for; null: the whole change. */
  system: z.nullable(z.object({ id: text, name: text })),
  /** What it is bound to. */
  snapshot: text,
  op: Operation,
  window: z.object({ start: text, end: text }),
  /** Of the set it was given for: a short name of it, and how many. `GET …/signoffs?credential=` has the members. */
  set: text,
  dependents: count,
  by: Who,
  at: text,
  note: z.optional(text),
  state: SignOffState,
  difference: SignOffDifference,
  withdrawn: z.nullable(z.object({ by: Who, at: text, reason: text })),
  /** A no: it holds the plan up until a newer signature for the same, or until what was asked is something else. */
  declined: z.optional(z.object({ reason: text })),
  /** Given by an admin alone. Stays visible for good; somebody else has to review it. */
  breakGlass: z.nullable(
    z.object({
      reason: text,
      /** It is over then, whatever the window. */
      until: text,
      review: z.nullable(z.object({ by: Who, at: text, words: text })),
    }),
  ),
})
export type SignOff = z.infer<typeof SignOff>

/** One who has to agree: a business system with dependents in the set, or (null) whatever has no system. */
export const SignOffNeed = z.object({
  system: z.nullable(z.object({ id: text, name: text })),
  dependents: count,
  breaks: count,
  /** Whom a source or the plan names for it. */
  owner: z.nullable(text),
  state: z.enum(['missing', 'asked', 'valid', 'declined', 'lapsed', 'expired', 'withdrawn']),
  /** The sign-off that decides the state. */
  signOff: z.nullable(text),
  asked: z.nullable(z.object({ of: text, by: Who, at: text })),
  /** "signed 20 Nov 09:14 by …", "lapsed: 2 new dependents". */
  words: text,
})
export type SignOffNeed = z.infer<typeof SignOffNeed>

export const SetMember = z.object({
  id: text,
  name: text,
  /** Kind in words. */
  title: text,
  verdict: Verdict,
  system: z.nullable(z.object({ id: text, name: text })),
})
export type SetMember = z.infer<typeof SetMember>

/** All that somebody needs who is asked to sign, on one page. */
export const SignOffPage = z.object({
  snapshot: Snapshot,
  plan: z.object({ id: text, name: text, version: count, status: PlanStatus }),
  credential: Thing,
  op: Operation,
  wave: count,
  window: z.object({ start: text, end: text }),
  verdict: Overall,
  title: text,
  sentence: text,
  /** Send it back with a sign-off: it says what was seen. */
  set: text,
  members: z.array(SetMember),
  needs: z.array(SignOffNeed),
  /** All that were ever given, newest first. */
  signOffs: z.array(SignOff),
  rollback: text,
  /** Whether whoever asks may sign, and if not, why. */
  may: z.object({ sign: z.boolean(), breakGlass: z.boolean(), why: text }),
})
export type SignOffPage = z.infer<typeof SignOffPage>

export const GiveSignOff = z.object({
  credential: id,
  system: z.optional(id),
  /** `snapshot.id` and `set` of the page that was read; where either has moved, nothing is signed. */
  snapshot: z.string().check(z.maxLength(64)),
  set: z.string().check(z.maxLength(64)),
  note: z.optional(words),
  /** Instead of a yes: a no with its reason, which is kept like a signature. Not with `breakGlass`. */
  decline: z.optional(z.object({ reason: words })),
  /** An admin alone, though he wrote the plan or is no approver. At most 24 hours. */
  breakGlass: z.optional(
    z.object({
      reason: z.string().check(z.minLength(10), z.maxLength(1_000)),
      hours: z.int().check(z.positive(), z.maximum(24)),
    }),
  ),
})
export type GiveSignOff = z.infer<typeof GiveSignOff>
export const WithdrawSignOff = z.object({ reason: words })
export type WithdrawSignOff = z.infer<typeof WithdrawSignOff>
export const ReviewSignOff = z.object({ words })
export type ReviewSignOff = z.infer<typeof ReviewSignOff>
export const SignOffsQuery = z.object({ credential: z.optional(id) })
export type SignOffsQuery = z.infer<typeof SignOffsQuery>
export const SignOffsReply = z.object({
  snapshot: Snapshot,
  signOffs: z.array(SignOff),
  /** With `?credential=`. */
  page: z.nullable(SignOffPage),
})
export type SignOffsReply = z.infer<typeof SignOffsReply>

// ------------------------------------------------------------------ exceptions, names, done

export const Exception = z.object({
  id: text,
  credential: text,
  /** `stays`: its standing access is left for now; else the gate that counts as closed although it is not known. */
  what: z.enum(['stays', 'inventoried', 'mapped', 'tolerates', 'overlap', 'rollback', 'validation', 'continuity']),
  risk: z.enum(['low', 'medium', 'high']),
  owner: text,
  reason: text,
  /** Last day, 2026-12-31. */
  until: text,
  by: Who,
  at: text,
  /** False: it is over, or what it covers has become worse than not known. */
  inForce: z.boolean(),
  words: text,
})
export type Exception = z.infer<typeof Exception>

/** A name that somebody of this plan stated. */
export const StatedName = z.object({
  duty: Duty,
  name: text,
  /** null: for all of the plan. */
  credential: z.nullable(text),
  /** null: for all planes. */
  plane: z.nullable(CutoverPlane),
  by: Who,
  at: text,
})
export type StatedName = z.infer<typeof StatedName>

export const CutoverNamed = z.extend(Named, {
  /** Who stated it in this plan; null: an import did, or nobody. */
  stated: z.nullable(z.object({ by: Who, at: text })),
})
export type CutoverNamed = z.infer<typeof CutoverNamed>

export const StepDone = z.object({ step: text, by: Who, at: text, proof: text })
export type StepDone = z.infer<typeof StepDone>

/** How the old value comes back, as this plan has it. */
export const RollbackProposal = z.object({
  restores: z.boolean(),
  removesNew: z.boolean(),
  /** Seconds after the cut. */
  after: z.int().check(z.positive(), z.maximum(30 * 86_400)),
})
export type RollbackProposal = z.infer<typeof RollbackProposal>

// ------------------------------------------------------------------ after the change

/** What was predicted of one change when its cut was marked as done: nothing that came later is in it. */
export const Prediction = z.object({
  credential: text,
  op: Operation,
  /** Snapshot it was computed at. */
  snapshot: text,
  /** The moment of the cut, ISO 8601. */
  at: text,
  /** Seconds that have to be watched: one full period of the rarest known use. */
  watch: z.number(),
  members: z.array(
    z.object({
      id: text,
      name: text,
      verdict: Verdict,
      band: text,
      /** Seconds after the cut from which it may fail, and from which it fails in any case; null: does not, or nobody can tell. */
      from: z.nullable(z.number()),
      surely: z.nullable(z.number()),
    }),
  ),
})
export type Prediction = z.infer<typeof Prediction>

export const ScoredRow = z.object({
  /** As the log calls it, or its name. */
  who: text,
  /** Thing.id; null: nobody known here. */
  thing: z.nullable(text),
  predicted: text,
  firstFailure: z.nullable(text),
  /** Failed sign-ins that logs name by their first and last: at least so many. */
  failures: count,
  lastSuccess: z.nullable(text),
  codes: z.array(text),
  words: text,
})
export type ScoredRow = z.infer<typeof ScoredRow>

/** At most 50 rows of each; `counts` are exact. */
export const CredentialScore = z.object({
  credential: text,
  name: text,
  /** When it was cut. */
  at: text,
  /** How far the logs reach; null: none of them is later than the cut. */
  until: z.nullable(text),
  snapshot: text,
  /** `present`: nothing was kept at the cut, so what is known now had to do. */
  basis: z.enum(['kept', 'present']),
  verdict: z.enum(['as-predicted', 'differs', 'too-early', 'no-logs']),
  sentence: text,
  predictedAndSeen: z.array(ScoredRow),
  predictedNotSeen: z.array(ScoredRow),
  seenNotPredicted: z.array(ScoredRow),
  /** Who still comes with the old value: copies that nobody had on the list. */
  hiddenCopies: z.array(ScoredRow),
  counts: z.object({
    predictedAndSeen: count,
    predictedNotSeen: count,
    seenNotPredicted: count,
    hiddenCopies: count,
    /** Said to keep working, and seen to. */
    working: count,
    /** Said to keep working, and not seen at all: silence is no success. */
    silent: count,
    notDue: count,
  }),
})
export type CredentialScore = z.infer<typeof CredentialScore>

export const WaveScore = z.object({
  /** Thing.ids of the credentials that were cut. */
  credentials: z.array(text),
  by: Who,
  at: text,
  /** Snapshot at which it was scored. */
  snapshot: text,
  /** Logs that were read for this alone, or what imports show. */
  from: z.enum(['imported', 'logs']),
  records: count,
  advice: z.enum(['close', 'roll-back', 'wait']),
  reason: text,
  scores: z.array(CredentialScore),
})
export type WaveScore = z.infer<typeof WaveScore>

export const WaveOutcome = z.object({
  credentials: z.array(text),
  outcome: z.enum(['closed', 'rolled-back']),
  reason: text,
  /** What the last score advised. */
  advice: z.enum(['close', 'roll-back', 'wait']),
  by: Who,
  at: text,
})
export type WaveOutcome = z.infer<typeof WaveOutcome>

/** Of one wave: what its last score says, and how it ended. */
export const WaveAfter = z.object({ score: z.nullable(WaveScore), outcome: z.nullable(WaveOutcome) })
export type WaveAfter = z.infer<typeof WaveAfter>

const useOf = z.extend(SeenUse, {
  /** Thing.id of the credential, or of a place that holds it. */
  of: id,
})
export const ScorePlan = z.object({
  version: count,
  /** Absent: every wave of which something is cut. */
  wave: z.optional(waveNumber),
  /** What logs show since the cut; absent: what was imported. */
  logs: z.optional(
    z.object({
      records: count,
      /** The last moment that each of them speaks of. */
      reaches: z
        .array(z.object({ log: z.string().check(z.maxLength(40)), until: z.string().check(z.maxLength(40)) }))
        .check(z.maxLength(20)),
      seen: z.array(useOf).check(z.maxLength(100_000)),
    }),
  ),
})
export type ScorePlan = z.infer<typeof ScorePlan>
export type UseOf = z.infer<typeof useOf>

export const EndWave = z.object({
  version: count,
  wave: waveNumber,
  outcome: WaveOutcome.shape.outcome,
  reason: words,
})
export type EndWave = z.infer<typeof EndWave>

/** What logs have to be searched for, to score a plan from outside. */
export const WatchedReply = z.object({
  version: count,
  credentials: z.array(
    z.object({
      credential: text,
      name: text,
      wave: count,
      at: text,
      /** It and the places that hold it. */ ids: z.array(text),
    }),
  ),
})
export type WatchedReply = z.infer<typeof WatchedReply>

// ------------------------------------------------------------------ edits

/** One change of a plan. `undo` puts back what an earlier one did, and is an edit like any other. */
export const PlanEdit = z.discriminatedUnion('do', [
  z.object({ do: z.literal('rename'), name }),
  /** To the end of a wave; absent: a new last one. */
  z.object({ do: z.literal('add'), credential: id, wave: z.optional(waveNumber), op: z.optional(Operation) }),
  z.object({ do: z.literal('remove'), credential: id }),
  /** One more than there are makes a new wave, a week after the last. An emptied wave is left out. */
  z.object({ do: z.literal('move'), credential: id, wave: waveNumber }),
  /** null: the usual one of its kind. */
  z.object({ do: z.literal('operation'), credential: id, op: z.nullable(Operation) }),
  z.object({ do: z.literal('window'), wave: waveNumber, start: moment, end: moment }),
  z.object({ do: z.literal('title'), wave: waveNumber, title: z.string().check(z.maxLength(120)) }),
  z.object({ do: z.literal('pilot'), wave: waveNumber, pilot: z.boolean() }),
  /** All of them, each `2026-12-18..2027-01-04`. Waves stay where they are; those inside are named. */
  z.object({ do: z.literal('freezes'), freezes: z.array(z.string().check(z.maxLength(40))).check(z.maxLength(50)) }),
  /** null takes it back: what imports say counts again. */
  z.object({
    do: z.literal('name'),
    duty: Duty,
    name: z.nullable(name),
    credential: z.optional(id),
    plane: z.optional(CutoverPlane),
  }),
  z.object({
    do: z.literal('except'),
    credential: id,
    what: Exception.shape.what,
    risk: Exception.shape.risk,
    owner: name,
    reason: words,
    until: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is like 2026-12-31')),
  }),
  z.object({ do: z.literal('unexcept'), exception: z.string().check(z.maxLength(64)) }),
  /** `step` is the key of a step of the runbook. */
  z.object({ do: z.literal('done'), credential: id, step: z.string().check(z.maxLength(400)), proof: words }),
  z.object({ do: z.literal('undone'), credential: id, step: z.string().check(z.maxLength(400)) }),
  /** null: the usual one. */
  z.object({ do: z.literal('rollback'), credential: id, proposal: z.nullable(RollbackProposal) }),
  /** Asks somebody to sign; `of`: whom. */
  z.object({ do: z.literal('ask'), credential: id, system: z.optional(id), of: name }),
  z.object({ do: z.literal('status'), status: PlanStatus }),
  /** The product's own waves again, for what the plan holds now. */
  z.object({
    do: z.literal('replan'),
    waves: z.optional(waveNumber),
    from: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is like 2026-12-31'))),
  }),
  /** Puts back what the edit with that number in `log` did. */
  z.object({ do: z.literal('undo'), edit: count }),
])
export type PlanEdit = z.infer<typeof PlanEdit>

export const PatchPlan = z.object({
  /** `version` of the plan that was read. Where it has moved: 409 `plan-moved`, with what others did since in words. */
  version: count,
  /** All or none. */
  edits: z.array(PlanEdit).check(z.minLength(1), z.maxLength(400)),
  /** Answer what it would come to, and keep nothing. */
  preview: z.optional(z.boolean()),
})
export type PatchPlan = z.infer<typeof PatchPlan>

/** The filter or the ids, as GET /api/plan takes them; or `copyOf`, another plan's credentials, waves and names. */
export const CreatePlan = z.extend(PlanQuery, { name, copyOf: z.optional(id) })
export type CreatePlan = z.infer<typeof CreatePlan>

export const DeletePlanQuery = z.object({ version: z.coerce.number().check(z.int(), z.positive()) })
export type DeletePlanQuery = z.infer<typeof DeletePlanQuery>

// ------------------------------------------------------------------ reply

/** `blocks`: the plan isn't ready while it is so. */
export const CutoverConflict = z.object({
  kind: z.enum([...ConflictKind.options, 'gone', 'past', 'overlap', 'exception', 'step']),
  credentials: z.array(text),
  words: text,
  todo: text,
  blocks: z.boolean(),
})
export type CutoverConflict = z.infer<typeof CutoverConflict>

export const CutoverGate = z.object({
  id: z.enum([...Gate.shape.id.options, 'signoff']),
  title: text,
  state: Gate.shape.state,
  why: text,
  todo: text,
  /** Id of the exception that makes it count as closed; the state stays what it is. */
  excepted: z.nullable(text),
})
export type CutoverGate = z.infer<typeof CutoverGate>

export const CutoverItem = z.extend(z.omit(PlanItem, { gates: true, named: true }), {
  gates: z.array(CutoverGate),
  /** Gates that are met or excepted. */
  closed: count,
  named: z.array(CutoverNamed),
  /** `ready` counts the gates, the names and the sign-offs, all of this plan. */
  signOffs: z.array(SignOffNeed),
  set: text,
  dependents: count,
  proposal: RollbackProposal,
  /** The usual rollback was changed. */
  proposed: z.boolean(),
  steps: z.object({ done: count, of: count, cut: z.boolean() }),
  /** Its standing access is left by an exception in force: it is no part of its wave's outage. */
  stays: z.nullable(text),
})
export type CutoverItem = z.infer<typeof CutoverItem>

export const CutoverWave = z.extend(z.omit(Wave, { items: true, conflicts: true }), {
  title: text,
  ready: z.boolean(),
  items: z.array(CutoverItem),
  conflicts: z.array(CutoverConflict),
  /** Steps of its runbooks, and those of them that are done. */
  steps: z.object({ done: count, of: count }),
  /** Once something of it is cut. */
  after: z.optional(WaveAfter),
})
export type CutoverWave = z.infer<typeof CutoverWave>

export const Blocker = z.object({
  kind: z.enum(['name', 'gate', 'signoff', 'conflict', 'empty']),
  credential: z.nullable(Thing),
  words: text,
  todo: text,
})
export type Blocker = z.infer<typeof Blocker>

export const LogEntry = z.object({
  /** The version it made. */
  version: count,
  by: Who,
  at: text,
  /** One sentence an edit. */
  words: z.array(text),
  /** Snapshot at which it was made. */
  snapshot: text,
  /** An `undo` of it is possible: nothing later stands on it. */
  undoable: z.boolean(),
})
export type LogEntry = z.infer<typeof LogEntry>

export const KeptPlanReply = z.object({
  snapshot: Snapshot,
  id: text,
  name: text,
  version: count,
  /** As it counts now: a plan that was ready and is no longer shows as a draft. */
  status: PlanStatus,
  /** As it was last set. */
  kept: PlanStatus,
  created: z.object({ by: Who, at: text }),
  changed: z.object({ by: Who, at: text }),
  /** Everybody who wrote it: none of them can sign it. */
  authors: z.array(Who),
  title: text,
  sentence: text,
  ready: z.boolean(),
  /** Why it is not ready, worst first, at most 200. */
  blockers: z.array(Blocker),
  blockersCount: count,
  waves: z.array(CutoverWave),
  conflicts: z.array(CutoverConflict),
  freezes: z.array(text),
  names: z.array(StatedName),
  exceptions: z.array(Exception),
  signOffs: z.array(SignOff),
  /** Sign-offs by what is needed now, and break-glass ones without a review. */
  totals: z.object({
    credentials: count,
    ready: count,
    waves: count,
    conflicts: count,
    needs: count,
    signed: count,
    lapsed: count,
    reviewsDue: count,
  }),
  gates: z.array(z.object({ id: text, title: text, met: count, notMet: count, unknown: count, todo: text })),
  missing: z.array(z.object({ duty: Duty, credentials: count, words: text })),
  /** Newest first, at most 200. */
  log: z.array(LogEntry),
  rules: z.array(text),
})
export type KeptPlanReply = z.infer<typeof KeptPlanReply>

export const PlanRow = z.object({
  id: text,
  name: text,
  version: count,
  status: PlanStatus,
  ready: z.boolean(),
  authors: z.array(Who),
  changed: z.object({ by: Who, at: text }),
  credentials: count,
  waves: count,
  /** First window of a wave that is not over; null: none. */
  next: z.nullable(text),
  blockers: count,
  conflicts: count,
  needs: count,
  signed: count,
  lapsed: count,
  reviewsDue: count,
  sentence: text,
})
export type PlanRow = z.infer<typeof PlanRow>
/** Last changed first. */
export const PlansReply = z.object({ snapshot: Snapshot, plans: z.array(PlanRow) })
export type PlansReply = z.infer<typeof PlansReply>

export const WavesReply = z.object({
  snapshot: Snapshot,
  id: text,
  version: count,
  waves: z.array(CutoverWave),
  conflicts: z.array(CutoverConflict),
})
export type WavesReply = z.infer<typeof WavesReply>

// ------------------------------------------------------------------ runbook, export

export const KeptStep = z.extend(RunbookStep, {
  /** Names the step in `done`, over later snapshots too. */
  key: text,
  done: z.nullable(StepDone),
})
export type KeptStep = z.infer<typeof KeptStep>

export const KeptRunbookReply = z.extend(z.omit(RunbookReply, { steps: true, named: true, gates: true }), {
  plan: z.object({ id: text, name: text, version: count, status: PlanStatus }),
  wave: count,
  window: z.object({ start: text, end: text }),
  gates: z.array(CutoverGate),
  named: z.array(CutoverNamed),
  steps: z.array(KeptStep),
  /** Done, and no longer a step of it: the graph has changed since. */
  orphans: z.array(StepDone),
  signOffs: z.array(SignOffNeed),
  proposal: RollbackProposal,
})
export type KeptRunbookReply = z.infer<typeof KeptRunbookReply>

export const ExportForm = z.enum(['markdown', 'csv', 'ics', 'json', 'servicenow', 'jira'])
export type ExportForm = z.infer<typeof ExportForm>
/** `evidence`: a pack that verifies offline, for who writes, approves or audits plans. */
export const ExportQuery = z.object({ format: z.enum([...ExportForm.options, 'evidence']) })
export type ExportQuery = z.infer<typeof ExportQuery>
