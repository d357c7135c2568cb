import { float64s, int32s, uint8s } from '../arrays.ts'
import { condensedOf, type Condensed } from './condensed.ts'
import type { Rows } from './flat-components.ts'
import { hubsOf, type Hubs } from './hubs.ts'

/**
 * How much is within reach of each of some things, the thing itself left out: exact, all of them together.
 *
 * @param weights of each entity, whole and together below 2^31; each counts 1 where absent.
 */
export function reachOfAll(rows: Rows, sources: Int32Array, weights?: Int32Array): Float64Array {
  const graph = condensedOf(rows, sources, weights)
  const chains = chainsOf(graph)
  const ends = endsOf(graph, chains, sources)
  const totals = totalsOf(graph, ends, hubsOf(graph, ends))
  return Float64Array.from(sources, (source) => {
    const one = graph.of[source]!
    const own = weights ? weights[source]! : 1
    return totals[chains.end[one]!]! + chains.before[one]! - own
  })
}

/** Components that lead to one other only reach what that one reaches, and themselves. */
interface Chains {
  /** The first component from here that leads to several others, or to none. */
  readonly end: Int32Array
  /** Weight of what comes before that. */
  readonly before: Float64Array
}

function chainsOf({ count, start, to, weight }: Condensed): Chains {
  const end = int32s(count)
  const before = float64s(count)
  for (let one = 0; one < count; one++) {
    const isLink = start[one + 1]! - start[one]! === 1
    const next = isLink ? to[start[one]!]! : one
    end[one] = isLink ? end[next]! : one
    before[one] = isLink ? before[next]! + weight[one]! : 0
  }
  return { end, before }
}

/** Every end of a chain of these sources once, ascending. */
function endsOf({ count, of }: Condensed, { end }: Chains, sources: Int32Array): Int32Array {
  const isEnd = uint8s(count)
  let found = 0
  for (let i = 0; i < sources.length; i++) {
    const one = end[of[sources[i]!]!]!
    if (isEnd[one] === 0) found++
    isEnd[one] = 1
  }
  const ends = int32s(found)
  for (let one = 0, next = 0; one < count; one++) if (isEnd[one] === 1) ends[next++] = one
  return ends
}

/** Weight of all that each of these components leads to, itself included; of the others nothing is said. */
function totalsOf({ count, start, to, weight }: Condensed, ends: Int32Array, { above, below }: Hubs): Float64Array {
  const totals = float64s(count)
  const joint = jointWeights(weight, above)
  const marks = int32s(count).fill(-1)
  const queue = int32s(count)
  for (let i = 0; i < ends.length; i++) {
    const source = ends[i]!
    const hubs = below[source]!
    let total = hubs === 0 ? 0 : joint(hubs)
    if ((above[source]! & hubs) === 0) {
      let tail = 1
      queue[0] = source
      marks[source] = source
      for (let head = 0; head < tail; head++) {
        const at = queue[head]!
        total += weight[at]!
        for (let edge = start[at]!, end = start[at + 1]!; edge < end; edge++) {
          const next = to[edge]!
          if (marks[next] === source) continue
          marks[next] = source
          if ((above[next]! & hubs) === 0) queue[tail++] = next
        }
      }
    }
    totals[source] = total
  }
  return totals
}

/** Weight of everything below any of these hubs, summed once for each set of hubs that occurs. */
function jointWeights(weight: Int32Array, above: Int32Array): (hubs: number) => number {
  const byHubs = new Map<number, number>()
  for (let one = 0; one < above.length; one++)
    if (above[one] !== 0) byHubs.set(above[one]!, (byHubs.get(above[one]!) ?? 0) + weight[one]!)
  const sets = Int32Array.from(byHubs.keys())
  const sums = Float64Array.from(byHubs.values())
  const known = new Map<number, number>()
  return (hubs) => {
    let sum = known.get(hubs)
    if (sum === undefined) {
      sum = 0
      for (let i = 0; i < sets.length; i++) if ((sets[i]! & hubs) !== 0) sum += sums[i]!
      known.set(hubs, sum)
    }
    return sum
  }
}
