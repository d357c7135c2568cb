import { constants, getPriority, setPriority } from 'node:os'

/**
 * Lowers the priority of the calling thread while it builds what nobody waits for, where it may be raised again: on
 * Linux, as root or with CAP_SYS_NICE. A thread that stayed low would answer late for the rest of its life.
 * Returns what raises it; elsewhere nothing happens.
 */
export function lowWhileBuilding(): () => void {
  if (process.platform !== 'linux') return () => {}
  try {
    const own = getPriority(0)
    setPriority(0, Math.max(own - 1, constants.priority.PRIORITY_HIGHEST))
    setPriority(0, own)
    if (own >= constants.priority.PRIORITY_BELOW_NORMAL || own === constants.priority.PRIORITY_HIGHEST) return () => {}
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
    return () => setPriority(0, own)
  } catch {
    return () => {}
  }
}
