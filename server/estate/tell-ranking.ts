/** How far a ranking is. */
export interface RankingSoFar {
  readonly done: number
  readonly all: number
}

const QUIET_MS = 500
const EVERY_MS = 250

/**
 * Tells how far a ranking is, four times a second; of one that takes less than half a second, nothing. Whoever heard of it
 * hears its end.
 */
export function tellRanking(
  say: (soFar: RankingSoFar) => void,
  clock: () => number = () => performance.now(),
): (done: number, all: number) => void {
  let next = clock() + QUIET_MS
  let isHeard = false
  return (done, all) => {
    if (done < all ? clock() < next : !isHeard) return
    next = clock() + EVERY_MS
    isHeard = true
    say({ done, all })
  }
}
