import { copyOf, int32s, uint8s } from '../arrays.ts'
import type { Estate } from '../estate/estate.ts'
import { cutActions, type CutAction } from './cut-actions.ts'
import type { Travel } from './travel.ts'
import { walk } from './walk.ts'

/**
 * What lies on some way from a source to its targets, however long, with numbers of its own: node 0 is the source. An
 * action ends all that leaves a node (`nodeAction`, only the edges marked in `byNode`), or one edge (`edgeAction`).
 */
export interface CutGraph {
  readonly nodes: number
  /** Entity number of each node. */
  readonly entity: Int32Array
  readonly isTarget: Uint8Array
  readonly targets: readonly number[]
  /** Edges of node `n` are `start[n] … start[n + 1] - 1`. */
  readonly start: Int32Array
  readonly tail: Int32Array
  readonly head: Int32Array
  readonly actions: readonly CutAction[]
  /** Number in `actions`, or -1. */
  readonly nodeAction: Int32Array
  readonly edgeAction: Int32Array
  readonly byNode: Uint8Array
}

export function cutGraph(estate: Estate, travel: Travel, source: number, targets: ReadonlySet<number>): CutGraph {
  const { order, depth } = walk(travel, source)
  const leading = leadingTo(
    travel,
    order,
    [...targets].filter((one) => one !== source && depth[one]! >= 0),
  )
  const entity = Int32Array.from([source, ...order.filter((one) => one !== source && leading[one] === 1)])
  const nodeOf = int32s(travel.size).fill(-1)
  entity.forEach((one, node) => (nodeOf[one] = node))
  const { start, links, tail, head } = edgesBetween(travel, entity, nodeOf)
  const actions = cutActions(estate, travel, entity, copyOf(links).sort())
  return {
    nodes: entity.length,
    entity,
    isTarget: Uint8Array.from(entity, (one) => (targets.has(one) && one !== source ? 1 : 0)),
    targets: Array.from(entity.keys()).filter((node) => node > 0 && targets.has(entity[node]!)),
    start,
    tail,
    head,
    actions,
    ...endsOf(actions, nodeOf, entity.length, links.length, edgeNumbers(links, travel.from.length)),
  }
}

interface Edges {
  readonly start: Int32Array
  /** Relationship of each edge. */
  readonly links: Int32Array
  readonly tail: Int32Array
  readonly head: Int32Array
}

function edgesBetween({ start: first, list, to }: Travel, entity: Int32Array, nodeOf: Int32Array): Edges {
  // What leads back to the source is on no shortest way and on none that a cut has to see.
  const isEdge = (link: number): boolean => nodeOf[to[link]!]! > 0
  const start = int32s(entity.length + 1)
  for (let node = 0, count = 0; node < entity.length; node++) {
    for (let i = first[entity[node]!]!; i < first[entity[node]! + 1]!; i++) if (isEdge(list[i]!)) count++
    start[node + 1] = count
  }
  const edges = start[entity.length]!
  const [links, tail, head] = [int32s(edges), int32s(edges), int32s(edges)]
  for (let node = 0, edge = 0; node < entity.length; node++)
    for (let i = first[entity[node]!]!; i < first[entity[node]! + 1]!; i++) {
      if (!isEdge(list[i]!)) continue
      links[edge] = list[i]!
      tail[edge] = node
      head[edge++] = nodeOf[to[list[i]!]!]!
    }
  return { start, links, tail, head }
}

/** By entity, 1 for these targets and for all of `order` from which one of them can be reached. */
export function leadingTo(
  { size, start, list, to }: Travel,
  order: readonly number[],
  targets: Iterable<number>,
): Uint8Array {
  const into = int32s(size + 1)
  for (const at of order) for (let i = start[at]!; i < start[at + 1]!; i++) into[to[list[i]!]! + 1]!++
  for (let i = 0; i < size; i++) into[i + 1]! += into[i]!
  const next = copyOf(into)
  const tails = int32s(into[size]!)
  for (const at of order) for (let i = start[at]!; i < start[at + 1]!; i++) tails[next[to[list[i]!]!]!++] = at
  const leading = uint8s(size)
  const queue = [...targets]
  for (const one of queue) leading[one] = 1
  for (let at = 0; at < queue.length; at++)
    for (let i = into[queue[at]!]!; i < into[queue[at]! + 1]!; i++) {
      const from = tails[i]!
      if (leading[from] === 1) continue
      leading[from] = 1
      queue.push(from)
    }
  return leading
}

/** Number of each relationship's edge, -1 where it has none. */
function edgeNumbers(links: Int32Array, relationships: number): Int32Array {
  const edgeOf = int32s(relationships).fill(-1)
  links.forEach((link, edge) => (edgeOf[link] = edge))
  return edgeOf
}

function endsOf(
  actions: readonly CutAction[],
  nodeOf: Int32Array,
  nodes: number,
  edges: number,
  edgeOf: Int32Array,
): Pick<CutGraph, 'nodeAction' | 'edgeAction' | 'byNode'> {
  const nodeAction = int32s(nodes).fill(-1)
  const edgeAction = int32s(edges).fill(-1)
  const byNode = uint8s(edges)
  actions.forEach(({ kind, target, removes }, number) => {
    if (kind === 'grant') {
      edgeAction[edgeOf[target]!] = number
      return
    }
    nodeAction[nodeOf[target]!] = number
    for (const link of removes) if (edgeOf[link]! >= 0) byNode[edgeOf[link]!] = 1
  })
  return { nodeAction, edgeAction, byNode }
}

/** Is an edge still there when these actions are done? */
export function isOpen({ edgeAction, nodeAction, byNode, tail }: CutGraph, done: Uint8Array, edge: number): boolean {
  if (edgeAction[edge]! >= 0 && done[edgeAction[edge]!] === 1) return false
  const action = nodeAction[tail[edge]!]!
  return action < 0 || byNode[edge] === 0 || done[action] === 0
}

/** A shortest open way to a wanted node, as edges, the last one first; undefined where there is none. */
export function openWay(graph: CutGraph, done: Uint8Array, wanted: Uint8Array): number[] | undefined {
  const over = int32s(graph.nodes).fill(-1)
  const queue = int32s(graph.nodes)
  let tail = 1
  for (let at = 0; at < tail; at++) {
    const node = queue[at]!
    for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge++) {
      const to = graph.head[edge]!
      if (over[to] !== -1 || !isOpen(graph, done, edge)) continue
      over[to] = edge
      if (wanted[to] === 1) return wayTo(graph, over, to)
      queue[tail++] = to
    }
  }
  return undefined
}

function wayTo({ tail }: CutGraph, over: Int32Array, node: number): number[] {
  const way: number[] = []
  for (let at = node; at !== 0; at = tail[over[at]!]!) way.push(over[at]!)
  return way
}

/** Nodes that are within reach when these actions are done. */
export function reachedNodes(graph: CutGraph, done: Uint8Array): Uint8Array {
  const reached = uint8s(graph.nodes)
  const queue = int32s(graph.nodes)
  reached[0] = 1
  let tail = 1
  for (let at = 0; at < tail; at++)
    for (let edge = graph.start[queue[at]!]!; edge < graph.start[queue[at]! + 1]!; edge++) {
      const to = graph.head[edge]!
      if (reached[to] === 1 || !isOpen(graph, done, edge)) continue
      reached[to] = 1
      queue[tail++] = to
    }
  return reached
}
