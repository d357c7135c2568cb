import { answerSources } from '../../graph/answer/sources.ts'
import { SourcesReply } from '../../graph/wire.ts'
import { importers } from '../../importers/registry.ts'
import { route } from './route.ts'

const readers = importers.map(({ id, title, reads, collect }) => ({ id, title, reads, ...(collect && { collect }) }))

export const sourceRoutes = [
  route({
    method: 'GET',
    path: '/api/sources',
    summary: 'What the answers stand on: every source, its age, and what it cannot show.',
    access: 'session',
    audit: 'sources.read',
    reply: SourcesReply,
    answer: (house) => ({ ...answerSources(house.keeper.estate(), house.now()), readers }),
  }),
]
