import { AroundReply, type MapGroup, type MapReply } from '../../../../graph/wire-map.ts'
import { ask } from '../../api/ask.ts'
import { place } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { save } from '../../model/save.ts'
import { exact } from '../../model/verdict.ts'
import type { Mask } from '../../ui/export-dialog.tsx'
import { strengthWords } from '../blast/strength.ts'
import { natureWords, sideWords, verbsOf } from './map-words.ts'

/** Members of a group on one page of an export. */
const PAGE = 1_000

/** Every thing around the focus as CSV, also of folded groups. */
export async function exportAround(answer: AroundReply, mask: Mask): Promise<void> {
  const { groups, up, down, snapshot } = answer
  const focus = mask(answer).focus
  const rows: string[][] = []
  for (const group of groups) {
    for (let page = 1; (page - 1) * PAGE < group.count; page++) {
      const outcome = await membersOf(focus.id, group, page)
      if (!outcome.ok) return say(`Export stopped: ${outcome.failure.message}`)
      const found = mask(outcome.reply).groups.find(({ id }) => id === group.id)
      for (const thing of found?.things ?? [])
        rows.push([
          sideWords[group.side].title,
          natureWords[group.side][group.nature],
          thing.name,
          thing.title,
          thing.where ?? '',
          verbsOf(thing),
          thing.implied ? 'implied' : thing.edges.map(({ strength }) => strengthWords[strength].word).join('; '),
          thing.edges.map(({ fact }) => fact).join('; '),
          String(thing.onward),
          thing.id,
        ])
      if (rows.length < up + down && rows.length > 0) say(`Exporting: ${exact(rows.length)} of ${exact(up + down)}`)
    }
  }
  const head = ['side', 'meaning', 'name', 'kind', 'where', 'from the focus', 'evidence', 'fact', 'leads on to', 'id']
  const foot = [[], ['focus', focus.name, focus.id], ['snapshot', snapshot.id], ['link', location.href]]
  save(csv([head, ...rows, ...foot]), `keyfall-map-${focus.id}.csv`, 'text/csv')
  say(`${exact(rows.length)} things exported`)
}

function membersOf(id: string, group: MapGroup, page: number) {
  const { hidden } = place.peek()
  const query = new URLSearchParams({ open: `${group.id}*${page}`, size: String(PAGE) })
  if (hidden.length > 0) query.set('hide', hidden.join(','))
  return ask(AroundReply, `/api/map/${id}?${query.toString()}`, { fresh: true })
}

/** Every cell of the matrix as CSV, with the systems that stand alone. */
export function exportMatrix({ rows, cells, folded, snapshot }: MapReply): void {
  const pairs = cells.map(([y, x, shared, needs]) => {
    const [row, column] = [rows[y]!, rows[x]!]
    return [
      row.name,
      row.domain ?? '',
      column.name,
      column.domain ?? '',
      String(shared),
      String(needs),
      row.id,
      column.id,
    ]
  })
  const head = ['system', 'domain', 'with', 'its domain', 'shared credentials', 'dependencies on it', 'id', 'its id']
  const alone = rows
    .filter((_, at) => cells.every(([row, column]) => row !== at && column !== at))
    .map((row) => [row.name, row.domain ?? '', '', '', '0', '0', row.id, ''])
  const foot = [
    [],
    ...(folded === null ? [] : [['folded', folded]]),
    ['snapshot', snapshot.id],
    ['link', location.href],
  ]
  save(csv([head, ...pairs, ...alone, ...foot]), 'keyfall-map.csv', 'text/csv')
  say(`${exact(pairs.length)} pairs exported`)
}
