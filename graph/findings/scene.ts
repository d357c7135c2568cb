import { primarySystems } from '../answer/systems.ts'
import { placesOf } from '../answer/subject.ts'
import { ownerOf } from '../answer/things.ts'
import { usersOf } from '../answer/users.ts'
import { daysBetween } from '../answer/unused.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import type { Evidence } from '../facts.ts'
import type { KnownEntity } from '../known.ts'
import type { Scene } from './finding.ts'

const EVIDENCE_SHOWN = 5

/** What all findings look at, for one credential. */
export function sceneOf(estate: Estate, credential: number, now: string): Scene {
  const entity = estate.entities[credential]!
  const identities = headsOf(estate, credential, 'AUTHENTICATES_AS')
  const places = placesOf(estate, credential)
  const users = usersOf(estate, credential).workloads
  const near = [credential, ...identities, ...places.filter(({ put }) => put).map(({ index }) => index)]
  const systemOf = primarySystems(estate)
  const systems = [...new Set(users.map((index) => systemOf[index]!).filter((index) => index >= 0))]
  const owner = near.map((index) => ownerOf(estate, index)).find((name) => name !== null) ?? null
  return {
    ...{ estate, credential, entity, now, identities, places, users, owner },
    around: near.map((index) => estate.entities[index]!),
    systems: systems.sort((a, b) => a - b),
  }
}

export function headsOf(estate: Estate, index: number, kind: string): number[] {
  const found: number[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === kind && relationship.confidence !== 'none') found.push(estate.heads[number]!)
  }
  return found
}

/** Relationships that lead to one thing from the users of a credential. */
export function* usesOf({ estate, credential, places }: Scene): Generator<EstateRelationship> {
  for (const index of [credential, ...places.map((place) => place.index)])
    for (const number of along(estate.in, index)) {
      const relationship = estate.relationships[number]!
      const isUse = relationship.kind === 'USES_CREDENTIAL' || relationship.kind === 'USES_SECRET'
      if (isUse && relationship.confidence !== 'none') yield relationship
    }
}

/** The first text of this name that the credential, its identity or its places carry. */
export function textAround({ around }: Scene, ...names: readonly string[]): string | undefined {
  for (const name of names)
    for (const { props } of around) {
      const value = props?.[name]
      if (typeof value === 'string' && value !== '') return value
    }
  return undefined
}

export function flagAround({ around }: Scene, name: string): boolean {
  // A tag can only say it in letters.
  return around.some(({ props }) => props?.[name] === true || props?.[name] === 'true')
}

/** Age in days of a moment that the credential itself carries; undefined where it carries none. */
export function ageOf({ entity, now }: Scene, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = entity.props?.[name]
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return Math.floor(daysBetween(value, now))
  }
  return undefined
}

export function evidenceOf(...things: readonly (KnownEntity | EstateRelationship | undefined)[]): Evidence[] {
  return things.flatMap((thing) => thing?.evidence ?? []).slice(0, EVIDENCE_SHOWN)
}

/** Names of at most three, and how many more. */
export function namesOf(estate: Estate, indices: readonly number[]): string {
  const names = indices.slice(0, 3).map((index) => estate.entities[index]!.name)
  const more = indices.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
