const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const YEAR = 365 * DAY

/**
 * Seconds between two runs of a cron line, on average and roughly: the widest field that is not `*` decides.
 * Undefined: not a cron line of five fields.
 */
export function cadenceOf(cron: string): number | undefined {
  const fields = cron
    .trim()
    .split(' ')
    .filter((field) => field !== '')
  if (fields.length !== 5) return undefined
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  const ofDay = timesIn(hour, 24) * timesIn(minute, 60)
  if (month !== '*') return YEAR / (timesIn(month, 12) * (day === '*' && weekday === '*' ? 30 : 1))
  if (day !== '*') return YEAR / 12 / timesIn(day, 31)
  if (weekday !== '*') return (7 * DAY) / timesIn(weekday, 7)
  if (hour !== '*' || minute === '*' || ofDay <= 24) return DAY / ofDay
  return Math.max(MINUTE, HOUR / timesIn(minute, 60))
}

/** How often a field matches: a star, steps, ranges, lists. */
function timesIn(field: string, size: number): number {
  let times = 0
  for (const part of field.split(',')) {
    const [range, step] = part.split('/')
    const [from, to] = range!.split('-')
    const width = range === '*' ? size : to === undefined ? 1 : Math.max(1, Number(to) - Number(from) + 1)
    const every = step === undefined ? 1 : Number(step)
    times +=
      Number.isFinite(width) && every > 0
        ? Math.max(1, Math.ceil((step && to === undefined && range !== '*' ? size : width) / every))
        : 1
  }
  return Math.min(size, times)
}
