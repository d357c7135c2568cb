import { constants, getPriority, setPriority } from 'node:os'

/** Below whoever answers, so many steps of the system's: it is then left a thirtieth of a core that both want. */
export const STEPS_BELOW = 15

/**
 * Work that may take its time, so that answers do not wait for a core. On Linux of the calling thread alone, and of
 * whatever it starts; elsewhere nothing, as it would slow down the whole server there.
 */
export function lowerPriority(pid = 0): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(pid, Math.min(getPriority(pid) + STEPS_BELOW, constants.priority.PRIORITY_LOW))
  } catch {
    // Not allowed here: then everybody gets the same share.
  }
}
