import type { Command } from '../../app/commands.ts'
import { at, place, push, pushHere } from '../../app/place.ts'
import { undoCommands } from '../../app/undo.ts'
import { cleanText } from '../../model/clean-name.ts'
import { drawerOpen } from '../../ui/panel.tsx'
import { findItem, move, moving, type Board } from './board.ts'
import { focusedCard } from './board-keys.ts'
import { exportForms, exportPlan, exportPlanOpen } from './export-plan.tsx'

/** The credential that keys act on: the focused card, else the one whose runbook is open. */
const subject = (): string => focusedCard() ?? place.peek().part

/** What a person can do in a plan, by name and by key. */
export function cutoverCommands(board: Board): Command[] {
  const { plan } = board
  const shift = (by: 1 | -1): void => {
    const found = findItem(plan, subject())
    if (found) move(board, found.item.credential.id, found.wave.number + by)
  }
  const open = place.value.part
  return [
    { id: 'table', title: 'Board or table', key: 't', run: toggleTable },
    ...(board.mayWrite
      ? [
          { id: 'move', title: 'Move to wave…', key: 'm', run: () => openMenu(board) },
          { id: 'move-back', title: 'Move to the wave before', key: '<', run: () => shift(-1) },
          { id: 'move-on', title: 'Move to the wave after', key: '>', run: () => shift(1) },
        ]
      : []),
    ...undoCommands(),
    { id: 'export', title: 'Export', key: 'e', run: () => void (exportPlanOpen.value = true) },
    ...exportForms.map(({ id, title }) => ({
      id: `export-${id}`,
      title: `Export the plan as ${title}`,
      run: () => void exportPlan(plan, id),
    })),
    { id: 'print', title: 'Print runbook', run: () => print() },
    ...plan.waves.map((wave) => ({
      id: `wave-${wave.number}`,
      title: `Go to wave ${wave.number}${wave.title === '' ? '' : `: ${cleanText(wave.title)}`}`,
      run: () => pushHere({ selected: `w${wave.number}`, part: '', tab: '' }),
    })),
    ...(open === ''
      ? []
      : [
          {
            id: 'sign',
            title: 'Open the sign-off page',
            run: () => push({ ...at('cutover', plan.id, open), tab: 'sign' }),
          },
          ...(['gates', 'signs', 'rollback', 'names'] as const).map((tab) => ({
            id: `tab-${tab}`,
            title: `Show ${tab === 'signs' ? 'sign-offs' : tab}`,
            run: () => pushHere({ tab: tab === 'gates' ? '' : tab }),
          })),
        ]),
    { id: 'clear', title: 'Close the runbook', key: 'Escape', run: close },
  ]
}

const toggleTable = (): void => pushHere({ shows: place.peek().shows === 'table' ? 'picture' : 'table' })

function openMenu({ plan }: Board): void {
  const found = findItem(plan, subject())
  if (found) moving.value = { credential: found.item.credential.id, from: found.wave.number }
}

function close(): void {
  if (drawerOpen.peek()) {
    drawerOpen.value = false
    return
  }
  const { part } = place.peek()
  if (part === '') return
  pushHere({ part: '', tab: '' })
  requestAnimationFrame(() => document.getElementById(`card-${part}`)?.focus())
}
