/** Wall time in milliseconds, and milliseconds of a clock that never goes back. */
export interface Clock {
  wall(): number
  mono(): number
}

export const systemClock: Clock = { wall: () => Date.now(), mono: () => performance.now() }

/** The two clocks may differ by this much, and by one part in a thousand of the time between: clocks are adjusted. */
const SLACK_MS = 5_000

export interface Moment {
  readonly wall: number
  readonly mono: number
}

/** What the clock did since the last entry; undefined when it only went on. `lastWall` may be of an earlier process. */
export function clockFault(
  lastWall: number,
  last: Moment | undefined,
  now: Moment,
): { readonly action: 'audit.clock.back' | 'audit.clock.jumped'; readonly ms: number } | undefined {
  if (now.wall < lastWall) return { action: 'audit.clock.back', ms: now.wall - lastWall }
  if (!last) return undefined
  const [passed, shown] = [now.mono - last.mono, now.wall - last.wall]
  const difference = Math.round(shown - passed)
  return Math.abs(difference) > SLACK_MS + passed / 1000 ? { action: 'audit.clock.jumped', ms: difference } : undefined
}
