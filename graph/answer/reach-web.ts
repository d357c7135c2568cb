import type { Estate } from '../estate/estate.ts'
import { leadingTo } from '../reach/cut-graph.ts'
import type { Reach } from '../reach/reach.ts'
import { seenUse, type UseWindow } from '../reach/seen-use.ts'
import { travelOf } from '../reach/travel.ts'
import type { ReachedThing, ReachReply } from '../wire.ts'
import { strengthOf } from './things.ts'
import { verbOf } from './reach-chain.ts'

/** Links that a picture, and counting on it, can carry. */
const LINKS = 4_000

export interface Web {
  readonly reply: ReachReply['web']
  /** Number of a link in the reply, by relationship number. */
  readonly edgeOf: ReadonlyMap<number, number>
}

interface WebOf {
  readonly can: Reach
  readonly used: Reach
  readonly window: UseWindow
  /** What containment is about. */
  readonly targets: ReadonlySet<number>
  /** Things that are listed anyway. */
  readonly listed: readonly number[]
  readonly reached: (thing: number) => ReachedThing
}

/**
 * The links between things within reach: all that lie on some way to a target, as many as there is room for, nearest
 * first; then the others between listed things. `complete` says whether every way to a target is among them.
 */
export function webOf(estate: Estate, { can, used, window, targets, listed, reached }: WebOf): Web {
  const travel = travelOf(estate)
  const order = [can.source, ...can.things]
  const leading = leadingTo(travel, order, targets)
  const [onWay, others]: [number[], number[]] = [[], []]
  let onWays = 0
  const isListed = new Set([can.source, ...listed])
  for (const from of order)
    for (let i = travel.start[from]!; i < travel.start[from + 1]!; i++) {
      const link = travel.list[i]!
      const to = travel.to[link]!
      if (to === can.source) continue
      if (leading[from] === 1 && leading[to] === 1) {
        if (onWays++ < LINKS) onWay.push(link)
      } else if (others.length < LINKS && isListed.has(from) && isListed.has(to)) others.push(link)
    }
  const links = [...onWay, ...others].slice(0, LINKS)
  const nodeOf = new Map([can.source, ...listed].map((thing, at) => [thing, at]))
  const more: number[] = []
  for (const link of links)
    for (const end of [travel.from[link]!, travel.to[link]!]) {
      if (nodeOf.has(end)) continue
      nodeOf.set(end, nodeOf.size)
      more.push(end)
    }
  const isUse = seenUse(estate, window)
  const wasUsed = (thing: number): boolean => thing === can.source || used.has(thing)
  return {
    edgeOf: new Map(links.map((link, at) => [link, at])),
    reply: {
      more: more.map(reached),
      complete: onWays <= LINKS,
      edges: links.map((link) => {
        const relationship = estate.relationships[link]!
        const [from, to] = [travel.from[link]!, travel.to[link]!]
        return {
          from: nodeOf.get(from)!,
          to: nodeOf.get(to)!,
          kind: relationship.kind,
          verb: verbOf(relationship.kind),
          strength: strengthOf(relationship),
          may: relationship.confidence === 'none' || relationship.confidence === 'possible',
          used: wasUsed(from) && wasUsed(to) && isUse(link),
        }
      }),
    },
  }
}
