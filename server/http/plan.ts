import { answerPlan } from '../../graph/plan/answer-plan.ts'
import { answerRunbook } from '../../graph/plan/answer-runbook.ts'
import { PlanQuery, PlanReply, RunbookQuery, RunbookReply } from '../../graph/wire-plan.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const planRoutes = [
  route({
    method: 'GET',
    path: '/api/plan',
    summary: 'A cutover: readiness of each credential, who answers for it, waves with dates and their combined outage.',
    roles: may['change.simulate'],
    limited: true,
    audit: 'plan.read',
    query: PlanQuery,
    reply: PlanReply,
    answer: (house, { query }) => answerPlan(house.keeper.estate(), query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/runbook/{id}',
    summary:
      'The change of one credential step by step, with commands, checks, undo, and a rollback that was simulated.',
    roles: may['change.simulate'],
    limited: true,
    audit: 'runbook.read',
    query: RunbookQuery,
    reply: RunbookReply,
    answer: (house, { params, query }) => answerRunbook(house.keeper.estate(), params.id!, query, house.now()),
  }),
]
