import type { Repository } from './records.ts'

const strongest = ['admin', 'maintain', 'push', 'triage', 'pull']

/** What somebody may do, by the role's name or the strongest right. */
export function permissionOf({ role_name, permissions }: Pick<Repository, 'role_name' | 'permissions'>) {
  return role_name || strongest.find((name) => permissions?.[name] === true)
}
