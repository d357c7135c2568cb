import type { ChangeInput } from '../outage/change.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { canOverlap, lagOf } from './operations.ts'
import { defaultPublish, type Place } from './subject.ts'

/** How long both values are accepted in a rotation unless the question says: long enough for what syncs daily. */
export const DEFAULT_OVERLAP = 86_400
/** Long enough that nothing which takes a new value at all is too late: 30 days. */
export const AMPLE_OVERLAP = 30 * 86_400

/** The change that an operation is (engine.md, "What a change says"); an expiry is a revoke at the moment of expiry. */
export function changeOf(
  estate: Estate,
  subject: number,
  op: Operation,
  overlap: number | undefined,
  places: readonly Place[],
): ChangeInput {
  const entity = estate.entities[subject]!
  const lag = op === 'expire' ? ([0, 0] as const) : lagOf(entity.kind).span
  const base = { targets: [entity.id], at: 0, lag: [lag[0], lag[1]] as [number, number | null] }
  if (op !== 'rotate') return { ...base, action: op === 'disable' ? 'disable' : 'revoke' }
  return {
    ...base,
    action: 'rotate',
    overlap: overlap ?? (canOverlap(entity.kind) ? DEFAULT_OVERLAP : 0),
    publish: defaultPublish(places).map((place) => estate.entities[place.index]!.id),
  }
}
