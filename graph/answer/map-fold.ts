import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { idOf } from '../ids.ts'
import type { MapQuery } from '../wire-map.ts'
import { inWords, type MapSystem } from './map-systems.ts'

/** Rows and columns that a matrix may have (client.md section 11). */
export const MOST_ROWS = 120

/** One row of the matrix: a system, or several folded into one. Systems are places in `SystemMap.systems`. */
export interface FoldedRow {
  readonly id: string
  readonly kind: 'system' | 'fold'
  readonly name: string
  readonly domain: string | null
  readonly systems: readonly number[]
}

export interface Folding {
  readonly rows: readonly FoldedRow[]
  /** The folded rows that were looked into. */
  readonly within: readonly { readonly id: string; readonly name: string }[]
  /** Systems in what is looked at. */
  readonly systems: number
}

/**
 * The rows of the matrix: one a system while they have room, else one a domain or owner, else runs in order; then the
 * same again within each fold named in `in`. Throws `not-found` where `in` names no fold.
 */
export function foldSystems(estate: Estate, systems: readonly MapSystem[], query: MapQuery): Folding {
  let inside = systems.map((_, place) => place)
  const within: { id: string; name: string }[] = []
  const path = (query.in ?? '').split(',').filter((id) => id !== '')
  for (const id of path) {
    const fold = rowsOf(estate, systems, inside, within, query).find((row) => row.id === id && row.kind === 'fold')
    if (!fold)
      throw new QuestionError('not-found', 'there is no such group of systems any more', 'open the map: GET /api/map')
    within.push({ id: fold.id, name: fold.name })
    inside = [...fold.systems]
  }
  return { rows: rowsOf(estate, systems, inside, within, query), within, systems: inside.length }
}

function rowsOf(
  estate: Estate,
  systems: readonly MapSystem[],
  inside: readonly number[],
  within: readonly { readonly id: string }[],
  query: MapQuery,
): FoldedRow[] {
  const above = within.map(({ id }) => id).join(' ')
  const grouped = within.length === 0 && query.by !== undefined && query.by !== 'system'
  if (inside.length <= MOST_ROWS && !grouped) return inside.map((place) => systemRow(estate, systems, place))
  const tiers = new Set(inside.map((place) => systems[place]!.tier))
  if (grouped && query.by === 'tier' && tiers.size <= MOST_ROWS) return tierRows(systems, inside, above)
  const domains = new Map<string | null, number[]>()
  for (const place of inside) {
    const { domain } = systems[place]!
    domains.set(domain, [...(domains.get(domain) ?? []), place])
  }
  if ((domains.size > 1 && domains.size <= MOST_ROWS) || (grouped && domains.size === 1))
    return [...domains]
      .sort(([a], [b]) => inWords(a, b))
      .map(([domain, members]) => foldRow(above, domain ?? 'No owner known', domain, members))
  return runsOf(inside).map((members) => {
    const [first, last] = [members[0]!, members.at(-1)!].map((place) => estate.entities[systems[place]!.index]!.name)
    return members.length === 1
      ? systemRow(estate, systems, members[0]!)
      : foldRow(above, `${first} … ${last}`, systems[members[0]!]!.domain, members)
  })
}

/** One row a tier, the most critical first; what nobody gave a tier stands last. */
function tierRows(systems: readonly MapSystem[], inside: readonly number[], above: string): FoldedRow[] {
  const tiers = new Map<number | null, number[]>()
  for (const place of inside) {
    const { tier } = systems[place]!
    tiers.set(tier, [...(tiers.get(tier) ?? []), place])
  }
  return [...tiers]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([tier, members]) => foldRow(above, tier === null ? 'No tier known' : `Tier ${tier}`, null, members))
}

/** Runs in order, as many as have room and nearly as long as each other. */
function runsOf(inside: readonly number[]): number[][] {
  const length = Math.ceil(inside.length / MOST_ROWS)
  const runs: number[][] = []
  for (let at = 0; at < inside.length; at += length) runs.push(inside.slice(at, at + length))
  return runs
}

function systemRow(estate: Estate, systems: readonly MapSystem[], place: number): FoldedRow {
  const { index, domain } = systems[place]!
  const { id, name } = estate.entities[index]!
  return { id, kind: 'system', name, domain, systems: [place] }
}

function foldRow(above: string, name: string, domain: string | null, systems: readonly number[]): FoldedRow {
  return {
    id: idOf(`map fold ${above} ${name} ${domain === null ? 'none' : 'some'}`),
    kind: 'fold',
    name,
    domain,
    systems,
  }
}
