import {
  KeptPlanReply,
  KeptRunbookReply,
  PlansReply,
  SignOffsReply,
  type ExportForm,
  type GiveSignOff,
  type PlanEdit,
} from '../../../../graph/wire-cutover.ts'
import { ask, type Outcome } from '../../api/ask.ts'

/** Addresses of kept plans, and what is sent to them. */
export const plansUrl = '/api/plans'
export const planUrl = (plan: string): string => `/api/plans/${plan}`
export const runbookUrl = (plan: string, credential: string): string => `/api/plans/${plan}/runbook/${credential}`
export const signOffsUrl = (plan: string, credential: string): string =>
  `/api/plans/${plan}/signoffs?credential=${credential}`
export const exportUrl = (plan: string, format: ExportForm): string => `/api/plans/${plan}/export?format=${format}`

export const patchPlan = (plan: string, version: number, edits: readonly PlanEdit[]): Promise<Outcome<KeptPlanReply>> =>
  ask(KeptPlanReply, planUrl(plan), { method: 'PATCH', body: { version, edits } })

export const createPlan = (body: object): Promise<Outcome<KeptPlanReply>> =>
  ask(KeptPlanReply, plansUrl, { method: 'POST', body })

export const deletePlan = (plan: string, version: number): Promise<Outcome<PlansReply>> =>
  ask(PlansReply, `${planUrl(plan)}?version=${version}`, { method: 'DELETE' })

export const giveSignOff = (plan: string, body: GiveSignOff): Promise<Outcome<SignOffsReply>> =>
  ask(SignOffsReply, `${planUrl(plan)}/signoffs`, { method: 'POST', body })

export const withdrawSignOff = (plan: string, id: string, reason: string): Promise<Outcome<SignOffsReply>> =>
  ask(SignOffsReply, `${planUrl(plan)}/signoffs/${id}/withdraw`, { method: 'POST', body: { reason } })

export const reviewSignOff = (plan: string, id: string, words: string): Promise<Outcome<SignOffsReply>> =>
  ask(SignOffsReply, `${planUrl(plan)}/signoffs/${id}/review`, { method: 'POST', body: { words } })

export { KeptPlanReply, KeptRunbookReply, PlansReply, SignOffsReply }
