/** Seconds beyond which nobody waits: a hundred years. What it does not save, no overlap saves. */
export const ANY_OVERLAP = 100 * 365 * 86_400

export interface OverlapLevels {
  /** Smallest whole number of seconds at which nothing breaks that any overlap saves. */
  readonly smallest: number
  /** Entity numbers that no overlap saves. */
  readonly never: readonly number[]
  /** What asks for how much, the most demanding first. */
  readonly levels: readonly { readonly overlap: number; readonly entities: readonly number[] }[]
  /** Entity numbers that break without an overlap and not with `smallest`. */
  readonly saved: readonly number[]
}

const MOST_LEVELS = 6

/**
 * The smallest overlap, by asking the engine and nothing else: a longer overlap never breaks more (a law), so it is found
 * by halving. About 32 questions for each level.
 *
 * @param brokenAt entity numbers that break, or may break, with so many seconds of overlap
 */
export function overlapLevels(brokenAt: (overlap: number) => readonly number[]): OverlapLevels {
  const asked = new Map<number, ReadonlySet<number>>()
  const never = new Set(brokenAt(ANY_OVERLAP))
  const broken = (overlap: number): ReadonlySet<number> => {
    let found = asked.get(overlap)
    if (!found) asked.set(overlap, (found = new Set(brokenAt(overlap).filter((entity) => !never.has(entity)))))
    return found
  }
  /** Smallest overlap below `high` at which no more break than at `high`. */
  const least = (high: number): number => {
    const enough = broken(high).size
    let low = 0
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (broken(middle).size <= enough) high = middle
      else low = middle + 1
    }
    return high
  }
  const smallest = least(ANY_OVERLAP)
  const levels: { overlap: number; entities: number[] }[] = []
  for (let at = smallest; at > 0 && levels.length < MOST_LEVELS; at = least(at - 1)) {
    const after = broken(at)
    levels.push({ overlap: at, entities: [...broken(at - 1)].filter((entity) => !after.has(entity)) })
  }
  return { smallest, never: [...never], levels, saved: smallest === 0 ? [] : [...broken(0)] }
}
