import { float64s, int32s } from '../arrays.ts'
import type { CutGraph } from './cut-graph.ts'

/** What may not be done at all. */
export const NEVER = 1e15
const NOTHING = 1e-9
/** Arcs looked at: a bound of work, so that the same estate gives the same answer. */
const ARCS_LOOKED_AT = 60_000_000

export interface MinCut {
  /** Sum of the capacities of the cut. */
  readonly value: number
  /** Numbers of actions. */
  readonly actions: readonly number[]
}

/**
 * The cheapest set of actions between the source and the wanted nodes where costs add up (Dinic, "Algorithm for solution
 * of a problem of maximum flow", 1970): each node is split, so that an action on a node is an arc as well. Undefined where
 * no set is allowed, or the bound of work was met.
 */
export function minCut(
  graph: CutGraph,
  wanted: Uint8Array,
  capacityOf: (action: number) => number,
): MinCut | undefined {
  const flow = network(graph, wanted, capacityOf)
  const sink = 2 * graph.nodes
  let value = 0
  while (levels(flow, sink)) {
    const pushed = blockingFlow(flow, sink)
    value += pushed
    if (value >= NEVER / 2 || flow.looked > ARCS_LOOKED_AT) return undefined
    if (pushed <= NOTHING) break
  }
  return { value, actions: crossed(graph, flow) }
}

interface Network {
  readonly first: Int32Array
  readonly next: Int32Array
  readonly to: Int32Array
  readonly left: Float64Array
  readonly level: Int32Array
  readonly cursor: Int32Array
  readonly queue: Int32Array
  looked: number
}

function network(graph: CutGraph, wanted: Uint8Array, capacityOf: (action: number) => number): Network {
  const { nodes, nodeAction, edgeAction, byNode, tail, head } = graph
  const arcs = 2 * (nodes + head.length + graph.targets.length)
  const flow: Network = {
    first: int32s(2 * nodes + 1).fill(-1),
    next: int32s(arcs),
    to: int32s(arcs),
    left: float64s(arcs),
    level: int32s(2 * nodes + 1),
    cursor: int32s(2 * nodes + 1),
    queue: int32s(2 * nodes + 1),
    looked: 0,
  }
  let count = 0
  const half = (from: number, to: number, left: number): void => {
    flow.to[count] = to
    flow.left[count] = left
    flow.next[count] = flow.first[from]!
    flow.first[from] = count++
  }
  const arc = (from: number, to: number, capacity: number): void => {
    half(from, to, capacity)
    half(to, from, 0)
  }
  for (let node = 0; node < nodes; node++)
    arc(node, nodes + node, nodeAction[node]! < 0 ? NEVER : capacityOf(nodeAction[node]!))
  for (let edge = 0; edge < head.length; edge++)
    arc(
      byNode[edge] === 1 ? nodes + tail[edge]! : tail[edge]!,
      head[edge]!,
      edgeAction[edge]! < 0 ? NEVER : capacityOf(edgeAction[edge]!),
    )
  for (const target of graph.targets) if (wanted[target] === 1) arc(target, 2 * nodes, NEVER)
  return flow
}

/** Distances from the source over what is left; false where the sink is out of reach. */
function levels(flow: Network, sink: number): boolean {
  const { first, next, to, left, level, queue } = flow
  level.fill(-1)
  level[0] = 0
  let tail = 1
  for (let at = 0; at < tail; at++)
    for (let arc = first[queue[at]!]!; arc >= 0; arc = next[arc]!) {
      flow.looked++
      if (level[to[arc]!] !== -1 || left[arc]! <= NOTHING) continue
      level[to[arc]!] = level[queue[at]!]! + 1
      queue[tail++] = to[arc]!
    }
  return level[sink] !== -1
}

/** Pushes along shortest ways until each has a full arc; no recursion, as ways may be long. */
function blockingFlow(flow: Network, sink: number): number {
  const { first, next, to, left, level, cursor } = flow
  cursor.set(first)
  const way: number[] = []
  let pushed = 0
  for (let node = 0; ;) {
    if (node === sink) {
      let least = Infinity
      for (const arc of way) least = Math.min(least, left[arc]!)
      for (const arc of way) {
        left[arc]! -= least
        left[arc ^ 1]! += least
      }
      pushed += least
      if (pushed >= NEVER / 2) return pushed
      const full = way.findIndex((arc) => left[arc]! <= NOTHING)
      node = to[way[full]! ^ 1]!
      way.length = full
      continue
    }
    let arc = cursor[node]!
    while (arc >= 0 && (left[arc]! <= NOTHING || level[to[arc]!] !== level[node]! + 1)) {
      arc = next[arc]!
      flow.looked++
    }
    cursor[node] = arc
    if (arc >= 0) {
      way.push(arc)
      node = to[arc]!
      continue
    }
    const back = way.pop()
    if (back === undefined) return pushed
    node = to[back ^ 1]!
    cursor[node] = next[back]!
  }
}

/** Actions whose arcs lead from what the source still reaches to what it does not. */
function crossed({ nodes, nodeAction, edgeAction, byNode, tail, head }: CutGraph, { level }: Network): number[] {
  const isReached = (place: number): boolean => level[place] !== -1
  const found = new Set<number>()
  for (let node = 0; node < nodes; node++)
    if (nodeAction[node]! >= 0 && isReached(node) && !isReached(nodes + node)) found.add(nodeAction[node]!)
  for (let edge = 0; edge < head.length; edge++) {
    const from = byNode[edge] === 1 ? nodes + tail[edge]! : tail[edge]!
    if (edgeAction[edge]! >= 0 && isReached(from) && !isReached(head[edge]!)) found.add(edgeAction[edge]!)
  }
  return [...found].sort((a, b) => a - b)
}
