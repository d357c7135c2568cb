const cronNames = new Map([
  ['@hourly', 3600],
  ['@daily', 86_400],
  ['@midnight', 86_400],
  ['@weekly', 604_800],
])

/** Seconds between two runs of a cron schedule where they are always the same; otherwise undefined. */
export function cadenceOf(schedule: string): number | undefined {
  const named = cronNames.get(schedule.trim())
  if (named !== undefined) return named
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  if (day !== '*' || month !== '*') return undefined
  const one = (field: string): boolean => /^[0-9]{1,2}$/.test(field)
  if (weekday !== '*') return one(minute) && one(hour) && /^([0-7]|[A-Za-z]{3})$/.test(weekday) ? 604_800 : undefined
  if (hour === '*') return one(minute) ? 3600 : steps(minute, 60, 60)
  if (!one(minute)) return undefined
  return one(hour) ? 86_400 : steps(hour, 24, 3600)
}

/** Seconds of a field that is `*` or a step dividing its range; otherwise the last interval of each round is shorter. */
function steps(field: string, range: number, unit: number): number | undefined {
  if (field === '*') return unit
  const step = field.startsWith('*/') ? Number(field.slice(2)) : NaN
  return Number.isInteger(step) && step > 0 && range % step === 0 ? step * unit : undefined
}

const YEAR = 31_536_000

/**
 * Longest time between two runs, in seconds, where the interval is not always the same: what may lie between a change
 * and the next run that notices it. Of a plain line in five fields only; a line with both days is taken as a month.
 */
export function longestCadenceOf(schedule: string): number | undefined {
  const known = cadenceOf(schedule)
  if (known !== undefined) return known
  if (['@monthly', '@yearly', '@annually'].includes(schedule.trim()))
    return schedule.trim() === '@monthly' ? 31 * 86_400 : YEAR + 86_400
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 5 || !fields.every((field) => /^[0-9A-Za-z*,/?-]{1,100}$/.test(field))) return undefined
  const [, hour, day, month, weekday] = fields as [string, string, string, string, string]
  const free = (field: string): boolean => field === '*' || field === '?'
  if (!free(month)) return YEAR + 86_400
  if (!free(day)) return 31 * 86_400
  if (!free(weekday)) return 604_800
  return free(hour) ? 3600 : 86_400
}
