import type { FileReport, InputFile } from '../importer.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { eventOf, type Event } from './records.ts'
import { eventOfCells } from './rows.ts'
import type { Taken } from './take.ts'

/** A page of answers is one object. */
const PAGE_BYTES = 32 * 1024 * 1024

/** Answers to a query: of CloudTrail Lake (`get-query-results`), or of CloudWatch Logs Insights (`get-query-results`). */
export const isQueryResult = (head: string): boolean =>
  (head.includes('"QueryResultRows"') && head.toLowerCase().includes('eventname')) ||
  (head.includes('"QueryResultRows"') && head.includes('eventJson')) ||
  (head.includes('"results"') && head.includes('"@message"'))

/** Reads pages of answers; a row that names no event, or not the columns that an event needs, is told with its place. */
export async function readQueryResult(
  input: InputFile,
  report: FileReport,
  take: (event: Event, where: string) => Taken,
): Promise<void> {
  for await (const pieces of jsonObjects(input.stream(), { lists: [], maxBytes: PAGE_BYTES }))
    for (const piece of pieces) {
      const rows = 'broken' in piece ? undefined : rowsIn(piece.text)
      if (rows === undefined) {
        report.read?.()
        report.skipped('broken' in piece ? piece.broken : 'unreadable-record', `byte ${piece.at}`)
      }
      rows?.forEach((row, index) => {
        const where = `byte ${piece.at}, row ${index}`
        const event = eventOfRow(row)
        const taken = event === undefined ? 'unreadable-record' : take(event, where)
        report.read?.()
        if (taken === undefined) report.mapped()
        else if (taken === 'merged') report.merged()
        else report.skipped(taken, where)
      })
    }
}

type Cells = readonly (readonly [column: string, cell: string])[]

function rowsIn(text: string): readonly Cells[] | undefined {
  let page: unknown
  try {
    page = JSON.parse(text)
  } catch {
    return undefined
  }
  const { QueryResultRows: lake, results } = page as { QueryResultRows?: unknown; results?: unknown }
  const rows = lake ?? results
  return Array.isArray(rows) ? rows.map(cellsOf) : undefined
}

/** `[{ eventName: "GetSecretValue" }, …]` of Lake, `[{ field: "@message", value: "…" }, …]` of Insights. */
function cellsOf(row: unknown): Cells {
  if (!Array.isArray(row)) return []
  return row.flatMap((cell: unknown): [string, string][] => {
    if (typeof cell !== 'object' || cell === null) return []
    const { field, value } = cell as { field?: unknown; value?: unknown }
    if (typeof field === 'string' && typeof value === 'string') return [[field, value]]
    return Object.entries(cell).flatMap(([name, one]): [string, string][] =>
      typeof one === 'string' && one !== 'null' ? [[name, one]] : [],
    )
  })
}

/** Columns that hold a whole event. */
const whole = new Set(['eventjson', '@message', 'message', 'cloudtrailevent'])

function eventOfRow(cells: Cells): Event | undefined {
  const text = cells.find(([column]) => whole.has(column.toLowerCase()))?.[1]
  return text === undefined ? eventOfCells(cells) : eventOf(text)
}
