const POLL_MILLISECONDS = 2_000

/** A number for each name that is watched: the generation of a scope, how often documents of a kind changed. */
export type Counts = ReadonlyMap<string, number>

export interface Watching {
  /** Looks now: for what was changed here. */
  look(): void
  add(tell: (changed: readonly string[]) => void): () => void
  stop(): void
}

/** Tells whose number changed: what this server changed at once, and what others changed by looking every two seconds. */
export function startWatching(read: () => Promise<Counts>): Watching {
  const watchers = new Set<(changed: readonly string[]) => void>()
  let last: Promise<Counts> | undefined
  let timer: NodeJS.Timeout | undefined

  async function compare(): Promise<void> {
    const before = last
    if (!before) return
    const [then, now] = [await before.catch(() => undefined), await read()]
    if (before !== last) return
    last = Promise.resolve(now)
    // Where the first look failed nobody knows what changed since: then everything may have.
    const changed = [...now].filter(([name, count]) => then?.get(name) !== count)
    if (changed.length) for (const tell of watchers) tell(changed.map(([name]) => name))
  }
  // A failure to look is seen by whoever asks next; the timer looks again.
  const look = (): void => void compare().catch(() => {})
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    last = undefined
  }
  return {
    look,
    add: (tell) => {
      watchers.add(tell)
      last ??= read()
      last.catch(() => {})
      timer ??= setInterval(look, POLL_MILLISECONDS).unref()
      return () => {
        watchers.delete(tell)
        if (watchers.size === 0) stop()
      }
    },
    stop: () => {
      watchers.clear()
      stop()
    },
  }
}
