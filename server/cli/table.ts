import { clean } from './clean.ts'
import { columnsOf, short as shortened } from './columns.ts'
import type { Print } from './print.ts'

/** A cell of which there is nothing to say. */
export const NOTHING = '·'

const WIDEST = 60
const BETWEEN = '  '
/** Of what stands under a row because it did not fit beside it. */
const UNDER = '      '

/**
 * Lines of a table: a head, and cells cleaned and cut. None without rows. Numbers stand under each other by their last
 * digit. Columns that do not fit into `width` characters stand under their row, each with its name, so that no
 * terminal breaks a line in the middle of a cell.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string[] {
  if (rows.length === 0) return []
  const body = rows.map((row) => row.map((cell) => short(clean(cell))))
  const cells = [head.map(clean), ...body]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))))
  const numeric = head.map((_, column) => body.every((row) => isNumber(row[column] ?? '')))
  const beside = fitting(widths, width)
  return cells.flatMap((row, at) => [
    row
      .slice(0, beside)
      .map((cell, column) => padded(cell, widths[column]!, numeric[column]!))
      .join(BETWEEN)
      .trimEnd(),
    ...(at === 0 ? [] : under(head, row, beside, width)),
  ])
}

/** A table as wide as the terminal is at most, each of its lines after `indent`. */
export function printTable(
  print: Print,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  indent = '',
): void {
  for (const line of table(head, rows, print.width - indent.length)) print.line(indent + line)
}

/** How many columns fit, from the left; at least one. */
function fitting(widths: readonly number[], width: number): number {
  let taken = 0
  for (const [column, one] of widths.entries()) {
    taken += one + (column > 0 ? BETWEEN.length : 0)
    if (taken > width) return Math.max(1, column)
  }
  return widths.length
}

function under(head: readonly string[], row: readonly string[], from: number, width: number): string[] {
  const lines: string[] = []
  for (let column = from; column < head.length; column++) {
    if (!row[column] || row[column] === NOTHING) continue
    const text = `${clean(head[column]!)}: ${row[column]}`
    const last = lines.at(-1)
    if (last !== undefined && columnsOf(last) + columnsOf(text) + 2 <= width)
      lines[lines.length - 1] = `${last}; ${text}`
    else lines.push(UNDER + text)
  }
  return lines
}

function isNumber(cell: string): boolean {
  return /^[\d,.]*$/.test(cell)
}

function padded(cell: string, width: number, isNumeric: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - columnsOf(cell)))
  return isNumeric ? blank + cell : cell + blank
}

export function short(text: string, width: number = WIDEST): string {
  return shortened(text, width)
}
