import { SHORTEST_LOG_DAYS } from '../kinds/coverage.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate, Source } from '../estate/estate.ts'
import { giveWay } from '../give-way.ts'
import { isStale, losses, reachOf, shortWords, sourcesFor } from './coverage.ts'
import { needsOf } from './needs.ts'

/** What keeps credentials from a better answer: sources that are there and not good enough, and sources that are not. */
export interface Caps {
  /** By scope; `count` is credentials. */
  readonly bySource: ReadonlyMap<string, { readonly count: number; readonly why: string }>
  /** Most first, at most 10. */
  readonly blindSpots: readonly BlindSpot[]
}
export interface BlindSpot {
  readonly source: string
  readonly why: string
  readonly collect: string
  /** Credentials that wait for it. */
  readonly count: number
}

const MOST = 10
const cache = new WeakMap<Estate, { readonly day: string; readonly caps: Caps }>()

/** Asked of every credential, as each needs the sources of its own account, cluster and Vault: once a snapshot and day. */
export function capsOf(estate: Estate, now: string): Caps {
  const day = now.slice(0, 10)
  const known = cache.get(estate)
  if (known?.day === day) return known.caps
  const bySource = new Map<string, { count: number; why: string }>()
  const spots = new Map<string, BlindSpot>()
  estate.entities.forEach(({ kind }, index) => {
    if (entityKinds[kind].role !== 'credential') return
    giveWay()
    const capped = new Map<string, string>()
    for (const need of needsOf(estate, index)) {
      const { what, why, collect } = need
      const have = sourcesFor(estate, need)
      const faults = have.length === 0 ? [] : faultsOf(have, what, now)
      for (const { scope, why: because } of faults) capped.set(scope, because)
      if (have.length > 0 && faults.length === 0) continue
      const spot = spots.get(what) ?? { source: what, why: faults[0]?.why ?? why, collect, count: 0 }
      spots.set(what, { ...spot, count: spot.count + 1 })
    }
    for (const [scope, why] of capped) bySource.set(scope, { why, count: (bySource.get(scope)?.count ?? 0) + 1 })
  })
  const blindSpots = [...spots.values()].sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1))
  const caps = { bySource, blindSpots: blindSpots.slice(0, MOST) }
  cache.set(estate, { day, caps })
  return caps
}

/** Why the sources that a credential has for one need are not enough, each with its reason; none: they are. */
function faultsOf(have: readonly Source[], what: string, now: string): { scope: string; why: string }[] {
  if (have.every((source) => isStale(source, now)))
    return have.map(({ scope }) => ({ scope, why: 'it is older than a week' }))
  const reach = reachOf(have)
  if (reach !== undefined && reach.days < SHORTEST_LOG_DAYS)
    return have.map(({ scope }) => ({ scope, why: shortWords(reach) }))
  return have.flatMap((source) => losses(source, what).map(({ why }) => ({ scope: source.scope, why })))
}
