import type { FileReport, Importer, Probe, RunContext } from '../importer.ts'
import { isInventory, plain, proposed, type Field } from './columns.ts'
import { mapRow } from './map.ts'
import { MAPPING_FORMAT, mapped, mappingNames, readMapping, type Mapping } from './mapping.ts'
import { isTableReply, tableOfReply } from './reply.ts'
import { headerOf, tableOf, type Table } from './table.ts'

/** A table of things and who answers for them: a CMDB export, an inventory that somebody keeps by hand. */
export const cmdbCsv: Importer = {
  id: 'cmdb-csv',
  title: 'CMDB table',
  reads:
    'CSV of a CMDB or inventory, or a reply of ServiceNow’s Table API: owner, team, on-call, criticality, rotation, vendor …',
  emits: [
    'business.system',
    'business.team',
    'business.vendor',
    'github.repository',
    'aws.iam_access_key',
    'generic.credential',
    'generic.secret',
    'generic.resource',
    'generic.other',
  ],
  blindTo: [
    'whether what people wrote is still so',
    'columns that no mapping explains',
    'things that the table does not list',
  ],
  nature: 'asserted',
  detect,
  begin,
}

function detect({ name, head }: Probe): number {
  if (head.includes(MAPPING_FORMAT) && !name.endsWith('.csv')) return 0.95
  const start = head.trimStart()
  if (isTableReply(start)) return 0.8
  if (start.startsWith('{') || start.startsWith('[') || start.startsWith('<')) return 0
  const isNamed = ['.csv', '.tsv', '.txt'].some((ending) => name.toLowerCase().endsWith(ending))
  const header = headerOf(start.slice(0, 16_384))
  if (header.length < 3) return 0
  // With a mapping beside it, nothing in the names of the columns has to be known: it is asked for by its name.
  if (isInventory(proposed(header))) return isNamed ? 0.7 : 0.4
  return isNamed && name.toLowerCase().includes('cmdb') ? 0.5 : 0
}

interface Read {
  readonly table: Table
  readonly file: string
  readonly report: FileReport
}

function begin(context: RunContext) {
  const tables: Read[] = []
  const mappings = new Map<string, Mapping>()
  return {
    async file({ name, text }: { readonly name: string; text(): Promise<string> }, report: FileReport) {
      const content = await text()
      report.read?.()
      if (content.includes(MAPPING_FORMAT) && !name.endsWith('.csv')) {
        const mapping = readMapping(content)
        if (!mapping) return report.skipped('unreadable-record', '/')
        report.mapped()
        for (const problem of mapping.problems) report.note(problem)
        mappings.set(name, mapping)
        return
      }
      const table = isTableReply(content.trimStart()) ? tableOfReply(content) : tableOf(content)
      if (!table) return report.skipped('unreadable-record', 'line 1')
      report.mapped()
      report.read?.(table.rows.length)
      tables.push({ table, file: name, report })
    },
    // Whichever of the two comes first by name: a table is mapped when all files are known.
    end() {
      for (const read of tables) {
        const name = mappingNames(read.file).find((one) => mappings.has(one))
        mapTable(read, name === undefined ? undefined : mappings.get(name), context)
      }
    },
  }
}

function mapTable({ table, file, report }: Read, mapping: Mapping | undefined, context: RunContext): void {
  const columns = mapped(table.header, proposed(table.header), mapping)
  noteColumns(table.header, columns, mapping, file, report)
  const name = context.scopeName ?? baseOf(file)
  const scope = context.scope({ id: `cmdb/${name}`, title: `CMDB table ${name}`, complete: false })
  const said = new Set<string>()
  for (const { line, cells } of table.rows) {
    const cell = (field: Field): string | undefined => {
      const at = columns.get(field)
      const text = at === undefined ? '' : (cells[at] ?? '').trim()
      return text === '' ? undefined : text
    }
    const whole = cells.join('\u0000')
    if (cells.every((text) => text === '')) report.skipped('empty', `line ${line}`)
    else if (said.has(whole)) report.merged()
    else if (mapRow({ cell, file, line }, scope)) report.mapped()
    else report.skipped('missing-identifier', `line ${line}`)
    said.add(whole)
  }
}

const SHOWN_COLUMNS = 40

/** What became of each column: shown before anything is applied, so that a wrong guess is seen. */
function noteColumns(
  header: readonly string[],
  columns: ReadonlyMap<Field, number>,
  mapping: Mapping | undefined,
  file: string,
  report: FileReport,
): void {
  for (const [field, at] of [...columns].sort(([, a], [, b]) => a - b).slice(0, SHOWN_COLUMNS)) {
    const isSaid = mapping?.columns.get(plain(header[at]!)) === field
    report.note(
      `column ${at + 1} (${shown(header[at]!)}) is taken for ${field}${isSaid ? ', as the mapping says' : ''}`,
    )
  }
  const taken = new Set(columns.values())
  const left = header.flatMap((title, at) =>
    taken.has(at) || mapping?.columns.has(plain(title)) ? [] : [shown(title)],
  )
  if (left.length > 0)
    report.note(
      `${left.length} columns are not understood and not taken: ${left.slice(0, 12).join(', ')}. Name them in ${baseOf(file)}.csv.mapping.yaml if they matter.`,
    )
}

/** A title as a note may show it: a table without a header has data there. */
function shown(title: string): string {
  const isTitle =
    title.length <= 40 &&
    [...title].every(
      (character) => character === ' ' || character === '_' || plain(character) !== '' || '-/().'.includes(character),
    )
  return isTitle ? title : 'a title that is none'
}

function baseOf(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1)
  const dot = base.indexOf('.')
  return dot <= 0 ? base : base.slice(0, dot)
}
