import { deliveryModes } from '../kinds/delivery.ts'
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
  const derived: EstateRelationship = { ...relationship, ...(confidence && { confidence }) }
  const pickup = pickupOf(relationship, assumed)
  return { ...derived, ...(pickup && { pickup }), ...(assumed.length > 0 && { assumed }) }
}

/** A use that only a log of permissions names carries nothing; one that was merely inferred is possible. */
function confidenceOf(relationship: KnownRelationship): KnownRelationship['confidence'] {
  if (relationship.confidence !== undefined) return relationship.confidence
  const evidence = relationship.evidence ?? []
  if (relationshipKinds[relationship.kind].breaks === 'seen')
    return evidence.some((one) => one.kind === 'observed' || one.kind === 'asserted') ? 'possible' : 'none'
  if (evidence.length > 0 && evidence.every((one) => one.kind === 'inferred')) return 'possible'
  return undefined
}

function pickupOf(relationship: KnownRelationship, assumed: Assumption[]): KnownRelationship['pickup'] {
  if (relationship.pickup !== undefined || relationship.delivery === undefined) return undefined
  const row = deliveryModes[relationship.delivery]
  if (row.pickup === null) return undefined
  // A job that reads at its start has the new value at its next run, whenever that is.
  if (isAssumed(row.mark))
    assumed.push({
      attribute: 'pickup',
      words: `${row.words}: takes a new value within ${row.pickup[1]} s`,
      mark: row.mark,
    })
  return row.pickup
}
