import { answerCompare } from '../../graph/answer/compare.ts'
import { answerForecast } from '../../graph/answer/forecast.ts'
import { answerMoves } from '../../graph/answer/move-table.ts'
import { answerOverlap } from '../../graph/answer/overlap.ts'
import { answerRank } from '../../graph/answer/rank.ts'
import { answerWatch } from '../../graph/answer/watch.ts'
import { answerWhatIf } from '../../graph/answer/whatif.ts'
import {
  CompareBody,
  CompareReply,
  ForecastQuery,
  ForecastReply,
  MovesQuery,
  MovesReply,
  OverlapQuery,
  OverlapReply,
  RankQuery,
  RankReply,
  WatchReply,
  WhatIfQuery,
  WhatIfReply,
} from '../../graph/wire-acts.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const actRoutes = [
  route({
    method: 'GET',
    path: '/api/rank',
    summary: 'All credentials by what falls with them, heaviest first, each of them simulated.',
    roles: may['map.read'],
    limited: true,
    audit: 'rank.read',
    query: RankQuery,
    reply: RankReply,
    answer: (house, { query }) => answerRank(house.keeper.estate(), query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/forecast',
    summary: 'What runs out or rotates when, and what each breaks if nobody acts; of how many no end is known.',
    roles: may['map.read'],
    limited: true,
    audit: 'forecast.read',
    query: ForecastQuery,
    reply: ForecastReply,
    answer: (house, { query }) => answerForecast(house.keeper.estate(), query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/overlap',
    summary: 'The smallest safe overlap of a rotation, and what no overlap saves.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.overlap.read',
    query: OverlapQuery,
    reply: OverlapReply,
    answer: (house, { params, query }) => answerOverlap(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/moves',
    summary: 'Where every dependent stands after every set of steps, as columns: what a tick needs before it paints.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.moves.read',
    query: MovesQuery,
    reply: MovesReply,
    answer: (house, { params, query }) => answerMoves(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/whatif',
    summary:
      'The answer before and after what is supposed: steps, another operation or overlap, a fallback, a missing link.',
    roles: may['change.simulate'],
    limited: true,
    audit: 'blast.whatif.read',
    query: WhatIfQuery,
    reply: WhatIfReply,
    answer: (house, { params, query }) => answerWhatIf(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/blast/{id}/watch',
    summary: 'What to check on the workload’s own path, which signals to watch, and ready queries for the logs.',
    roles: may['map.read'],
    limited: true,
    audit: 'blast.watch.read',
    query: MovesQuery,
    reply: WatchReply,
    answer: (house, { params, query }) => answerWatch(house.keeper.estate(), params.id!, query, house.now()),
  }),
  route({
    method: 'POST',
    path: '/api/blast/{id}/compare',
    summary: 'A change that was made against its prediction: predicted and seen, not seen, seen and not predicted.',
    roles: may['change.simulate'],
    limited: true,
    audit: 'blast.compare.read',
    body: CompareBody,
    reply: CompareReply,
    answer: (house, { params, body }) => answerCompare(house.keeper.estate(), params.id!, body),
  }),
]
