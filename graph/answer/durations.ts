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

/** "3 workloads", "1 workload". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}
