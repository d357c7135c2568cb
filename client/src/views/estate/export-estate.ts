import { EstateReply, type EstateRow } from '../../../../graph/wire-estate.ts'
import { ask } from '../../api/ask.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { save } from '../../model/save.ts'
import { exact, overallRows } from '../../model/verdict.ts'
import { withCursor } from './estate-queries.ts'

const columns = [
  'credential',
  'kind',
  'where',
  'owner',
  'purpose',
  'rotation rule',
  'expiry',
  'age in days',
  'days since last use',
  'systems',
  'places',
  'users',
  'gaps',
  'verdict',
  'id',
] as const

/** Every row of this filter as CSV, not only those shown. */
export async function exportEstate(url: string, matched: number): Promise<void> {
  const rows: EstateRow[] = []
  let cursor: number | undefined = 0
  while (cursor !== undefined) {
    const outcome: Awaited<ReturnType<typeof page>> = await page(url, cursor)
    if (!outcome.ok) return say(`Export stopped: ${outcome.failure.message}`)
    rows.push(...outcome.reply.rows)
    cursor = outcome.reply.next
    if (cursor !== undefined) say(`Exporting: ${exact(rows.length)} of ${exact(matched)}`)
  }
  save(csv([[...columns], ...rows.map(cellsOf), [], ['link', location.href]]), 'keyfall-estate.csv', 'text/csv')
  say(`${exact(rows.length)} credentials exported`)
}

const page = (url: string, cursor: number) => ask(EstateReply, withCursor(url, cursor), { fresh: true })

const number = (value: number | null): string => (value === null ? '' : String(value))

const cellsOf = (row: EstateRow): string[] => [
  row.name,
  row.title,
  row.where ?? '',
  row.owner ?? '',
  row.purpose ?? '',
  row.rotation ?? '',
  row.expiresAt ?? '',
  number(row.ageDays),
  number(row.usedDays),
  row.systems.join('; '),
  String(row.places),
  String(row.users),
  row.flags.join(' '),
  row.front ? overallRows[row.front.verdict].word : '',
  row.id,
]
