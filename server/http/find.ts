import { answerFind, answerHome } from '../../graph/answer/find.ts'
import { FindQuery, FindReply, HomeReply } from '../../graph/wire.ts'
import { route } from './route.ts'

export const findRoutes = [
  route({
    method: 'GET',
    path: '/api/home',
    summary: 'What there is, the credentials with the worst fall, and what is not known.',
    access: 'session',
    audit: 'home.read',
    reply: HomeReply,
    answer: (house) => answerHome(house.keeper.estate(), house.now()),
  }),
  route({
    method: 'GET',
    path: '/api/find',
    summary: 'Search credentials, identities, secrets, workloads and systems by name, id or ARN.',
    access: 'session',
    audit: 'find.read',
    query: FindQuery,
    reply: FindReply,
    answer: (house, { query }) => answerFind(house.keeper.estate(), query, house.now()),
  }),
]
