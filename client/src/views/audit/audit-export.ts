import { AuditReply, type AuditRow } from '../../../../graph/wire-audit.ts'
import { ask, problemOf } from '../../api/ask.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { saveBlob } from '../../model/save.ts'
import { plural } from '../../model/verdict.ts'
import { auditUrl, type AuditFilter } from './audit-filter.ts'
import { aboutOf, changeOf, factsOf, reasonOf } from './audit-words.ts'

const PAGE = 500
const MOST = 100_000

const columns = [
  ...[
    'seq',
    'time',
    'who',
    'role',
    'via',
    'action',
    'words',
    'outcome',
    'object',
    'about',
    'before',
    'after',
    'reason',
  ],
  ...['facts', 'plan', 'snapshot', 'chain'],
]

/**
 * Every entry that fits the filter, not only those shown. Narrowed by time alone, the server writes the file: oldest
 * first, with macs and checkpoints, so that it can be verified.
 */
export async function exportAudit(filter: AuditFilter, form: 'jsonl' | 'csv'): Promise<void> {
  if (Object.keys(filter).every((key) => key === 'from' || key === 'to')) return exportWhole(filter, form)
  const rows: AuditRow[] = []
  let cursor: number | null | undefined
  do {
    const outcome: Awaited<ReturnType<typeof page>> = await page(filter, cursor)
    if (!outcome.ok) return say(`Export stopped: ${outcome.failure.message}`)
    rows.push(...outcome.reply.rows)
    cursor = outcome.reply.cursor
  } while (cursor !== null && rows.length < MOST)
  const text =
    form === 'csv'
      ? `\uFEFF${csv([columns, ...rows.map(cells)])}`
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const type = form === 'csv' ? 'text/csv' : 'application/x-ndjson'
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), `keyfall-audit-${rows[0]?.seq ?? 0}.${form}`)
  say(
    `${plural(rows.length, 'entry', 'entries')} exported${cursor === null ? '' : '; older ones are left: narrow the time'}`,
  )
}

async function exportWhole({ from, to }: AuditFilter, form: 'jsonl' | 'csv'): Promise<void> {
  const query = new URLSearchParams({
    form: form === 'csv' ? 'csv' : 'ndjson',
    ...(from && { from }),
    ...(to && { to }),
  })
  try {
    const response = await fetch(`/api/audit/export?${query.toString()}`)
    if (!response.ok) return say(problemOf(await response.json().catch(() => null), response.status).message)
    saveBlob(await response.blob(), `keyfall-audit.${form}`)
    say(form === 'csv' ? 'Audit exported as CSV' : 'Audit exported with its macs and checkpoints')
  } catch {
    say('The server did not answer; nothing was exported')
  }
}

const page = (filter: AuditFilter, cursor: number | null | undefined) =>
  ask(AuditReply, auditUrl(filter, PAGE, cursor ?? undefined), { fresh: true })

function cells(row: AuditRow): string[] {
  const change = changeOf(row)
  return [
    ...[String(row.seq), row.ts, row.actor, row.role ?? '', row.via, row.action, row.words, row.outcome],
    ...[row.object ?? '', aboutOf(row), change?.before ?? '', change?.after ?? '', reasonOf(row), factsOf(row)],
    ...[row.detail.plan ?? '', row.detail.snapshot ?? '', row.chain],
  ]
}
