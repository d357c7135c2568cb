import { copyOf, int32s, uint8s } from '../arrays.ts'
import { giveWay } from '../give-way.ts'
import type { Estate } from '../estate/estate.ts'
import { dominatorsOf, weightsBelow, type GappedRows } from './dominators.ts'
import { travelOf } from './travel.ts'

/** A thing that every known way from the roots to some targets goes through. */
export interface ChokePoint {
  readonly thing: number
  /** Targets and things that nothing leads to without it, itself left out. */
  readonly targets: number
  readonly things: number
}

export interface ChokePoints {
  /** Everything that the roots lead to, themselves included. */
  readonly reached: readonly number[]
  /** Targets among it. */
  readonly targets: readonly number[]
  /** Of those, the ones that only themselves are on every way to. */
  readonly open: number
  /** Most targets first, of these the one that most things are behind: the one nearest to the roots. */
  readonly points: readonly ChokePoint[]
  /** Targets behind a thing. */
  behind(thing: number): number[]
}

/**
 * Choke points between some things and some targets. A root is none for itself alone: with one root, it is left out.
 */
export function chokePointsOf(estate: Estate, roots: Int32Array, targets: ReadonlySet<number>): ChokePoints {
  const rows = accessRows(estate)
  giveWay()
  const dominators = dominatorsOf(rows, roots)
  giveWay()
  const { count, entity, number, above } = dominators
  const isTarget = Uint8Array.from(estate.entities, (_, thing) => (targets.has(thing) ? 1 : 0))
  const [targetsBelow, thingsBelow] = [weightsBelow(dominators, isTarget), weightsBelow(dominators)]
  const onlyRoot = roots.length === 1 ? number[roots[0]!]! : -1
  const points: ChokePoint[] = []
  for (let one = 1; one < count; one++) {
    const thing = entity[one]!
    const within = targetsBelow[one]! - isTarget[thing]!
    if (within > 0 && one !== onlyRoot) points.push({ thing, targets: within, things: thingsBelow[one]! - 1 })
  }
  points.sort((a, b) => b.targets - a.targets || b.things - a.things || a.thing - b.thing)
  const reached = [...entity.subarray(1, count)]
  const within = reached.filter((thing) => isTarget[thing] === 1 && number[thing] !== onlyRoot)
  const isOpen = (thing: number) => above[number[thing]!] === 0 || above[number[thing]!] === onlyRoot
  return {
    reached,
    targets: within,
    open: within.filter(isOpen).length,
    points,
    behind: (thing) =>
      within.filter((target) => {
        let at = above[number[target]!]!
        for (; at > number[thing]!; at = above[at]!);
        return at === number[thing] && at > 0
      }),
  }
}

function accessRows(estate: Estate): GappedRows {
  const { start, list, to } = travelOf(estate)
  return { start, end: start.subarray(1), to: Int32Array.from(list, (relationship) => to[relationship]!) }
}

/** How many of these lead to a thing, itself included where it is one: a walk back over what compromise travels. */
export function leadingTo(estate: Estate, sources: Int32Array): (thing: number) => number {
  const { start, to, end } = accessRows(estate)
  const back = int32s(start.length)
  for (const head of to) back[head + 1]!++
  for (let i = 1; i < back.length; i++) back[i]! += back[i - 1]!
  const from = int32s(to.length)
  const next = copyOf(back)
  for (let i = 0; i < end.length; i++) for (let at = start[i]!; at < end[i]!; at++) from[next[to[at]!]!++] = i
  const isSource = uint8s(end.length)
  for (const source of sources) isSource[source] = 1
  const found = int32s(isSource.length)
  /** By thing, the walk that found it last. */
  const foundBy = int32s(isSource.length)
  let walks = 0
  return (thing) => {
    const walk = ++walks
    let [count, tail] = [0, 1]
    found[0] = thing
    foundBy[thing] = walk
    for (let head = 0; head < tail; head++) {
      const at = found[head]!
      count += isSource[at]!
      for (let i = back[at]!; i < back[at + 1]!; i++) {
        const one = from[i]!
        if (foundBy[one] === walk) continue
        foundBy[one] = walk
        found[tail++] = one
      }
    }
    return count
  }
}
