/** What was made lately, by key, so that whoever asks again does not wait again. */
export interface LatelyAsked<T> {
  get(key: string): T | undefined
  put(key: string, made: T): void
}

/** How much is kept at the most: what is above it goes, what was made or asked longest ago first. */
export interface MostKept<T> {
  readonly count: number
  /** Of all together; one that weighs more alone is kept until the next comes. */
  readonly weight: number
  readonly weightOf: (made: T) => number
}

/** Kept of what was asked once: enough for the questions that one page asks at a time. */
const ASKED_ONCE = 8

/**
 * Keeps what was asked more than once, and the last few of what was not. Many who each ask something else would otherwise
 * have all of it kept just so long that a collector takes it for what stays, and only a stop of the thread over its whole
 * heap takes it away again.
 */
export function latelyAsked<T>(most: MostKept<T>, askedOnce = ASKED_ONCE): LatelyAsked<T> {
  const again = new Map<string, T>()
  const once = new Map<string, T>()
  const names = new Set<string>()
  let weight = 0
  const add = (to: Map<string, T>, key: string, made: T): void => {
    drop(again, key)
    drop(once, key)
    to.set(key, made)
    weight += most.weightOf(made)
  }
  const drop = (from: Map<string, T>, key: string): void => {
    const made = from.get(key)
    if (made !== undefined && from.delete(key)) weight -= most.weightOf(made)
  }
  const dropFirst = (from: Map<string, T>): void => drop(from, from.keys().next().value!)
  /** The newest stays whatever it weighs. */
  const makeRoom = (newest: string): void => {
    while (once.size > askedOnce) dropFirst(once)
    while (again.size > most.count) dropFirst(again)
    for (const from of [once, again])
      for (const key of from.keys()) {
        if (weight <= most.weight) return
        if (key !== newest) drop(from, key)
      }
  }
  return {
    get(key) {
      const made = again.get(key) ?? once.get(key)
      if (made === undefined) return undefined
      add(again, key, made)
      makeRoom(key)
      return made
    },
    put(key, made) {
      add(names.has(key) ? again : once, key, made)
      names.delete(key)
      names.add(key)
      if (names.size > most.count) names.delete(names.keys().next().value!)
      makeRoom(key)
    },
  }
}
