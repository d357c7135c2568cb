import { channels } from './channels.ts'
import { copyPath } from './copies.ts'
import type { Run } from './run.ts'
import { causes, eachSpan } from './spans-of.ts'
import { TIMING_WIDTH, timingColumns } from './timings.ts'

/** Why a relationship is out, in the words of the answer. */
export const whyNames = ['cut', 'made-again', 'down', 'rotated', 'refused', 'lost'] as const
/**
 * `cut`: it was cut. `made-again`: what it needs was rotated, and what that issued or encrypted is made again later.
 * `down`: what it needs is out. `rotated`: the old value is refused. `refused`: the credential is revoked or disabled.
 * `lost`: the credential is refused because of what it needs itself.
 */
export type Why = (typeof whyNames)[number]

/** What kept a reason from putting the dependent out: that attribute was enough. */
export type KeptBy = 'tolerance' | 'session' | 'pickup' | 'cadence'

/** One cause of a relationship in numbers; none is start = Infinity. */
export interface Reason {
  readonly relationship: number
  readonly cause: number
  /** The credential whose value is refused, or -1. */
  readonly credential: number
  /** After rules 6 and 7. */
  readonly start: number
  readonly end: number
  readonly keptBy: KeptBy | null
  /** Relationship numbers from the dependent to where the cause is: itself, then for a read value over the copies. */
  readonly walked: readonly number[]
}

/** Every cause that reaches a relationship, also those that some attribute was enough against. */
export function reasonsOf(run: Run, relationship: number): Reason[] {
  const { estate } = run
  const row = estate.timing[relationship]! * TIMING_WIDTH
  const cadence = estate.timings[row + timingColumns.cadence]!
  const reasons: Reason[] = []
  eachSpan(run, relationship, (_, rawStart, rawEnd, cause, credential) => {
    const start = run.worst ? rawStart : rawStart + cadence
    const isOut = rawEnd > start
    const session = credential >= 0 && (cause !== causes.lost || !run.worst)
    const wait = estate.timings[row + (session ? run.sessionColumn : run.toleranceColumn)]!
    reasons.push({
      relationship,
      cause,
      credential,
      start: isOut ? start : Infinity,
      end: isOut ? rawEnd + (run.worst ? cadence : 0) : -Infinity,
      keptBy: isOut ? null : keptBy(rawStart, rawEnd, session, session || credential < 0 ? wait : 0),
      walked: walkedTo(run, relationship, credential),
    })
  })
  return reasons
}

function keptBy(start: number, end: number, session: boolean, wait: number): KeptBy {
  if (end > start) return 'cadence'
  if (end > start - wait) return session ? 'session' : 'tolerance'
  // Not even without waiting would it have been out: the new value was there before the old one was refused.
  return 'pickup'
}

function walkedTo(run: Run, relationship: number, credential: number): readonly number[] {
  if (credential < 0 || run.estate.channel[relationship] === channels.carries) return [relationship]
  return [relationship, ...copyPath(run, run.estate.to[relationship]!, credential)]
}
