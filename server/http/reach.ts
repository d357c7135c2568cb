import * as z from 'zod/mini'
import { answerReach, oneThing } from '../../graph/answer/reach.ts'
import { answerTogether } from '../../graph/answer/reach-together.ts'
import { TogetherQuery, TogetherReply } from '../../graph/wire-contain.ts'
import { ReachQuery, ReachReply, Thing } from '../../graph/wire.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const reachRoutes = [
  route({
    method: 'GET',
    path: '/api/reach',
    summary: 'The one thing of any kind that a text means. Refused with the candidates when it is not one.',
    roles: may['map.read'],
    limited: true,
    audit: 'reach.resolve',
    query: z.object({ text: z.string().check(z.maxLength(2048)) }),
    reply: z.object({ thing: Thing }),
    answer: (house, { query }) => ({ thing: oneThing(house.keeper.estate(), query.text) }),
  }),
  route({
    method: 'GET',
    path: '/api/reach/{id}',
    summary: 'What is within reach of whoever holds this, what to rotate in which order, and the cheapest containment.',
    roles: may['map.read'],
    limited: true,
    audit: 'reach.read',
    query: ReachQuery,
    reply: ReachReply,
    answer: (house, { params, query }) => answerReach(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/reach/{id}/together',
    summary: 'What containment actions break, cut and leave within reach when all of them are done together.',
    roles: may['map.read'],
    limited: true,
    audit: 'reach.read',
    query: TogetherQuery,
    reply: TogetherReply,
    answer: (house, { params, query }) => answerTogether(house.keeper.estate(), params.id!, query, house.now()),
  }),
]
