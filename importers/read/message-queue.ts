export interface MessageQueue<T> extends AsyncIterable<T> {
  push(message: T): void
  /** Waits until the reader has caught up. @throws Stopped when there is no reader any more. */
  room(): Promise<void>
  /** Waits until the reader has done with everything pushed so far and asks for more. */
  flushed(): Promise<void>
  end(): void
  fail(error: unknown): void
}

/** The reader has gone: not an error, only the end of work. */
export class Stopped extends Error {}

/** Joins a writer that pushes to a reader that pulls; `room` makes the writer wait for the reader. */
export function messageQueue<T>(roomFor: number): MessageQueue<T> {
  let waiting: T[] = []
  let closed = false
  let stopped = false
  let failure: { error: unknown } | undefined
  let wakeReader = () => {}
  let wakeWriter = () => {}
  let idle = false
  async function* read(): AsyncGenerator<T> {
    try {
      for (;;) {
        const taken = waiting
        waiting = []
        wakeWriter()
        yield* taken
        if (waiting.length > 0) continue
        if (failure) throw failure.error
        if (closed) return
        idle = true
        wakeWriter()
        await new Promise<void>((resolve) => (wakeReader = resolve))
        idle = false
      }
    } finally {
      stopped = true
      wakeWriter()
    }
  }
  return {
    push(message) {
      waiting.push(message)
      wakeReader()
    },
    async room() {
      while (!stopped && waiting.length >= roomFor) await new Promise<void>((resolve) => (wakeWriter = resolve))
      if (stopped) throw new Stopped()
    },
    async flushed() {
      while (!stopped && !(idle && waiting.length === 0)) await new Promise<void>((resolve) => (wakeWriter = resolve))
      if (stopped) throw new Stopped()
    },
    end() {
      closed = true
      wakeReader()
    },
    fail(error) {
      failure = { error }
      wakeReader()
    },
    [Symbol.asyncIterator]: read,
  }
}
