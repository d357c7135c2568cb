import type { ChangeInput } from '../outage/change.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { KnownEntity } from '../known.ts'
import type { Operation } from '../wire.ts'
import { isElsewhere } from './model.ts'
import { lagAt } from './lag.ts'
import { canOverlap, operations } from './operations.ts'
import { defaultPublish, type Place } from './subject.ts'
import { targetsOf, type Targets } from './targets.ts'

/** How long both values are accepted in a rotation unless the question says: long enough for what syncs daily. */
export const DEFAULT_OVERLAP = 86_400
/** Long enough that nothing which takes a new value at all is too late: 30 days. */
export const AMPLE_OVERLAP = 30 * 86_400

/** What else a question may say of its change. */
export interface ChangeOptions {
  /** Seconds until somebody undoes a `disable` or `take-down`. */
  readonly lasts?: number | undefined
  /** Entity number of the other end, for `reduce` and `distrust`. */
  readonly only?: number | undefined
  /** What is struck, where the caller has it already. */
  readonly targets?: Targets | undefined
  /** Seconds from now until the thing ends by itself. */
  readonly endsIn?: number | undefined
}

/**
 * The change that an operation is (engine.md, "What a change says"). An expiry is a revoke at the moment of expiry, from
 * which its times count; a stop that the platform does not enforce is the end that the thing has anyway.
 */
export function changeOf(
  estate: Estate,
  subject: number,
  op: Operation,
  overlap: number | undefined,
  places: readonly Place[],
  { lasts, only, targets = targetsOf(estate, subject, op, only), endsIn = 0 }: ChangeOptions = {},
): ChangeInput {
  const { engine } = operations[op]
  const lag = op === 'expire' || endsIn > 0 ? ([0, 0] as const) : lagAt(estate, subject, op).span
  const struck =
    engine === 'cut'
      ? targets.relationships.map((number) => estate.relationships[number]!.id)
      : targets.entities.map((index) => estate.entities[index]!.id)
  const base = { targets: struck, at: endsIn, lag: [lag[0], lag[1]] as [number, number | null] }
  if (engine === 'disable') return { ...base, action: 'disable', ...(lasts !== undefined && { until: lasts }) }
  if (engine !== 'rotate') return { ...base, action: engine }
  return {
    ...base,
    action: 'rotate',
    overlap: overlapOf(estate.entities[subject]!, op, overlap),
    publish: [...publishOf(estate, subject, op, places), ...takersOf(estate, subject, op)].map(
      (index) => estate.entities[index]!.id,
    ),
  }
}

/**
 * Seconds in which both values work. Alternating users both work until the next rotation. What configuration replaces
 * by destroying the old one first has none, whatever its kind would allow, unless somebody asks for one.
 */
function overlapOf({ kind, props }: KnownEntity, op: Operation, asked: number | undefined): number {
  if (op === 'rotate-in-place') return 0
  if (op === 'rotate-users') return asked ?? AMPLE_OVERLAP
  const replaced = props?.['replacedWithOverlap'] === false
  return asked ?? (canOverlap(kind) && !replaced ? DEFAULT_OVERLAP : 0)
}

/** Entity numbers that get the new value: places, and for just in time whoever asks the broker for it. */
export function publishOf(estate: Estate, subject: number, op: Operation, places: readonly Place[]): number[] {
  if (op === 'enforce-jit') return brokered(estate, subject, places)
  const standard = defaultPublish(places)
  return (op === 'enforce-vault' ? standard.filter((place) => place.vault) : standard).map((place) => place.index)
}

/** Workloads that use the value and take new ones from where no source says: perhaps they will, nobody can promise it. */
function takersOf(estate: Estate, subject: number, op: Operation): number[] {
  if (op === 'enforce-vault' || op === 'enforce-jit') return []
  const found = new Set<number>()
  for (const number of along(estate.in, subject)) {
    const relationship = estate.relationships[number]!
    if (relationship.confidence !== 'none' && isElsewhere(relationship)) found.add(estate.tails[number]!)
  }
  return [...found].sort((a, b) => a - b)
}

/** Workloads that are issued the value by a broker, and the places that only they read. */
function brokered(estate: Estate, subject: number, places: readonly Place[]): number[] {
  const found = new Set<number>()
  for (const number of along(estate.in, subject)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'USES_CREDENTIAL' && relationship.delivery === 'broker_issued')
      found.add(estate.tails[number]!)
  }
  for (const { index, put, confirmed } of places) {
    if (!put || !confirmed) continue
    const readers = [...along(estate.in, index)].map((number) => estate.relationships[number]!)
    const uses = readers.filter(({ kind }) => kind === 'USES_SECRET')
    if (uses.length > 0 && uses.every(({ delivery }) => delivery === 'broker_issued')) found.add(index)
  }
  return [...found].sort((a, b) => a - b)
}

/** Is it a thing of its own that breaks, rather than the thing that is changed? */
export function isTarget(targets: Targets, index: number): boolean {
  return targets.entities.includes(index)
}

/** Credentials among what is struck: the values that are refused. */
export function credentialsAmong(estate: Estate, targets: Targets): number[] {
  return targets.entities.filter((index) => entityKinds[estate.entities[index]!.kind].role === 'credential')
}
