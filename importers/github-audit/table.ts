import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { FileReport, InputFile } from '../importer.ts'
import type { Outcome } from './taken.ts'

const RECORD_BYTES = 1024 * 1024

/** Columns of the export of the web page that are no column of a table of anything else. */
const signs = ['_document_id', '@timestamp', 'actor_ip', 'programmatic_access_type', 'hashed_token', 'business', 'org', 'repo', 'user'] // prettier-ignore

const columnsOf = (line: string): string[] =>
  line.split(',').map((cell) => cell.trim().split('"').join('').toLowerCase())

/** Is this the first line of an audit log as a table? */
export function isAuditTable(head: string): boolean {
  const line = head.slice(0, head.indexOf('\n') + 1 || undefined)
  if (line.length > 65_536) return false
  const columns = new Set(columnsOf(line))
  const found = signs.filter((name) => columns.has(name)).length
  return columns.has('action') && columns.has('actor') && found >= 2
}

/**
 * The CSV of the web page, or one that a query of a stream wrote: a row an event, its columns the fields. The web page
 * leaves out the fields that name tokens; those events are then told as naming none.
 */
export async function readTable(
  input: InputFile,
  report: FileReport,
  take: (fields: Record<string, unknown>, where: string) => Outcome,
): Promise<void> {
  const options = {
    max_record_size: RECORD_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  }
  const rows = Readable.from(input.stream(), { objectMode: false }).pipe(parse(options))
  let columns: readonly string[] | undefined
  let row = 0
  try {
    for await (const cells of rows as AsyncIterable<readonly string[]>) {
      row++
      if (columns === undefined) {
        columns = cells.map((cell) => cell.trim().toLowerCase())
        continue
      }
      report.read?.()
      const where = `row ${row}`
      const outcome = take(fieldsOf(columns, cells), where)
      if (outcome === 'mapped') report.mapped()
      else if (outcome === 'merged') report.merged()
      else report.skipped(outcome, where)
    }
  } catch {
    // The message of the parser quotes the file.
    report.read?.()
    report.skipped('unreadable-record', `row ${row + 1} and all after it`)
  }
  if (columns !== undefined && !columns.includes('token_id') && !columns.includes('hashed_token'))
    report.note('The table has no column that names tokens (token_id, hashed_token): whose token acted is not known.')
}

function fieldsOf(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const fields = new Map<string, unknown>()
  columns.forEach((column, at) => {
    const cell = cells[at]?.trim()
    if (cell === undefined || cell === '') return
    const name = column.startsWith('data.') ? column.slice('data.'.length) : column
    if (name === 'actor_location.country_code' || name === 'country')
      fields.set('actor_location', { country_code: cell })
    else if (name === 'secrets_passed') fields.set(name, listOf(cell))
    // Milliseconds since 1970 stand as digits.
    else fields.set(name, (name === '@timestamp' || name === 'created_at') && isNumber(cell) ? Number(cell) : cell)
  })
  fields.delete('__proto__')
  return Object.fromEntries(fields)
}

const isNumber = (cell: string): boolean => cell.length < 16 && [...cell].every((digit) => digit >= '0' && digit <= '9')

/** `["A","B"]`, `A B`, `A,B`. */
const listOf = (cell: string): string[] =>
  [...cell]
    .map((letter) => ('[]"\', ;'.includes(letter) ? ' ' : letter))
    .join('')
    .split(' ')
    .filter((word) => word !== '')
