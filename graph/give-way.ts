let way: (() => void) | undefined

/**
 * Called between the pieces of long answers, where nothing that others write on is in use: a thread that answers many
 * takes short questions meanwhile (`useWay`). What is being made is of an estate that does not change.
 */
export function giveWay(): void {
  way?.()
}

/** What giving way is in this thread; undefined: nothing. */
export function useWay(taken: (() => void) | undefined): void {
  way = taken
}
