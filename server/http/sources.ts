import { answerSources } from '../../graph/answer/sources.ts'
import { SourcesReply } from '../../graph/wire.ts'
import { importers } from '../../importers/registry.ts'
import { may } from '../auth/person.ts'
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
    answer(house) {
      const reply = answerSources(house.keeper.estate(), house.now())
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
