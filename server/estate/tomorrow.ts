import { answerEstate } from '../../graph/answer/estate.ts'
import { answerHome } from '../../graph/answer/find.ts'
import { QuestionError } from '../../graph/errors.ts'
import type { Estate } from '../../graph/estate/build.ts'

const MS_A_DAY = 86_400_000
/** A million things take most of a minute, during which questions are answered as always. */
const AHEAD_MS = 15 * 60_000

/**
 * What depends on the day (ages, what is missing or stale) is made before it begins, so that nobody waits for it then.
 * `made`: first moment of the day that was made last.
 */
export function makeTomorrow(estate: Estate, made?: string): void {
  setTimeout(
    () => {
      const day = nextDay(Date.now())
      if (day !== made) makeDay(estate, day)
      makeTomorrow(estate, day)
    },
    msUntilAhead(Date.now(), made),
  ).unref()
}

/** By the answers that keep it. `day`: its first moment. */
export function makeDay(estate: Estate, day: string): void {
  for (const answer of [answerHome, (of: Estate, now: string) => answerEstate(of, {}, now)])
    try {
      answer(estate, day)
    } catch (error) {
      // Somebody who asks is told.
      if (!(error instanceof QuestionError)) throw error
    }
}

/** First moment of the next day, UTC, ISO 8601. */
export function nextDay(now: number): string {
  return new Date((Math.floor(now / MS_A_DAY) + 1) * MS_A_DAY).toISOString()
}

/** Until the next day that was not made yet has to be. */
export function msUntilAhead(now: number, made?: string): number {
  const next = Date.parse(nextDay(now)) + (made === nextDay(now) ? MS_A_DAY : 0)
  return Math.max(0, next - AHEAD_MS - now)
}
