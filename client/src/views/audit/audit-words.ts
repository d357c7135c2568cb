import type { AuditRow } from '../../../../graph/wire-audit.ts'
import { seconds } from '../../model/moments.ts'

const actors: Readonly<Record<string, string>> = {
  local: 'a command on this machine',
  server: 'the server',
  anonymous: 'nobody known',
}

/** An id of a person or token, or in words where it is none. */
export const whoOf = (actor: string): string => actors[actor] ?? actor

/** One role by name, many by number: an owner has most of them. */
export function rolesOf(role: string | null): string {
  const all = role?.split(' ') ?? []
  return all.length > 2 ? `${all.length} roles` : all.join(', ')
}

/** What it is about, by today's name; else by id. */
export const aboutOf = ({ objectName, object, scope }: AuditRow): string => objectName ?? object ?? scope ?? ''

type More = NonNullable<AuditRow['detail']['more']>
const moreOf = (row: AuditRow): More => row.detail.more ?? {}
const wordsOf = (value: More[string] | undefined): string =>
  value === undefined || value === null ? 'nothing' : String(value)

/** What was before and what is after, where the entry has both or one of them. */
export function changeOf(row: AuditRow): { before: string; after: string } | null {
  const more = moreOf(row)
  if (more['before'] === undefined && more['after'] === undefined) return null
  return { before: wordsOf(more['before']), after: wordsOf(more['after']) }
}

export const reasonOf = (row: AuditRow): string =>
  typeof moreOf(row)['reason'] === 'string' ? String(moreOf(row)['reason']) : ''

const SPOKEN = new Set(['before', 'after', 'reason'])
/** Window and task first, then whatever else the entry holds. */
const ORDER = ['task', 'step', 'window', 'start', 'end']

/** Asset, task and time window, and the other facts of an entry: "op rotate · window 4 h". */
export function factsOf(row: AuditRow): string {
  const { params = {}, query = {} } = row.detail
  const facts: [string, string][] = [
    ...Object.entries(moreOf(row))
      .filter(([key]) => !SPOKEN.has(key))
      .map(([key, value]): [string, string] => [
        key,
        key.endsWith('Seconds') ? seconds(Number(value)) : wordsOf(value),
      ]),
    ...Object.entries(query).filter(([key]) => key !== 'limit' && key !== 'cursor'),
    ...Object.entries(params).filter(([, value]) => value !== row.object),
  ]
  const place = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length)
  return facts
    .sort(([a], [b]) => place(a) - place(b))
    .map(([key, value]) => `${key} ${value}`)
    .join(' · ')
}
