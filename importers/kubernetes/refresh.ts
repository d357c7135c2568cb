import type { RelationshipFact } from '../../graph/facts.ts'
import { declared, type Cluster, type Place } from './cluster-facts.ts'
import { durationSeconds } from './meta.ts'
import type { SyncStatus } from './store-records.ts'

/** External Secrets' own default (change-semantics.md 5.6). */
export const defaultRefreshSeconds = 3600

export type Refresh = Pick<RelationshipFact, 'delivery' | 'pickup'> & { readonly note: string }

const never = (note: string): Refresh => ({ delivery: 'manual', note })

/** An operator that fails to fetch brings no new value either, whatever its interval, until somebody mends it. */
export function unlessFailing(refresh: Refresh, status: SyncStatus): Refresh {
  const isFailing = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'False') ?? false
  return isFailing ? never('its last refresh failed (Ready is False): mend it first') : refresh
}

/** How often the operator fetches: an interval, or never by itself. */
export function refreshOf(
  interval: string | number | null | undefined,
  policy: string | null | undefined,
  fallback?: number,
): Refresh {
  if (policy === 'CreatedOnce') return never('refreshPolicy CreatedOnce: fetched once, never again')
  if (policy === 'OnChange') return never('refreshPolicy OnChange: fetched when its own definition changes')
  if (interval === null || interval === undefined) {
    if (fallback === undefined) return never('no refresh interval: no periodic refresh')
    return {
      delivery: 'operator_sync',
      pickup: [0, fallback],
      note: `no refreshInterval: the operator's default of ${fallback} s`,
    }
  }
  const seconds = durationSeconds(interval)
  if (seconds === 0) return never('refresh interval 0: fetched once, never again')
  // An interval nobody can read may be any: no pickup is promised.
  if (seconds === undefined || !Number.isFinite(seconds)) return never('its refresh interval could not be read')
  return { delivery: 'operator_sync', pickup: [0, seconds], note: `refreshed every ${seconds} s` }
}

/** One secret is a copy of another, made by an operator that logs in as `by`. */
export function syncs(
  cluster: Cluster,
  { from, to, by, refresh, guessed = false }: Sync,
  place: Place,
  what: string,
): void {
  const { note, ...attributes } = refresh
  const open = /\$\{[^}]{1,100}\}/.test(`${from} ${to}`) ? '; a name holds ${…}, substituted at deployment' : ''
  cluster.relationship(
    {
      kind: 'SYNCED_FROM',
      from,
      to,
      by: [...by],
      ...attributes,
      ...(guessed ? { confidence: 'possible' as const } : {}),
    },
    declared(place, `${what}; ${note}${open}`),
  )
}

export interface Sync {
  readonly from: string
  readonly to: string
  readonly by: readonly string[]
  readonly refresh: Refresh
  /** Only possibly so: what a search will find is not in the file. */
  readonly guessed?: boolean
}
