import { totalmem } from 'node:os'
import type { ImportLimits } from './import-plan.ts'

/** Of the memory there is; the rest is for the estate that answers meanwhile, and for the one that is built after it. */
const SHARE = 0.4
const MINUTES = 10

/** What one import may cost where nobody set it. */
export function importLimits(): ImportLimits {
  const constrained = process.constrainedMemory()
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { megabytes: Math.floor((memory * SHARE) / 1e6), minutes: MINUTES }
}
