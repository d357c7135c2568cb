import type { ReachReply } from '../../../../graph/wire.ts'
import type { Command } from '../../app/commands.ts'
import { at, place, push, pushHere } from '../../app/place.ts'
import { copy } from '../../app/say.ts'
import { drawerOpen } from '../../ui/panel.tsx'
import { copyCommands } from './contain-tab.tsx'
import { exportReachCsv, exportReachMarkdown, reachMarkdown } from './export-reach.ts'
import { optionsOf, toggleAction } from './reach-queries.ts'

/** What a person can do on Reach, by name and by key. */
export function reachCommands(reply: ReachReply): Command[] {
  const options = optionsOf(reply)
  return [
    {
      id: 'table',
      title: 'Picture or table',
      key: 't',
      run: () => pushHere({ shows: place.peek().shows === 'picture' ? 'table' : 'picture' }),
    },
    ...options.slice(0, 9).map((option, i) => ({
      id: `tick-${i + 1}`,
      title: `Tick or untick: ${option.title}`,
      key: String(i + 1),
      run: () => toggleAction(option.id),
    })),
    { id: 'mode-can', title: 'Draw what can be reached', run: () => pushHere({ mode: 'can' }) },
    { id: 'mode-used', title: 'Draw what was used', run: () => pushHere({ mode: 'used' }) },
    { id: 'mode-both', title: 'Draw both', run: () => pushHere({ mode: 'both' }) },
    { id: 'copy-commands', title: 'Copy the commands of what is ticked', run: () => copyCommands(reply) },
    {
      id: 'copy-summary',
      title: 'Copy summary as Markdown',
      key: 'Shift+C',
      run: () => void copy(reachMarkdown(reply, location.href), 'Summary'),
    },
    { id: 'export-csv', title: 'Export as CSV', run: () => exportReachCsv(reply) },
    { id: 'export-markdown', title: 'Export as Markdown', run: () => exportReachMarkdown(reply) },
    ...(reply.subject.role === 'credential'
      ? [{ id: 'to-blast', title: 'Open its Blast', run: () => push(at('blast', reply.subject.id)) }]
      : []),
    { id: 'clear', title: 'Clear the selection', key: 'Escape', run: clear },
  ]
}

function clear(): void {
  if (drawerOpen.peek()) {
    drawerOpen.value = false
    return
  }
  const { selected, tab } = place.peek()
  if (selected !== '') pushHere({ selected: '', tab: tab === 'selection' ? '' : tab })
}
