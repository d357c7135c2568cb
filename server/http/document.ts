import * as z from 'zod/mini'
import { route } from './route.ts'

export const documentRoutes = [
  route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description, made from the same list as the server.',
    roles: 'signed-in',
    reply: z.record(z.string(), z.unknown()),
    answer: (house) => house.description(),
  }),
]
