import { permissions, roleNames, type Role } from '../../graph/wire-people.ts'

/** Who asks. One human is one `id` whichever way he comes, so that nobody approves under a second name. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Only facts of these scopes are in his answers; absent: no limit. */
  readonly scopes?: readonly string[]
  readonly via: 'session' | 'token' | 'local' | 'none'
}

export const nobody: Person = { id: 'anonymous', name: 'nobody', roles: [], via: 'none' }

/**
 * Whoever may read the data directory: the link that is printed at start and commands on this machine. All roles but
 * collector, which is for machines. He is one person both ways, and approves nothing that he wrote.
 */
export const OWNER_ID = 'owner'
export const ownerRoles: readonly Role[] = roleNames.filter((role) => role !== 'collector')
export const ownerVia = (via: 'session' | 'local'): Person => ({
  id: OWNER_ID,
  name: 'owner of this server',
  roles: ownerRoles,
  via,
})

/** Routes open to: everybody who may connect; everybody who is signed in; whoever has one of these roles. */
export type Access = 'open' | 'signed-in' | readonly Role[]

export const may = permissions

/** What he lacks, in words; undefined when he may. */
export function missingRole({ roles }: Person, access: Access): string | undefined {
  if (access === 'open' || access === 'signed-in' || access.some((role) => roles.includes(role))) return undefined
  const [name] =
    Object.entries(permissions).find(([, needed]) => (needed as readonly Role[]) === access) ?? ([] as string[])
  const asRole = access.length === 1 ? `the role ${access[0]!}` : `one of the roles ${access.join(', ')}`
  return name === undefined ? asRole : `the permission ${name} (${asRole})`
}
