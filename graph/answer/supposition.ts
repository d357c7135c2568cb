import { int32s } from '../arrays.ts'
import { adjacency } from '../outage/adjacency.ts'
import type { Estate, EstateRelationship } from '../estate/estate.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'

/** What is supposed of an estate, by the numbers of its relationships. */
export interface Changes {
  readonly gone: ReadonlySet<number>
  /** Only their need differs. */
  readonly changed: ReadonlyMap<number, EstateRelationship>
  /** Of any kind; what is known of the estate is taken over where they are `DEPENDS_ON`, and run over nothing. */
  readonly added: readonly EstateRelationship[]
}

/** An estate that is another with changes, so that what does not follow from them need not be worked out again. */
export interface Supposition extends Changes {
  readonly of: Estate
  /** Number that each relationship has there; -1: it is new. */
  readonly numbers: Int32Array
  /** Number that each relationship of `of` has here; -1: it is gone. */
  readonly now: Int32Array
}

const suppositions = new WeakMap<Estate, Supposition>()

/** What was supposed to come to this estate; `undefined`: nothing. */
export function suppositionOf(estate: Estate): Supposition | undefined {
  return suppositions.get(estate)
}

/** Is something of these kinds gone, changed or new? */
export function touchesKinds({ of, gone, changed, added }: Supposition, kinds: ReadonlySet<RelationshipKind>): boolean {
  const isOne = (number: number): boolean => kinds.has(of.relationships[number]!.kind)
  return [...gone].some(isOne) || [...changed.keys()].some(isOne) || added.some(({ kind }) => kinds.has(kind))
}

/** The estate with these changes. Things keep their numbers; relationships move up. O(relationships), none looked up. */
export function supposing(of: Estate, changes: Changes): Estate {
  const { gone, changed, added } = changes
  const before = of.relationships.length
  const kept = before - gone.size
  const numbers = int32s(kept + added.length).fill(-1)
  const now = int32s(before).fill(-1)
  for (let number = 0, at = 0; number < before; number++) {
    if (gone.size > 0 && gone.has(number)) continue
    numbers[at] = number
    now[number] = at++
  }
  const relationships = withoutGone(of.relationships, gone)
  for (const [number, one] of changed) if (now[number]! >= 0) relationships[now[number]!] = one
  for (const one of added) relationships.push(one)
  const ends = (was: Int32Array, end: 'from' | 'to') => {
    const all = takenOver(was, numbers, int32s(numbers.length))
    added.forEach((one, i) => (all[kept + i] = of.indexOf.get(one[end])!))
    return all
  }
  const [tails, heads] = [ends(of.tails, 'from'), ends(of.heads, 'to')]
  const size = of.entities.length
  const supposed = { ...of, relationships, tails, heads, out: adjacency(size, tails), in: adjacency(size, heads) }
  const isPlain =
    added.every(({ kind, by, via }) => kind === 'DEPENDS_ON' && !by && !via) &&
    [...changed.values()].every(({ need }) => need !== undefined)
  if (isPlain) suppositions.set(supposed, { of, numbers, now, ...changes })
  return supposed
}

/** By blocks between those that are gone, which are few: copied as memory is. */
function withoutGone(all: readonly EstateRelationship[], gone: ReadonlySet<number>): EstateRelationship[] {
  if (gone.size === 0) return all.slice()
  if (gone.size > FEW) return all.filter((_, number) => !gone.has(number))
  const ends = [...[...gone].sort((a, b) => a - b), all.length]
  return all.slice(0, ends[0]).concat(...ends.slice(1).map((end, i) => all.slice(ends[i]! + 1, end)))
}

const FEW = 1000

/** What a column said of each relationship that was there; the others stay as they are in `into`. */
export function takenOver<T extends Int32Array | Uint8Array>(was: T, numbers: Int32Array, into: T): T {
  for (let i = 0; i < numbers.length; i++) {
    const before = numbers[i]!
    if (before >= 0) into[i] = was[before]!
  }
  return into
}
