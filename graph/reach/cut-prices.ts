import type { CutGraph } from './cut-graph.ts'
import type { CutAction } from './cut-actions.ts'
import { cheaper, type Price } from './price.ts'

/** Entity numbers of dependents that a loss breaks, and of those of which it is not known. */
export interface Outage {
  readonly breaks: readonly number[]
  readonly unknown: readonly number[]
}

/** What actions break. A set is priced as a whole: one action may take away what saved somebody from another. */
export interface Pricing {
  /** If all of these are done at once. Never less for more of them. */
  of(actions: readonly CutAction[]): Outage
  /** Does it break nothing and nobody, whatever else is done beside it? */
  free(action: CutAction): boolean
}

export interface CutPrices {
  /** Free actions cost nothing in any company. */
  readonly isFree: Uint8Array
  /** Of a set of actions by number. */
  of(actions: readonly number[]): Price
  /** Of one action, and whom it breaks. */
  outage(action: number): Outage
  has(action: number): boolean
  /** The bound of work is met: what has no price yet should get none. */
  exhausted(): boolean
}

/** Dependents named in prices, all together: a bound of work, so that the same estate gives the same answer. */
const NAMED_IN_ALL = 1_000_000
const PRICED_IN_ALL = 40_000

export function cutPrices({ actions }: CutGraph, pricing: Pricing): CutPrices {
  const isFree = Uint8Array.from(actions, (action) => (pricing.free(action) ? 1 : 0))
  const single = new Map<number, Outage>()
  const nothing: Outage = { breaks: [], unknown: [] }
  let [asked, named] = [0, 0]
  const ask = (numbers: readonly number[]): Outage => {
    asked++
    const outage = pricing.of(numbers.map((one) => actions[one]!))
    named += outage.breaks.length + outage.unknown.length
    return outage
  }
  const outage = (action: number): Outage => {
    if (isFree[action] === 1) return nothing
    let known = single.get(action)
    if (!known) single.set(action, (known = ask([action])))
    return known
  }
  return {
    isFree,
    outage,
    of: (numbers) => {
      const costly = numbers.filter((one) => isFree[one] === 0)
      const { breaks, unknown } = costly.length === 0 ? nothing : costly.length === 1 ? outage(costly[0]!) : ask(costly)
      return { breaks: breaks.length, unknown: unknown.length }
    },
    has: (action) => isFree[action] === 1 || single.has(action),
    exhausted: () => asked >= PRICED_IN_ALL || named >= NAMED_IN_ALL,
  }
}

/** In the worst case all that is unknown breaks; then what breaks for certain; then the fewer actions. */
export function cheaperSet(a: Price, aSize: number, b: Price, bSize: number): number {
  return cheaper(a, b) || aSize - bSize
}
