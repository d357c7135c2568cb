import { cleanText } from './clean-name.ts'

/** Cells that a spreadsheet would run are prefixed with an apostrophe (OWASP, "CSV injection"). */
export function csvCell(value: string): string {
  const clean = cleanText(value)
  const guarded = /^[=+\-@\t\r]/.test(value) || /^[=+\-@]/.test(clean) ? `'${clean}` : clean
  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** RFC 4180: rows end with CRLF. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map(csvCell).join(',') + '\r\n').join('')
