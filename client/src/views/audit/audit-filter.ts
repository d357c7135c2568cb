/** Entries a page. */
export const PAGE = 100

/** What the list is narrowed to, as the address keeps it (`f=who:… kind:change`) and as the server is asked. */
export const filterKeys = ['who', 'action', 'object', 'kind', 'outcome', 'from', 'to'] as const
export type FilterKey = (typeof filterKeys)[number]
export type AuditFilter = Readonly<Partial<Record<FilterKey, string>>>

const isKey = (text: string): text is FilterKey => (filterKeys as readonly string[]).includes(text)

/** Parts that are no known key are passed over. */
export function readFilter(text: string): AuditFilter {
  const found: Partial<Record<FilterKey, string>> = {}
  for (const part of text.split(' ')) {
    const at = part.indexOf(':')
    const key = part.slice(0, at)
    if (at > 0 && isKey(key) && part.length > at + 1) found[key] = part.slice(at + 1)
  }
  return found
}

export const writeFilter = (filter: AuditFilter): string =>
  filterKeys
    .flatMap((key) => {
      const value = filter[key]?.replaceAll(' ', '') ?? ''
      return value === '' ? [] : [`${key}:${value}`]
    })
    .join(' ')

/** Address of a page of entries; values that cannot be asked for are left out. */
export function auditUrl(filter: AuditFilter, limit: number, cursor?: number): string {
  const query = new URLSearchParams({ limit: String(limit) })
  for (const key of filterKeys) {
    const value = filter[key]
    if (value === undefined || !fits(key, value)) continue
    query.set(key, value)
  }
  if (cursor !== undefined) query.set('cursor', String(cursor))
  return `/api/audit?${query.toString()}`
}

const choices: Partial<Record<FilterKey, readonly string[]>> = {
  kind: ['read', 'change', 'server'],
  outcome: ['begun', 'done', 'failed'],
}
const LONGEST = 100

function fits(key: FilterKey, value: string): boolean {
  if (value.length > LONGEST) return false
  if (key === 'from' || key === 'to') return /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(value)
  return choices[key]?.includes(value) ?? true
}
