import { useEffect, useLayoutEffect } from 'preact/hooks'
import { EstateReply } from '../../../../graph/wire-estate.ts'
import type { KeptPlanReply } from '../../../../graph/wire-cutover.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { place, pushHere, settled } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { asOf } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { mostOf } from '../../ui/hit-row.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { DrawerButton } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { findItem, moving, type Board, type Fronts } from './board.ts'
import { CredentialPanel } from './credential-panel.tsx'
import { cutoverCommands } from './cutover-commands.ts'
import { statusWords } from './cutover-words.ts'
import { ExportPlan, exportPlanOpen } from './export-plan.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { Runbook } from './runbook.tsx'
import { isOver, StatusActs } from './status-acts.tsx'
import { useMe, usePlan } from './use-plan.ts'
import { WaveColumns } from './wave-columns.tsx'
import { WaveDetail } from './wave-detail.tsx'
import { WaveTable } from './wave-table.tsx'

/** A plan: its waves, and under them the chosen wave or the runbook of the chosen credential. */
export function PlanView({ id }: { id: string }) {
  const { reply, plan, busy, edit, setStatus } = usePlan(id)
  const me = useMe()
  const { part } = place.value
  const mayWrite = me.data !== null && me.data.may.includes('plan.write') && plan !== null && !isOver(plan)
  const board: Board | null = plan && { plan, busy, edit, setStatus, mayWrite }
  const found = plan && part !== '' ? findItem(plan, part) : null
  useEffect(() => {
    if (!plan) return
    standsOn(plan.snapshot)
    here(
      ['Cutover', plan.name, ...(found ? [found.item.credential.name] : [])],
      `${found ? `${found.item.credential.name} · ` : ''}${plan.name}`,
    )
    settled()
  }, [plan, part])
  useLayoutEffect(() => (board ? setOfView(cutoverCommands(board)) : undefined))
  return (
    <>
      <main class="main cutover" id="main" data-scroller>
        <Region reply={{ ...reply, data: board }} skeleton={<Bars rows={6} height={70} />}>
          {(shown) => <Shown board={shown} />}
        </Region>
        <DrawerButton>{found ? 'Gates, sign-offs, rollback' : 'What is in the way, names, history'}</DrawerButton>
      </main>
      {board && (found ? <CredentialPanel board={board} found={found} /> : <PlanPanel board={board} />)}
      {board && moving.value !== null && <MoveDialog board={board} />}
      {board && exportPlanOpen.value && <ExportPlan board={board} />}
    </>
  )
}

/** The wave whose details stand under the board: the chosen one, that of the chosen credential, else the first. */
function chosenWave(plan: KeptPlanReply): number {
  const { selected, part } = place.value
  const said = /^w(\d+)$/.exec(selected)
  const found = part === '' ? null : findItem(plan, part)
  return found?.wave.number ?? (said ? Number(said[1]) : (plan.waves[0]?.number ?? 0))
}

function Shown({ board }: { board: Board }) {
  const { plan } = board
  const estate = useReply(EstateReply, '/api/estate?limit=200', `fronts ${edition.value}`)
  const rows = estate.data?.rows ?? []
  const fronts: Fronts = {
    of: new Map(rows.flatMap((row) => (row.front ? [[row.id, row.front.cells] as const] : []))),
    most: mostOf(rows),
  }
  const { part, shows } = place.value
  const wave = plan.waves.find(({ number }) => number === chosenWave(plan))
  const found = part === '' ? null : findItem(plan, part)
  return (
    <>
      <Head board={board} />
      {plan.waves.length === 0 ? (
        <p>No credential is in this plan. Add some from the Estate, or from the Blast of one.</p>
      ) : shows === 'table' ? (
        <WaveTable board={board} />
      ) : (
        <WaveColumns board={board} fronts={fronts} chosen={wave?.number ?? 0} />
      )}
      {part !== '' && !found && (
        <p class="guard" role="alert">
          The credential of this link is not in the plan: it was taken out, or belongs to another one.
        </p>
      )}
      {found ? <Runbook key={part} board={board} found={found} /> : wave && <WaveDetail board={board} wave={wave} />}
    </>
  )
}

function Head({ board }: { board: Board }) {
  const { plan } = board
  const { totals, snapshot } = plan
  return (
    <header class="cutover-head">
      <h1>{cleanText(plan.name)}</h1>
      <p class="mut grow">
        {statusWords[plan.status]}, version {exact(plan.version)} ·{' '}
        {snapshot.at === null ? 'no graph yet' : `computed against the graph as of ${asOf(snapshot.at, Date.now())}`}
      </p>
      <p class="acts">
        {board.mayWrite && <StatusActs board={board} />}
        <button
          type="button"
          aria-pressed={place.value.shows === 'table'}
          onClick={() => pushHere({ shows: place.peek().shows === 'table' ? 'picture' : 'table' })}
        >
          Table
        </button>
        <button type="button" id="plan-export" onClick={() => (exportPlanOpen.value = true)}>
          Export
        </button>
        <button type="button" onClick={() => print()}>
          Print runbook
        </button>
      </p>
      <p class="plan-says" role="status">
        <Glyph verdict={plan.ready ? 'keeps' : totals.lapsed > 0 ? 'breaks' : 'steps'} size={16} />{' '}
        <strong>{plan.title}.</strong> {plan.sentence}
        {totals.lapsed > 0 && ` ${plural(totals.lapsed, 'sign-off')} lapsed.`}
        {totals.reviewsDue > 0 && ` ${plural(totals.reviewsDue, 'break-glass sign-off')} to be reviewed.`}
      </p>
    </header>
  )
}
