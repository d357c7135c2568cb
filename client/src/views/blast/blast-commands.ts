import type { BlastReply } from '../../../../graph/wire.ts'
import type { Command } from '../../app/commands.ts'
import { planPlace } from '../../app/for-plan.ts'
import { mayI } from '../../app/rights.ts'
import { place, push, pushHere } from '../../app/place.ts'
import { copy } from '../../app/say.ts'
import { undoCommands } from '../../app/undo.ts'
import { cleanText } from '../../model/clean-name.ts'
import { foldRows, systemRows } from '../../model/fold.ts'
import { summaryMarkdown } from '../../model/summary.ts'
import { stepRows } from '../../model/whatif-steps.ts'
import { drawerOpen } from '../../ui/panel.tsx'
import { grouping, openedFolds, showsBefore, stopOf, whyOf } from './blast-queries.ts'
import { exportCsv } from './export-csv.ts'
import { setStop } from './front-slider.tsx'
import { exportOpen } from './export-menu.tsx'
import { focusCell } from './grid-keys.ts'
import { neededIds } from './needed.ts'
import { doubtOpen } from './path-strip.tsx'
import { focusFilter, regroup } from './rows-bar.tsx'
import { tickOnly, toggleDiff, toggleStep } from './tick.ts'
import type { Scenario } from './use-whatif.ts'

/** What a person can do on Blast, by name and by key (client.md section 7). */
export function blastCommands(scenario: Scenario): Command[] {
  const { base, shown: reply, moves, ticked } = scenario
  return [
    { id: 'table', title: 'Picture or table', key: 't', run: () => pushHere({ shows: other(place.peek().shows) }) },
    { id: 'front-back', title: 'Front one band back', key: '[', run: () => setStop(reply, stopOf(reply) - 1) },
    { id: 'front-on', title: 'Front one band on', key: ']', run: () => setStop(reply, stopOf(reply) + 1) },
    { id: 'front-now', title: 'Front to now', key: '0', run: () => setStop(reply, 0) },
    { id: 'next-worst', title: 'Next worst dependant', key: 'n', run: () => step(reply, 1, false) },
    { id: 'previous-worst', title: 'Previous worst dependant', key: 'Shift+N', run: () => step(reply, -1, false) },
    { id: 'next-unknown', title: 'Next unknown', key: 'u', run: () => step(reply, 1, true) },
    { id: 'regroup', title: 'Regroup rows: system, owner, tier', key: 'o', run: regroup },
    { id: 'filter', title: 'Filter the rows', key: '/', run: focusFilter },
    { id: 'hide-others', title: 'Hide or show what the filter dims', run: toggleOthers },
    { id: 'why', title: 'Why: path of the selection', key: 'w', run: () => whyOfFocus(reply) },
    {
      id: 'path-previous',
      title: 'Previous path',
      key: ',',
      run: () => pushHere({ whyPath: Math.max(0, place.peek().whyPath - 1) }),
    },
    {
      id: 'path-next',
      title: 'Next path',
      key: '.',
      run: () => pushHere({ whyPath: Math.min(8, place.peek().whyPath + 1) }),
    },
    ...stepRows(base, moves, ticked)
      .filter((row) => row.key !== null)
      .map((row) => ({
        id: `step-${row.key}`,
        title: `${row.ticked ? 'Untick' : 'Tick'} step ${row.key}: ${cleanText(row.step.title)}`,
        key: row.key!,
        run: () => toggleStep(base, row.step.id),
      })),
    {
      id: 'tick-needed',
      title: 'Tick all needed steps',
      run: () => tickOnly(neededIds(scenario), 'tick all needed steps'),
    },
    { id: 'untick-all', title: 'Untick all steps', run: () => tickOnly([], 'untick all steps') },
    { id: 'diff', title: 'Before and after, side by side', key: 'd', run: toggleDiff },
    { id: 'before', title: 'Before the steps (while held)', key: 'b', run: () => void (showsBefore.value = true) },
    ...undoCommands(),
    {
      id: 'copy-summary',
      title: 'Copy summary as Markdown',
      key: 'Shift+C',
      run: () => copySummary(base, reply, ticked),
    },
    {
      id: 'doubt',
      title: 'Doubt it: a hop is wrong, or a user is missing',
      run: () => void (doubtOpen.value = mayI('map.annotate')),
    },
    { id: 'plan-this', title: 'Plan this cutover', run: () => push(planPlace([reply.subject.id], reply.op)) },
    { id: 'export', title: 'Export', key: 'e', run: () => void (exportOpen.value = true) },
    { id: 'export-csv', title: 'Export dependants as CSV', run: () => void exportCsv(base) },
    { id: 'clear', title: 'Clear the selection', key: 'Escape', run: clear },
    ...reply.ops
      .filter((entry) => entry.available && entry.op !== reply.op)
      .map((entry) => ({
        id: `op-${entry.op}`,
        title: `What if: ${entry.title}`,
        run: () => pushHere({ op: entry.op }),
      })),
  ]
}

const toggleOthers = (): void => pushHere({ onlyFits: !place.peek().onlyFits })

/** The answer, with its ticked steps, as Markdown for a ticket. */
export const copySummary = (base: BlastReply, shown: BlastReply, ticked: readonly string[]): void =>
  void copy(summaryMarkdown(shown, location.href, ticked, base), 'Summary')

const other = (shows: 'picture' | 'table'): 'picture' | 'table' => (shows === 'picture' ? 'table' : 'picture')

function clear(): void {
  if (drawerOpen.peek()) {
    drawerOpen.value = false
    return
  }
  const { cell, why, tab } = place.peek()
  if (cell !== '' || why !== '') pushHere({ cell: '', why: '', whyPath: 0, tab: tab === 'selection' ? '' : tab })
}

interface Stop {
  readonly member: string
  readonly cell: string
}

/** Dependants in the order of worry: what breaks, then what needs steps, then unknowns; earlier bands first. */
function walk(reply: BlastReply, onlyUnknown: boolean): Stop[] {
  const rows = foldRows(systemRows(reply), openedFolds.peek().split(',').filter(Boolean), grouping.peek())
  const stops: (Stop & { rank: number; band: number })[] = []
  for (const row of rows) {
    if (row.kind === 'more' || (row.kind === 'fold' && row.opened)) continue
    row.cells.forEach((cell, band) => {
      for (const member of cell?.members ?? []) {
        const rank = ['breaks', 'steps', 'unknown', 'keeps'].indexOf(member.verdict)
        if (rank === 3 || (onlyUnknown && rank !== 2)) continue
        stops.push({ member: member.id, cell: `${row.id}.${reply.bands[band]!.id}`, rank, band })
      }
    })
  }
  return stops.sort((a, b) => a.rank - b.rank || a.band - b.band)
}

function step(reply: BlastReply, by: 1 | -1, onlyUnknown: boolean): void {
  const stops = walk(reply, onlyUnknown)
  if (stops.length === 0) return
  const now = stops.findIndex((stop) => stop.member === whyOf(reply))
  const next = stops[now < 0 ? (by === 1 ? 0 : stops.length - 1) : (now + by + stops.length) % stops.length]!
  pushHere({ why: next.member, whyPath: 0, cell: next.cell })
  focusOn(next.cell)
}

/** Opens the path of the worst dependant in the focused or chosen cell. */
function whyOfFocus(reply: BlastReply): void {
  const focused = document.activeElement?.getAttribute('data-cell') ?? place.peek().cell
  const stop = walk(reply, false).find((candidate) => candidate.cell === focused)
  if (stop) pushHere({ why: stop.member, whyPath: 0, cell: stop.cell })
  else if (place.peek().why === 'none') pushHere({ why: '', whyPath: 0 })
}

function focusOn(cell: string): void {
  requestAnimationFrame(() => {
    const button = document.getElementById(`cell-${cell}`)
    const grid = button?.closest('table')
    if (!button || !grid) return
    focusCell(grid, button)
    button.scrollIntoView({ block: 'nearest' })
  })
}
