const truths = new Set(['yes', 'y', 'true', '1', 'x', 'ja'])
const lies = new Set(['no', 'n', 'false', '0', 'nein', '-'])

export function truthOf(cell: string | undefined): boolean | undefined {
  const word = cell?.toLowerCase() ?? ''
  return truths.has(word) ? true : lies.has(word) ? false : undefined
}

/**
 * Tier of a criticality: `1 - most critical` is 1, as are `critical` and `tier 1`; `tier 0` and `mission critical` are 0.
 * Undefined where the words say nothing we know.
 */
export function tierOf(cell: string | undefined): number | undefined {
  const words = cell?.trim().toLowerCase() ?? ''
  const bare = words.startsWith('tier') ? words.slice('tier'.length).trim() : words
  const digit = bare.charCodeAt(0) - 48
  const next = bare.charCodeAt(1)
  if (digit >= 0 && digit <= 5 && !(next >= 48 && next <= 57)) return digit
  return tiers.get(words)
}

const tiers = new Map([
  ['mission critical', 0],
  ['most critical', 1],
  ['critical', 1],
  ['very high', 1],
  ['high', 1],
  ['somewhat critical', 2],
  ['medium', 2],
  ['moderate', 2],
  ['less critical', 3],
  ['low', 3],
  ['not critical', 4],
  ['none', 4],
])

const units: readonly (readonly [names: readonly string[], seconds: number])[] = [
  [['s', 'sec', 'secs', 'second', 'seconds'], 1],
  [['m', 'min', 'mins', 'minute', 'minutes'], 60],
  [['h', 'hr', 'hrs', 'hour', 'hours'], 3_600],
  [['d', 'day', 'days'], 86_400],
  [['w', 'week', 'weeks'], 604_800],
  [['month', 'months', 'mo'], 2_628_000],
  [['y', 'year', 'years'], 31_536_000],
]
const unitSeconds = new Map(units.flatMap(([names, seconds]) => names.map((name) => [name, seconds] as const)))
const adverbs = new Map([
  ['daily', 86_400],
  ['weekly', 604_800],
  ['monthly', 2_628_000],
  ['quarterly', 7_884_000],
  ['yearly', 31_536_000],
  ['annually', 31_536_000],
])

/** `90 days`, `every 90d`, `4h`, `00:30:00`, `quarterly`; a bare number only where its unit is known from the column. */
export function secondsOf(cell: string | undefined, unit: 'days' | undefined): number | undefined {
  const text = cell?.trim().toLowerCase() ?? ''
  if (text === '' || text.length > 60) return undefined
  const adverb = adverbs.get(text)
  if (adverb !== undefined) return adverb
  const clock = text.split(':')
  if (clock.length === 3 && clock.every((part) => part !== '' && Number.isInteger(Number(part))))
    return Number(clock[0]) * 3_600 + Number(clock[1]) * 60 + Number(clock[2])
  const word = text.startsWith('every ') ? text.slice('every '.length).trim() : text
  let end = 0
  while (end < word.length && ((word[end]! >= '0' && word[end]! <= '9') || word[end] === '.')) end++
  const amount = Number(word.slice(0, end))
  if (end === 0 || !Number.isFinite(amount)) return undefined
  const rest = word.slice(end).trim()
  const seconds = rest === '' ? (unit === 'days' ? 86_400 : undefined) : unitSeconds.get(rest)
  return seconds === undefined ? undefined : Math.round(amount * seconds)
}

/** ISO 8601 days and moments; `31.12.2026` and `31/12/2026` are days, too, where the first number can be no month. */
export function momentOf(cell: string | undefined): string | undefined {
  const text = cell?.trim() ?? ''
  if (text.length < 8 || text.length > 40) return undefined
  if (text[4] === '-') return isoOf(text.replace(' ', 'T'))
  const parts = text.split(' ')[0]!.split(/[./-]/)
  if (parts.length !== 3 || parts[2]!.length !== 4) return undefined
  const [first = 0, second = 0, year = 0] = parts.map(Number)
  // 3/4/2026 is the third of April to some and the fourth of March to others: neither is said.
  const [day, month] = second > 12 ? [second, first] : first > 12 || text.includes('.') ? [first, second] : [0, 0]
  if (day === 0 || month < 1 || month > 12 || day > 31) return undefined
  return isoOf(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
}

function isoOf(text: string): string | undefined {
  const isDay = text.length === 10
  const isZoned = text.endsWith('Z') || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10
  const time = new Date(isDay ? `${text}T00:00:00Z` : isZoned ? text : `${text}Z`)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('.000Z', 'Z')
}
