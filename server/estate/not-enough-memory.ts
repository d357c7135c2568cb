import { getHeapStatistics } from 'node:v8'

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

/** Of heap, for each relationship of an estate as objects: 730 measured at 1M things, 5.5M relationships. */
const HEAP_BYTES = 800

/**
 * Refuses to build an estate in a thread whose heap would be full before it is done, as that ends the whole process.
 * @param relationships how many it has
 * @throws NotEnoughMemory
 */
export function refuseWithoutRoom(relationships: number): void {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics()
  const needed = relationships * HEAP_BYTES
  if (used + needed <= limit) return
  const enough = Math.ceil((used + needed) / 2 ** 20 / 1024) * 1024
  throw new NotEnoughMemory(
    'the main thread of the server',
    limit / 2 ** 20,
    `what was asked needs the estate beside the thread that answers: start with NODE_OPTIONS=--max-old-space-size=${enough} (docs/scale.md)`,
  )
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
