import { PruneReply } from '../../graph/wire-retention.ts'
import { may } from '../auth/person.ts'
import { prune } from '../retention/prune.ts'
import type { House } from './house.ts'
import { route } from './route.ts'

const roomOf = ({ store, keeper, jobs, retention, now }: House) => ({
  ...{ store, keeper, retention, now },
  inUse: () => jobs.refersTo(),
})

export const retentionRoutes = [
  route({
    method: 'GET',
    path: '/api/store/prune',
    summary: 'Which imports are too old to be kept, which stay, and why; nothing goes.',
    roles: may['store.manage'],
    audit: 'store.prune.read',
    limit: 'export',
    reply: PruneReply,
    answer: (house) => prune(roomOf(house), { dryRun: true }),
  }),
  route({
    method: 'POST',
    path: '/api/store/prune',
    summary: 'Let go what is too old to be kept, as the server does once a day. Never what is believed or referred to.',
    roles: may['store.manage'],
    audit: 'store.prune',
    limit: 'export',
    reply: PruneReply,
    answer: (house) => prune(roomOf(house)),
  }),
]
