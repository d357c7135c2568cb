import type { Overlay, OverlayRelationship } from './overlay.ts'
import { classNumber } from './overlay-classes.ts'

/** A relationship of the base or a new one, there or gone; `timing` is a row of the index. */
export function relationshipAt(
  { ground, added }: Overlay,
  relationship: number,
): OverlayRelationship & { readonly timing: number } {
  const { from, to, kind, standing, need, timing, relationshipCount } = ground.columns
  if (relationship >= relationshipCount) {
    const one = added[relationship - relationshipCount]!
    return { ...one, timing: one.timingRow }
  }
  return {
    from: from[relationship]!,
    to: to[relationship]!,
    kind: kind[relationship]!,
    standing: standing[relationship]!,
    need: need[relationship]!,
    timing: timing[relationship]!,
  }
}

export function classOf(overlay: Overlay, relationship: number): number {
  const { kind, standing, timing } = relationshipAt(overlay, relationship)
  return classNumber(overlay, kind, standing, timing)
}
