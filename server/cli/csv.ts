import { clean } from './clean.ts'

/** RFC 4180; a cell that a spreadsheet would run is made text. */
export function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : clean(String(value))
  const tame = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text
  return /[",\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

/** One row. */
export const csvRow = (values: readonly (string | number | null | undefined)[]): string => values.map(cell).join(',')
