/**
 * One text for one value: keys sorted, `undefined` left out. Two facts are the same when their canonical texts are.
 * Facts are shallow (an object of scalars, lists and one more level), so the recursion is bounded by their zod shapes.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return listText(value)
  const ordered = inOrder(value as Record<string, unknown>)
  return ordered === undefined ? recordText(value as Record<string, unknown>) : JSON.stringify(ordered)
}

/**
 * The record with its keys, and those of records in it, in the order that they are written in: one call of the
 * platform then writes it whole. Undefined where an object cannot have that order: it puts numbers first.
 */
export function inOrder(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const keys = sortedKeys(record)
  const ordered: Record<string, unknown> = {}
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (!mayBeOrdered(key)) return undefined
    const value = record[key]
    if (typeof value !== 'object' || value === null) {
      // As anything else that is no value of JSON.
      if (typeof value === 'function' || typeof value === 'symbol') return undefined
      ordered[key] = value
      continue
    }
    const inside = Array.isArray(value) ? listInOrder(value) : inOrder(value as Record<string, unknown>)
    if (inside === undefined) return undefined
    ordered[key] = inside
  }
  return ordered
}

function listInOrder(list: readonly unknown[]): readonly unknown[] | undefined {
  let ordered: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    if (typeof item === 'function' || typeof item === 'symbol') return undefined
    if (typeof item !== 'object' || item === null) continue
    const inside = Array.isArray(item) ? listInOrder(item) : inOrder(item as Record<string, unknown>)
    if (inside === undefined) return undefined
    ordered ??= [...list]
    ordered[i] = inside
  }
  return ordered ?? list
}

/** Not a number, nor what an object has from elsewhere (`__proto__`, `toJSON`). */
function mayBeOrdered(key: string): boolean {
  const first = key.charCodeAt(0)
  return (first >= LOWER_A && first <= LOWER_Z && key !== 'toJSON') || (first >= UPPER_A && first <= UPPER_Z)
}
const [LOWER_A, LOWER_Z, UPPER_A, UPPER_Z] = [0x61, 0x7a, 0x41, 0x5a]

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
