/**
 * One text for one value: keys sorted, `undefined` left out. Two facts are the same when their canonical texts are.
 * Facts are shallow (an object of scalars, lists and one more level), so the recursion is bounded by their zod shapes.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  return Array.isArray(value) ? listText(value) : recordText(value as Record<string, unknown>)
}

function listText(list: readonly unknown[]): string {
  let text = '['
  for (let i = 0; i < list.length; i++) text += (i === 0 ? '' : ',') + canonical(list[i] ?? null)
  return `${text}]`
}

function recordText(record: Record<string, unknown>): string {
  let text = '{'
  for (const key of sortedKeys(record)) {
    const value = record[key]
    if (value !== undefined) text += (text.length === 1 ? '' : ',') + quoted(key) + canonical(value)
  }
  return `${text}}`
}

function sortedKeys(record: object): readonly string[] {
  const keys = Object.keys(record)
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort()
  return keys
}

/** Names of attributes are few and written millions of times; those from files are not, and are not kept. */
const names = new Map<string, string>()
const NAMES_KEPT = 1_000

function quoted(key: string): string {
  let text = names.get(key)
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`
    if (names.size < NAMES_KEPT) names.set(key, text)
  }
  return text
}
