import type { Command } from '../../app/commands.ts'
import { at, place, push, pushHere } from '../../app/place.ts'
import { copy } from '../../app/say.ts'
import { drawerOpen, openDrawer } from '../../ui/panel.tsx'
import { copyCommands } from './contain-tab.tsx'
import { exportTimeline, reachMarkdown } from './export-reach.ts'
import { notes } from './notes.ts'
import { exportOpen } from './reach-export.tsx'
import type { ShownReach } from './shown-reach.ts'
import { optionsOf } from './reach-queries.ts'
import { tickOnly, toggleAction } from './tick-action.ts'
import { writeNote } from './timeline-tab.tsx'

/** What a person can do on Reach, by name and by key. */
export function reachCommands({ reply, together }: Pick<ShownReach, 'reply' | 'together'>): Command[] {
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
      run: () => toggleAction(reply, option.id),
    })),
    { id: 'mode-can', title: 'Draw what can be reached', run: () => pushHere({ mode: 'can' }) },
    { id: 'mode-used', title: 'Draw what was used', run: () => pushHere({ mode: 'used' }) },
    { id: 'mode-both', title: 'Draw both', run: () => pushHere({ mode: 'both' }) },
    { id: 'copy-commands', title: 'Copy the commands of what is ticked', run: () => copyCommands(reply) },
    {
      id: 'copy-summary',
      title: 'Copy summary as Markdown',
      key: 'Shift+C',
      run: () => void copy(reachMarkdown(reply, location.href, together, notes.peek()), 'Summary'),
    },
    { id: 'export', title: 'Export', key: 'e', run: () => void (exportOpen.value = true) },
    { id: 'note', title: 'Pin this view with a note', key: 'm', run: writeNote },
    { id: 'export-timeline', title: 'Export the timeline as Markdown', run: () => exportTimeline(reply) },
    { id: 'untick', title: 'Untick all actions', run: () => tickOnly([], 'untick all') },
    {
      id: 'cheapest',
      title: 'Tick the cheapest set',
      run: () =>
        tickOnly(
          reply.containment.cut.map(({ id }) => id),
          'tick the cheapest set',
        ),
    },
    ...['contain', 'rotate', 'selection', 'timeline'].map((tab) => ({
      id: `tab-${tab}`,
      title: `Show the tab ${tab}`,
      run: () => {
        pushHere({ tab: tab === 'contain' ? '' : tab })
        openDrawer()
      },
    })),
    ...(reply.subject.role === 'credential'
      ? [
          {
            id: 'to-blast',
            title: 'Open its Blast',
            run: () => push({ ...at('blast', reply.subject.id), snap: reply.snapshot.id }),
          },
        ]
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
