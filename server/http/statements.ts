import { StateMany, StateManyReply } from '../../graph/wire-overrides.ts'
import { may } from '../auth/person.ts'
import { stateMany } from '../estate/state-many.ts'
import { route } from './route.ts'

export const statementRoutes = [
  route({
    method: 'PATCH',
    path: '/api/estate',
    summary:
      'State owner, purpose, rotation rule, tier or break-glass of many credentials: with `preview` what it would change, with `restore` what was before.',
    roles: may['map.annotate'],
    audit: 'estate.state',
    body: StateMany,
    reply: StateManyReply,
    answer: (house, { body, person }) => stateMany({ ...house, who: person.name }, body, person.name),
  }),
]
