import * as z from 'zod/mini'
import { may } from '../auth/person.ts'
import { loadSample } from '../estate/load-sample.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

export const sampleRoutes = [
  route({
    method: 'POST',
    path: '/api/sample',
    summary: 'Load the fictional sample into a graph that holds nothing. The first import takes its place.',
    roles: may['import.upload'],
    audit: 'import.commit',
    reply: z.object({ loaded: z.boolean() }),
    async answer({ store, keeper, jobs }) {
      if (keeper.snapshot().sources > 0)
        throw new RequestProblem('not-possible', 'the graph is not empty', 'the sample is for an empty graph only')
      return { loaded: await loadSample({ store, keeper, jobs }) }
    },
  }),
]
