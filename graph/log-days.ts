import { BUSY_LOG, SILENCE_DAYS } from './kinds/coverage.ts'

/** Whole days (UTC, counted from 1970-01-01) on which a log has an event: first and last; ascending and apart. */
export type DayRange = readonly [first: number, last: number]

export const MS_A_DAY = 86_400_000

/**
 * Logs are of these years: a moment beyond them, as a clock that was never set writes it, is a mistake of the file. A log
 * would reach back, or be fresh, for ever by it, and its silence be endless.
 */
export const [EARLIEST, LATEST] = ['2000', '2100'] as const

/** ISO 8601, in UTC. */
export const isLogMoment = (at: string): boolean => at >= EARLIEST && at < LATEST

/** Ranges of a set of days, ascending, with those that touch made one. */
export function dayRanges(days: Iterable<number>): DayRange[] {
  return joinDays([...new Set(days)].map((day) => [day, day]))
}

/** Days of several logs, or of one before and after an import. */
export function joinDays(...logs: readonly (readonly DayRange[])[]): DayRange[] {
  const joined: [number, number][] = []
  for (const [first, last] of logs.flat().sort(([a], [b]) => a - b)) {
    const before = joined.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else joined.push([first, last])
  }
  return joined
}

/**
 * Days between the first and the last of a log on which it has no event at all, where that cannot be taken for quiet:
 * nobody knows what was used then. A silence counts when it is longer than a week, or when the log has events on nearly
 * all other days (`BUSY_LOG`): a weekend without events is no gap, a missing day of an account that never rests is.
 */
export function silencesOf(days: readonly DayRange[]): DayRange[] {
  const first = days[0]?.[0]
  const last = days.at(-1)?.[1]
  if (first === undefined || last === undefined) return []
  const heard = days.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  const between = days.slice(1).map(([from], at): DayRange => [days[at]![1] + 1, from - 1])
  return between.filter(([from, to]) => {
    const silent = to - from + 1
    const others = last - first + 1 - silent
    return silent > SILENCE_DAYS || (heard >= BUSY_LOG.days && heard >= BUSY_LOG.share * others)
  })
}

/** `2026-10-03`. */
export function dateOf(day: number): string {
  return new Date(day * MS_A_DAY).toISOString().slice(0, 10)
}
