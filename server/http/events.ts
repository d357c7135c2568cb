import { may } from '../auth/person.ts'
import { eventText } from './event-hub.ts'
import { importSeenBy } from './imports.ts'
import { route } from './route.ts'

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/api/events',
    summary:
      'Server-sent events: `snapshot` when what is believed has changed, `import` while files are read, `ranking` while all are ranked.',
    roles: may['map.read'],
    limited: true,
    audit: 'events.open',
    reply: 'text/event-stream',
    answer(house, { person, response, stillIn }) {
      const { scopes } = person
      house.events.subscribe(response, {
        isIn: stillIn,
        seen(event) {
          if (event.type === 'import') {
            const job = house.jobs.find(event.data.id)
            const data = job && importSeenBy(job, event.data, person)
            return data && { type: 'import', data }
          }
          // How many there are in all is not for whoever sees some scopes.
          if (event.type === 'ranking') return scopes === undefined ? event : undefined
          return scopes === undefined ? event : { type: 'snapshot', data: house.limited(scopes).snapshot() }
        },
      })
      response.status(200).type('text/event-stream')
      response.write(eventText('snapshot', house.keeper.snapshot()))
    },
  }),
]
