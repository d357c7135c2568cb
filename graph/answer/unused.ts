/** A use this old counts as none; younger, and nobody known behind it, is a use we cannot explain. */
export const UNUSED_AFTER_DAYS = 90

/** Days from one moment to another; Infinity when either cannot be read. */
export function daysBetween(from: string, to: string): number {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  return Number.isNaN(days) ? Infinity : days
}
