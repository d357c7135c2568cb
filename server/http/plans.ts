import {
  CreatePlan,
  DeletePlanQuery,
  EndWave,
  ExportQuery,
  GiveSignOff,
  KeptPlanReply,
  KeptRunbookReply,
  PatchPlan,
  PlansReply,
  ReviewSignOff,
  ScorePlan,
  SignOffsQuery,
  SignOffsReply,
  WatchedReply,
  WavesReply,
  WithdrawSignOff,
} from '../../graph/wire-cutover.ts'
import { may } from '../auth/person.ts'
import { makeEvidence } from '../evidence/make-pack.ts'
import { exportPlan } from '../plans/export-plan.ts'
import { changePlan, createPlan, deletePlan, listPlans, showPlan, showRunbook, showWaves } from '../plans/keep-plan.ts'
import { giveSignOff, listSignOffs, reviewSignOff, withdrawSignOff } from '../plans/keep-sign-off.ts'
import { endWave, scorePlan, watchedOfPlan } from '../plans/score-plan.ts'
import { route } from './route.ts'

/** Plans that people keep. Who is limited to scopes sees none: a plan speaks of all its credentials at once. */
export const plansRoutes = [
  route({
    method: 'GET',
    path: '/api/plans',
    summary: 'Kept plans, each as it stands at the present snapshot.',
    roles: may['plan.read'],
    audit: 'plans.read',
    reply: PlansReply,
    answer: (house) => listPlans(house),
  }),
  route({
    method: 'POST',
    path: '/api/plans',
    summary: 'Keep a plan of the credentials that the filter leaves, or a copy of another plan.',
    roles: may['plan.write'],
    audit: 'plan.create',
    status: 201,
    body: CreatePlan,
    reply: KeptPlanReply,
    async answer(house, { body, person, note, response }) {
      const reply = await createPlan(house, body, person)
      note({ object: reply.id, plan: reply.id })
      response.set('ETag', `"${reply.version}"`)
      return reply
    },
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}',
    summary: 'A kept plan: waves, gates, conflicts, names, sign-offs, all computed anew.',
    roles: may['plan.read'],
    audit: 'plans.read',
    reply: KeptPlanReply,
    async answer(house, { params, response }) {
      const reply = await showPlan(house, params.id!)
      response.set('ETag', `"${reply.version}"`)
      return reply
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/plans/{id}',
    summary: 'Edit a plan, all or nothing, over the version that was read; or look at what edits would come to.',
    roles: may['plan.write'],
    audit: 'plan.change',
    body: PatchPlan,
    reply: KeptPlanReply,
    async answer(house, { params, body, person, note, response }) {
      note({ plan: params.id! })
      const reply = await changePlan(house, params.id!, body, person)
      response.set('ETag', `"${reply.version}"`)
      return reply
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/plans/{id}',
    summary: 'Delete a draft that nobody has signed.',
    roles: may['plan.write'],
    audit: 'plan.delete',
    query: DeletePlanQuery,
    reply: PlansReply,
    answer: (house, { params, query }) => deletePlan(house, params.id!, query.version),
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}/waves',
    summary: 'The waves of a kept plan alone.',
    roles: may['plan.read'],
    audit: 'plans.read',
    reply: WavesReply,
    answer: (house, { params }) => showWaves(house, params.id!),
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}/runbook/{credential}',
    summary: 'The runbook of one credential as this plan has it, with what is done.',
    roles: may['plan.read'],
    audit: 'runbook.read',
    reply: KeptRunbookReply,
    answer: (house, { params }) => showRunbook(house, params.id!, params.credential!),
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}/export',
    summary:
      'The plan with its runbooks as Markdown, CSV, a calendar, JSON, rows for ServiceNow or Jira; or its evidence, as a pack that verifies offline.',
    roles: may['plan.read'],
    audit: 'plan.export',
    limit: 'export',
    query: ExportQuery,
    reply: 'application/octet-stream',
    async answer(house, { params, query, person, response }) {
      if (query.format === 'evidence') {
        const { bytes, name } = await makeEvidence(house, params.id!, person)
        response.status(200).attachment(name).set('Content-Type', 'application/zip').send(bytes)
        return
      }
      const { text, type, name } = await exportPlan(house, params.id!, query.format)
      response.status(200).attachment(name).set('Content-Type', `${type}; charset=utf-8`).send(text)
    },
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}/watched',
    summary: 'Of each credential that is cut: since when, and what logs have to be searched for.',
    roles: may['plan.read'],
    audit: 'plans.read',
    reply: WatchedReply,
    answer: (house, { params }) => watchedOfPlan(house, params.id!),
  }),
  route({
    method: 'POST',
    path: '/api/plans/{id}/score',
    summary: 'Score what was predicted of the cut credentials of a wave against logs: those sent, or those imported.',
    roles: may['plan.write'],
    audit: 'plan.score',
    body: ScorePlan,
    reply: KeptPlanReply,
    answer(house, { params, body, person, note }) {
      note({ plan: params.id! })
      return scorePlan(house, params.id!, body, person)
    },
  }),
  route({
    method: 'POST',
    path: '/api/plans/{id}/outcome',
    summary: 'Close a wave that was scored, or say that it was rolled back, with the reason.',
    roles: may['plan.write'],
    audit: 'plan.wave.end',
    body: EndWave,
    reply: KeptPlanReply,
    answer(house, { params, body, person, note }) {
      note({ plan: params.id! })
      return endWave(house, params.id!, body, person)
    },
  }),
  route({
    method: 'GET',
    path: '/api/plans/{id}/signoffs',
    summary: 'Sign-offs as they stand now; with a credential all that is needed to sign its change.',
    roles: may['plan.read'],
    audit: 'signoffs.read',
    query: SignOffsQuery,
    reply: SignOffsReply,
    answer: (house, { params, query, person }) => listSignOffs(house, params.id!, query.credential, person),
  }),
  route({
    method: 'POST',
    path: '/api/plans/{id}/signoffs',
    summary: 'Sign one change for exactly what was read. Never by an author, but for an admin’s break-glass.',
    roles: may['plan.approve'],
    audit: 'signoff.give',
    status: 201,
    body: GiveSignOff,
    reply: SignOffsReply,
    answer(house, { params, body, person, note }) {
      note({ plan: params.id!, object: body.credential })
      return giveSignOff(house, params.id!, body, person)
    },
  }),
  route({
    method: 'POST',
    path: '/api/plans/{id}/signoffs/{signoff}/withdraw',
    summary: 'Withdraw a sign-off. It stays to be seen.',
    roles: may['plan.approve'],
    audit: 'signoff.withdraw',
    body: WithdrawSignOff,
    reply: SignOffsReply,
    answer(house, { params, body, person, note }) {
      note({ plan: params.id!, object: params.signoff! })
      return withdrawSignOff(house, params.id!, params.signoff!, body.reason, person)
    },
  }),
  route({
    method: 'POST',
    path: '/api/plans/{id}/signoffs/{signoff}/review',
    summary: 'Review what an admin signed alone: somebody else, after its use.',
    roles: may['plan.approve'],
    audit: 'signoff.review',
    body: ReviewSignOff,
    reply: SignOffsReply,
    answer(house, { params, body, person, note }) {
      note({ plan: params.id!, object: params.signoff! })
      return reviewSignOff(house, params.id!, params.signoff!, body.words, person)
    },
  }),
]
