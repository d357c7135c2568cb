import { AddLink, DecideLink, LinksReply } from '../../graph/wire-links.ts'
import { addLink, decideLink, forgetLink, listLinks } from '../estate/decide-links.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const linkRoutes = [
  route({
    method: 'GET',
    path: '/api/connections',
    summary: 'Links that are likely and not certain, each with its reason, and what people decided about links.',
    roles: may['map.read'],
    limited: true,
    audit: 'links.read',
    reply: LinksReply,
    answer: listLinks,
  }),
  route({
    method: 'POST',
    path: '/api/connections',
    summary: 'State a link that no source shows: a caller that is a workload, a copy in a place that lists nothing.',
    roles: may['map.annotate'],
    limited: true,
    audit: 'links.add',
    status: 201,
    body: AddLink,
    reply: LinksReply,
    answer: (house, { body, person }) => addLink({ ...house, who: person.name }, body),
  }),
  route({
    method: 'PUT',
    path: '/api/connections/{id}',
    summary: 'Confirm or reject a link. It stays so over later imports.',
    roles: may['map.annotate'],
    limited: true,
    audit: 'links.decide',
    body: DecideLink,
    reply: LinksReply,
    answer: (house, { params, body, person }) =>
      decideLink({ ...house, who: person.name }, params.id!, body.decision, body.note),
  }),
  route({
    method: 'DELETE',
    path: '/api/connections/{id}',
    summary: 'Take a decision back: the link counts as it did before.',
    roles: may['map.annotate'],
    limited: true,
    audit: 'links.forget',
    reply: LinksReply,
    answer: (house, { params, person }) => forgetLink({ ...house, who: person.name }, params.id!),
  }),
]
