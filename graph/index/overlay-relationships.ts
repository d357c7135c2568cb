import type { Overlay } from './overlay.ts'
import { classNumber } from './overlay-classes.ts'

/**
 * Relationships of the base and new ones, there or gone, by number. Each column by itself: a thousand edits look some
 * ten thousand of them up.
 */
export function tailOf({ ground: { columns }, added }: Overlay, relationship: number): number {
  const { relationshipCount, from } = columns
  return relationship < relationshipCount ? from[relationship]! : added[relationship - relationshipCount]!.from
}

export function headOf({ ground: { columns }, added }: Overlay, relationship: number): number {
  const { relationshipCount, to } = columns
  return relationship < relationshipCount ? to[relationship]! : added[relationship - relationshipCount]!.to
}

export function kindOf({ ground: { columns }, added }: Overlay, relationship: number): number {
  const { relationshipCount, kind } = columns
  return relationship < relationshipCount ? kind[relationship]! : added[relationship - relationshipCount]!.kind
}

/** As the fact says it. */
export function standingAt({ ground: { columns }, added }: Overlay, relationship: number): number {
  const { relationshipCount, standing } = columns
  return relationship < relationshipCount ? standing[relationship]! : added[relationship - relationshipCount]!.standing
}

export function needOf({ ground: { columns }, added }: Overlay, relationship: number): number {
  const { relationshipCount, need } = columns
  return relationship < relationshipCount ? need[relationship]! : added[relationship - relationshipCount]!.need
}

export function classOf(overlay: Overlay, relationship: number): number {
  const { columns } = overlay.ground
  const row =
    relationship < columns.relationshipCount
      ? columns.timing[relationship]!
      : overlay.added[relationship - columns.relationshipCount]!.timingRow
  return classNumber(overlay, kindOf(overlay, relationship), standingAt(overlay, relationship), row)
}
