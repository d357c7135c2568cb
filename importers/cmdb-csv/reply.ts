import { jsonDepth } from '../read/json-depth.ts'
import type { Table } from './table.ts'

const deepest = 12
const MOST_COLUMNS = 500

/** A reply of ServiceNow's Table API: `{ "result": [ … ] }` of records that say their class or their id. */
export const isTableReply = (head: string): boolean =>
  head.startsWith('{') && head.includes('"result"') && (head.includes('"sys_class_name"') || head.includes('"sys_id"'))

/** Records of a reply as rows; the place of a record is its number, from 1. Undefined: no such reply. */
export function tableOfReply(text: string): Table | undefined {
  if (jsonDepth(text, deepest) > deepest) return undefined
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return undefined
  }
  const result = (root as { result?: unknown } | null)?.result
  const records = (Array.isArray(result) ? result : [result]).map((one) =>
    typeof one === 'object' && one !== null ? new Map(Object.entries(one)) : new Map<string, unknown>(),
  )
  const header = [...new Set(records.flatMap((one) => [...one.keys()]))].slice(0, MOST_COLUMNS)
  if (header.length === 0) return undefined
  return {
    header,
    rows: records.map((one, at) => ({ line: at + 1, cells: header.map((name) => cellOf(one.get(name))) })),
  }
}

/** With `sysparm_display_value` a field is an object; a reference without it has only an id, which names nobody. */
function cellOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 4096)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const shown = (value as { display_value?: unknown } | null | undefined)?.display_value
  return typeof shown === 'string' ? shown.slice(0, 4096) : ''
}
