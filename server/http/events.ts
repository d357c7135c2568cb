import { permissions, type Role } from '../../graph/wire-people.ts'
import { may } from '../auth/person.ts'
import { eventText } from './event-hub.ts'
import { route } from './route.ts'

const importers: readonly Role[] = permissions['import.upload']

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/api/events',
    summary: 'Server-sent events: `snapshot` when what is believed has changed, `import` while files are read.',
    roles: may['map.read'],
    limited: true,
    audit: 'events.open',
    reply: 'text/event-stream',
    answer(house, { person, response, stillIn }) {
      const { scopes } = person
      const seesImports = scopes === undefined && person.roles.some((role) => importers.includes(role))
      house.events.subscribe(response, {
        isIn: stillIn,
        seen(event) {
          if (event.type === 'import') return seesImports ? event : undefined
          return scopes === undefined ? event : { type: 'snapshot', data: house.limited(scopes).snapshot() }
        },
      })
      response.status(200).type('text/event-stream')
      response.write(eventText('snapshot', house.keeper.snapshot()))
    },
  }),
]
