import type { KeptPlanReply, PlanStatus } from '../../../../graph/wire-cutover.ts'
import { plural } from '../../model/verdict.ts'
import type { Board } from './board.ts'

interface Act {
  readonly to: PlanStatus
  readonly title: string
  /** It takes a plan with nothing in the way. */
  readonly whenReady: boolean
}

/** What a plan may become from where it was last set. */
const acts: Readonly<Record<PlanStatus, readonly Act[]>> = {
  draft: [{ to: 'ready', title: 'Set ready', whenReady: true }],
  ready: [
    { to: 'running', title: 'Begin', whenReady: true },
    { to: 'draft', title: 'Back to draft', whenReady: false },
  ],
  running: [
    { to: 'closed', title: 'Close', whenReady: false },
    { to: 'rolled-back', title: 'It was rolled back', whenReady: false },
  ],
  closed: [],
  'rolled-back': [],
}

export const isOver = ({ kept }: KeptPlanReply): boolean => acts[kept].length === 0

/** The next states of the plan. Not undone: answered by another act, and in its history for good. */
export function StatusActs({ board: { plan, busy, setStatus } }: { board: Board }) {
  return (
    <>
      {acts[plan.kept].map(({ to, title, whenReady }) => {
        const why = whenReady && !plan.ready ? `${plural(plan.blockersCount, 'thing')} in the way` : ''
        return (
          <button
            type="button"
            key={to}
            id={`status-${to}`}
            disabled={busy || why !== ''}
            title={why === '' ? undefined : why}
            onClick={() => setStatus(to)}
          >
            {title}
          </button>
        )
      })}
    </>
  )
}
