import { answerChokePoints } from '../../graph/answer/choke-points.ts'
import { ChokePointsQuery, ChokePointsReply } from '../../graph/wire-choke-points.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const chokePointRoutes = [
  route({
    method: 'GET',
    path: '/api/choke-points',
    summary:
      'Things that every known way from any credential to a crown jewel goes through, and what breaks without them.',
    roles: may['map.read'],
    limited: true,
    audit: 'reach.read',
    query: ChokePointsQuery,
    reply: ChokePointsReply,
    answer: (house, { query }) => answerChokePoints(house.keeper.estate(), undefined, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/choke-points/{id}',
    summary: 'The same from whoever holds this one thing, with the shortest way to each.',
    roles: may['map.read'],
    limited: true,
    audit: 'reach.read',
    query: ChokePointsQuery,
    reply: ChokePointsReply,
    answer: (house, { params, query }) => answerChokePoints(house.keeper.estate(), params.id!, query, house.now()),
  }),
]
