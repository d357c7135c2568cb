import { along, ends, type Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { Operation, Verdict } from '../wire.ts'
import { bandOf, type BandId } from './bands.ts'
import { changeOf } from './change.ts'
import { modelOf } from './model.ts'
import { run } from './run.ts'
import { isUntouched, type OutSpan, type Spans } from './spans.ts'
import { findSteps, type FoundStep } from './steps.ts'
import { NO_SYSTEM, primarySystems, UNATTRIBUTED } from './systems.ts'
import { usersOf, type Users } from './users.ts'

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
  readonly change: ChangeInput
  readonly users: Users
  readonly base: Spans
  /** The same with sessions, tolerances and caches taken away. */
  readonly unveiled: Spans
  /** Everything that is out or degraded in any of the runs. */
  readonly reached: readonly number[]
  readonly dependents: readonly AssessedDependent[]
  readonly steps: readonly FoundStep[]
}

const cache = new WeakMap<Estate, Map<string, Assessment>>()
const KEPT = 500

/**
 * What breaks, and when: the engine's two runs of the change, the same with sessions and caches unveiled (latent
 * breaks), and with the standard steps done. Deterministic; kept per snapshot for as long as somebody looks at it.
 */
export function assess(estate: Estate, subject: number, op: Operation, overlap?: number): Assessment {
  const answers = cache.get(estate) ?? new Map<string, Assessment>()
  cache.set(estate, answers)
  const key = `${subject} ${op} ${overlap ?? ''}`
  const known = answers.get(key)
  if (known) return known
  const users = usersOf(estate, subject)
  const change = changeOf(estate, subject, op, overlap, users.places)
  const base = run(modelOf(estate, { op }), change)
  const unveiled = run(modelOf(estate, { op, unveiled: true }), change)
  const remedied = findSteps(estate, subject, op, users, change, base, unveiled)
  const dependents = dependentsOf(estate, users, base, unveiled).map((index): AssessedDependent => {
    const touched = !isUntouched(base, index) || !isUntouched(unveiled, index)
    const verdict = verdictOf(estate, index, touched, base, unveiled, remedied.safeAfter(index))
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
  const found = {
    estate,
    subject,
    op,
    change,
    users,
    base,
    unveiled,
    reached: [...base.affected, ...unveiled.affected],
    dependents,
    steps: remedied.steps(dependents),
  }
  if (answers.size >= KEPT) answers.delete(answers.keys().next().value!)
  answers.set(key, found)
  return found
}

/**
 * Verdict of one dependent (client.md 2). Certain in the engine's best case, or certain as soon as it restarts: breaks.
 * Only possible: unknown. A loss that merely degrades is unknown too: only its owner can say whether that is bearable.
 */
function verdictOf(
  estate: Estate,
  index: number,
  touched: boolean,
  base: Spans,
  unveiled: Spans,
  safeAfterSteps: boolean,
): Verdict {
  if (!touched) return 'keeps'
  if (estate.entities[index]!.kind === 'caller') return 'unknown'
  if (safeAfterSteps) return 'steps'
  return base.certain(index) !== null || unveiled.certain(index) !== null ? 'breaks' : 'unknown'
}

/**
 * Who an answer lists: every workload that uses the value, every workload that the change reaches, every workload next
 * to one of those that holds out, and business systems that none of the listed workloads stands for.
 */
function dependentsOf(estate: Estate, users: Users, base: Spans, unveiled: Spans): number[] {
  const listed = new Set(users.workloads)
  const hit = new Set([...base.affected, ...unveiled.affected])
  for (const index of hit) if (roleOf(estate, index) === 'workload') listed.add(index)
  for (const index of hit) for (const neighbour of holdingOut(estate, index, hit)) listed.add(neighbour)
  const stoodFor = new Set([...listed].map((index) => rowOf(estate, index)))
  for (const index of hit) if (roleOf(estate, index) === 'system' && !stoodFor.has(index)) listed.add(index)
  return [...listed].sort((a, b) => a - b)
}

function* holdingOut(estate: Estate, index: number, hit: ReadonlySet<number>): Generator<number> {
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind !== 'DEPENDS_ON' && relationship.kind !== 'USES_SECRET' && relationship.kind !== 'RUNS_AS')
      continue
    if (relationship.confidence === 'none') continue
    const { from } = ends(estate, relationship)
    if (!hit.has(from) && roleOf(estate, from) === 'workload') yield from
  }
}

function roleOf(estate: Estate, index: number): string {
  return entityKinds[estate.entities[index]!.kind].role
}

/** The row a dependent stands in: its business system, or the row of uses that nobody could attribute. */
export function rowOf(estate: Estate, index: number): number {
  if (estate.entities[index]!.kind === 'caller') return UNATTRIBUTED
  return primarySystems(estate)[index] ?? NO_SYSTEM
}

/** Does this place or credential hold the value that the change refuses? */
export function isRefused({ subject, users }: Assessment, index: number): boolean {
  return index === subject || users.places.some((place) => place.index === index)
}
