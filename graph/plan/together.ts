import { AMPLE_OVERLAP } from '../answer/change.ts'
import { lagAt } from '../answer/lag.ts'
import { modelOf, remedies } from '../answer/model.ts'
import { hasSecondUser } from '../answer/operations.ts'
import { run } from '../answer/run.ts'
import { primarySystems } from '../answer/systems.ts'
import { usersOfAll } from '../answer/users.ts'
import { bareModel, isDependent, victimsOf, weightsIn, type Victims } from '../answer/victims.ts'
import type { Estate } from '../estate/estate.ts'
import { keepsBoth } from './move.ts'
import { fallOf } from '../reach/fall.ts'

/**
 * What stops if the old values of all these stop working at once and nobody did anything. One question to the engine, so
 * two that are each other's fallback count, and who needs both counts once.
 */
export function unpreparedOf(estate: Estate, credentials: readonly number[]): Victims {
  const unsure = credentials.filter((credential) => lagAt(estate, credential, 'revoke').span[1] === null)
  return victimsOf(estate, fallOf(bareModel(estate), { struck: credentials, unsure: new Set(unsure) }))
}

/**
 * The same as one rotation of all of them: where two values or two users can be valid at once the new one is put into
 * every copy and restarts are done; where they cannot, nothing takes the old one's place.
 */
export function preparedOf(estate: Estate, credentials: readonly number[]): Victims {
  // Of a wave whose credentials all stay, or are in no source any more.
  if (credentials.length === 0) return { breaks: [], unknown: [] }
  const able = credentials.filter((index) => {
    const entity = estate.entities[index]!
    return keepsBoth(entity) || hasSecondUser(entity.kind)
  })
  const { places, workloads } = able.length > 0 ? usersOfAll(estate, able) : { places: [], workloads: [] }
  const put = places.filter((place) => place.put && place.confirmed).map(({ index }) => index)
  const lags = credentials.map((credential) => lagAt(estate, credential, 'rotate').span)
  const latest = lags.map(([, most]) => most)
  const spans = run(modelOf(estate, { op: 'rotate', unveiled: true, done: remedies }), {
    action: 'rotate',
    targets: credentials.map((index) => estate.entities[index]!.id),
    at: 0,
    lag: [Math.min(...lags.map(([least]) => least)), latest.includes(null) ? null : Math.max(...(latest as number[]))],
    overlap: AMPLE_OVERLAP,
    publish: [...put, ...workloads].map((index) => estate.entities[index]!.id),
  })
  const breaks: number[] = []
  const unknown: number[] = []
  for (const index of spans.affected) {
    if (!isDependent(estate, index)) continue
    if (spans.certain(index) !== null && estate.entities[index]!.kind !== 'caller') breaks.push(index)
    else unknown.push(index)
  }
  return { breaks, unknown }
}

const NAMED = 3

/** Counts and names: the business systems behind what breaks, and what weighs most. */
export function wordsOf(
  estate: Estate,
  { breaks, unknown }: Victims,
): { breaks: number; unknown: number; systems: string[]; first: string[] } {
  const systemOf = primarySystems(estate)
  const weights = weightsIn(estate)
  const systems = [...new Set(breaks.map((index) => systemOf[index]!).filter((index) => index >= 0))]
  return {
    breaks: breaks.length,
    unknown: unknown.length,
    systems: systems.map((index) => estate.entities[index]!.name).sort(),
    first: [...(breaks.length > 0 ? breaks : unknown)]
      .sort((a, b) => weights[b]! - weights[a]! || a - b)
      .slice(0, NAMED)
      .map((index) => estate.entities[index]!.name),
  }
}
