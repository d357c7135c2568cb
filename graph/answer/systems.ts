import { int32s } from '../arrays.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { System } from '../wire.ts'
import { suppositionOf, touchesKinds } from './supposition.ts'
import { numberProp, ownerOf, textProp } from './things.ts'

/** Rows of the blast front that are no business system. */
export const NO_SYSTEM = -1
export const UNATTRIBUTED = -2

const cache = new WeakMap<Estate, Int32Array>()
const systemKinds: ReadonlySet<RelationshipKind> = new Set(['DEPENDS_ON'])

/**
 * For every entity the business system it serves: the nearest one that depends on it, by fewest hops, then by tier,
 * then by name; `NO_SYSTEM` where there is none. One breadth-first walk from all systems at once.
 */
export function primarySystems(estate: Estate): Int32Array {
  const known = cache.get(estate)
  if (known) return known
  const supposition = suppositionOf(estate)
  if (supposition && !touchesKinds(supposition, systemKinds)) {
    const taken = primarySystems(supposition.of)
    cache.set(estate, taken)
    return taken
  }
  const system = int32s(estate.entities.length).fill(NO_SYSTEM)
  const queue = systemsByTier(estate)
  for (const index of queue) system[index] = index
  for (let head = 0; head < queue.length; head++) {
    const at = queue[head]!
    for (const number of along(estate.out, at)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'DEPENDS_ON') continue
      const to = estate.heads[number]!
      if (system[to] !== NO_SYSTEM) continue
      system[to] = system[at]!
      queue.push(to)
    }
  }
  cache.set(estate, system)
  return system
}

/** Takes over what `primarySystems` made of this very estate in another process. */
export function keepPrimarySystems(estate: Estate, systems: Int32Array): void {
  cache.set(estate, systems)
}

function systemsByTier(estate: Estate): number[] {
  const systems: number[] = []
  estate.entities.forEach((entity, index) => {
    if (entityKinds[entity.kind].role === 'system') systems.push(index)
  })
  return systems.sort((a, b) => tierOf(estate, a) - tierOf(estate, b) || byName(estate, a, b))
}

function byName(estate: Estate, a: number, b: number): number {
  const [x, y] = [estate.entities[a]!, estate.entities[b]!]
  return x.name < y.name ? -1 : x.name > y.name ? 1 : x.key < y.key ? -1 : 1
}

function tierOf(estate: Estate, index: number): number {
  return numberProp(estate.entities[index]!, 'tier') ?? 9
}

/** A row of the blast front. */
export function systemRow(estate: Estate, system: number): System {
  if (system === UNATTRIBUTED)
    return { id: null, name: 'Unattributed use', kind: 'unattributed', tier: null, team: null, owner: null }
  if (system === NO_SYSTEM)
    return { id: null, name: 'No system known', kind: 'none', tier: null, team: null, owner: null }
  const entity = estate.entities[system]!
  const team = ownerOf(estate, system)
  return {
    id: entity.id,
    name: entity.name,
    kind: 'system',
    tier: numberProp(entity, 'tier') ?? null,
    team,
    owner: textProp(entity, 'businessOwner') ?? textProp(entity, 'owner') ?? team,
  }
}
