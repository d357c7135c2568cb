import { Health } from '../../graph/wire.ts'
import { route } from './route.ts'

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/api/health',
    summary: 'Is the server ready? Open to everybody who may connect.',
    roles: 'open',
    reply: Health,
    answer: (house) => house.health(),
  }),
]
