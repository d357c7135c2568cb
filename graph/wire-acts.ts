import * as z from 'zod/mini'
import { Band, Operation, Overall, Snapshot, Thing, Verdict } from './wire.ts'

/**
 * The shapes of answers that one acts on: overlap, what-if and its move tables, forecast, ranking, watching a change,
 * comparing it with what was predicted, backtest. Conventions as in `wire.ts`: seconds from the start of the change.
 */

const text = z.string()
const count = z.int().check(z.nonnegative())
const seconds = z.coerce.number().check(z.nonnegative())
const ids = z.string().check(z.maxLength(20_000))

// ------------------------------------------------------------------ overlap

export const OverlapLevel = z.object({
  /** With less than this, these break; with it they do not. */
  overlap: z.number(),
  count,
  /** At most 20 of them. */
  things: z.array(Thing),
})
export const OverlapAdvice = z.object({
  /** Smallest overlap in seconds at which nothing breaks that any overlap saves. 0: none is needed. */
  smallest: z.number(),
  /** The same if every open session and cache may be counted on; never more. */
  countingOnSessions: z.number(),
  /** Dependents that are safe at `smallest` and would not be without an overlap. */
  saved: count,
  /** What asks for how much, the most demanding first; at most 6 levels. */
  levels: z.array(OverlapLevel),
  /** What no overlap saves, and why; at most 200. `unknown`: it may break. */
  never: z.array(
    z.object({ thing: Thing, verdict: z.enum(['breaks', 'unknown']), why: text, system: z.nullable(text) }),
  ),
  neverCount: count,
})
export type OverlapAdvice = z.infer<typeof OverlapAdvice>
export const OverlapQuery = z.object({
  /** Where the new value is put, ids separated by commas; absent: the vaults that hold it, or every hand-made copy. */
  publish: z.optional(ids),
})
export type OverlapQuery = z.infer<typeof OverlapQuery>
export const OverlapReply = z.object({
  snapshot: Snapshot,
  credential: Thing,
  /** Two values can be valid at once on this platform. */
  possible: z.boolean(),
  /** Where they cannot, or no slot is free: what to do instead. */
  instead: z.nullable(text),
  publish: z.array(Thing),
  sentence: text,
  /** Nobody does anything but put the new value there. */
  alone: OverlapAdvice,
  /** Every hand-made copy gets it too, and what reads it at its start is restarted within `restartWithin`. */
  withSteps: OverlapAdvice,
  restartWithin: z.number(),
})
export type OverlapReply = z.infer<typeof OverlapReply>

// ------------------------------------------------------------------ what-if

export const MovesReply = z.object({
  snapshot: Snapshot,
  op: Operation,
  overlap: z.nullable(z.number()),
  /** Bit `n` of a mask is step `n`: the ids of `BlastReply.steps`, in that order, at most 31. */
  steps: z.array(z.object({ id: text, title: text, confirmed: z.boolean() })),
  /** Bands of the answer, and those that steps move dependents to. */
  bands: z.array(Band),
  /**
   * Dependents that stand alike, column by column: row of `BlastReply.systems`, number in `bands`, verdict, list of
   * `alternatives`, and how many they are.
   */
  sys: z.array(count),
  band: z.array(count),
  verdict: z.array(Verdict),
  alt: z.array(count),
  count: z.array(count),
  /** Who they are, in the order of their glyphs, where a row is of at most 24; else empty: such cells are drawn as bars. */
  members: z.array(z.array(z.object({ id: text, name: text }))),
  /** Best first: the first one all of whose bits are ticked is where they stand then; none: where they stood. */
  alternatives: z.array(z.array(z.object({ mask: count, band: count, verdict: Verdict }))),
  /** The smallest set of steps after which all are safe that are *safe after steps*; code, images and vendors are not in it. */
  needed: count,
  /** What the verdict is at best, whatever is ticked: `cannot-say` while a source is missing or nobody can tell. */
  best: Overall,
  /** Every set of steps was simulated; else those not simulated are placed no better than a smaller set that was. */
  exact: z.boolean(),
})
export type MovesReply = z.infer<typeof MovesReply>

export const MovesQuery = z.object({ op: z.optional(Operation), overlap: z.optional(seconds) })
export type MovesQuery = z.infer<typeof MovesQuery>

export const WhatIfQuery = z.object({
  op: z.optional(Operation),
  overlap: z.optional(seconds),
  /** Ids of steps of the answer, separated by commas: as if they had been done. */
  steps: z.optional(ids),
  /** Another operation, or another overlap, instead. */
  instead: z.optional(Operation),
  insteadOverlap: z.optional(seconds),
  /** `DEPENDENT>THING`, separated by commas: as if the dependent had that as another way beside what is changed. */
  fallback: z.optional(ids),
  /** Ids of relationships, separated by commas: as if they did not exist. */
  without: z.optional(ids),
})
export type WhatIfQuery = z.infer<typeof WhatIfQuery>

const standing = z.object({ verdict: Verdict, band: text })
const side = z.object({
  op: Operation,
  overlap: z.nullable(z.number()),
  verdict: Overall,
  title: text,
  counts: z.object({ breaks: count, unknown: count, steps: count, keeps: count }),
})
export const WhatIfReply = z.object({
  snapshot: Snapshot,
  subject: Thing,
  /** What is supposed, in words. */
  supposed: z.array(text),
  before: side,
  after: side,
  better: count,
  worse: count,
  /** Dependents whose verdict or time moves, worst change first; at most 500. */
  moved: z.array(
    z.object({
      dependent: Thing,
      system: z.nullable(text),
      from: z.nullable(standing),
      to: z.nullable(standing),
      better: z.boolean(),
    }),
  ),
  movedCount: count,
})
export type WhatIfReply = z.infer<typeof WhatIfReply>

// ------------------------------------------------------------------ forecast

export const ForecastQuery = z.object({ days: z.optional(z.coerce.number().check(z.positive(), z.maximum(36_500))) })
export type ForecastQuery = z.infer<typeof ForecastQuery>

export const ForecastItem = z.object({
  thing: Thing,
  what: z.enum(['expires', 'rotates']),
  /** ISO 8601. */
  at: text,
  days: z.number(),
  owner: z.nullable(text),
  /** If nobody acts. */
  verdict: Overall,
  breaks: count,
  unknown: count,
  systems: count,
  tier1: count,
  weight: count,
  /** Names of the first dependents that break. */
  first: z.array(text),
  words: text,
})
export type ForecastItem = z.infer<typeof ForecastItem>
export const ForecastReply = z.object({
  snapshot: Snapshot,
  from: text,
  until: text,
  sentence: text,
  /** Soonest first; at most 500. */
  items: z.array(ForecastItem),
  itemsCount: count,
  /** Over already, and still stood somewhere or used: at most 100. */
  over: z.array(ForecastItem),
  overCount: count,
  later: count,
  /** Kinds that can run out, of which no source says when. */
  unknown: z.object({ count, kinds: z.array(z.object({ title: text, count, settles: text })) }),
  /** Kinds that never run out by themselves. */
  endless: count,
})
export type ForecastReply = z.infer<typeof ForecastReply>

// ------------------------------------------------------------------ ranking

export const RankQuery = z.object({
  limit: z.optional(z.coerce.number().check(z.int(), z.positive(), z.maximum(1000))),
  cursor: z.optional(z.coerce.number().check(z.int(), z.nonnegative())),
})
export type RankQuery = z.infer<typeof RankQuery>

export const RankedCredential = z.object({
  rank: count,
  credential: Thing,
  owner: z.nullable(text),
  /** See `rule`. */
  weight: count,
  breaks: count,
  unknown: count,
  /** Business systems behind what breaks for certain, and those of tier 1. */
  systems: count,
  tier1: count,
  /** When what breaks shows at the earliest, if it is revoked with the times that hold today; empty bands are left out. */
  bands: z.optional(z.array(z.object({ id: text, title: text, count }))),
  /** How many things whoever holds it can get at. */
  within: z.optional(count),
  first: z.array(text),
})
export const RankReply = z.object({
  snapshot: Snapshot,
  /** How falls are weighed. */
  rule: text,
  /** `complete`: every credential of the estate, each fall exact for what is known. */
  state: z.enum(['complete', 'partial']),
  why: text,
  total: count,
  /** Tokens that each job is given anew: not ranked. */
  unranked: count,
  items: z.array(RankedCredential),
  next: z.optional(count),
})
export type RankReply = z.infer<typeof RankReply>

// ------------------------------------------------------------------ watch, compare

export const QueryLanguage = z.enum(['athena-sql', 'kql', 'jq', 'logql', 'promql', 'shell', 'sql'])
export type QueryLanguage = z.infer<typeof QueryLanguage>

export const WatchReply = z.object({
  snapshot: Snapshot,
  subject: Thing,
  op: Operation,
  /** Where the value stands: reads of these are use of it. */
  places: z.array(Thing),
  /** On the workload's own host, network, identity and trust store: with the new value, and with the old, which must fail. */
  checks: z.array(
    z.object({
      family: text,
      /** Workloads that it has to be run on; at most 10 are named. */
      on: z.array(Thing),
      onCount: count,
      run: text,
      proves: text,
      provesNot: text,
      mark: text,
    }),
  ),
  signals: z.array(z.object({ where: text, signal: text, means: text, mark: text })),
  /** Ready to be run where the logs are; names in them are quoted. */
  queries: z.array(z.object({ title: text, language: QueryLanguage, text, note: z.optional(text) })),
  /** What a check from an administrator's machine would not show. */
  words: text,
})
export type WatchReply = z.infer<typeof WatchReply>

/** One line of a log after the change, as far as it matters here. */
export const SeenUse = z.object({
  /** Id of the entity that used it, or its key or name. */
  who: z.string().check(z.maxLength(2048)),
  /** What to call it where nobody here knows that id. */
  name: z.optional(z.string().check(z.maxLength(2048))),
  /** ISO 8601. */
  at: z.string().check(z.maxLength(40)),
  ok: z.boolean(),
  code: z.optional(z.string().check(z.maxLength(200))),
})
export type SeenUse = z.infer<typeof SeenUse>

export const CompareBody = z.object({
  op: z.optional(Operation),
  overlap: z.optional(seconds),
  /** When the change was made, ISO 8601. */
  at: z.string().check(z.maxLength(40)),
  /** The last moment that the logs speak of; absent: the last of `seen`. */
  until: z.optional(z.string().check(z.maxLength(40))),
  seen: z.array(SeenUse).check(z.maxLength(100_000)),
})
export type CompareBody = z.infer<typeof CompareBody>

const compared = z.object({
  thing: z.nullable(Thing),
  /** As the log calls it. */
  who: text,
  /** What was predicted: band and span in words. */
  predicted: z.nullable(text),
  firstFailure: z.nullable(text),
  failures: count,
  lastSuccess: z.nullable(text),
  codes: z.array(text),
  words: text,
})
export const CompareReply = z.object({
  snapshot: Snapshot,
  subject: Thing,
  op: Operation,
  at: text,
  until: text,
  verdict: z.enum(['as-predicted', 'differs', 'too-early']),
  sentence: text,
  predictedAndSeen: z.array(compared),
  /** Its time has passed, and no log here shows it failing. `words` says whether a log would. */
  predictedNotSeen: z.array(compared),
  seenNotPredicted: z.array(compared),
  /** Its time has not come yet. */
  notDue: z.array(compared),
})
export type CompareReply = z.infer<typeof CompareReply>

// ------------------------------------------------------------------ backtest

export const BacktestReply = z.object({
  /** The logs were cut here: what came before is all that the prediction saw. */
  at: text,
  from: text,
  until: text,
  records: z.object({ before: count, after: count, undated: count }),
  credentials: z.object({ before: count, after: count, both: count, onlyAfter: count }),
  /** Pairs of a credential and who would be hit by its revoke at the cut. */
  predicted: count,
  /** Pairs seen after the cut, of credentials that were known before it. */
  happened: count,
  both: count,
  /** Of the predicted, how many were there; of those that were there, how many were predicted. `null`: none. */
  precision: z.nullable(z.number()),
  recall: z.nullable(z.number()),
  /** The same by who acted (identity and kind of client), whatever the address. */
  byClient: z.object({
    predicted: count,
    happened: count,
    both: count,
    precision: z.nullable(z.number()),
    recall: z.nullable(z.number()),
  }),
  missed: z.array(z.object({ credential: text, who: text })),
  limits: z.array(text),
})
export type BacktestReply = z.infer<typeof BacktestReply>
