import { parse } from 'csv-parse/sync'

export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

const delimiters = [',', ';', '\t', '|'] as const

/** The sign between cells: whichever stands most often in the header, outside quotes. */
export function delimiterOf(line: string): (typeof delimiters)[number] {
  const counts = new Map<string, number>()
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return [...delimiters].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0]!
}

/** Cells of the first line of a text; the text may be cut behind it. */
export function headerOf(text: string): readonly string[] {
  const end = text.indexOf('\n')
  const line = end < 0 ? text : text.slice(0, end)
  return tableOf(line)?.header ?? []
}

const MAX_CELL = 100_000

/** Undefined: not a table (a quote that is never closed, a cell without end). */
export function tableOf(text: string): Table | undefined {
  const end = text.indexOf('\n')
  const delimiter = delimiterOf(end < 0 ? text : text.slice(0, end))
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_CELL,
      info: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    const [first, ...rest] = records
    if (!first) return undefined
    return { header: first.record, rows: rest.map(({ record, info }) => ({ line: info.lines, cells: record })) }
  } catch {
    return undefined
  }
}
