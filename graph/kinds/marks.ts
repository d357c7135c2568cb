/**
 * How well a fact of change-semantics is known (its section 0). `sourced` facts come from the vendor or from an
 * experiment; the others are assumed and every answer that uses one says so.
 */
export const marks = {
  S: { sourced: true, confidence: 'high', words: 'stated by the vendor' },
  S2: { sourced: true, confidence: 'medium', words: 'stated by the vendor, seen in a copy' },
  L: { sourced: true, confidence: 'high', words: 'observed in an experiment' },
  D: { sourced: false, confidence: 'medium', words: 'derived from stated facts' },
  A: { sourced: false, confidence: 'low', words: 'assumed' },
} as const

export type Mark = keyof typeof marks

/** Is a value with this mark only assumed, so that an answer built on it has to say so? */
export function isAssumed(mark: Mark): boolean {
  return !marks[mark].sourced
}
