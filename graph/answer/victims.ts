import { uint8s } from '../arrays.ts'
import { along, type Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { CompiledEstate } from '../outage/compile.ts'
import type { Fall } from '../reach/fall.ts'
import { modelOf } from './model.ts'
import { primarySystems } from './systems.ts'
import { numberProp } from './things.ts'

/** What a loss costs: dependents, each of them once. */
export interface Victims {
  readonly breaks: readonly number[]
  readonly unknown: readonly number[]
}

/** The estate as nothing hides a loss in it: see `fallOf`. */
export function bareModel(estate: Estate): CompiledEstate {
  return modelOf(estate, { op: 'revoke', unveiled: true })
}

const cache = new WeakMap<Estate, Uint8Array>()
/** What an entity is when losses are added up. */
export const countedAs = { other: 0, dependent: 1, caller: 2 } as const
const { other: OTHER, dependent: DEPENDENT, caller: CALLER } = countedAs

/**
 * Who counts as a dependent when losses are added up: workloads, callers, and business systems that need something else
 * than workloads, for those no workload stands. It does not depend on the loss, so a larger loss never counts fewer.
 * `countedAs`, by entity.
 */
export function dependentsIn(estate: Estate): Uint8Array {
  const known = cache.get(estate)
  if (known) return known
  const kinds = estate.entities.map(({ kind }) => entityKinds[kind].role)
  const counted = Uint8Array.from(estate.entities, ({ kind }, index) => {
    if (kind === 'caller') return CALLER
    if (kinds[index] === 'workload') return DEPENDENT
    return kinds[index] === 'system' && needsItself(estate, index, kinds) ? DEPENDENT : OTHER
  })
  cache.set(estate, counted)
  return counted
}

/** Does its loss count? */
export function isDependent(estate: Estate, entity: number): boolean {
  return dependentsIn(estate)[entity] !== OTHER
}

function needsItself(estate: Estate, system: number, roles: readonly string[]): boolean {
  let workloads = 0
  for (const number of along(estate.out, system)) {
    const relationship = estate.relationships[number]!
    if (relationship.confidence === 'none') continue
    const role = roles[estate.heads[number]!]
    if (role === 'workload' || role === 'system') workloads++
    else if (relationship.kind !== 'OWNED_BY' && relationship.kind !== 'CONTAINED_IN') return true
  }
  return workloads === 0
}

/**
 * Dependents that a fall puts out: certain ones break. Of those that may be out, are merely degraded, or are callers of
 * whom nobody is known, it is not known.
 */
export function victimsOf(estate: Estate, { certain, possible, degraded }: Fall): Victims {
  const counted = dependentsIn(estate)
  const breaks: number[] = []
  const unknown: number[] = []
  const broken = marksOf(estate)
  for (const entity of certain)
    if (counted[entity] === DEPENDENT) {
      broken[entity] = 1
      breaks.push(entity)
    }
  for (const entity of possible) if (counted[entity] !== OTHER && broken[entity] === 0) unknown.push(entity)
  for (const entity of breaks) broken[entity] = 0
  for (const entity of degraded) if (counted[entity] !== OTHER) unknown.push(entity)
  return { breaks, unknown }
}

const marks = new WeakMap<Estate, Uint8Array>()

/** By entity, zeros between two calls. */
function marksOf(estate: Estate): Uint8Array {
  const known = marks.get(estate)
  if (known) return known
  const made = uint8s(estate.entities.length)
  marks.set(estate, made)
  return made
}

/** What a tier 1 system rests on counts eight times what serves nobody known. */
const tierWeights: readonly number[] = [1, 8, 4, 2]

const weights = new WeakMap<Estate, Uint8Array>()

/** By entity, how much its loss weighs: by the tier of the business system that it serves. */
export function weightsIn(estate: Estate): Uint8Array {
  const known = weights.get(estate)
  if (known) return known
  const systems = primarySystems(estate)
  const found = Uint8Array.from(estate.entities, (_, index) => {
    const system = systems[index]!
    const tier = system < 0 ? 0 : (numberProp(estate.entities[system]!, 'tier') ?? 0)
    return tierWeights[tier] ?? 1
  })
  weights.set(estate, found)
  return found
}
