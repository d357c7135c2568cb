/** What giving way needs of a thread. */
export interface Asking {
  /** Takes the next question that waits and answers it; false: none does. */
  takeOne(): boolean
  /** Milliseconds. */
  clock(): number
}

/** How long one works before it looks who waits. */
const STRETCH_MS = 10
/** Questions that wait for one another: a dear one asked during a dear one comes first, and so on. */
const DEEPEST = 16

/**
 * For `useWay`: answers those who wait, one after the other, and goes on. Whoever gave way works at least as long as the
 * others took before it does so again, so that many short questions do not keep it from ever coming to its end.
 */
export function givingWay({ takeOne, clock }: Asking): () => void {
  let depth = 0
  let next = 0
  return () => {
    if (depth >= DEEPEST || clock() < next) return
    const from = clock()
    depth++
    try {
      while (clock() - from < LONGEST_TURN_MS && takeOne());
    } finally {
      depth--
    }
    const until = clock()
    next = until + Math.max(STRETCH_MS, Math.min(until - from, LONGEST_TURN_MS))
  }
}

const LONGEST_TURN_MS = 100
