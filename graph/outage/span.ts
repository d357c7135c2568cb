/**
 * A span of seconds `[start, end)` lives in two numbers. "None" is start = Infinity, end = -Infinity: the hull with it
 * is then only a minimum and a maximum. An end of Infinity is "never, unless somebody acts".
 */
export const NO_START = Infinity
export const NO_END = -Infinity

/** As answers carry it: `null` as the end is "never". */
export type SpanJson = [number, number | null]

export function isSpan(start: number, end: number): boolean {
  return end > start
}

export function spanJson(start: number, end: number): SpanJson | null {
  return end > start ? [start, end === Infinity ? null : end] : null
}
