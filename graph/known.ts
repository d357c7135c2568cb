import type { Evidence, Props } from './facts.ts'
import type { Confidence } from './kinds/evidence.ts'
import type { DeliveryMode, Span } from './kinds/delivery.ts'
import type { EntityKind } from './kinds/entity-kinds.ts'
import type { RelationshipKind } from './kinds/relationship-kinds.ts'

/**
 * What is known of a thing after the facts about it were brought together. These are the lines that segments hold
 * (canonical: sorted keys, sorted lines) and that the estate is made of. Ids are opaque (`ids.ts`), ends are ids.
 */
export interface KnownEntity {
  readonly id: string
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly aliases?: readonly string[]
  readonly props?: Props
  readonly evidence?: readonly Evidence[]
}

export interface KnownRelationship {
  readonly id: string
  readonly kind: RelationshipKind
  readonly from: string
  readonly to: string
  readonly need?: string
  readonly strength?: 'hard' | 'soft'
  readonly session?: Span
  readonly tolerance?: Span
  readonly pickup?: Span
  readonly cadence?: number
  /** Ids of entities. */
  readonly by?: readonly string[]
  /** Ids of relationships. */
  readonly via?: readonly string[]
  readonly confidence?: Confidence
  readonly delivery?: DeliveryMode
  readonly props?: Props
  readonly evidence?: readonly Evidence[]
  /** A log showed this use, but not who stands behind the caller. */
  readonly unattributed?: boolean
}

/** One line of a segment: `{"e": …}` or `{"r": …}`. */
export type KnownLine = { readonly e: KnownEntity } | { readonly r: KnownRelationship }

export type Nature = 'snapshot' | 'log' | 'asserted'

/** Names one scope: `aws-authorization-details:aws/123456789012`. */
export type ScopeId = string

export function scopeId(importer: string, scope: string): ScopeId {
  return `${importer}:${scope}`
}

/** The two collections of one scope, or of an estate, by id. */
export interface KnownFacts {
  readonly entities: ReadonlyMap<string, KnownEntity>
  readonly relationships: ReadonlyMap<string, KnownRelationship>
}
