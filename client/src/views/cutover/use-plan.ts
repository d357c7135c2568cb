import { useState } from 'preact/hooks'
import { MeReply } from '../../../../graph/wire-people.ts'
import { KeptPlanReply, type PlanEdit, type PlanStatus } from '../../../../graph/wire-cutover.ts'
import { forget } from '../../api/ask.ts'
import { edition } from '../../api/live.ts'
import { useReply, type Reply } from '../../api/use-reply.ts'
import { say } from '../../app/say.ts'
import { act } from '../../app/undo.ts'
import { sentence } from './cutover-words.ts'
import { patchPlan, planUrl } from './plan-calls.ts'

export interface PlanInHand {
  readonly reply: Reply<KeptPlanReply>
  readonly plan: KeptPlanReply | null
  readonly busy: boolean
  readonly setStatus: (status: PlanStatus) => void
  readonly edit: (edits: readonly PlanEdit[], title: string) => void
}

/** A kept plan and its edits. The server's answer to an edit takes the place of what was read. */
export function usePlan(id: string): PlanInHand {
  const reply = useReply(KeptPlanReply, planUrl(id), `plan ${id} ${edition.value}`)
  const [edited, setEdited] = useState<{ of: KeptPlanReply | null; plan: KeptPlanReply } | null>(null)
  const [busy, setBusy] = useState(false)
  const plan = edited !== null && edited.of === reply.data && edited.plan.id === id ? edited.plan : reply.data
  let version = plan?.version ?? 0

  /** Sends edits on top of the newest version; tells the version they made, or 0. */
  const send = async (edits: readonly PlanEdit[]): Promise<number> => {
    setBusy(true)
    const outcome = await patchPlan(id, version, edits)
    setBusy(false)
    forget()
    if (!outcome.ok) {
      say(`${sentence(outcome.failure.message)}: ${outcome.failure.hint ?? ''}`)
      if (outcome.failure.status === 409) reply.retry()
      return 0
    }
    version = outcome.reply.version
    setEdited({ of: reply.data, plan: outcome.reply })
    return version
  }

  const edit = (edits: readonly PlanEdit[], title: string): void => {
    let made = 0
    act({
      title,
      redo: () => void send(edits).then((done) => (made = done)),
      undo: () => void (made > 0 && send([{ do: 'undo', edit: made }])),
    })
  }
  const setStatus = (status: PlanStatus): void => void send([{ do: 'status', status }])
  return { reply, plan, busy, edit, setStatus }
}

/** What whoever looks may do; `null` until it is known. */
export const useMe = (): Reply<MeReply> => useReply(MeReply, '/api/me', `me ${edition.value}`)
