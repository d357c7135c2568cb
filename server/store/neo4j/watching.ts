const POLL_MILLISECONDS = 2_000

/** For each name that is watched what it is at: the import a scope believes, how often documents of a kind changed. */
export type Marks = ReadonlyMap<string, string | number>

export interface Watching {
  /** Looks now: for what was changed here. */
  look(): void
  add(tell: (changed: readonly string[]) => void): () => void
  stop(): void
}

/**
 * Tells whose mark changed or went: what this server changed at once, and what others changed by looking every two
 * seconds. The first look after somebody began to watch tells of everything: what he loads beside it may be older than
 * what the look sees, and then nobody would tell him.
 */
export function startWatching(read: () => Promise<Marks>): Watching {
  const watchers = new Set<(changed: readonly string[]) => void>()
  /** As they were at the last look; undefined: nobody knows. */
  let last: Marks | undefined
  /** Looks are numbered as they set out: one that comes in after a later one has nothing to say. */
  let started = 0
  let latest = 0
  let timer: NodeJS.Timeout | undefined

  async function compare(): Promise<void> {
    const look = ++started
    const now = await read()
    if (look < latest || watchers.size === 0) return
    latest = look
    const before = last
    last = now
    const names = new Set([...(before?.keys() ?? []), ...now.keys()])
    const changed = [...names].filter((name) => before?.get(name) !== now.get(name))
    // What was loaded before the first look may all have gone by it: then no name is left to tell.
    if (changed.length > 0 || before === undefined) for (const tell of watchers) tell(changed)
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
      last = undefined
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
