import { QuestionError } from '../errors.ts'

export const DAY = 86_400_000
/** A wave begins at this hour, UTC, and is over this many hours later. */
export const WINDOW_BEGINS = 9
export const WINDOW_HOURS = 4
/** Between two waves, so that a failure of the one is seen before the next. */
export const DAYS_BETWEEN = 7

export interface Window {
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** It was moved behind a freeze by so many days. */
  readonly moved: number
}

/** Days on which nothing is changed, both ends inclusive, milliseconds since 1970. */
export interface Freeze {
  readonly from: number
  readonly until: number
  readonly words: string
}

/** @throws QuestionError for what is no day, or ends before it begins. */
export function readFreezes(text: string | undefined): Freeze[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((words) => {
      const [a, b, ...more] = words.split('..')
      const from = dayOf(a ?? '')
      const until = dayOf(b ?? '')
      if (from === undefined || until === undefined || more.length > 0 || until < from)
        throw new QuestionError(
          'bad-change',
          'a freeze is not two days, the first not after the second',
          'for example 2026-12-18..2027-01-04; several separated by commas',
        )
      return { from, until, words }
    })
}

/** Midnight UTC of a day `YYYY-MM-DD`; a time after it is cut off. */
export function dayOf(text: string): number | undefined {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0]
  const at = day === undefined ? NaN : Date.parse(`${day}T00:00:00Z`)
  // The platform rolls 31 February over into March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : at
}

/** One window a week from a day on; a weekend waits for its Monday, a freeze for its end. */
export function windowsFrom(from: number, count: number, freezes: readonly Freeze[]): Window[] {
  const windows: Window[] = []
  let day = from
  for (let number = 0; number < count; number++) {
    const free = firstFree(day, freezes)
    const start = free + WINDOW_BEGINS * 3_600_000
    windows.push({ start, end: start + WINDOW_HOURS * 3_600_000, moved: Math.round((free - day) / DAY) })
    day = free + DAYS_BETWEEN * DAY
  }
  return windows
}

function firstFree(day: number, freezes: readonly Freeze[]): number {
  let at = day
  for (;;) {
    const weekday = new Date(at).getUTCDay()
    const frozen = freezes.find(({ from, until }) => at >= from && at <= until)
    if (frozen) at = frozen.until + DAY
    else if (weekday === 6) at += 2 * DAY
    else if (weekday === 0) at += DAY
    else return at
  }
}

/** "2026-11-23T09:00:00Z". */
export const isoOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

/**
 * Whether a cron expression of five fields begins a run in a window of one day; undefined where it is not understood.
 * Day fields are taken as any day: better a warning too many.
 */
export function startsIn(cron: string, { start, end }: Window): boolean | undefined {
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const minutes = valuesOf(fields[0]!, 59)
  const hours = valuesOf(fields[1]!, 23)
  if (minutes === undefined || hours === undefined) return undefined
  const midnight = Math.floor(start / DAY) * DAY
  return hours.some((hour) =>
    minutes.some((minute) => {
      const at = midnight + hour * 3_600_000 + minute * 60_000
      return at >= start && at < end
    }),
  )
}

function valuesOf(field: string, most: number): number[] | undefined {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [range, stepText] = part.split('/') as [string, string | undefined]
    const step = stepText === undefined ? 1 : Number(stepText)
    const [low, high] = range === '*' ? [0, most] : range.split('-').map(Number)
    const last = high ?? (stepText === undefined ? low! : most)
    if (![low, last, step].every((one) => Number.isInteger(one)) || step! < 1 || low! < 0 || last > most)
      return undefined
    for (let value = low!; value <= last; value += step) found.add(value)
  }
  return [...found]
}
