import type { AuditEntry } from '../../graph/wire-audit.ts'
import { clean } from '../cli/clean.ts'
import type { AuditStore } from '../store/contract.ts'
import { checkpointOf } from './checkpoints.ts'
import { readForwards, type ReadLine } from './read-chain.ts'
import { momentOf } from './search.ts'

export const auditForms = ['ndjson', 'csv'] as const
export type AuditForm = (typeof auditForms)[number]

export interface ExportOptions {
  readonly chain: string
  readonly form: AuditForm
  /** ISO 8601 or days, inclusive. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Lines of `checkpoints.ndjson`. */
  readonly checkpoints: readonly string[]
}

const columns = [
  'seq', 'ts', 'actor', 'role', 'via', 'action', 'outcome', 'object', 'scope', 'generation', 'requestHash', 'chain',
] as const satisfies readonly (keyof AuditEntry)[] // prettier-ignore

/**
 * A chain as text, oldest first. NDJSON: each line as it stands in the chain, its mac last, and after it
 * `{"checkpoint":…}` where one was signed. CSV: without macs, for reading.
 */
export async function* exportLines(audit: AuditStore, options: ExportOptions): AsyncGenerator<string> {
  const { chain, form, checkpoints } = options
  const [begin, end] = [
    momentOf(options.from, 'T00:00:00.000Z') ?? -Infinity,
    momentOf(options.to, 'T23:59:59.999Z') ?? Infinity,
  ]
  const isWithin = ({ record }: ReadLine): boolean => {
    const at = record ? Date.parse(record.entry.ts) : begin
    return at >= begin && at <= end
  }
  const signed = new Map(
    checkpoints.flatMap((line) => {
      const one = checkpointOf(line)
      return one?.chain === chain ? [[one.seq, line] as const] : []
    }),
  )
  if (form === 'csv') yield `${columns.join(',')},route,snapshot,problem\n`
  for await (const one of readForwards(audit, chain)) {
    if (!isWithin(one)) continue
    if (form === 'csv') {
      if (one.record) yield csvLine(one.record.entry)
      continue
    }
    yield `${one.line}\n`
    const checkpoint = signed.get(one.seq)
    if (checkpoint !== undefined) yield `{"checkpoint":${checkpoint}}\n`
  }
}

function csvLine(entry: AuditEntry): string {
  const { route, snapshot, problem } = entry.detail
  return `${[...columns.map((name) => entry[name]), route, snapshot, problem].map(cell).join(',')}\n`
}

/** RFC 4180; a cell that a spreadsheet would run is made text. */
function cell(value: string | number | null | undefined): string {
  const text = clean(String(value ?? ''))
  const tame = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}
