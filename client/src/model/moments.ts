const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "2 min ago", "in 3 days": how long from `now` (milliseconds) to an ISO moment. Not a moment: the text itself. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return iso
  const away = Math.abs(now - at)
  if (away < MINUTE) return 'just now'
  const words = length(away)
  return at <= now ? `${words} ago` : `in ${words}`
}

function length(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  if (ms < 730 * DAY) return `${Math.floor(ms / DAY)} days`
  return `${(ms / (365.25 * DAY)).toFixed(1)} years`
}

/** "2026-11-20 04:00 UTC", for tips and exports. */
export const utc = (iso: string): string =>
  Number.isNaN(Date.parse(iso)) ? iso : `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** "2026-11-20 05:00 GMT+1": the same in the zone of this browser, which it names. */
export function local(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const parts = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  const day = `${part('year')}-${part('month')}-${part('day')}`
  return `${day} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "04:00 UTC" on the day itself, "20 Nov 04:00 UTC" after it. */
export function asOf(iso: string, now: number): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const clock = `${at.toISOString().slice(11, 16)} UTC`
  const sameDay = at.toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10)
  if (sameDay) return clock
  const year = at.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${at.getUTCFullYear()}`
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]}${year} ${clock}`
}

/** Seconds in words: "0 s", "15 min", "1 h", "3 d". */
export function seconds(n: number): string {
  if (n < 120) return `${Math.round(n)} s`
  if (n < 7_200) return `${Math.round(n / 60)} min`
  if (n < 172_800) return `${Math.round(n / 3_600)} h`
  return `${Math.round(n / 86_400)} d`
}

/** Bytes in words: "18.4 MB". */
export function bytes(n: number): string {
  if (n < 1_000) return `${n} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = n
  let unit = -1
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit++
  }
  return `${value < 100 ? value.toFixed(1).replace('.0', '') : Math.round(value)} ${units[unit]}`
}
