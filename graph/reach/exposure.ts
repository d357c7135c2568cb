import { entityKinds } from '../kinds/entity-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { Reach } from './reach.ts'

/** Why a credential must be treated as exposed: what the last link of its chain says. */
export const exposures = {
  held: 'it is the compromised thing itself',
  read: 'it stands in a secret that can be read',
  carried: 'a workload within reach carries it',
  issued: 'it was issued by something within reach',
  granted: 'something within reach may fetch or use it',
  supplied: 'it belongs to what was taken over',
} as const
export type Exposure = keyof typeof exposures

const byLastLink: Partial<Record<RelationshipKind, Exposure>> = {
  HOLDS: 'read',
  USES_CREDENTIAL: 'carried',
  ISSUED_BY: 'issued',
  CAN_ACCESS: 'granted',
  SUPPLIED_BY: 'supplied',
  CONTAINED_IN: 'supplied',
}

export interface Exposed {
  readonly credential: number
  readonly why: Exposure
  /** A permission or a guess is among the links of the shortest chain to it. */
  readonly may: boolean
  /** Logs show that the chain up to it was used in the window that was asked about. */
  readonly used: boolean
}

/**
 * Every credential that must be treated as exposed: the compromised one, and each whose value or use is within reach.
 * What was seen used comes first, then what is certain, then the nearest.
 */
export function exposedBy(estate: Estate, can: Reach, used: Reach): Exposed[] {
  return [can.source, ...can.things]
    .filter((thing) => isCredential(estate, thing))
    .map((credential): Exposed => {
      const last = can.last(credential)
      const why = last < 0 ? 'held' : (byLastLink[estate.relationships[last]!.kind] ?? 'granted')
      return { credential, why, may: can.may(credential), used: used.has(credential) }
    })
    .sort(
      (a, b) =>
        Number(b.used) - Number(a.used) ||
        Number(a.may) - Number(b.may) ||
        can.depth(a.credential) - can.depth(b.credential) ||
        a.credential - b.credential,
    )
}

export function isCredential(estate: Estate, entity: number): boolean {
  return entityKinds[estate.entities[entity]!.kind].role === 'credential'
}
