import { answerBlast } from '../../graph/answer/blast.ts'
import { answerItems } from '../../graph/answer/items.ts'
import { answerWhy } from '../../graph/answer/why.ts'
import { BlastQuery, BlastReply, ItemsQuery, ItemsReply, WhyReply } from '../../graph/wire.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const blastRoutes = [
  route({
    method: 'GET',
    path: '/api/blast/{id}',
    summary: 'What breaks, and when, if this credential is revoked, rotated, disabled or left to expire.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.read',
    query: BlastQuery,
    reply: BlastReply,
    answer: (house, { params, query }) => answerBlast(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/items',
    summary: 'The dependents, by system, time and verdict; 200 a page.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.items.read',
    query: ItemsQuery,
    reply: ItemsReply,
    answer: (house, { params, query }) => answerItems(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/why/{dependent}',
    summary: 'Why this dependent breaks: paths from the change to it with their evidence, and its alternatives.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.why.read',
    query: BlastQuery,
    reply: WhyReply,
    answer: (house, { params, query }) =>
      answerWhy(house.keeper.estate(), params.id!, params.dependent!, query, house.now()),
  }),
]
