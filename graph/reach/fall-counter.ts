import { int32s } from '../arrays.ts'
import { growing, push, type Growing } from '../outage/growing.ts'
import type { FallView, fallBits } from './fall-view.ts'

/** What one worker writes while it counts falls. Marks count while they equal the epoch: nothing is cleared. */
export interface FallCounter {
  readonly view: FallView
  epoch: number
  readonly out: Int32Array
  /** Values are refused in it. */
  readonly refused: Int32Array
  /** Reads that are out, as they may be for two reasons. */
  readonly reads: Int32Array
  /** Four words a group: epoch, how many are out, and `FallView.counted`. */
  readonly groups: Int32Array
  /** Who is out: `queue[0 … tail - 1]`. */
  readonly queue: Int32Array
  tail: number
  readonly places: Growing
  /** The last run met something that the two cases count differently. */
  differs: boolean
}

export function fallCounterFor(view: FallView): FallCounter {
  const groups = int32s(2 * view.counted.length)
  for (let group = 0; 2 * group < view.counted.length; group++) {
    groups[4 * group + 2] = view.counted[2 * group]!
    groups[4 * group + 3] = view.counted[2 * group + 1]!
  }
  return {
    view,
    epoch: 0,
    out: int32s(view.entities),
    refused: int32s(view.entities),
    reads: int32s(view.edges.length >> 1),
    groups,
    queue: int32s(view.entities),
    tail: 0,
    places: growing(),
    differs: false,
  }
}

const EPOCH_LIMIT = 2 ** 31 - 2

function nextEpoch(counter: FallCounter): number {
  if (counter.epoch >= EPOCH_LIMIT) {
    counter.epoch = 0
    for (const marks of [counter.out, counter.refused, counter.reads]) marks.fill(0)
    for (let i = 0; i < counter.groups.length; i += 4) counter.groups[i] = 0
  }
  return ++counter.epoch
}

/**
 * How many are out, itself included, when one thing stops now and for good. `graph/reach/fall` says the same and who
 * is degraded; this is for all credentials of an estate, one after the other. The compiler holds each literal against
 * its table: a binding of a module costs several loads for every edge.
 */
export function countFall(counter: FallCounter, struck: number, worst: boolean): number {
  const CONFIRMED: typeof fallBits.confirmed = 1
  const READS: typeof fallBits.reads = 2
  const HOLDS: typeof fallBits.holds = 4
  const GROUP: typeof fallBits.groupShift = 5
  const epoch = nextEpoch(counter)
  const { out, queue, groups, reads } = counter
  const { start, edges } = counter.view
  const side = worst ? 2 : 3
  let differs = false
  out[struck] = epoch
  queue[0] = struck
  let tail = 1
  counter.differs = false
  for (let head = 0; head < tail; head++) {
    const entity = queue[head]!
    let isHeld = false
    for (let at = 2 * start[entity]!, last = 2 * start[entity + 1]!; at < last; at += 2) {
      const word = edges[at + 1]!
      if ((word & 28) !== 0) {
        // What holds it comes after its dependents, then what syncs, then what only degrades.
        isHeld = (word & HOLDS) !== 0
        break
      }
      const dependent = edges[at]!
      if (out[dependent] === epoch) continue
      if (word >>> GROUP === 0) {
        if ((word & CONFIRMED) === 0) {
          differs = true
          if (!worst) continue
        }
      } else {
        const group = (word >>> GROUP) << 2
        if (groups[group + 2] !== groups[group + 3]) differs = true
        if (worst && (word & CONFIRMED) === 0) continue
        if ((word & READS) !== 0) {
          if (reads[at >> 1] === epoch) continue
          reads[at >> 1] = epoch
        }
        if (groups[group] !== epoch) {
          groups[group] = epoch
          groups[group + 1] = 1
        } else groups[group + 1]!++
        if (groups[group + 1]! < groups[group + side]!) continue
      }
      out[dependent] = epoch
      queue[tail++] = dependent
    }
    if (!isHeld) continue
    counter.tail = tail
    refuseCopies(counter, entity, worst)
    tail = counter.tail
  }
  counter.tail = tail
  if (differs) counter.differs = true
  return tail
}

/** A value is refused wherever it is held, and whoever reads it there loses it. */
function refuseCopies(counter: FallCounter, credential: number, worst: boolean): void {
  const CONFIRMED: typeof fallBits.confirmed = 1
  const READS: typeof fallBits.reads = 2
  const HOLDS: typeof fallBits.holds = 4
  const SYNCS: typeof fallBits.syncs = 8
  const SOFT: typeof fallBits.soft = 16
  const GROUP: typeof fallBits.groupShift = 5
  const { out, refused, reads, groups, queue, places, epoch } = counter
  const { start, edges } = counter.view
  const side = worst ? 2 : 3
  places.length = 0
  let next = -1
  for (let place = credential, over: number = HOLDS; ; place = places.items[next]!, over = SYNCS) {
    for (let at = 2 * start[place]!, last = 2 * start[place + 1]!; at < last; at += 2) {
      const word = edges[at + 1]!
      const other = edges[at]!
      if ((word & SOFT) !== 0) break
      if ((word & 12) === 0) {
        if (over === HOLDS || (word & READS) === 0 || out[other] === epoch) continue
        const group = (word >>> GROUP) << 2
        if (group === 0) {
          if ((word & CONFIRMED) === 0) {
            counter.differs = true
            if (!worst) continue
          }
        } else {
          if (groups[group + 2] !== groups[group + 3]) counter.differs = true
          if ((worst && (word & CONFIRMED) === 0) || reads[at >> 1] === epoch) continue
          reads[at >> 1] = epoch
          if (groups[group] !== epoch) {
            groups[group] = epoch
            groups[group + 1] = 1
          } else groups[group + 1]!++
          if (groups[group + 1]! < groups[group + side]!) continue
        }
        out[other] = epoch
        queue[counter.tail++] = other
        continue
      }
      if ((word & over) === 0) continue
      if ((word & CONFIRMED) === 0) {
        counter.differs = true
        if (!worst) continue
      }
      if (refused[other] === epoch) continue
      refused[other] = epoch
      push(places, other)
    }
    if (++next === places.length) return
  }
}

/** What falls with each of these, in both cases; the thing itself counts. */
export interface FallCounts {
  readonly certain: Int32Array
  readonly possible: Int32Array
}

/** Exact, one after the other. The best case is made only where something was met that it counts differently. */
export function countFalls(counter: FallCounter, things: Int32Array): FallCounts {
  const certain = int32s(things.length)
  const possible = int32s(things.length)
  for (let i = 0; i < things.length; i++) {
    possible[i] = countFall(counter, things[i]!, true)
    certain[i] = counter.differs ? countFall(counter, things[i]!, false) : possible[i]!
  }
  return { certain, possible }
}
