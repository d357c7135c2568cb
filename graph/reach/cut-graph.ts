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
  const leading = leadingTo(travel, order, depth, targets, source)
  const entity = Int32Array.from([source, ...order.filter((one) => one !== source && leading[one] === 1)])
  const nodeOf = new Int32Array(travel.size).fill(-1)
  entity.forEach((one, node) => (nodeOf[one] = node))
  const start = new Int32Array(entity.length + 1)
  const links: number[] = []
  const tail: number[] = []
  const head: number[] = []
  entity.forEach((one, node) => {
    for (let i = travel.start[one]!; i < travel.start[one + 1]!; i++) {
      const to = nodeOf[travel.to[travel.list[i]!]!]!
      // What leads back to the source is on no shortest way and on none that a cut has to see.
      if (to <= 0) continue
      links.push(travel.list[i]!)
      tail.push(node)
      head.push(to)
    }
    start[node + 1] = links.length
  })
  const actions = cutActions(
    estate,
    travel,
    entity,
    [...links].sort((a, b) => a - b),
  )
  return {
    nodes: entity.length,
    entity,
    isTarget: Uint8Array.from(entity, (one) => (targets.has(one) && one !== source ? 1 : 0)),
    targets: Array.from(entity.keys()).filter((node) => node > 0 && targets.has(entity[node]!)),
    start,
    tail: Int32Array.from(tail),
    head: Int32Array.from(head),
    actions,
    ...endsOf(actions, nodeOf, entity.length, links),
  }
}

function leadingTo(
  travel: Travel,
  order: readonly number[],
  depth: Int32Array,
  targets: ReadonlySet<number>,
  source: number,
): Uint8Array {
  const into = new Int32Array(travel.size + 1)
  for (const at of order)
    for (let i = travel.start[at]!; i < travel.start[at + 1]!; i++) into[travel.to[travel.list[i]!]! + 1]!++
  for (let i = 0; i < travel.size; i++) into[i + 1]! += into[i]!
  const next = into.slice()
  const tails = new Int32Array(into[travel.size]!)
  for (const at of order)
    for (let i = travel.start[at]!; i < travel.start[at + 1]!; i++) tails[next[travel.to[travel.list[i]!]!]!++] = at
  const leading = new Uint8Array(travel.size)
  const queue = [...targets].filter((one) => one !== source && depth[one]! >= 0)
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

function endsOf(
  actions: readonly CutAction[],
  nodeOf: Int32Array,
  nodes: number,
  links: readonly number[],
): Pick<CutGraph, 'nodeAction' | 'edgeAction' | 'byNode'> {
  const edgeOf = new Map(links.map((link, edge) => [link, edge]))
  const nodeAction = new Int32Array(nodes).fill(-1)
  const edgeAction = new Int32Array(links.length).fill(-1)
  const byNode = new Uint8Array(links.length)
  actions.forEach(({ kind, target, removes }, number) => {
    if (kind === 'grant') {
      edgeAction[edgeOf.get(target)!] = number
      return
    }
    nodeAction[nodeOf[target]!] = number
    for (const link of removes) {
      const edge = edgeOf.get(link)
      if (edge !== undefined) byNode[edge] = 1
    }
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
  const over = new Int32Array(graph.nodes).fill(-1)
  const queue = new Int32Array(graph.nodes)
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
  const reached = new Uint8Array(graph.nodes)
  const queue = new Int32Array(graph.nodes)
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
