/** The estate does not fit into the memory that it may take: nothing is wrong with the store. */
export class NotEnoughMemory extends Error {
  readonly hint: string

  /** @param who "this command", "the thread that answers" */
  constructor(who: string, megabytes: number, hint: string) {
    super(`the estate of this store does not fit into the ${Math.round(megabytes)} MB that ${who} may take`)
    this.name = 'NotEnoughMemory'
    this.hint = hint
  }
}

/** Did this thread end because its heap was full? */
export function isHeapFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

/** How processes end whose heap is full (V8 aborts), and those that the system ends for want of memory. */
const ENDED_FOR_MEMORY: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL'])
/** The same where a shell stands between. */
const ABORTED = 134

export function endedForMemory({ status, signal }: { status: number | null; signal: NodeJS.Signals | null }): boolean {
  return status === ABORTED || ENDED_FOR_MEMORY.has(signal)
}
