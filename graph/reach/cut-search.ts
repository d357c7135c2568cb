import { openWay, type CutGraph } from './cut-graph.ts'
import { cheaperSet, type CutPrices } from './cut-prices.ts'
import { cheaper, type Price } from './price.ts'

export interface Found {
  /** Numbers of actions. */
  readonly actions: readonly number[]
  readonly price: Price
}

export interface Searched {
  readonly best: Found | undefined
  /** Whether nothing better exists. */
  readonly proven: boolean
  /** No set costs less than this, whether proven or not: dependents that break or may break. */
  readonly atLeast: number
}

interface Partial {
  readonly taken: readonly number[]
  readonly price: Price
  /** Decided against on the way here, so that no set is looked at twice. */
  readonly barred: ReadonlySet<number>
}

export interface SearchBounds {
  readonly sets: number
  readonly edges: number
}

/**
 * Best first over the actions of open ways: of every way that is open one action has to be taken, and the price of a set
 * never falls when it grows, so the first set without an open way is the cheapest. Bounded by work, not by time.
 *
 * @param done actions that are taken already, at no price
 * @param fewest of sets with one price, look for the one with fewest actions too
 */
export function searchCut(
  graph: CutGraph,
  wanted: Uint8Array,
  prices: CutPrices,
  done: Uint8Array,
  known: Found | undefined,
  fewest: boolean,
  bounds: SearchBounds,
): Searched {
  let best = known
  const order = (a: Found, b: Found): number =>
    fewest ? cheaperSet(a.price, a.actions.length, b.price, b.actions.length) : cheaper(a.price, b.price)
  const queue = partialQueue(fewest)
  queue.push({ taken: [], price: { breaks: 0, unknown: 0 }, barred: new Set() })
  const state = done.slice()
  let [sets, edges] = [0, 0]
  for (let partial = queue.pop(); partial; partial = queue.pop()) {
    const { taken, price, barred } = partial
    if (best && order({ actions: taken, price }, best) >= 0)
      return { best, proven: true, atLeast: best.price.breaks + best.price.unknown }
    if (sets >= bounds.sets || edges >= bounds.edges || prices.exhausted())
      return { best, proven: false, atLeast: price.breaks + price.unknown }
    sets++
    edges += graph.head.length
    for (const action of taken) state[action] = 1
    const way = openWay(graph, state, wanted)
    for (const action of taken) state[action] = done[action]!
    if (way === undefined) {
      best = { actions: taken, price }
      continue
    }
    const barredHere = new Set(barred)
    for (const action of actionsOn(graph, way)) {
      if (barred.has(action)) continue
      const more = [...taken, action]
      queue.push({ taken: more, price: prices.of(more), barred: new Set(barredHere) })
      barredHere.add(action)
    }
  }
  return { best, proven: best !== undefined, atLeast: best ? best.price.breaks + best.price.unknown : 0 }
}

/** Actions that end an edge of a way, the nearest to the source first. */
function actionsOn({ edgeAction, nodeAction, byNode, tail }: CutGraph, way: readonly number[]): number[] {
  const found = new Set<number>()
  for (let at = way.length - 1; at >= 0; at--) {
    const edge = way[at]!
    const node = nodeAction[tail[edge]!]!
    if (node >= 0 && byNode[edge] === 1) found.add(node)
    if (edgeAction[edge]! >= 0) found.add(edgeAction[edge]!)
  }
  return [...found]
}

/** Cheapest first; of one price the larger set where its size does not count (a whole cut is nearer), else the smaller. */
function partialQueue(fewest: boolean): { push(one: Partial): void; pop(): Partial | undefined } {
  const items: { readonly partial: Partial; readonly at: number }[] = []
  let pushed = 0
  const before = (a: (typeof items)[number], b: (typeof items)[number]): boolean => {
    const bySize = a.partial.taken.length - b.partial.taken.length
    return (cheaper(a.partial.price, b.partial.price) || (fewest ? bySize : -bySize) || a.at - b.at) < 0
  }
  return {
    push(partial) {
      let at = items.push({ partial, at: pushed++ }) - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!before(items[at]!, items[parent]!)) return
        ;[items[at], items[parent]] = [items[parent]!, items[at]!]
        at = parent
      }
    },
    pop() {
      const top = items[0]
      const last = items.pop()
      if (items.length === 0 || last === undefined) return top?.partial
      items[0] = last
      for (let at = 0; ;) {
        let least = at
        for (const child of [2 * at + 1, 2 * at + 2])
          if (child < items.length && before(items[child]!, items[least]!)) least = child
        if (least === at) return top!.partial
        ;[items[at], items[least]] = [items[least]!, items[at]!]
        at = least
      }
    },
  }
}
