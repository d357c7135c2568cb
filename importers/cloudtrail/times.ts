/** `2024-05-01T10:00:00Z`, and whatever else begins like that and is a time: ms since 1970; NaN for anything else. */
export function timeOf(text: string | undefined): number {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}T\d{2}:/.test(text) ? Date.parse(text) : Number.NaN
}
