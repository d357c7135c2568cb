import { adjacency } from '../outage/adjacency.ts'
import type { Estate, EstateRelationship } from '../estate/estate.ts'

/** What is supposed of an estate, by the numbers of its relationships. */
export interface Changes {
  readonly gone: ReadonlySet<number>
  /** Only their need differs. */
  readonly changed: ReadonlyMap<number, EstateRelationship>
  readonly added: readonly EstateRelationship[]
}

/** An estate that is another with changes, so that what does not follow from them need not be worked out again. */
export interface Supposition extends Changes {
  readonly of: Estate
  /** Number that each relationship has there; -1: it is new. */
  readonly numbers: Int32Array
}

const suppositions = new WeakMap<Estate, Supposition>()

/** What was supposed to come to this estate; `undefined`: nothing. */
export function suppositionOf(estate: Estate): Supposition | undefined {
  return suppositions.get(estate)
}

/** The estate with these changes. Things keep their numbers; relationships move up. O(relationships), none looked up. */
export function supposing(estate: Estate, { gone, changed, added }: Changes): Estate {
  const kept = estate.relationships.length - gone.size
  const count = kept + added.length
  const numbers = new Int32Array(count).fill(-1)
  const tails = new Int32Array(count)
  const heads = new Int32Array(count)
  const relationships: EstateRelationship[] = []
  estate.relationships.forEach((one, number) => {
    if (gone.has(number)) return
    const at = relationships.push(changed.get(number) ?? one) - 1
    numbers[at] = number
    tails[at] = estate.tails[number]!
    heads[at] = estate.heads[number]!
  })
  for (const one of added) {
    const at = relationships.push(one) - 1
    tails[at] = estate.indexOf.get(one.from)!
    heads[at] = estate.indexOf.get(one.to)!
  }
  const size = estate.entities.length
  const supposed = { ...estate, relationships, tails, heads, out: adjacency(size, tails), in: adjacency(size, heads) }
  suppositions.set(supposed, { of: estate, numbers, gone, changed, added })
  return supposed
}
