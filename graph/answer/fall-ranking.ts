import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { fallOf } from '../reach/fall.ts'
import { changeRow, lagOf } from './operations.ts'
import { primarySystems } from './systems.ts'
import { numberProp } from './things.ts'
import { bareModel, victimsOf, weightsIn } from './victims.ts'

/** What falls with one credential if it stops working now and for good, and nobody does anything. */
export interface CredentialFall {
  readonly credential: number
  /** Each dependent by its tier, ten times where it breaks for certain. */
  readonly weight: number
  readonly breaks: number
  readonly unknown: number
  /** Business systems among or behind what breaks for certain. */
  readonly systems: number
  readonly tier1: number
}

export interface FallRanking {
  /** Heaviest first; ties by entity number, which is the order of keys. */
  readonly falls: readonly CredentialFall[]
  /** Tokens that each job is given anew: nobody rotates them, so they are not ranked. */
  readonly jobTokens: number
}

const CERTAIN = 10
const cache = new WeakMap<Estate, FallRanking>()

/** Every credential of the estate by what falls with it, exact: once per snapshot. */
export function fallRanking(estate: Estate): FallRanking {
  const known = cache.get(estate)
  if (known) return known
  const credentials: number[] = []
  let jobTokens = 0
  estate.entities.forEach(({ kind }, index) => {
    if (entityKinds[kind].role !== 'credential') return
    if (changeRow(kind)?.defaultTtl === 'job') jobTokens++
    else credentials.push(index)
  })
  const model = bareModel(estate)
  const weights = weightsIn(estate)
  const systemsOf = primarySystems(estate)
  const tier1 = estate.entities.map((entity) => numberProp(entity, 'tier') === 1)
  const falls = credentials.map((credential): CredentialFall => {
    const unsure = lagOf(estate.entities[credential]!.kind).span[1] === null
    const fall = fallOf(model, { struck: [credential], ...(unsure && { unsure: new Set([credential]) }) })
    const { breaks, unknown } = victimsOf(estate, fall)
    let weight = 0
    const systems = new Set<number>()
    for (const one of breaks) {
      weight += weights[one]! * CERTAIN
      if (systemsOf[one]! >= 0) systems.add(systemsOf[one]!)
    }
    for (const one of unknown) weight += weights[one]!
    let tops = 0
    for (const system of systems) if (tier1[system]) tops++
    return {
      credential,
      weight,
      breaks: breaks.length,
      unknown: unknown.length,
      systems: systems.size,
      tier1: tops,
    }
  })
  falls.sort((a, b) => b.weight - a.weight || a.credential - b.credential)
  const ranking = { falls, jobTokens }
  cache.set(estate, ranking)
  return ranking
}
