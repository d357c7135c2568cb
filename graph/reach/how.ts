import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Role } from '../kinds/roles.ts'
import type { Estate } from '../estate/estate.ts'

/** What whoever reaches a thing may do with it. */
export const ways = {
  'act-as': 'may be acted as',
  read: 'may be read',
  change: 'may be changed',
  reach: 'may be reached; what is allowed there is not known',
} as const
export type Way = keyof typeof ways

/** By role: a credential or identity is acted as, a secret is read, whoever has a workload can change what it does. */
const byRole = {
  credential: 'act-as',
  identity: 'act-as',
  secret: 'read',
  workload: 'change',
  system: 'change',
  resource: 'reach',
  other: 'reach',
} as const satisfies Record<Role, Way>

/** First words of the names of actions (`secretsmanager:GetSecretValue`, `s3:PutObject`) and of HTTP and SQL. */
const verbs: readonly (readonly [start: string, way: Way])[] = [
  ['get', 'read'],
  ['list', 'read'],
  ['describe', 'read'],
  ['read', 'read'],
  ['select', 'read'],
  ['decrypt', 'read'],
  ['put', 'change'],
  ['write', 'change'],
  ['create', 'change'],
  ['update', 'change'],
  ['delete', 'change'],
  ['admin', 'change'],
]

/** How a thing is within reach, over the relationship that reaches it: its action where one is stated, else by role. */
export function wayOf(estate: Estate, entity: number, over: number): Way {
  const role: Role = entityKinds[estate.entities[entity]!.kind].role
  if (byRole[role] !== 'reach') return byRole[role]
  const stated = estate.relationships[over]?.props
  const action = stated?.['access'] ?? stated?.['action']
  if (typeof action !== 'string') return 'reach'
  const verb = action.slice(action.lastIndexOf(':') + 1).toLowerCase()
  return verbs.find(([start]) => verb.startsWith(start))?.[1] ?? 'reach'
}
