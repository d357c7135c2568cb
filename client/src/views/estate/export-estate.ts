import { EstateReply, type EstateRow } from '../../../../graph/wire-estate.ts'
import { ask } from '../../api/ask.ts'
import { freshness } from '../../api/live.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { exportName } from '../../model/export-name.ts'
import { utc } from '../../model/moments.ts'
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

/** Every row of this filter as CSV, not only those shown; with pseudonyms no name of the estate is in the file. */
export async function exportEstate(url: string, matched: number, pseudonyms = false): Promise<void> {
  const mask = pseudonyms ? (await import('../../app/masks.ts')).masked : <T>(reply: T): T => reply
  const rows: EstateRow[] = []
  let last: EstateReply | undefined
  let cursor: number | undefined = 0
  while (cursor !== undefined) {
    const outcome: Awaited<ReturnType<typeof page>> = await page(url, cursor)
    if (!outcome.ok) return say(`Export stopped: ${outcome.failure.message}`)
    const reply = mask(outcome.reply)
    rows.push(...reply.rows)
    last = reply
    cursor = outcome.reply.next
    if (cursor !== undefined) say(`Exporting: ${exact(rows.length)} of ${exact(matched)}`)
  }
  const { snapshot } = last!
  const foot = [
    ['rows in this file', `${rows.length} of ${matched}`],
    ['graph as of', snapshot.at === null ? '' : utc(snapshot.at)],
    ['snapshot', snapshot.id],
    ['sources', sourcesWords()],
    ...(pseudonyms ? [] : [['link', location.href]]),
  ]
  const file = exportName('estate', pseudonyms ? 'pseudonyms' : '', snapshot.at, 'csv')
  save(csv([[...columns], ...rows.map(cellsOf), [], ...foot]), file, 'text/csv')
  say(`${exact(rows.length)} credentials exported`)
}

/** "23 of 24 fresh": what the rows stand on. */
function sourcesWords(): string {
  const sources = freshness.peek()?.sources ?? []
  return `${sources.filter(({ stale }) => !stale).length} of ${sources.length} fresh`
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
