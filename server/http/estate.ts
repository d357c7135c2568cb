import { answerEstate, answerFindings } from '../../graph/answer/estate.ts'
import { EstateQuery, EstateReply, FindingsQuery, FindingsReply } from '../../graph/wire-estate.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const estateRoutes = [
  route({
    method: 'GET',
    path: '/api/estate',
    summary: 'Every credential with owner, purpose, rule, expiry, use and verdict; the gaps with their counts.',
    roles: may['map.read'],
    limited: true,
    audit: 'estate.read',
    query: EstateQuery,
    reply: EstateReply,
    answer: (house, { query }) => answerEstate(house.keeper.estate(), query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/findings',
    summary: 'What is weak, with reason, evidence and the control it answers to.',
    roles: may['map.read'],
    limited: true,
    audit: 'findings.read',
    query: FindingsQuery,
    reply: FindingsReply,
    answer: (house, { query }) => answerFindings(house.keeper.estate(), query, house.now()),
  }),
]
