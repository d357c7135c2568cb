import { int32s } from '../arrays.ts'
import { along, type Estate } from '../estate/estate.ts'
import { giveWay } from '../give-way.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { fallRanking } from './fall-ranking.ts'
import { headOf, numberProp, ownerOf, textProp } from './things.ts'
import { usersOf } from './users.ts'

/** One business system of the map. */
export interface MapSystem {
  readonly index: number
  readonly domain: string | null
  readonly tier: number | null
}

/** A credential and the systems whose workloads use it, by their place in `systems`. */
export interface Sharing {
  readonly credential: number
  readonly systems: readonly number[]
}

/** A relationship by which something of one system needs something of another, by their places in `systems`. */
export interface Crossing {
  readonly relationship: number
  readonly from: readonly number[]
  readonly to: readonly number[]
}

export interface SystemMap {
  /** By domain, tier, name; those without a domain last. */
  readonly systems: readonly MapSystem[]
  readonly sharings: readonly Sharing[]
  readonly crossings: readonly Crossing[]
}

/** Things or relationships that are looked at before others have a turn. */
const STRETCH = 1024

const cache = new WeakMap<Estate, SystemMap>()

/** Which systems use which credentials, and which need which; once per snapshot. */
export function systemMap(estate: Estate): SystemMap {
  const known = cache.get(estate)
  if (known) return known
  const systems = systemsInOrder(estate)
  const served = nearestSystems(
    estate,
    systems.map(({ index }) => index),
  )
  const sharings = fallRanking(estate).falls.flatMap(({ credential }): Sharing[] => {
    giveWay()
    const using = new Set(usersOf(estate, credential).workloads.flatMap((user) => served[user] ?? []))
    return using.size === 0 ? [] : [{ credential, systems: [...using].sort((a, b) => a - b) }]
  })
  const made: SystemMap = { systems, sharings, crossings: crossingsOf(estate, served) }
  cache.set(estate, made)
  return made
}

function systemsInOrder(estate: Estate): MapSystem[] {
  const systems: MapSystem[] = []
  estate.entities.forEach((entity, index) => {
    if (entityKinds[entity.kind].role !== 'system') return
    systems.push({ index, domain: domainOf(estate, index), tier: numberProp(entity, 'tier') ?? null })
  })
  const nameOf = ({ index }: MapSystem): string => estate.entities[index]!.name
  return systems.sort(
    (a, b) =>
      inWords(a.domain, b.domain) ||
      (a.tier ?? 9) - (b.tier ?? 9) ||
      inWords(nameOf(a), nameOf(b)) ||
      inWords(estate.entities[a.index]!.key, estate.entities[b.index]!.key),
  )
}

function domainOf(estate: Estate, index: number): string | null {
  const container = headOf(estate, index, 'CONTAINED_IN')
  if (container !== undefined) return estate.entities[container]!.name
  return textProp(estate.entities[index]!, 'domain') ?? ownerOf(estate, index)
}

/** Order of names by their letters alone, the same on every machine; what has none stands last. */
export function inWords(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : a < b ? -1 : 1
}

/**
 * For every thing the systems it serves: those that depend on it by the fewest hops, all of them where several are as
 * near. Walks all systems at once, level by level, so that a thing has all its systems before it passes them on.
 */
function nearestSystems(estate: Estate, systems: readonly number[]): (readonly number[] | undefined)[] {
  const served: (number[] | undefined)[] = new Array<number[] | undefined>(estate.entities.length).fill(undefined)
  const hops = int32s(estate.entities.length).fill(-1)
  const queue: number[] = []
  systems.forEach((index, place) => {
    served[index] = [place]
    hops[index] = 0
    queue.push(index)
  })
  for (let head = 0; head < queue.length; head++) {
    if (head % STRETCH === 0) giveWay()
    const at = queue[head]!
    for (const number of along(estate.out, at)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'DEPENDS_ON' || relationship.confidence === 'none') continue
      const to = estate.heads[number]!
      if (hops[to] === -1) {
        hops[to] = hops[at]! + 1
        served[to] = []
        queue.push(to)
      }
      if (hops[to] === hops[at]! + 1) served[to] = [...new Set([...served[to]!, ...served[at]!])]
    }
  }
  return served
}

function crossingsOf(estate: Estate, served: readonly (readonly number[] | undefined)[]): Crossing[] {
  return estate.relationships.flatMap((relationship, number): Crossing[] => {
    if (number % STRETCH === 0) giveWay()
    if (relationship.kind !== 'DEPENDS_ON' || relationship.confidence === 'none') return []
    const [tails, heads] = [served[estate.tails[number]!] ?? [], served[estate.heads[number]!] ?? []]
    // Within one system nothing crosses: a system whose own thing the head is needs nobody for it.
    const others = tails.filter((place) => !heads.includes(place))
    return others.length === 0 || heads.length === 0 ? [] : [{ relationship: number, from: others, to: heads }]
  })
}
