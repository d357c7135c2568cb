import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { bundleChunks } from '../estate/bundle-apart.ts'
import { may } from '../auth/person.ts'
import { route } from './route.ts'

export const exportRoutes = [
  route({
    method: 'GET',
    path: '/api/export',
    summary: 'All that is known, as an NDJSON bundle: what `keyfall import` takes.',
    roles: may['map.export'],
    limited: true,
    audit: 'export.bundle',
    limit: 'export',
    reply: 'application/x-ndjson',
    async answer(house, { response }) {
      const chunks = await bundleChunks(house.keeper)
      response.status(200).type('application/x-ndjson')
      response.attachment('keyfall-bundle.ndjson')
      await pipeline(Readable.from(chunks), response)
    },
  }),
]
