import type { Verdict } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'

/** Keeps this verdict bright, or stops doing so; all four is none. */
export function toggleVerdict(verdict: Verdict): void {
  const on = place.peek().verdicts
  const verdicts = on.includes(verdict) ? on.filter((other) => other !== verdict) : [...on, verdict]
  pushHere({ verdicts: verdicts.length === 4 ? [] : verdicts })
}
