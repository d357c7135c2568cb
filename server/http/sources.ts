import { SourcesReply } from '../../graph/wire.ts'
import { importers } from '../../importers/registry.ts'
import { may } from '../auth/person.ts'
import { askInside } from '../estate/inside-questions.ts'
import { route } from './route.ts'

const readers = importers.map(({ id, title, reads, collect }) => ({ id, title, reads, ...(collect && { collect }) }))

export const sourceRoutes = [
  route({
    method: 'GET',
    path: '/api/sources',
    summary: 'What the answers stand on: every source, its age, and what it cannot show.',
    roles: may['map.read'],
    limited: true,
    audit: 'sources.read',
    reply: SourcesReply,
    async answer(house) {
      const reply = await askInside(house.keeper, 'sources', null, house.now())
      const sources = reply.sources.map((source) => {
        const counts = house.keeper.scope(source.scope)?.manifest.counts
        if (!counts) return source
        const { read, mapped, merged, skipped } = counts
        return { ...source, records: { read, mapped, merged, skipped } }
      })
      return { ...reply, sources, readers }
    },
  }),
]
