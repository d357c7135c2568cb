import { may } from '../auth/person.ts'
import { eventText } from './event-hub.ts'
import { route } from './route.ts'

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/api/events',
    summary: 'Server-sent events: `snapshot` when what is believed has changed, `import` while files are read.',
    roles: may['map.read'],
    reply: 'text/event-stream',
    answer(house, { response }) {
      house.events.subscribe(response)
      response.status(200).type('text/event-stream')
      response.write(eventText('snapshot', house.keeper.snapshot()))
    },
  }),
]
