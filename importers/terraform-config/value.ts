/** What an expression comes to. `unknown` is a value of its own: what can't be evaluated here, and is counted. */
export const unknown = Symbol('unknown')
export type Value = string | number | boolean | null | typeof unknown | readonly Value[] | ValueMap
export type ValueMap = ReadonlyMap<string, Value>

export const isMap = (value: Value): value is ValueMap => value instanceof Map
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** As Terraform turns it into text; undefined for what has none. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** A list of texts; undefined where one of them, or how many there are, is not known. */
export function textsOf(value: Value | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return []
  if (!isList(value)) return undefined
  const texts = value.map(textOf)
  return texts.includes(undefined) ? undefined : (texts as string[])
}

/** What stands under a name or an index. */
export function member(value: Value, step: Value): Value {
  if (isMap(value)) return typeof step === 'string' ? (value.get(step) ?? unknown) : unknown
  if (!isList(value)) return unknown
  const at = typeof step === 'string' && step !== '' ? Number(step) : step
  return typeof at === 'number' ? (value[at] ?? unknown) : unknown
}

/** Is all of it known? */
export function isKnown(value: Value): boolean {
  if (value === unknown) return false
  if (isList(value)) return value.every(isKnown)
  return isMap(value) ? [...value.values()].every(isKnown) : true
}
