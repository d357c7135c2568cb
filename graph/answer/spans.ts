import type { Outages } from '../outage/simulate.ts'

/** A span of outage in seconds from the start of the change; `null` as its end: never, unless somebody acts. */
export type OutSpan = readonly [number, number | null] | null

/** What the engine says of each entity, by entity number. */
export interface Spans {
  /** Best case: certainly out. */
  certain(entity: number): OutSpan
  /** Worst case: possibly out. */
  possible(entity: number): OutSpan
  /** Goes on with less, in the worst case that has it, else in the best. */
  degraded(entity: number): OutSpan
  /** The engine's own answer, for explanations. */
  readonly outages: Outages
  /** Every entity that has any of the three. */
  readonly affected: readonly number[]
}

/** Is it untouched, whatever happens? */
export function isUntouched(spans: Spans, entity: number): boolean {
  return spans.possible(entity) === null && spans.certain(entity) === null && spans.degraded(entity) === null
}
