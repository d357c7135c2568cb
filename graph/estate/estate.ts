import type { Loss } from '../facts.ts'
import type { DayRange } from '../log-days.ts'
import type { Span } from '../kinds/delivery.ts'
import type { Mark } from '../kinds/marks.ts'
import type { Suggestions } from './suggest.ts'
import type { KnownEntity, KnownFacts, KnownRelationship, Nature } from '../known.ts'
import type { SetBy } from './overrides.ts'

/** What one import said, as it is believed now. */
export interface EstateScope {
  /** `aws-authorization-details:aws/123456789012` */
  readonly scope: string
  readonly title: string
  readonly importer: string
  readonly importerTitle: string
  readonly nature: Nature
  readonly complete: boolean
  /** When it was imported, ISO 8601. */
  readonly at: string
  readonly files: readonly string[]
  readonly blindTo: readonly string[]
  /** What could not be read of it. */
  readonly loss?: Loss
  /** Of a log: days on which it has an event; absent where that was not noted. */
  readonly days?: readonly DayRange[]
  readonly facts: KnownFacts
}

/** A scope without its facts: what answers say they stand on. */
export interface Source extends Omit<EstateScope, 'facts'> {
  readonly entities: number
  readonly relationships: number
  /** The earliest moment its evidence speaks of; for a log, its beginning. */
  readonly since: string | null
  /** The latest moment its evidence speaks of; for a log, its end. */
  readonly until: string | null
}

/** A value that no source gave and that the tables of change semantics filled in. */
export interface Assumption {
  readonly attribute: 'pickup' | 'session' | 'confidence' | 'holds'
  readonly words: string
  readonly mark: Mark
}

/** A relationship with what was derived for it; `assumed` lists what nobody stated. */
export interface EstateRelationship extends KnownRelationship {
  readonly assumed?: readonly Assumption[]
  /** What a person set of it. */
  readonly set?: SetBy
}

/** What is believed at one moment, with adjacency by index. Built once per snapshot and never changed. */
export interface Estate {
  readonly snapshot: { readonly id: string; readonly at: string | null; readonly sample: boolean }
  readonly sources: readonly Source[]
  /** Likely links that nobody decided on yet. */
  readonly suggestions: Suggestions
  readonly entities: readonly KnownEntity[]
  readonly relationships: readonly EstateRelationship[]
  /** Index of an entity by its id. */
  readonly indexOf: ReadonlyMap<string, number>
  /** Seconds until a change is enforced everywhere, by id of the thing, where a person set it. */
  readonly lags?: ReadonlyMap<string, Span>
  /** Entity number of each relationship's tail and head, by its number. */
  readonly tails: Int32Array
  readonly heads: Int32Array
  readonly out: Adjacency
  readonly in: Adjacency
}

/** Relationship numbers of each entity, one after the other: `list[start[i]] … list[start[i + 1] - 1]`. */
export interface Adjacency {
  readonly start: Int32Array
  readonly list: Int32Array
}

/** The relationships that leave (`out`) or reach (`in`) an entity. */
export function* along(adjacency: Adjacency, entity: number): Generator<number> {
  for (let i = adjacency.start[entity]!; i < adjacency.start[entity + 1]!; i++) yield adjacency.list[i]!
}

export function entityAt(estate: Estate, index: number): KnownEntity {
  return estate.entities[index]!
}

/** Tail and head of a relationship as entity numbers, where its own number (`tails`, `heads`) is not at hand. */
export function ends(estate: Estate, relationship: EstateRelationship): { from: number; to: number } {
  return { from: estate.indexOf.get(relationship.from)!, to: estate.indexOf.get(relationship.to)! }
}
