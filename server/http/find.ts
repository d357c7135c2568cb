import * as z from 'zod/mini'
import { answerFind, answerHome, oneCredential, oneSubject } from '../../graph/answer/find.ts'
import { FindQuery, FindReply, HomeReply, Operation, Thing } from '../../graph/wire.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const findRoutes = [
  route({
    method: 'GET',
    path: '/api/home',
    summary: 'What there is, the credentials with the worst fall, and what is not known.',
    roles: may['map.read'],
    limited: true,
    audit: 'home.read',
    reply: HomeReply,
    answer: (house) => answerHome(house.keeper.estate(), house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/find',
    summary: 'Search credentials, identities, secrets, workloads and systems by name, id or ARN.',
    roles: may['map.read'],
    limited: true,
    audit: 'find.read',
    query: FindQuery,
    reply: FindReply,
    answer: (house, { query }) => answerFind(house.keeper.estate(), query, house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/resolve',
    summary:
      'The one credential that a text means, or with `op` the one thing that can be done to: id, key, alias or name. Refused with the candidates when it is not one.',
    roles: may['map.read'],
    limited: true,
    audit: 'find.resolve',
    query: z.object({ text: z.string().check(z.maxLength(2048)), op: z.optional(Operation) }),
    reply: z.object({ credential: Thing }),
    answer: (house, { query }) => ({
      credential: query.op
        ? oneSubject(house.keeper.estate(), query.text, query.op)
        : oneCredential(house.keeper.estate(), query.text),
    }),
  }),
]
