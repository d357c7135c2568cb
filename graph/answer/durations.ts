/** "5 min", "1 h", "3 d": one unit, rounded; `null` is "for good". Seconds in. */
export function duration(seconds: number | null): string {
  if (seconds === null) return 'no known end'
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const
  for (const [size, unit] of units) if (seconds >= size) return `${trimmed(seconds / size)} ${unit}`
  return `${Math.round(seconds)} s`
}

function trimmed(value: number): string {
  return value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, '')
}

/** "38,589": every digit, in thousands. */
export const exactly = (count: number): string => count.toLocaleString('en')

/** "3 workloads", "1 workload". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${exactly(count)} ${count === 1 ? one : many}`
}

/** "1 h 2 min": never less than these seconds, for what has to be waited at least. */
export function atLeast(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const [unit, small, names] =
    seconds < 3600
      ? ([60, 60, ['min', '']] as const)
      : seconds < 86_400
        ? ([3600, 60, ['h', 'min']] as const)
        : ([86_400, 3600, ['d', 'h']] as const)
  const parts = Math.ceil(seconds / small) * small
  const whole = Math.floor(parts / unit)
  const rest = Math.round((parts - whole * unit) / small)
  return rest === 0 ? `${whole} ${names[0]}` : `${whole} ${names[0]} ${rest} ${names[1]}`
}
