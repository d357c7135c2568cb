import { constants, getPriority, setPriority } from 'node:os'
import { STEPS_BELOW } from '../import/lower-priority.ts'

/**
 * Lowers the priority of the calling thread while it builds what nobody waits for, where it may be raised again: on
 * Linux, as root or with CAP_SYS_NICE. A thread that stayed low would answer late for the rest of its life.
 * Returns what raises it; elsewhere nothing happens.
 */
export function lowWhileBuilding(): () => void {
  if (process.platform !== 'linux') return () => {}
  try {
    const own = getPriority(0)
    if (own === constants.priority.PRIORITY_HIGHEST || own === constants.priority.PRIORITY_LOW) return () => {}
    setPriority(0, own - 1)
    setPriority(0, Math.min(own + STEPS_BELOW, constants.priority.PRIORITY_LOW))
    return () => setPriority(0, own)
  } catch {
    return () => {}
  }
}
