import type { EstateReply } from '../../../../graph/wire-estate.ts'
import type { Command } from '../../app/commands.ts'
import { pushHere } from '../../app/place.ts'
import { mayI } from '../../app/rights.ts'
import { undoCommands } from '../../app/undo.ts'
import { bulkOpen } from './bulk-edit.tsx'
import { choose, chooseNone, chosenRows } from './chosen-rows.ts'
import { exportEstate } from './export-estate.ts'

const focusFilter = (): void => document.getElementById('filter')?.focus()

/** What can be done on Estate, by name and key. */
export function estateCommands(reply: EstateReply | null, url: string): Command[] {
  return [
    { id: 'filter', title: 'Filter the estate', key: '/', run: focusFilter },
    ...(reply
      ? [
          {
            id: 'choose-all',
            title: 'Choose the rows shown',
            run: () =>
              choose(
                reply.rows.map(({ id }) => id),
                true,
              ),
          },
          {
            id: 'bulk-edit',
            title: 'State owner, purpose, rule of the chosen',
            run: () => void (bulkOpen.value = mayI('map.annotate') && chosenRows.peek().size > 0),
          },
          { id: 'choose-none', title: 'Choose none', run: chooseNone },
          { id: 'export-csv', title: 'Export CSV', key: 'e', run: () => void exportEstate(url, reply.matched) },
          {
            id: 'export-pseudonyms',
            title: 'Export CSV with pseudonyms instead of names',
            run: () => void exportEstate(url, reply.matched, true),
          },
          ...reply.gaps
            .filter(({ count }) => count > 0)
            .map(({ id, title }) => ({ id: `gap-${id}`, title: `Gap: ${title}`, run: () => pushHere({ id }) })),
        ]
      : []),
    ...undoCommands(),
  ]
}
