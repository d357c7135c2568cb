import { along, type Estate } from '../estate/estate.ts'
import { HAND_TIME, remedyOf } from './model.ts'
import type { OutSpan, Spans } from './spans.ts'
import { isUntouched } from './spans.ts'
import { AMPLE_OVERLAP } from './change.ts'
import type { Candidate, Prepared } from './smallest.ts'

/**
 * The shortest overlap, in whole seconds, with which nobody who can be saved is hit: longer ones never hurt, so it is
 * found by halving. Nearly always it is the moment at which without any overlap the last of them has the new value, so
 * that is tried first. Undefined where no overlap up to the ample one does.
 */
export function leastOverlap(saved: readonly number[], spansOf: (overlap: number) => Spans): number | undefined {
  const isFree = (spans: Spans): boolean => saved.every((index) => isUntouched(spans, index))
  const isEnough = (overlap: number): boolean => isFree(spansOf(overlap))
  let [tooShort, enough] = [-1, AMPLE_OVERLAP]
  const without = spansOf(0)
  if (isFree(without)) return 0
  let last = 0
  for (const index of saved)
    last = Math.max(last, endOf(without.possible(index)) ?? endOf(without.degraded(index)) ?? 0)
  for (const tried of [Math.ceil(last), Math.ceil(last) - 1]) {
    if (tried <= tooShort || tried >= enough) continue
    if (isEnough(tried)) enough = tried
    else tooShort = tried
  }
  if (enough === AMPLE_OVERLAP && !isEnough(enough)) return undefined
  tooShort = Math.max(tooShort, 0)
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
