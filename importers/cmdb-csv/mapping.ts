import { parseYaml, type YamlValue } from '../read/parse-yaml.ts'
import { fields, isField, plain, type Field } from './columns.ts'

export const MAPPING_FORMAT = 'keyfall.cmdb-mapping/1'

/** What a person said of the columns of a table: stronger than what their names propose. */
export interface Mapping {
  /** Plain name of a column to what it tells; `undefined`: leave it out. */
  readonly columns: ReadonlyMap<string, Field | undefined>
  /** Problems of the mapping itself, in words that quote nothing but the names of our own fields. */
  readonly problems: readonly string[]
}

/**
 * A mapping beside a table: `format: keyfall.cmdb-mapping/1` and `columns:` with `Column: field` (or `ignore`).
 * Undefined: it is none.
 */
export function readMapping(text: string): Mapping | undefined {
  const parsed = parseYaml(text)
  if (!('value' in parsed) || !(parsed.value instanceof Map)) return undefined
  const root = parsed.value as ReadonlyMap<YamlValue, YamlValue>
  if (root.get('format') !== MAPPING_FORMAT) return undefined
  const columns = new Map<string, Field | undefined>()
  const problems: string[] = []
  const said = root.get('columns')
  for (const [column, target] of said instanceof Map ? (said as ReadonlyMap<YamlValue, YamlValue>) : []) {
    const name = plain(String(column))
    if (target === 'ignore') columns.set(name, undefined)
    else if (typeof target === 'string' && isField(target)) columns.set(name, target)
    else
      problems.push(
        `entry ${columns.size + problems.length + 1} of columns names no field; fields: ${fields.join(', ')}, ignore`,
      )
  }
  if (columns.size === 0) problems.push('columns: is missing or empty')
  return { columns, problems }
}

/** The proposal with the mapping over it. */
export function mapped(
  header: readonly string[],
  proposal: ReadonlyMap<Field, number>,
  mapping: Mapping | undefined,
): Map<Field, number> {
  const found = new Map(proposal)
  if (!mapping) return found
  header.forEach((title, column) => {
    const name = plain(title)
    if (!mapping.columns.has(name)) return
    for (const [field, at] of found) if (at === column) found.delete(field)
  })
  header.forEach((title, column) => {
    const field = mapping.columns.get(plain(title))
    if (field !== undefined) found.set(field, column)
  })
  return found
}

/** `export.csv` is mapped by `export.csv.mapping.yaml`, else by `cmdb.mapping.yaml` of the same folder. */
export function mappingNames(table: string): readonly string[] {
  const folder = table.slice(0, table.lastIndexOf('/') + 1)
  return ['yaml', 'yml', 'json'].flatMap((ending) => [`${table}.mapping.${ending}`, `${folder}cmdb.mapping.${ending}`])
}
