/**
 * Spans by row; an end of Infinity is never. None is a start of Infinity with an end that is no greater: where nothing is
 * ever undone, all ends are Infinity.
 */
export interface SpanColumns {
  readonly start: Float64Array
  readonly end: Float64Array
}

/** What one run found, row by row of `Outages.entities`. */
export interface RunColumns {
  readonly out: SpanColumns
  /** Of `out`, what its needs do to it: apart from what the change itself does. */
  readonly needs: SpanColumns
  /** Empty where there is an outage in this run. */
  readonly degraded: SpanColumns
}
