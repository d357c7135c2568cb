import { answerNode } from '../../graph/answer/node.ts'
import { NodeReply } from '../../graph/wire.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const nodeRoutes = [
  route({
    method: 'GET',
    path: '/api/nodes/{id}',
    summary: 'One thing: its facts, evidence, and what it is joined to.',
    roles: may['map.read'],
    limited: true,
    audit: 'node.read',
    reply: NodeReply,
    answer: (house, { params }) => answerNode(house.keeper.estate(), params.id!, house.now()),
  }),
]
