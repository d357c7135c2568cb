import { once } from 'node:events'
import { bundleLines } from '../estate/bundle-lines.ts'
import { route } from './route.ts'

export const exportRoutes = [
  route({
    method: 'GET',
    path: '/api/export',
    summary: 'All that is known, as an NDJSON bundle: what `keyfall import` takes.',
    access: 'session',
    audit: 'export.bundle',
    limit: 'export',
    reply: 'application/x-ndjson',
    async answer(house, { response }) {
      response.status(200).type('application/x-ndjson')
      response.attachment('keyfall-bundle.ndjson')
      for (const line of bundleLines(house.keeper.facts())) {
        if (!response.write(line)) await Promise.race([once(response, 'drain'), once(response, 'close')])
        if (response.destroyed) return
      }
      response.end()
    },
  }),
]
