import type { Attempt } from './workload.ts'

/** Seconds from the change, `null` as the end of a span: never. */
export type Predicted = readonly [number, number | null] | null
/** A moment that lies somewhere in here, seconds from the change. */
export type Between = readonly [number, number]

export interface Measured {
  /** When it began to fail; absent: it never did. */
  readonly failed?: Between
  /** When it worked again for good; absent with `failed`: not while it was watched. */
  readonly recovered?: Between
  /** Until when it was watched, seconds from the change. */
  readonly watched: number
}

/**
 * What attempts show, as intervals: a failure began after the last good attempt had begun and before the first bad one
 * ended; the change itself happened between `from` and `to`. So a slow machine makes intervals wide, never wrong.
 */
export function measured(
  attempts: readonly Attempt[],
  change: { readonly from: number; readonly to: number },
): Measured {
  const after = (ms: number): number => (ms - change.to) / 1000
  const before = (ms: number): number => (ms - change.from) / 1000
  const watched = before(attempts.at(-1)!.to)
  const since = attempts.filter(({ to }) => to >= change.from)
  const first = since.findIndex(({ ok }) => !ok)
  if (first < 0) return { watched }
  const lastGood = attempts[attempts.indexOf(since[first]!) - 1]
  const failed: Between = [after(lastGood?.at ?? since[first]!.at), before(since[first]!.to)]
  let back = since.length
  while (back > 0 && since[back - 1]!.ok) back--
  if (back === since.length) return { failed, watched }
  return { failed, recovered: [after(since[back - 1]!.at), before(since[back]!.to)], watched }
}

/**
 * What is outside of the prediction, in words; empty when all is inside. `certain` and `possible` as the engine gives
 * them: a failure may begin from the earliest possible moment and has begun by the latest certain one, and ends from
 * the earliest certain end to the latest possible one. What was done `late` seconds after it was due may show so much
 * after what was predicted.
 */
export function outside(seen: Measured, certain: Predicted, possible: Predicted, late = 0): string[] {
  const wrong: string[] = []
  const { failed, recovered, watched } = seen
  if (failed && possible === null) return [`failed at ${words(failed)} s, and nothing was predicted`]
  if (!failed) {
    if (certain !== null && certain[0] + late < watched - MARGIN_S)
      wrong.push(`predicted to fail by ${certain[0]} s, and worked until ${watched.toFixed(1)} s`)
    return wrong
  }
  if (failed[1] < possible![0]) wrong.push(`failed at ${words(failed)} s, predicted not before ${possible![0]} s`)
  if (certain !== null && failed[0] > certain[0] + late)
    wrong.push(`failed at ${words(failed)} s, predicted by ${certain[0]} s`)
  if (recovered) {
    const earliest = certain === null ? 0 : certain[1]
    if (earliest === null) wrong.push(`worked again at ${words(recovered)} s, predicted never`)
    else if (recovered[1] < earliest)
      wrong.push(`worked again at ${words(recovered)} s, predicted not before ${earliest} s`)
    if (possible![1] !== null && recovered[0] > possible![1] + late)
      wrong.push(`worked again at ${words(recovered)} s, predicted by ${possible![1]} s`)
  } else if (possible![1] !== null && possible![1] + late < watched - MARGIN_S)
    wrong.push(`predicted to work again by ${possible![1]} s, and did not until ${watched.toFixed(1)} s`)
  return wrong
}

/** An attempt under way when the watching ended may not have been counted. */
const MARGIN_S = 1

export function words([from, to]: Between): string {
  return `${from.toFixed(2)}…${to.toFixed(2)}`
}
