/**
 * One text for one value: keys sorted, `undefined` left out. Two facts are the same when their canonical texts are.
 * Facts are shallow (an object of scalars, lists and one more level), so the recursion is bounded by their zod shapes.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const parts: string[] = []
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(record[key])}`)
  }
  return `{${parts.join(',')}}`
}
