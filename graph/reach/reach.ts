import { uint8s } from '../arrays.ts'
import type { Estate, EstateRelationship } from '../estate/estate.ts'
import type { EvidenceKind } from '../kinds/evidence.ts'
import { wayOf, type Way } from './how.ts'
import { seenUse, type UseWindow } from './seen-use.ts'
import { evidenceOfStrength, strengths, travelOf, type Travel } from './travel.ts'
import { linksTo, walk, type Allowed, type Walk } from './walk.ts'

/** Relationships in the order in which compromise travels them, from the source to a thing. */
export interface Chain {
  /** Relationship numbers. */
  readonly links: readonly number[]
  readonly weakest: EvidenceKind
  /** A permission or a guess is among the links: it *may* be reached, nothing shows that it is. */
  readonly may: boolean
  /** Conditions on its links, which nobody here evaluated: whether they hold is not known. */
  readonly conditions: readonly string[]
}

/** Everything within reach of whoever holds one thing. */
export interface Reach {
  readonly source: number
  /** Entity numbers, nearest first, without the source. */
  readonly things: readonly number[]
  has(entity: number): boolean
  /** Links from the source by the shortest chain. */
  depth(entity: number): number
  /** How the shortest chain says that it is within reach. */
  way(entity: number): Way
  /** The last relationship of the shortest chain, -1 where it has none. */
  last(entity: number): number
  /** Is a permission or a guess among the links of the shortest chain? */
  may(entity: number): boolean
  shortest(entity: number): Chain
  /** The chain whose weakest evidence is strongest; of several the shortest. */
  strongest(entity: number): Chain
}

/** What may be reached, permissions that nobody was seen to use included. Linear in the estate. */
export function canReach(estate: Estate, source: number): Reach {
  return reachOver(estate, source)
}

/** What was reached as logs show it: observed use only, since a time and from networks where given. */
export function wasUsed(estate: Estate, source: number, window: UseWindow): Reach {
  return reachOver(estate, source, seenUse(estate, window))
}

/** Reach over some of the relationships: one walk for the shortest chains, one more for each strength of evidence. */
function reachOver(estate: Estate, source: number, allowed?: Allowed): Reach {
  const travel = travelOf(estate)
  const near = walk(travel, source, allowed)
  let mays: Uint8Array | undefined
  let widest: ReturnType<typeof widestWalks> | undefined
  return {
    source,
    things: near.order.slice(1),
    has: (entity) => near.depth[entity]! >= 0,
    depth: (entity) => near.depth[entity]!,
    way: (entity) => wayOf(estate, entity, near.over[entity]!),
    last: (entity) => near.over[entity]!,
    may: (entity) => (mays ??= maysOf(estate, travel, near))[entity] === 1,
    shortest: (entity) => chainOf(estate, travel, linksTo(near, travel, entity)),
    strongest: (entity) => {
      widest ??= widestWalks(travel, source, allowed)
      return chainOf(estate, travel, linksTo(widest(entity), travel, entity))
    },
  }
}

/** By entity, 1 where its shortest chain has a link that merely may be there: read off the walk, nearest first. */
function maysOf(estate: Estate, { from }: Travel, { order, over }: Walk): Uint8Array {
  const mays = uint8s(over.length)
  for (const entity of order) {
    const link = over[entity]!
    if (link >= 0 && (mays[from[link]!] === 1 || isMay(estate.relationships[link]!))) mays[entity] = 1
  }
  return mays
}

const isMay = ({ confidence }: EstateRelationship): boolean => confidence === 'none' || confidence === 'possible'

/** By entity, the walk over the strongest evidence that still reaches it: the widest path, without a priority queue. */
function widestWalks(travel: Travel, source: number, allowed: Allowed | undefined): (entity: number) => Walk {
  const walks = strengths.map((least) =>
    walk(travel, source, (number) => travel.strength[number]! >= least && (!allowed || allowed(number))),
  )
  return (entity) => walks.find(({ depth }) => depth[entity]! >= 0) ?? walks.at(-1)!
}

function chainOf(estate: Estate, travel: Travel, links: readonly number[]): Chain {
  let weakest = strengths[0]!
  let may = false
  const conditions = new Set<string>()
  for (const number of links) {
    const relationship = estate.relationships[number]!
    weakest = Math.min(weakest, travel.strength[number]!)
    may ||= isMay(relationship)
    for (const condition of conditionsIn(relationship.props?.['conditions'])) conditions.add(condition)
  }
  return { links, weakest: evidenceOfStrength(weakest), may, conditions: [...conditions].sort() }
}

function conditionsIn(stated: unknown): readonly string[] {
  if (typeof stated === 'string') return [stated]
  return Array.isArray(stated) ? stated.filter((one) => typeof one === 'string') : []
}
