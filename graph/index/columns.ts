import type { Confidence } from '../kinds/evidence.ts'

/** Texts one after the other, UTF-8: text `i` is `bytes[offsets[i]] … bytes[offsets[i + 1] - 1]`. */
export interface TextColumn {
  readonly bytes: Uint8Array
  /** One more than there are texts. */
  readonly offsets: Uint32Array
}

/**
 * An estate as columns: what the flat index is made of, and all that the meaning of the engine needs of it. Whoever
 * reads facts (importers, a store, a scanner of bundle files) writes these; `indexOf` reads them and keeps none.
 * Entities and relationships are known by their place. Times are seconds.
 */
export interface Columns {
  /** Described entities first, then those that relationships only name. */
  readonly entityCount: number
  readonly describedCount: number
  /** Ids of entities, in their order; each only once. */
  readonly ids: TextColumn
  /** Place in `entityKindNames`; of an entity that is only named, the kind that relationships take it for. */
  readonly entityKind: Uint16Array
  readonly relationshipCount: number
  /** The dependent and what it needs: every arrow points from what depends to what it needs. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** Place in `relationshipKindNames`. */
  readonly kind: Uint8Array
  /** See `standingOf`. */
  readonly standing: Uint8Array
  /** Number of the name of its need, the same for the same name; -1: it is a need of its own. Only equality counts. */
  readonly need: Int32Array
  /** Row of `timings`. */
  readonly timing: Int32Array
  /** Rows of `TIMING_WIDTH` seconds (`timingColumns`); row 0 is "nothing was said". `timingRow` interns them. */
  readonly timings: Float64Array
  /**
   * Who picks up for a relationship (`by`): pairs of relationship and entity, by relationship ascending. Names of things
   * that do not exist are left out: such an agent is taken to be always able.
   */
  readonly picked: Int32Array
  readonly agent: Int32Array
  /** What a relationship runs over (`via`): pairs of that relationship and the one it runs over; names are resolved. */
  readonly carried: Int32Array
  readonly carrier: Int32Array
}

/** Bits of `Columns.standing`. */
export const standingBits = {
  /** Its loss degrades, it does not break. */
  soft: 1,
  /** Two bits: 0 none, 1 possible, 2 confirmed, as the fact says it; kinds only ever seen are capped by the index. */
  confidenceShift: 1,
  confidenceMask: 3,
  /** It carries no compromise though its kind does: what a group gives is said of the member itself. */
  noReach: 8,
} as const

const confidenceNumbers: Record<Confidence, number> = { none: 0, possible: 1, confirmed: 2 }

/** A relationship's standing, from its attributes as facts carry them; absent confidence is confirmed. */
export function standingOf(
  confidence: Confidence | undefined,
  strength: 'hard' | 'soft' | undefined,
  noReach = false,
): number {
  return (
    (strength === 'soft' ? standingBits.soft : 0) |
    (confidenceNumbers[confidence ?? 'confirmed'] << standingBits.confidenceShift) |
    (noReach ? standingBits.noReach : 0)
  )
}
