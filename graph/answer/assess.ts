import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { Operation, Verdict } from '../wire.ts'
import { bandOf, type BandId } from './bands.ts'
import { changeOf, isTarget } from './change.ts'
import { latelyAsked, type LatelyAsked, type MostKept } from './lately-asked.ts'
import { modelOf } from './model.ts'
import { changeRow, effectOf, operations } from './operations.ts'
import { run } from './run.ts'
import { isUntouched, type OutSpan, type Spans } from './spans.ts'
import { findSteps, type FoundStep } from './steps.ts'
import { NO_SYSTEM, primarySystems, UNATTRIBUTED } from './systems.ts'
import { targetsOf, type Targets } from './targets.ts'
import { textProp } from './things.ts'
import { usersOfAll, type Users } from './users.ts'

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
  const idle = isIdle(estate, subject, op)
  const isRotation = operations[op].engine === 'rotate'
  const endsIn = !idle ? 0 : isRotation ? undefined : secondsToEnd(estate, subject, now)
  const key = [subject, op, overlap ?? '', lasts ?? '', only ?? '', at ?? '', endsIn ?? ''].join(' ')
  const known = answers.get(key)
  if (known) return known
  const targets = targetsOf(estate, subject, op, only)
  const users = usersOfAll(estate, targets.entities)
  const meant = changeOf(estate, subject, op, overlap, users.places, { lasts, only, targets, endsIn: endsIn ?? 0 })
  const change = endsIn === undefined ? nothing(meant) : meant
  const base = run(modelOf(estate, { op }), change)
  const unveiled = run(modelOf(estate, { op, unveiled: true }), change)
  const remedied = findSteps(estate, subject, op, users, change, base, unveiled)
  const listed = dependentsOf(estate, users, base, unveiled).filter((index) => !isTarget(targets, index))
  const sure = isSureToBite(estate, subject, op)
  const dependents = listed.map((index): AssessedDependent => {
    const touched = !isUntouched(base, index) || !isUntouched(unveiled, index)
    const verdict = verdictOf(estate, index, touched, sure, base, unveiled, remedied.safeAfter(index))
    return {
      index,
      system: rowOf(estate, index),
      verdict,
      band: bandOf(verdict, base.possible(index) ?? base.degraded(index)),
      certain: base.certain(index),
      possible: base.possible(index),
      degraded: base.degraded(index) !== null,
      latent: base.possible(index) === null && unveiled.possible(index) !== null,
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
    reached: [...base.affected, ...unveiled.affected],
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

/** Nothing of what depends on it notices. */
function isIdle(estate: Estate, subject: number, op: Operation): boolean {
  return effectOf(estate.entities[subject]!.kind, op).codes.every((code) => code === 'none')
}

function isReplacedByPlatform(estate: Estate, subject: number, op: Operation): boolean {
  const modes = changeRow(estate.entities[subject]!.kind)?.pickupModes ?? []
  return operations[op].engine === 'rotate' && modes.includes('platform_attached')
}

/** Is there no case in which the platform does nothing? */
function isSureToBite(estate: Estate, subject: number, op: Operation): boolean {
  const { codes } = effectOf(estate.entities[subject]!.kind, op)
  return codes.length === 1 || !codes.includes('none')
}

/** Seconds until the thing ends by itself; undefined where no source says that it does, or it is over. */
function secondsToEnd(estate: Estate, subject: number, now: string | undefined): number | undefined {
  const end = textProp(estate.entities[subject]!, 'expiresAt')
  const seconds = (Date.parse(end ?? '') - Date.parse(now ?? estate.snapshot.at ?? '')) / 1000
  return seconds > 0 ? Math.round(seconds) : undefined
}

/** The same targets, and nothing happens to them. */
function nothing({ targets }: ChangeInput): ChangeInput {
  return { action: 'disable', targets, at: 0, until: 0 }
}

/**
 * Verdict of one dependent (client.md 2). Certain in the engine's best case, or certain as soon as it restarts: breaks.
 * Only possible: unknown. A loss that merely degrades is unknown too: only its owner can say whether that is bearable.
 */
function verdictOf(
  estate: Estate,
  index: number,
  touched: boolean,
  sure: boolean,
  base: Spans,
  unveiled: Spans,
  safeAfterSteps: boolean,
): Verdict {
  if (!touched) return 'keeps'
  if (estate.entities[index]!.kind === 'caller') return 'unknown'
  if (safeAfterSteps) return 'steps'
  return base.certain(index) !== null || (sure && unveiled.certain(index) !== null) ? 'breaks' : 'unknown'
}

/**
 * Who an answer lists: every workload that uses the value, every workload that the change reaches, every workload next
 * to one of those that holds out, and business systems that none of the listed workloads stands for.
 */
function dependentsOf(estate: Estate, users: Users, base: Spans, unveiled: Spans): number[] {
  const { roles, ways, seen } = listingOf(estate)
  const listed: number[] = []
  const hit: number[] = []
  const list = (index: number): void => {
    if ((seen[index]! & LISTED) !== 0) return
    seen[index]! |= LISTED
    listed.push(index)
  }
  for (const { affected } of [base, unveiled])
    for (const index of affected) {
      if ((seen[index]! & HIT) !== 0) continue
      seen[index]! |= HIT
      hit.push(index)
    }
  users.workloads.forEach(list)
  const { start, list: towards } = estate.in
  for (const index of hit) {
    if (roles[index] === WORKLOAD) list(index)
    for (let at = start[index]!; at < start[index + 1]!; at++) {
      const number = towards[at]!
      if (ways[number] === 0) continue
      const from = estate.tails[number]!
      if (roles[from] === WORKLOAD && (seen[from]! & HIT) === 0) list(from)
    }
  }
  const stoodFor = new Set(listed.map((index) => rowOf(estate, index)))
  for (const index of hit) if (roles[index] === SYSTEM && !stoodFor.has(index)) list(index)
  for (const index of hit) seen[index] = 0
  for (const index of listed) seen[index] = 0
  return Array.from(Int32Array.from(listed).sort())
}

const WORKLOAD = 1
const SYSTEM = 2
const LISTED = 1
const HIT = 2

interface Listing {
  /** By entity: `WORKLOAD`, `SYSTEM`, or nothing that a list holds. */
  readonly roles: Uint8Array
  /** By relationship: does its tail stand next to its head in a list? */
  readonly ways: Uint8Array
  /** By entity, zeros between two answers. */
  readonly seen: Uint8Array
}

const listings = new WeakMap<Estate, Listing>()

/** Looked up for each entity and relationship that a change reaches: bytes, as millions of records lie apart. */
function listingOf(estate: Estate): Listing {
  const known = listings.get(estate)
  if (known) return known
  const codes = new Map([
    ['workload', WORKLOAD],
    ['system', SYSTEM],
  ])
  const made = {
    roles: Uint8Array.from(estate.entities, ({ kind }) => codes.get(entityKinds[kind].role) ?? 0),
    ways: Uint8Array.from(estate.relationships, ({ kind, confidence }) =>
      confidence !== 'none' && (kind === 'DEPENDS_ON' || kind === 'USES_SECRET' || kind === 'RUNS_AS') ? 1 : 0,
    ),
    seen: new Uint8Array(estate.entities.length),
  }
  listings.set(estate, made)
  return made
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
