import { signal } from '@preact/signals'
import type { CutoverItem, CutoverWave, KeptPlanReply, PlanEdit, PlanStatus } from '../../../../graph/wire-cutover.ts'
import { cleanText } from '../../model/clean-name.ts'

export type Front = readonly (readonly [number, number, number, number])[]

export interface Fronts {
  readonly of: ReadonlyMap<string, Front>
  /** Dependants of the fullest band of all of them: one scale. */
  readonly most: number
}

/** A kept plan as the board draws it. */
export interface Board {
  readonly plan: KeptPlanReply
  /** Whoever looks may write it. */
  readonly mayWrite: boolean
  /** An edit is on its way: what is shown is the state before it. */
  readonly busy: boolean
  /** Says where the plan stands. Kept for good, so it is not undone. */
  readonly setStatus: (status: PlanStatus) => void
  /** Sends edits as one act that can be undone; `title` names it: "move KEY to wave 2". */
  readonly edit: (edits: readonly PlanEdit[], title: string) => void
}

export interface Moving {
  readonly credential: string
  readonly from: number
}

/** The card that is being dragged, and the one whose menu is open. */
export const dragged = signal<Moving | null>(null)
export const moving = signal<Moving | null>(null)

export interface Found {
  readonly wave: CutoverWave
  readonly item: CutoverItem
}

export function findItem(plan: KeptPlanReply, credential: string): Found | null {
  for (const wave of plan.waves)
    for (const item of wave.items) if (item.credential.id === credential) return { wave, item }
  return null
}

/** One card to another wave; one number more than there are makes a new one. */
export function move(board: Board, credential: string, to: number): void {
  const found = findItem(board.plan, credential)
  if (!found || found.wave.number === to || to < 1 || to > board.plan.waves.length + 1) return
  board.edit(
    [{ do: 'move', credential, wave: to }],
    `move ${cleanText(found.item.credential.name)} to ${to > board.plan.waves.length ? 'a new wave' : `wave ${to}`}`,
  )
}
