import { copyOf, int32s, uint8s } from '../arrays.ts'
import type { Estate, EstateRelationship } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Spans } from './spans.ts'
import { suppositionOf, takenOver, type Supposition } from './supposition.ts'
import { primarySystems, UNATTRIBUTED } from './systems.ts'
import type { Users } from './users.ts'

/** Roles in `Listing.roles`; 0 is what no list holds. */
const WORKLOAD = 1
const SYSTEM = 2

/** Marks in `Listing.seen`. */
const LISTED = 1
const HIT = 2
const STOOD_FOR = 4

export interface Listing {
  /** By entity, the row it stands in: its business system, `NO_SYSTEM` or `UNATTRIBUTED`. */
  readonly systems: Int32Array
  readonly roles: Uint8Array
  /** Workloads next to an entity in a list, each once: from `start[entity]` to before `start[entity + 1]`. */
  readonly next: { readonly start: Int32Array; readonly workloads: Int32Array }
  /** By relationship: does it come from a workload, which stands next to what it leads to? */
  readonly ways: Uint8Array
  /** By entity, zeros between two answers. */
  readonly seen: Uint8Array
}

const listings = new WeakMap<Estate, Listing>()

/** Takes over what `listingOf` made of this very estate in another process. */
export function keepListing(estate: Estate, { systems, roles, ways, next }: Omit<Listing, 'seen'>): void {
  listings.set(estate, { systems, roles, ways, next, seen: uint8s(roles.length) })
}

/** What is looked up of each entity that a change reaches: columns, as millions of records lie apart. Once per snapshot. */
export function listingOf(estate: Estate): Listing {
  const known = listings.get(estate)
  if (known) return known
  const primary = primarySystems(estate)
  const supposition = suppositionOf(estate)
  const before = supposition && listingOf(supposition.of)
  const roles = before?.roles ?? rolesOf(estate)
  const ways = supposition ? waysBefore(estate, supposition, roles) : Uint8Array.from(estate.relationships, isWay)
  if (!supposition) estate.tails.forEach((tail, number) => roles[tail] === WORKLOAD || (ways[number] = 0))
  const isSame = supposition !== undefined && primary === primarySystems(supposition.of)
  const made = {
    systems: before && isSame ? before.systems : systemsOf(estate, primary),
    roles,
    next: nextTo(estate, roles, ways),
    ways,
    seen: uint8s(roles.length),
  }
  listings.set(estate, made)
  return made
}

function rolesOf({ entities }: Estate): Uint8Array {
  const codes = new Map([
    ['workload', WORKLOAD],
    ['system', SYSTEM],
  ])
  return Uint8Array.from(entities, ({ kind }) => codes.get(entityKinds[kind].role) ?? 0)
}

function systemsOf({ entities }: Estate, primary: Int32Array): Int32Array {
  return Int32Array.from(entities, ({ kind }, index) => (kind === 'caller' ? UNATTRIBUTED : primary[index]!))
}

function isWay({ kind, confidence }: EstateRelationship): 0 | 1 {
  return confidence !== 'none' && (kind === 'DEPENDS_ON' || kind === 'USES_SECRET' || kind === 'RUNS_AS') ? 1 : 0
}

/** Of what only has another need, the same; what is new is looked at. */
function waysBefore({ relationships, tails }: Estate, { of, numbers, added }: Supposition, roles: Uint8Array) {
  const ways = takenOver(listingOf(of).ways, numbers, uint8s(numbers.length))
  for (let i = numbers.length - added.length; i < numbers.length; i++)
    ways[i] = roles[tails[i]!] === WORKLOAD ? isWay(relationships[i]!) : 0
  return ways
}

function nextTo({ tails, in: towards }: Estate, roles: Uint8Array, ways: Uint8Array): Listing['next'] {
  const start = int32s(roles.length + 1)
  const workloads = new Int32Array(ways.reduce((sum, one) => sum + one, 0))
  /** By workload, the last entity that it was noted for, and one. */
  const noted = int32s(roles.length)
  let count = 0
  for (let entity = 0; entity < roles.length; entity++) {
    for (let at = towards.start[entity]!; at < towards.start[entity + 1]!; at++) {
      const number = towards.list[at]!
      const workload = tails[number]!
      if (ways[number] === 0 || noted[workload] === entity + 1) continue
      noted[workload] = entity + 1
      workloads[count++] = workload
    }
    start[entity + 1] = count
  }
  return { start, workloads: copyOf(workloads, count) }
}

/**
 * Who an answer lists, ascending: every workload that uses the value, every workload that the change reaches, every
 * workload next to one of those that holds out, and business systems that none of the listed workloads stands for.
 */
export function dependentsOf(estate: Estate, users: Users, base: Spans, unveiled: Spans): Int32Array {
  const { roles, next, seen, systems } = listingOf(estate)
  const [first, second] = [base.outages.entities, unveiled.outages.entities]
  const hit = int32s(first.length + second.length)
  let hits = 0
  for (const entities of [first, second])
    for (let at = 0; at < entities.length; at++) {
      const index = entities[at]!
      if ((seen[index]! & HIT) !== 0) continue
      seen[index]! |= HIT
      hit[hits++] = index
    }
  const listed: number[] = []
  const list = (index: number): void => {
    if ((seen[index]! & LISTED) !== 0) return
    seen[index]! |= LISTED
    listed.push(index)
  }
  users.workloads.forEach(list)
  for (let at = 0; at < hits; at++) {
    const index = hit[at]!
    if (roles[index] === WORKLOAD) list(index)
    for (let slot = next.start[index]!; slot < next.start[index + 1]!; slot++) {
      const workload = next.workloads[slot]!
      if ((seen[workload]! & (HIT | LISTED)) === 0) list(workload)
    }
  }
  const stoodFor = listed.length
  for (const index of listed) if (systems[index]! >= 0) seen[systems[index]!]! |= STOOD_FOR
  for (let at = 0; at < hits; at++)
    if (roles[hit[at]!] === SYSTEM && (seen[hit[at]!]! & STOOD_FOR) === 0) list(hit[at]!)
  for (let at = 0; at < stoodFor; at++) if (systems[listed[at]!]! >= 0) seen[systems[listed[at]!]!] = 0
  for (let at = 0; at < hits; at++) seen[hit[at]!] = 0
  for (const index of listed) seen[index] = 0
  return Int32Array.from(listed).sort()
}
