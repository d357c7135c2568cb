import { ItemsReply, type BlastReply, type Dependent } from '../../../../graph/wire.ts'
import { ask } from '../../api/ask.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { utc } from '../../model/moments.ts'
import { save } from '../../model/save.ts'
import { exact, rowOf } from '../../model/verdict.ts'
import { itemsUrl } from './blast-queries.ts'
import { bandTitle } from './dependants-table.tsx'
import { strengthWords } from './strength.ts'

const columns = [
  'dependant',
  'kind',
  'where',
  'system',
  'when',
  'verdict',
  'why',
  'evidence',
  'owner',
  'steps',
  'id',
] as const

/** All dependants as CSV, not only those drawn; the last lines say what the file stands on. */
export async function exportCsv(reply: BlastReply, mask: <T>(items: T) => T = (items) => items): Promise<void> {
  const items: Dependent[] = []
  let cursor: number | undefined
  do {
    const outcome = await ask(ItemsReply, itemsUrl(reply, cursor === undefined ? {} : { cursor: String(cursor) }), {
      fresh: true,
    })
    if (!outcome.ok) return say(`Export stopped: ${outcome.failure.message}`)
    items.push(...mask(outcome.reply.items))
    cursor = outcome.reply.next
    if (cursor !== undefined) say(`Exporting: ${exact(items.length)} of ${exact(outcome.reply.total)}`)
  } while (cursor !== undefined)
  const rows = items.map((item) => rowOfItem(reply, item))
  save(csv([[...columns], ...rows, [], ...footer(reply, items.length)]), fileName(reply), 'text/csv')
  say(`${exact(items.length)} dependants exported`)
}

const rowOfItem = (reply: BlastReply, item: Dependent): string[] => [
  item.name,
  item.title,
  item.where ?? '',
  item.system,
  bandTitle(reply, item.band),
  rowOf(item.verdict).word,
  item.why,
  strengthWords[item.strength].word,
  item.owner ?? '',
  item.steps.join('; '),
  item.id,
]

function footer(reply: BlastReply, count: number): string[][] {
  return [
    ['subject', reply.subject.name],
    ['operation', reply.op],
    ['verdict', reply.headline.title],
    ['dependants in this file', String(count)],
    ['graph as of', reply.snapshot.at === null ? '' : utc(reply.snapshot.at)],
    ['snapshot', reply.snapshot.id],
    ['coverage', reply.coverage.sentence],
    ['link', location.href],
  ]
}

/** `keyfall-blast-AKIAxQK7-20261120T0400Z.csv`. */
export function fileName(reply: BlastReply, ending = 'csv'): string {
  const name = reply.subject.name.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 40)
  const at = (reply.snapshot.at ?? '').replace(/[-:]/g, '').slice(0, 13)
  return `keyfall-blast-${name}-${at}Z.${ending}`
}
