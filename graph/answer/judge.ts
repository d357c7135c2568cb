import { uint8s } from '../arrays.ts'
import type { Estate } from '../estate/estate.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { SpanColumns } from '../outage/run-columns.ts'
import type { Operation, Verdict } from '../wire.ts'
import { bands } from './bands.ts'
import { changeOf, isTarget } from './change.ts'
import { dependentsOf, listingOf } from './listing.ts'
import { modelOf } from './model.ts'
import { effectOf } from './operations.ts'
import { run } from './run.ts'
import type { Spans } from './spans.ts'
import { findSteps, type Remedied } from './steps.ts'
import { UNATTRIBUTED } from './systems.ts'
import { targetsOf, type Targets } from './targets.ts'
import { usersOfAll, type Users } from './users.ts'

/** Verdicts by the number that columns hold. */
export const verdictCodes = ['keeps', 'steps', 'unknown', 'breaks'] as const satisfies readonly Verdict[]
const [KEEPS, STEPS, UNKNOWN, BREAKS] = [0, 1, 2, 3] as const

/** What a change does to each dependent, as columns: a list of a large fall has a hundred thousand rows. */
export interface Judgement {
  readonly targets: Targets
  readonly users: Users
  readonly change: ChangeInput
  readonly base: Spans
  /** The same with sessions, tolerances and caches taken away. */
  readonly unveiled: Spans
  readonly remedied: Remedied
  /** Entity numbers of the dependents, ascending. */
  readonly listed: Int32Array
  /** By place in `listed`: number in `verdictCodes`. */
  readonly verdicts: Uint8Array
  /** By place in `listed`: number in `bands`. */
  readonly bandNumbers: Uint8Array
  /** By place in `listed`: row in what the engine says of both runs, -1 where nothing happens to it. */
  readonly rows: { readonly base: Int32Array; readonly unveiled: Int32Array }
}

/** What of a question decides the outcome. */
export interface JudgedQuestion {
  readonly overlap?: number | undefined
  readonly lasts?: number | undefined
  readonly only?: number | undefined
  /** Seconds from now until the thing ends by itself; undefined: nothing happens to it. */
  readonly endsIn: number | undefined
}

/**
 * The engine's two runs of a change, the same with sessions and caches unveiled, what could be done first, and the verdict
 * on each dependent.
 * @throws QuestionError `bad-change` where the estate knows nothing that the operation would act on.
 */
export function judge(
  estate: Estate,
  subject: number,
  op: Operation,
  { overlap, lasts, only, endsIn }: JudgedQuestion,
): Judgement {
  const targets = targetsOf(estate, subject, op, only)
  const users = usersOfAll(estate, targets.entities)
  const meant = changeOf(estate, subject, op, overlap, users.places, { lasts, only, targets, endsIn: endsIn ?? 0 })
  const change = endsIn === undefined ? nothing(meant) : meant
  const base = run(modelOf(estate, { op }), change)
  const unveiled = run(modelOf(estate, { op, unveiled: true }), change)
  const remedied = findSteps(estate, subject, op, users, change, base, unveiled)
  const listed = dependentsOf(estate, users, base, unveiled).filter((index) => !isTarget(targets, index))
  const rows = { base: rowsIn(base.outages.entities, listed), unveiled: rowsIn(unveiled.outages.entities, listed) }
  const judged = { targets, users, change, base, unveiled, remedied, listed, rows }
  return { ...judged, ...verdictsOf(estate, isSureToBite(estate, subject, op), judged) }
}

type Judged = Omit<Judgement, 'verdicts' | 'bandNumbers'>

/**
 * Verdict of each dependent (client.md 2). Certain in the engine's best case, or certain as soon as it restarts: breaks.
 * Only possible: unknown. A loss that merely degrades is unknown too: only its owner can say whether that is bearable.
 */
function verdictsOf(
  estate: Estate,
  sure: boolean,
  { listed, rows, base, unveiled, remedied }: Judged,
): Pick<Judgement, 'verdicts' | 'bandNumbers'> {
  const { systems } = listingOf(estate)
  const verdicts = uint8s(listed.length)
  const bandNumbers = uint8s(listed.length)
  const { possible, certain } = base.outages
  const [shown, soft, softer] = [possible.out, possible.degraded, certain.degraded]
  const [sureNow, sureLater] = [certain.out, unveiled.outages.certain.out]
  const isTouched = touchedIn(base)
  const isTouchedLater = touchedIn(unveiled)
  const verdictOf = (index: number, row: number, later: number): number => {
    if (!isTouched(row) && !isTouchedLater(later)) return KEEPS
    if (systems[index] === UNATTRIBUTED) return UNKNOWN
    if (remedied.safeAfter(index)) return STEPS
    return isOut(sureNow, row) || (sure && isOut(sureLater, later)) ? BREAKS : UNKNOWN
  }
  for (let at = 0; at < listed.length; at++) {
    const row = rows.base[at]!
    verdicts[at] = verdictOf(listed[at]!, row, rows.unveiled[at]!)
    const earliest = [shown, soft, softer].find((columns) => isOut(columns, row))
    bandNumbers[at] = bandNumber(verdicts[at]!, earliest?.start[row])
  }
  return { verdicts, bandNumbers }
}

/** Is anything said of a row in either run? */
function touchedIn({ outages: { possible, certain } }: Spans): (row: number) => boolean {
  const columns = [possible.out, certain.out, possible.degraded, certain.degraded]
  return (row) => row >= 0 && columns.some((one) => isOut(one, row))
}

export function isOut({ start, end }: SpanColumns, row: number): boolean {
  return row >= 0 && end[row]! > start[row]!
}

/** Row of each of these among `entities`, or -1; both ascend. */
export function rowsIn(entities: Int32Array, these: Int32Array): Int32Array {
  let row = 0
  return these.map((index) => {
    while (row < entities.length && entities[row]! < index) row++
    return entities[row] === index ? row : -1
  })
}

const KEPT_BAND = bands.findIndex(({ id }) => id === 'keeps')
const RESTART_BAND = bands.findIndex(({ id }) => id === 'restart')

/** `bandOf` by numbers; `start` is that of the earliest loss, in seconds. */
function bandNumber(verdict: number, start: number | undefined): number {
  if (verdict === KEEPS) return KEPT_BAND
  if (start === undefined) return RESTART_BAND
  return bands.findIndex(({ kind, until }) => kind === 'time' && (until === null || start < until))
}

/** Nothing of what depends on it notices. */
export function isIdle(estate: Estate, subject: number, op: Operation): boolean {
  return effectOf(estate.entities[subject]!.kind, op).codes.every((code) => code === 'none')
}

/** Is there no case in which the platform does nothing? */
function isSureToBite(estate: Estate, subject: number, op: Operation): boolean {
  const { codes } = effectOf(estate.entities[subject]!.kind, op)
  return codes.length === 1 || !codes.includes('none')
}

/** The same targets, and nothing happens to them. */
function nothing({ targets }: ChangeInput): ChangeInput {
  return { action: 'disable', targets, at: 0, until: 0 }
}
