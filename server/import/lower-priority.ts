import { constants, setPriority } from 'node:os'

/**
 * Work that may take its time, so that answers do not wait for a core. On Linux of the calling thread alone; elsewhere
 * nothing, as it would slow down the whole server there.
 */
export function lowerPriority(pid = 0): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Not allowed here: then everybody gets the same share.
  }
}
