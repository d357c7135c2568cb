import { OverridesReply, SetOverride } from '../../graph/wire-overrides.ts'
import { listOverrides, removeOverride, setOverride } from '../estate/set-overrides.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const overrideRoutes = [
  route({
    method: 'GET',
    path: '/api/overrides',
    summary: 'Times that people set because they know better than imports and tables.',
    roles: may['map.read'],
    limited: true,
    audit: 'overrides.read',
    reply: OverridesReply,
    answer: listOverrides,
  }),
  route({
    method: 'PUT',
    path: '/api/overrides',
    summary: 'Set the delivery or the times of a relationship, or the lag of a thing. It stays so over later imports.',
    roles: may['map.annotate'],
    limited: true,
    audit: 'overrides.set',
    body: SetOverride,
    reply: OverridesReply,
    answer: (house, { body, person }) => setOverride({ ...house, who: person.name }, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/overrides/{id}',
    summary: 'Take back what was set: what sources and tables say counts again.',
    roles: may['map.annotate'],
    limited: true,
    audit: 'overrides.remove',
    reply: OverridesReply,
    answer: (house, { params, person }) => removeOverride({ ...house, who: person.name }, params.id!),
  }),
]
