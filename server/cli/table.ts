import { clean } from './clean.ts'

const WIDEST = 60

/** Lines of a table: a head, and cells cleaned and cut to a width that a terminal holds. None without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const cells = [head, ...rows].map((row) => row.map((cell) => short(clean(cell))))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

export function short(text: string, width: number = WIDEST): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}
