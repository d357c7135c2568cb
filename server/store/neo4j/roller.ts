import { setTimeout as pause } from 'node:timers/promises'
import { isStoreError, StoreError } from '../errors.ts'
import type { Bolt } from './bolt.ts'
import { fullPace, project } from './projection.ts'
import { untilQuiet } from './quiet.ts'

const PROJECTION_RETRY_MILLISECONDS = 2_000

/** What is sealed has no labelled graph: it would say everything in clear. */
export const noRoller: ReturnType<typeof startRoller> = {
  wake: () => undefined,
  words: () => 'the store is sealed, so there is no labelled graph',
  arrived: async () => undefined,
  stopped: async () => undefined,
}

/**
 * Rolls the labelled graph forward in the background, one roll at a time, and tries again after a failure. Whoever waits
 * for it does not wait until it is quiet too.
 */
export function startRoller(bolt: Bolt, isStopped: () => boolean, isQuiet: () => boolean) {
  const stop = new AbortController()
  let rolling: Promise<void> | undefined
  let again = false
  let failure: StoreError | undefined
  let waiting = 0
  const pace = fullPace()

  async function roll(): Promise<void> {
    do {
      again = false
      await untilQuiet(() => isQuiet() || waiting > 0 || isStopped())
      await project(bolt, isStopped, pace)
    } while (again && !isStopped())
    failure = undefined
  }
  function wake(): void {
    again = true
    if (rolling || isStopped()) return
    rolling = roll()
      .catch(async (error: unknown) => {
        failure = isStoreError(error)
          ? error
          : new StoreError('StoreUnavailable', 'The labelled graph could not be brought up to date.', { cause: error })
        await pause(PROJECTION_RETRY_MILLISECONDS, undefined, { signal: stop.signal }).catch(() => {})
        again = true
      })
      .finally(() => {
        rolling = undefined
        if (again) wake()
      })
  }
  return {
    wake,
    words: () => failure?.message ?? 'the labelled graph is being brought up to date',
    arrived: async () => {
      waiting++
      try {
        wake()
        while (rolling && !isStopped()) {
          await rolling
          if (failure) throw failure
        }
      } finally {
        waiting--
      }
    },
    stopped: async () => {
      stop.abort()
      await rolling
    },
  }
}
