import type { Estate, EstateRelationship } from '../estate/estate.ts'
import { along } from '../estate/estate.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import { overlaps } from './network.ts'
import { travelOf } from './travel.ts'
import type { Allowed } from './walk.ts'

/** What counts as use: since when (ISO 8601), and by callers from which networks. Both may be left open. */
export interface UseWindow {
  readonly since?: string
  readonly networks?: readonly string[]
}

/**
 * Which relationships are use, that a log has to show, and which say what a thing consists of: whoever has read a
 * secret holds what stands in it, and no log shows that a second time.
 */
const needsUse = {
  AUTHENTICATES_AS: true,
  ISSUED_BY: true,
  HOLDS: false,
  SYNCED_FROM: false,
  ENCRYPTED_BY: true,
  USES_SECRET: true,
  USES_CREDENTIAL: true,
  RUNS_AS: true,
  ASSUMES: true,
  CAN_ACCESS: true,
  CAN_ESCALATE_TO: true,
  CAN_MANAGE: true,
  MEMBER_OF: false,
  DEPENDS_ON: true,
  DEFINED_IN: true,
  OWNED_BY: true,
  SUPPLIED_BY: true,
  CONTAINED_IN: true,
} as const satisfies Record<RelationshipKind, boolean>

/** The relationships of which a log shows use in the window, and those whose content goes with it. */
export function seenUse(estate: Estate, window: UseWindow): Allowed {
  const { from } = travelOf(estate)
  const callers = window.networks?.length ? usedFrom(estate, window, window.networks) : undefined
  return (number) => {
    const relationship = estate.relationships[number]!
    if (!needsUse[relationship.kind]) return true
    if (!isSeen(relationship, window)) return false
    // A log of an identity does not say who acted as it: its use counts where a caller from there has had it.
    return callers === undefined || callers.has(from[number]!)
  }
}

/** Was it observed at or after the given time? An observation without a time cannot show that. */
function isSeen({ evidence = [] }: EstateRelationship, { since }: UseWindow): boolean {
  const from = since === undefined ? undefined : Date.parse(since)
  return evidence.some(
    ({ kind, lastSeen }) =>
      kind === 'observed' && (from === undefined || (lastSeen !== undefined && Date.parse(lastSeen) >= from)),
  )
}

/** Callers from these networks, what they used, and whoever that proves them to be. */
function usedFrom(estate: Estate, window: UseWindow, networks: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  const { start, list, to } = travelOf(estate)
  estate.entities.forEach(({ kind, props }, index) => {
    const network = props?.['network']
    if (kind === 'caller' && typeof network === 'string' && networks.some((one) => overlaps(one, network)))
      found.add(index)
  })
  const queue = [...found]
  for (let head = 0; head < queue.length; head++)
    for (let i = start[queue[head]!]!; i < start[queue[head]! + 1]!; i++) {
      const number = list[i]!
      const relationship = estate.relationships[number]!
      if (!proves.has(relationship.kind) || found.has(to[number]!)) continue
      if (relationship.kind !== 'AUTHENTICATES_AS' && !isSeen(relationship, window)) continue
      found.add(to[number]!)
      queue.push(to[number]!)
    }
  return found
}

const proves = new Set<RelationshipKind>([
  'USES_CREDENTIAL',
  'USES_SECRET',
  'RUNS_AS',
  'AUTHENTICATES_AS',
  'ASSUMES',
  'HOLDS',
])

/** A network from which something was seen to be used, and the id of the first caller known there. */
export interface SeenFrom {
  readonly id: string
  readonly network: string
}

/** Where something was seen to be used from, since a time: what a responder may choose attackers from. By network. */
export function callersOf(estate: Estate, entity: number, window: UseWindow): SeenFrom[] {
  const callers = new Map<string, string>()
  for (const number of along(estate.in, entity)) {
    const relationship = estate.relationships[number]!
    const caller = estate.entities[estate.indexOf.get(relationship.from)!]!
    const network = caller.props?.['network']
    if (caller.kind !== 'caller' || typeof network !== 'string' || !isSeen(relationship, window)) continue
    const known = callers.get(network)
    if (known === undefined || caller.id < known) callers.set(network, caller.id)
  }
  return [...callers].map(([network, id]) => ({ id, network })).sort((a, b) => (a.network < b.network ? -1 : 1))
}

export const networksOf = (estate: Estate, entity: number, window: UseWindow): string[] =>
  callersOf(estate, entity, window).map(({ network }) => network)

/** Networks of callers named by their ids; what is no caller has none. */
export function networksOfCallers(estate: Estate, ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const index = estate.indexOf.get(id)
    const caller = index === undefined ? undefined : estate.entities[index]
    const network = caller?.kind === 'caller' ? caller.props?.['network'] : undefined
    return typeof network === 'string' ? [network] : []
  })
}
