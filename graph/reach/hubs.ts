import { int32s } from '../arrays.ts'
import type { Condensed } from './condensed.ts'

/**
 * Components through which most of all reach goes. Their closures are counted once; a search that has met one leaves
 * out what is in its closure. Bit `h` of a word stands for hub `h`.
 */
export interface Hubs {
  /** Hubs that lead to each component, itself included. */
  readonly above: Int32Array
  /** Hubs that each component leads to, itself included. */
  readonly below: Int32Array
  readonly chosen: readonly number[]
}

const MOST = 32
/** Sources looked at, and targets by which the size of a closure is told: a bit of a word each. */
const SAMPLE = 32
const TARGETS = 32
/** A hub that saves fewer visits a source is not worth its two passes. */
const LEAST_SAVED = 4

/** One sampled source: what its search met, given the hubs so far. */
interface Sampled {
  readonly source: number
  /** Hubs it leads to. */
  below: number
}

interface Search {
  readonly graph: Condensed
  readonly above: Int32Array
  readonly marks: Int32Array
  readonly queue: Int32Array
  epoch: number
}

/**
 * Hubs, the best one first. Each is the component that would have saved a sample of sources most: met by how many of them,
 * times how much of what they met it leads to. That the choice is a guess costs time only: whatever is chosen, counts
 * are exact. The idea is the pruning of influence estimates by hubs (Ohsaka and others, 2014), for several at once.
 */
export function hubsOf(graph: Condensed, sources: Int32Array): Hubs {
  const { count } = graph
  const above = int32s(count)
  const below = int32s(count)
  const search: Search = { graph, above, marks: int32s(count), queue: int32s(count), epoch: 0 }
  const sample = sampleOf(sources)
  const met = int32s(count)
  const targets = int32s(count)
  const chosen: number[] = []
  while (chosen.length < MOST && sample.length > 0) {
    met.fill(0)
    const { visits, drawn } = visitSample(search, sample, met)
    if (visits < LEAST_SAVED * sample.length) break
    const hub = bestOf(graph, met, targets, drawn)
    if (hub < 0) break
    const bit = 1 << chosen.length
    chosen.push(hub)
    sample.forEach((one, i) => {
      const isMet = (met[hub]! & (1 << i)) !== 0
      if (isMet || (above[hub]! & one.below) !== 0) one.below |= bit
    })
    markClosure(search, hub, bit)
    below[hub]! |= bit
  }
  for (let one = 0; one < count; one++) {
    let bits = below[one]!
    for (let edge = graph.start[one]!; edge < graph.start[one + 1]!; edge++) bits |= below[graph.to[edge]!]!
    below[one] = bits
  }
  return { above, below, chosen }
}

/** Spread evenly over the sources, which are in no order of their own. */
function sampleOf(sources: Int32Array): Sampled[] {
  const size = Math.min(SAMPLE, sources.length)
  return Array.from({ length: size }, (_, i) => ({
    source: sources[Math.floor(((i + 0.5) * sources.length) / size)]!,
    below: 0,
  }))
}

/** Searches from each of the sample, and draws targets evenly from all that was met. */
function visitSample(search: Search, sample: readonly Sampled[], met: Int32Array) {
  const drawn = int32s(TARGETS)
  let visits = 0
  // A reservoir: each visit is kept with the same chance, by a fixed sequence of numbers.
  let state = 12345
  sample.forEach(({ source, below }, i) => {
    const bit = 1 << i
    const found = searchFrom(search, source, below)
    for (let at = 0; at < found; at++) {
      met[search.queue[at]!]! |= bit
      visits++
      if (visits <= TARGETS) drawn[visits - 1] = search.queue[at]!
      else {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0
        const place = Math.floor((state / 2 ** 32) * visits)
        if (place < TARGETS) drawn[place] = search.queue[at]!
      }
    }
  })
  return { visits, drawn: drawn.subarray(0, Math.min(TARGETS, visits)) }
}

/** How many components a source leads to that are below none of `hubs`; they are in the queue. */
function searchFrom(search: Search, source: number, hubs: number): number {
  const { above, marks, queue } = search
  const { start, to } = search.graph
  if ((above[source]! & hubs) !== 0) return 0
  const epoch = ++search.epoch
  let tail = 1
  queue[0] = source
  marks[source] = epoch
  for (let head = 0; head < tail; head++) {
    const at = queue[head]!
    for (let edge = start[at]!, end = start[at + 1]!; edge < end; edge++) {
      const next = to[edge]!
      if (marks[next] === epoch) continue
      marks[next] = epoch
      if ((above[next]! & hubs) === 0) queue[tail++] = next
    }
  }
  return tail
}

/** The component of most gain: how many sources met it, times how many of the drawn targets it leads to. */
function bestOf({ count, start, to }: Condensed, met: Int32Array, targets: Int32Array, drawn: Int32Array): number {
  targets.fill(0)
  for (let i = 0; i < drawn.length; i++) targets[drawn[i]!]! |= 1 << i
  let best = -1
  let most = 0
  for (let one = 0; one < count; one++) {
    if (met[one] === 0) continue
    let bits = targets[one]!
    for (let edge = start[one]!, end = start[one + 1]!; edge < end; edge++) bits |= targets[to[edge]!]!
    targets[one] = bits
    if (bits === 0) continue
    const gain = bitCount(met[one]!) * bitCount(bits)
    if (gain <= most) continue
    most = gain
    best = one
  }
  return best
}

function markClosure(search: Search, hub: number, bit: number): void {
  const found = searchFrom(search, hub, 0)
  for (let i = 0; i < found; i++) search.above[search.queue[i]!]! |= bit
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
