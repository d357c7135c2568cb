import { along, type Estate } from '../estate/estate.ts'
import { HAND_TIME, remedyOf } from './model.ts'
import type { OutSpan, Spans } from './spans.ts'
import { isUntouched } from './spans.ts'
import { AMPLE_OVERLAP } from './change.ts'
import type { Candidate, Prepared } from './smallest.ts'

/**
 * The shortest overlap, in whole seconds, with which nobody who can be saved is hit: longer ones never hurt, so it is
 * found by halving. Undefined where no overlap up to the ample one does.
 */
export function leastOverlap(saved: readonly number[], spansOf: (overlap: number) => Spans): number | undefined {
  const isEnough = (overlap: number): boolean => {
    const spans = spansOf(overlap)
    return saved.every((index) => isUntouched(spans, index))
  }
  let [tooShort, enough] = [-1, AMPLE_OVERLAP]
  if (!isEnough(enough)) return undefined
  while (enough - tooShort > 1) {
    const middle = Math.floor((tooShort + enough) / 2)
    if (isEnough(middle)) enough = middle
    else tooShort = middle
  }
  return enough
}

/** From when on a restart takes the new value: when the last of the places that they read has it, in the worst case. */
export function restartsAfter(
  estate: Estate,
  { done }: Candidate,
  spansOf: (prepared: Prepared, overlap?: number) => Spans,
  prepared: Prepared,
  settled: readonly number[],
): { after?: number } {
  const [remedy] = done
  if (remedy === undefined) return {}
  const spans = spansOf(prepared, 0)
  let after = 0
  for (const index of settled) {
    const end = endOf(spans.possible(index))
    const own = [...along(estate.out, index)].map((number) => estate.relationships[number]!)
    const treated = own.filter((one) => remedyOf(one) === remedy)
    if (end === undefined || treated.length === 0) continue
    const cadence = Math.max(...treated.map((one) => one.cadence ?? 0))
    after = Math.max(after, end - HAND_TIME - cadence)
  }
  return { after }
}

function endOf(span: OutSpan): number | undefined {
  return span?.[1] ?? undefined
}
