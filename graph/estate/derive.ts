import { deliveryModes, type DeliveryMode, type DeliveryRow } from '../kinds/delivery.ts'
import { isAssumed } from '../kinds/marks.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { KnownRelationship } from '../known.ts'
import type { Assumption, EstateRelationship } from './estate.ts'

/**
 * Fills in what a relationship does not say itself from the tables, and remembers what was only assumed
 * (engine.md, "In the product … are derived"). What a source stated is never changed.
 */
export function deriveRelationship(relationship: KnownRelationship): EstateRelationship {
  const assumed: Assumption[] = []
  const confidence = confidenceOf(relationship)
  const pickup = pickupOf(relationship, assumed)
  // Most say everything themselves: the same object, of which an estate has hundreds of thousands.
  if (confidence === relationship.confidence && !pickup && assumed.length === 0) return relationship
  return {
    ...relationship,
    ...(confidence && { confidence }),
    ...(pickup && { pickup }),
    ...(assumed.length > 0 && { assumed }),
  }
}

const none: NonNullable<KnownRelationship['evidence']> = []

/** A use that only a log of permissions names carries nothing; one that was merely inferred is possible. */
function confidenceOf(relationship: KnownRelationship): KnownRelationship['confidence'] {
  if (relationship.confidence !== undefined) return relationship.confidence
  const evidence = relationship.evidence ?? none
  if (relationshipKinds[relationship.kind].breaks === 'seen')
    return evidence.some((one) => one.kind === 'observed' || one.kind === 'asserted') ? 'possible' : 'none'
  if (evidence.length > 0 && evidence.every((one) => one.kind === 'inferred')) return 'possible'
  return undefined
}

function pickupOf(relationship: KnownRelationship, assumed: Assumption[]): KnownRelationship['pickup'] {
  const { delivery } = relationship
  if (relationship.pickup !== undefined || delivery === undefined) return undefined
  const row: DeliveryRow = deliveryModes[delivery]
  const read = readPickup(relationship, delivery, row)
  if (read !== undefined) return read ?? undefined
  if (row.pickup === null) return undefined
  // A job that reads at its start has the new value at its next run, whenever that is.
  if (isAssumed(row.mark))
    assumed.push({
      attribute: 'pickup',
      words: `${row.words}: takes a new value within ${row.pickup[1]} s`,
      mark: row.mark,
    })
  return [row.pickup[0], row.pickup[1]]
}

/** Modes in which a program reads a file again at intervals of its own, after the file has changed. */
const rereads: ReadonlySet<DeliveryMode> = new Set(['file_refresh', 'volume_refresh', 'csi_mount', 'agent_template'])
/** Modes that ask at an interval which somebody configured. */
const asks: ReadonlySet<DeliveryMode> = new Set(['operator_sync', 'agent_template', 'agent_supervisor', 'csi_mount'])

/**
 * What a source read of the stages between a new value and its use, in seconds: `refreshSeconds` (sync, agent, poll),
 * `cacheSeconds`, `rereadSeconds` (the program looks at its file), `restartSeconds` (something restarts it when the value
 * changes). `null`: it never takes one; undefined: nothing was read.
 */
function readPickup(
  { props }: KnownRelationship,
  delivery: DeliveryMode,
  row: DeliveryRow,
): KnownRelationship['pickup'] | null {
  const seconds = (name: string): number | undefined => {
    const value = props?.[name]
    return typeof value === 'number' && value >= 0 ? value : undefined
  }
  // A run that was queued before the change has read a repository's secrets already (change-semantics.md 7.3).
  if (delivery === 'ci_run_start' && props?.['queuedBefore'] === true) return null
  const cache = seconds('cacheSeconds')
  if (delivery === 'fetch_cached' && cache !== undefined) return [0, cache]
  const restart = seconds('restartSeconds')
  if (row.pickup === null) return restart === undefined ? undefined : [0, restart]
  const refresh = asks.has(delivery) ? seconds('refreshSeconds') : undefined
  const reread = rereads.has(delivery) ? seconds('rereadSeconds') : undefined
  if (refresh === undefined && reread === undefined) return undefined
  return [0, (refresh ?? row.pickup[1] ?? 0) + (reread ?? 0)]
}
