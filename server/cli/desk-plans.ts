import type * as z from 'zod/mini'
import {
  KeptPlanReply,
  KeptRunbookReply,
  PlansReply,
  SignOffsReply,
  WatchedReply,
  type CreatePlan,
  type EndWave,
  type ExportForm,
  type GiveSignOff,
  type PatchPlan,
  type ScorePlan,
} from '../../graph/wire-cutover.ts'
import { ownerVia } from '../auth/person.ts'
import { makeEvidence, type EvidenceRoom } from '../evidence/make-pack.ts'
import { exportPlan } from '../plans/export-plan.ts'
import { changePlan, createPlan, deletePlan, listPlans, showPlan, showRunbook } from '../plans/keep-plan.ts'
import { giveSignOff, listSignOffs, reviewSignOff, withdrawSignOff } from '../plans/keep-sign-off.ts'
import { endWave, scorePlan, watchedOfPlan } from '../plans/score-plan.ts'
import type { PlanRoom } from '../plans/plan-room.ts'
import type { CommandEntries } from './entered.ts'

/** Of a desk: kept plans and sign-offs. */
export interface PlanDesk {
  list(): Promise<PlansReply>
  show(id: string): Promise<KeptPlanReply>
  create(asked: CreatePlan): Promise<KeptPlanReply>
  change(id: string, asked: PatchPlan): Promise<KeptPlanReply>
  remove(id: string, version: number): Promise<PlansReply>
  runbook(id: string, credential: string): Promise<KeptRunbookReply>
  export(id: string, form: ExportForm): Promise<string>
  signOffs(id: string, credential?: string): Promise<SignOffsReply>
  sign(id: string, asked: GiveSignOff): Promise<SignOffsReply>
  withdraw(id: string, signOff: string, reason: string): Promise<SignOffsReply>
  review(id: string, signOff: string, words: string): Promise<SignOffsReply>
  /** A pack that verifies offline, as the bytes of an archive. */
  evidence(id: string): Promise<Uint8Array>
  watched(id: string): Promise<WatchedReply>
  score(id: string, asked: ScorePlan): Promise<KeptPlanReply>
  endWave(id: string, asked: EndWave): Promise<KeptPlanReply>
}

/**
 * Kept here: whoever may read the data directory is one person, and an author of what he writes. Whatever changes
 * something is in the audit; a preview changes nothing.
 */
export function plansOfStore(
  room: PlanRoom & Pick<EvidenceRoom, 'auditPlace'>,
  { change, ledger }: Pick<CommandEntries, 'change' | 'ledger'>,
): PlanDesk {
  const person = ownerVia('local')
  return {
    list: () => listPlans(room),
    show: (id) => showPlan(room, id),
    create: (asked) =>
      change(
        'plan.create',
        {},
        () => createPlan(room, asked, person),
        ({ id }) => ({ object: id, plan: id }),
      ),
    change: (id, asked) =>
      asked.preview
        ? changePlan(room, id, asked, person)
        : change('plan.change', { object: id, plan: id }, () => changePlan(room, id, asked, person)),
    remove: (id, version) => change('plan.delete', { object: id, plan: id }, () => deletePlan(room, id, version)),
    runbook: (id, credential) => showRunbook(room, id, credential),
    export: async (id, form) => (await exportPlan(room, id, form)).text,
    signOffs: (id, credential) => listSignOffs(room, id, credential, person),
    sign: (id, asked) =>
      change('signoff.give', { object: asked.credential, plan: id }, () => giveSignOff(room, id, asked, person)),
    withdraw: (id, signOff, reason) =>
      change('signoff.withdraw', { object: signOff, plan: id }, () =>
        withdrawSignOff(room, id, signOff, reason, person),
      ),
    review: (id, signOff, words) =>
      change('signoff.review', { object: signOff, plan: id }, () => reviewSignOff(room, id, signOff, words, person)),
    evidence: async (id) => (await makeEvidence({ ...room, ledger: await ledger() }, id, person)).bytes,
    watched: (id) => watchedOfPlan(room, id),
    score: (id, asked) => change('plan.score', { object: id, plan: id }, () => scorePlan(room, id, asked, person)),
    endWave: (id, asked) => change('plan.wave.end', { object: id, plan: id }, () => endWave(room, id, asked, person)),
  }
}

type Ask = <T>(shape: z.ZodMiniType<T>, method: string, path: string, body?: object) => Promise<T>

/** Kept by a server. */
export function plansOfServer(ask: Ask, answerTo: (path: string) => Promise<Response>): PlanDesk {
  const of = (id: string): string => `/api/plans/${encodeURIComponent(id)}`
  const signOff = (id: string, one: string): string => `${of(id)}/signoffs/${encodeURIComponent(one)}`
  return {
    list: () => ask(PlansReply, 'GET', '/api/plans'),
    show: (id) => ask(KeptPlanReply, 'GET', of(id)),
    create: (asked) => ask(KeptPlanReply, 'POST', '/api/plans', asked),
    change: (id, asked) => ask(KeptPlanReply, 'PATCH', of(id), asked),
    remove: (id, version) => ask(PlansReply, 'DELETE', `${of(id)}?version=${version}`),
    runbook: (id, credential) => ask(KeptRunbookReply, 'GET', `${of(id)}/runbook/${credential}`),
    export: async (id, form) => (await answerTo(`${of(id)}/export?format=${form}`)).text(),
    signOffs: (id, credential) =>
      ask(SignOffsReply, 'GET', `${of(id)}/signoffs${credential === undefined ? '' : `?credential=${credential}`}`),
    sign: (id, asked) => ask(SignOffsReply, 'POST', `${of(id)}/signoffs`, asked),
    withdraw: (id, one, reason) => ask(SignOffsReply, 'POST', `${signOff(id, one)}/withdraw`, { reason }),
    review: (id, one, words) => ask(SignOffsReply, 'POST', `${signOff(id, one)}/review`, { words }),
    evidence: async (id) => new Uint8Array(await (await answerTo(`${of(id)}/export?format=evidence`)).arrayBuffer()),
    watched: (id) => ask(WatchedReply, 'GET', `${of(id)}/watched`),
    score: (id, asked) => ask(KeptPlanReply, 'POST', `${of(id)}/score`, asked),
    endWave: (id, asked) => ask(KeptPlanReply, 'POST', `${of(id)}/outcome`, asked),
  }
}
