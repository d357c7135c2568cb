/**
 * Who may write next, of the threads that write into one database. SQLite alone lets them look again after ever longer
 * naps, so whoever writes without a break has it again and again while others sleep: a person's answer waited half a
 * second for its entry in the audit. It is a matter of manners, not of truth: SQLite's own lock stands behind it, and
 * who waited too long here goes on to that one.
 */
export type WritingTurns = Int32Array

const HELD = 0
/** How many of those that go first wait or write. */
const FIRST = 1

/** Long past what a transaction takes. */
const PATIENCE_MS = 1_000

/** To be shared by its buffer. */
export function writingTurns(): WritingTurns {
  return new Int32Array(new SharedArrayBuffer(8))
}

/** Writes when it is this thread's turn; blocks until then, so only in a thread that nobody else needs. */
export function inWritingTurn<T>(turns: WritingTurns, isFirst: boolean, write: () => T, patienceMs = PATIENCE_MS): T {
  if (isFirst) Atomics.add(turns, FIRST, 1)
  const hasTurn = taken(turns, isFirst, performance.now() + patienceMs)
  try {
    return write()
  } finally {
    if (isFirst) Atomics.sub(turns, FIRST, 1)
    if (hasTurn) Atomics.store(turns, HELD, 0)
    Atomics.notify(turns, FIRST)
    Atomics.notify(turns, HELD)
  }
}

/** False where patience ended: whoever has the turn may have died with it. */
function taken(turns: WritingTurns, isFirst: boolean, until: number): boolean {
  for (;;) {
    const ahead = isFirst ? 0 : Atomics.load(turns, FIRST)
    if (ahead === 0 && Atomics.compareExchange(turns, HELD, 0, 1) === 0) return true
    const left = until - performance.now()
    if (left <= 0) return false
    if (ahead > 0) Atomics.wait(turns, FIRST, ahead, left)
    else Atomics.wait(turns, HELD, 1, left)
  }
}

/** The thread that writes imports has ended: what it held is nobody's. */
export function forgetHeldTurn(turns: WritingTurns): void {
  Atomics.store(turns, HELD, 0)
  Atomics.notify(turns, HELD)
}

/** The thread that goes first has ended: it wants nothing any more. */
export function forgetFirstTurn(turns: WritingTurns): void {
  Atomics.store(turns, FIRST, 0)
  Atomics.notify(turns, FIRST)
  forgetHeldTurn(turns)
}
