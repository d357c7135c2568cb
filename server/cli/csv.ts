import { clean } from './clean.ts'

/** Lines of text make one cell of several lines. */
export type Cell = string | number | null | undefined | readonly string[]

/** RFC 4180; a cell that a spreadsheet would run is made text. */
export function cell(value: Cell): string {
  const text = Array.isArray(value) ? value.map(clean).join('\n') : clean(String(value ?? ''))
  const tame = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text
  return /[",\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}

/** One row. */
export const csvRow = (values: readonly Cell[]): string => values.map(cell).join(',')
