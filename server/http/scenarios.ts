import { Scenario, ScenarioReply } from '../../graph/wire-scenarios.ts'
import { may } from '../auth/person.ts'
import { keepScenario, readScenario } from '../estate/kept-scenarios.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

export const scenarioRoutes = [
  route({
    method: 'POST',
    path: '/api/scenarios',
    summary: 'Save the state of a page whose address is too long for a link; `/s/CODE` opens it.',
    roles: may['map.read'],
    audit: 'scenario.save',
    status: 201,
    body: Scenario,
    reply: ScenarioReply,
    answer: (house, { body }) =>
      keepScenario(house, { path: body.path, at: house.now(), snapshot: house.keeper.snapshot().id }),
  }),
  route({
    method: 'GET',
    path: '/api/scenarios/{id}',
    summary: 'The state behind a code.',
    roles: may['map.read'],
    audit: 'scenario.read',
    reply: ScenarioReply,
    async answer(house, { params }) {
      const known = await readScenario(house.store, params.id!)
      if (!known) throw new RequestProblem('not-found', 'nothing was saved under this code')
      return known
    },
  }),
]
