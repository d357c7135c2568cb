import type { Estate } from '../estate/estate.ts'
import type { ChangeInput } from '../outage/change.ts'
import { spanAt } from '../outage/simulate.ts'
import type { Operation, Verdict } from '../wire.ts'
import { bands, type BandId } from './bands.ts'
import { isIdle, isOut, judge, verdictCodes } from './judge.ts'
import { latelyAsked, type LatelyAsked, type MostKept } from './lately-asked.ts'
import { listingOf } from './listing.ts'
import { changeRow, operations } from './operations.ts'
import type { OutSpan, Spans } from './spans.ts'
import type { FoundStep } from './steps.ts'
import { NO_SYSTEM, primarySystems, UNATTRIBUTED } from './systems.ts'
import type { Targets } from './targets.ts'
import { textProp } from './things.ts'
import type { Users } from './users.ts'

export interface AssessedDependent {
  readonly index: number
  /** Number of its business system, or `NO_SYSTEM`, `UNATTRIBUTED`. */
  readonly system: number
  readonly verdict: Verdict
  readonly band: BandId
  readonly certain: OutSpan
  readonly possible: OutSpan
  readonly degraded: boolean
  /** Hidden by an open session or a cache until its next restart. */
  readonly latent: boolean
  /** Ids of steps without any of which it would not be safe. */
  readonly steps: readonly string[]
}

/** Everything that follows from one question, before it is put into words. */
export interface Assessment {
  readonly estate: Estate
  readonly subject: number
  readonly op: Operation
  /** When it expires, where the question says it. */
  readonly at?: string
  readonly change: ChangeInput
  /** What the change strikes: the subject, or for a set of changes everything in it. */
  readonly targets: Targets
  readonly users: Users
  readonly base: Spans
  /** The same with sessions, tolerances and caches taken away. */
  readonly unveiled: Spans
  /** Everything that is out or degraded in any of the runs. */
  readonly reached: readonly number[]
  readonly dependents: readonly AssessedDependent[]
  readonly steps: readonly FoundStep[]
}

const cache = new WeakMap<Estate, LatelyAsked<Assessment>>()
const MOST_KEPT: MostKept<Assessment> = {
  count: 500,
  /** Dependents of all that is kept: some 300 bytes each with their spans. */
  weight: 1_000_000,
  weightOf: ({ dependents }) => dependents.length,
}

/** What else a question says, see `BlastQuery`. */
export interface Asked {
  readonly lasts?: number | undefined
  /** Entity number. */
  readonly only?: number | undefined
  /** When it expires, ISO 8601, where the question says it. */
  readonly at?: string | undefined
  /** Moment of the question, ISO 8601: how far off an end is that the thing has anyway. */
  readonly now?: string | undefined
}

/**
 * What breaks, and when: the engine's two runs of the change, the same with sessions and caches unveiled (latent
 * breaks), and with the standard steps done. Deterministic; kept per snapshot for as long as somebody looks at it.
 * @throws QuestionError `bad-change` where the estate knows nothing that the operation would act on.
 */
export function assess(
  estate: Estate,
  subject: number,
  op: Operation,
  overlap?: number,
  { lasts, only, at, now }: Asked = {},
): Assessment {
  const answers = cache.get(estate) ?? latelyAsked(MOST_KEPT)
  cache.set(estate, answers)
  const endsIn = secondsUntilItBites(estate, subject, op, now)
  const key = [subject, op, overlap ?? '', lasts ?? '', only ?? '', at ?? '', endsIn ?? ''].join(' ')
  const known = answers.get(key)
  if (known) return known
  const { targets, users, change, base, unveiled, remedied, listed, verdicts, bandNumbers, rows } = judge(
    estate,
    subject,
    op,
    { overlap, lasts, only, endsIn },
  )
  const systems = listingOf(estate).systems
  const soft = { possible: base.outages.possible.degraded, certain: base.outages.certain.degraded }
  const dependents = Array.from(listed, (index, at): AssessedDependent => {
    const verdict = verdictCodes[verdicts[at]!]!
    const row = rows.base[at]!
    const certain = spanAt(base.outages.certain.out, row)
    const possible = spanAt(base.outages.possible.out, row)
    return {
      index,
      system: systems[index]!,
      verdict,
      band: bands[bandNumbers[at]!]!.id,
      certain,
      possible,
      degraded: isOut(soft.possible, row) || isOut(soft.certain, row),
      latent: possible === null && isOut(unveiled.outages.possible.out, rows.unveiled[at]!),
      steps: verdict === 'steps' ? remedied.stepsFor(index) : [],
    }
  })
  let steps: readonly FoundStep[] | undefined
  const found: Assessment = {
    estate,
    subject,
    op,
    ...(at !== undefined && { at }),
    change,
    targets,
    users,
    base,
    unveiled,
    get reached() {
      return [...base.affected, ...unveiled.affected]
    },
    dependents,
    // Whoever only counts verdicts need not wait for the words and times of the steps.
    get steps() {
      return (steps ??= remedied.steps(dependents))
    },
  }
  answers.put(key, found)
  return found
}

/**
 * The platform has the action and does nothing with it: access ends when the thing itself does. Where the platform
 * replaces values by itself there is nothing to refuse either, but then nobody keeps an old one.
 */
export function isWithoutEffect(estate: Estate, subject: number, op: Operation): boolean {
  return isIdle(estate, subject, op) && !isReplacedByPlatform(estate, subject, op)
}

function isReplacedByPlatform(estate: Estate, subject: number, op: Operation): boolean {
  const modes = changeRow(estate.entities[subject]!.kind)?.pickupModes ?? []
  return operations[op].engine === 'rotate' && modes.includes('platform_attached')
}

/** Seconds from now until a change shows, where the platform does nothing with it; undefined: it never does. */
export function secondsUntilItBites(estate: Estate, subject: number, op: Operation, now?: string): number | undefined {
  if (!isIdle(estate, subject, op)) return 0
  return operations[op].engine === 'rotate' ? undefined : secondsToEnd(estate, subject, now)
}

/** Seconds until the thing ends by itself; undefined where no source says that it does, or it is over. */
function secondsToEnd(estate: Estate, subject: number, now: string | undefined): number | undefined {
  const end = textProp(estate.entities[subject]!, 'expiresAt')
  const seconds = (Date.parse(end ?? '') - Date.parse(now ?? estate.snapshot.at ?? '')) / 1000
  return seconds > 0 ? Math.round(seconds) : undefined
}

/** The row a dependent stands in: its business system, or the row of uses that nobody could attribute. */
export function rowOf(estate: Estate, index: number): number {
  if (estate.entities[index]!.kind === 'caller') return UNATTRIBUTED
  return primarySystems(estate)[index] ?? NO_SYSTEM
}

/** Does this place or credential hold the value that the change refuses? */
export function isRefused({ subject, targets, users }: Assessment, index: number): boolean {
  let places = refusing.get(targets)
  if (!places)
    refusing.set(targets, (places = new Set([...targets.entities, ...users.places.map((place) => place.index)])))
  return index === subject || places.has(index)
}

/** By the targets of one assessment: asked for each way of each dependent. */
const refusing = new WeakMap<Targets, ReadonlySet<number>>()
