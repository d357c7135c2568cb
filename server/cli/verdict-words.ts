import type { Overall, Verdict } from '../../graph/wire.ts'
import { exitCodes } from './exit-codes.ts'

export const overallWords = {
  'not-safe': 'not safe',
  'cannot-say': 'cannot say yet',
  'safe-after-steps': 'safe after steps',
  safe: 'safe',
} as const satisfies Record<Overall, string>

export const overallCodes = {
  'not-safe': exitCodes.notSafe,
  'cannot-say': exitCodes.cannotSay,
  'safe-after-steps': exitCodes.safeAfterSteps,
  safe: exitCodes.safe,
} as const satisfies Record<Overall, number>

/** One character and one word a verdict: shape says it without colour. */
export const verdictMarks = {
  breaks: ['✕', 'breaks'],
  unknown: ['?', 'not known'],
  steps: ['◐', 'safe after steps'],
  keeps: ['✓', 'keeps working'],
} as const satisfies Record<Verdict, readonly [string, string]>
