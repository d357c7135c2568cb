import type { ReachedThing, ReachReply, Thing } from '../../../graph/wire.ts'

export type WebEdge = ReachReply['web']['edges'][number]

export interface ReachNode extends Thing {
  readonly used: boolean
  readonly jewel: boolean
  readonly may: boolean
  readonly links: number
}

/** The answer as a graph: node 0 is the subject. */
export interface ReachGraph {
  readonly nodes: readonly ReachNode[]
  readonly edges: readonly WebEdge[]
  /** Numbers of the edges that leave a node. */
  readonly out: readonly (readonly number[])[]
  /** What containment counts its paths to. */
  readonly targets: ReadonlySet<number>
}

/** Roles that count as targets where nothing within reach is marked as a crown jewel. */
const worthKeeping = new Set(['secret', 'workload', 'resource'])

export function reachGraph(reply: ReachReply): ReachGraph {
  const reached = [...reply.things, ...reply.web.more]
  const subject = { ...reply.subject, used: reply.counts.used > 0, jewel: false, may: false, links: 0 }
  const nodes: ReachNode[] = [subject, ...reached.map(nodeOf)]
  const out: number[][] = nodes.map(() => [])
  reply.web.edges.forEach((edge, at) => out[edge.from]?.push(at))
  const uncuttable = new Set(reply.containment.uncuttable.map(({ id }) => id))
  const { targets: about } = reply.containment
  const isTarget = (node: ReachNode, at: number): boolean =>
    at > 0 && !uncuttable.has(node.id) && (about === 'jewels' ? node.jewel : worthKeeping.has(node.role))
  const targets = new Set(nodes.flatMap((node, at) => (isTarget(node, at) ? [at] : [])))
  return { nodes, edges: reply.web.edges, out, targets }
}

const nodeOf = (thing: ReachedThing): ReachNode => thing

/** Links from the subject over what is left; -1: not within reach. */
export function depthsOf({ nodes, edges, out }: ReachGraph, removed: ReadonlySet<number> = new Set()): number[] {
  const depth = nodes.map(() => -1)
  const order = [0]
  depth[0] = 0
  for (const at of order)
    for (const edge of out[at]!) {
      const { to } = edges[edge]!
      if (depth[to] !== -1 || removed.has(edge)) continue
      depth[to] = depth[at]! + 1
      order.push(to)
    }
  return depth
}

export interface Routes {
  /** Shortest ways from the subject to each target, before anything is removed. */
  readonly total: number
  /** Of these, still whole. */
  readonly whole: number
  /** Targets that are still within reach over any way. */
  readonly left: readonly number[]
  /** By edge: how many of all shortest ways run over it. */
  readonly through: readonly number[]
}

/** Shortest ways, counted without listing them, as graph/reach/cut-routes.ts does; linear. */
export function routesOn(graph: ReachGraph, removed: ReadonlySet<number> = new Set()): Routes {
  const { edges, targets } = graph
  const depth = depthsOf(graph)
  const order = graph.nodes.map((_, at) => at).filter((at) => depth[at]! >= 0)
  order.sort((a, b) => depth[a]! - depth[b]!)
  const isStep = (edge: number): boolean => depth[edges[edge]!.to] === depth[edges[edge]!.from]! + 1
  const forth = forthOf(graph, order, isStep)
  const through = edges.map(() => 0)
  const on = graph.nodes.map((_, at) => (targets.has(at) && depth[at]! > 0 ? 1 : 0))
  for (const at of order.toReversed())
    for (const edge of graph.out[at]!) {
      const ahead = on[edges[edge]!.to]!
      if (ahead === 0 || !isStep(edge)) continue
      on[at]! += ahead
      through[edge] = forth[at]! * ahead
    }
  const whole = forthOf(graph, order, (edge) => isStep(edge) && !removed.has(edge))
  const now = depthsOf(graph, removed)
  return {
    total: on[0]!,
    whole: [...targets].reduce((sum, target) => sum + whole[target]!, 0),
    left: [...targets].filter((target) => now[target]! >= 0),
    through,
  }
}

function forthOf({ nodes, edges, out }: ReachGraph, order: readonly number[], open: (edge: number) => boolean) {
  const forth = nodes.map(() => 0)
  forth[0] = 1
  for (const at of order)
    if (forth[at] !== 0) for (const edge of out[at]!) if (open(edge)) forth[edges[edge]!.to]! += forth[at]!
  return forth
}

/** Nodes from which a target can be reached, targets included. */
export function leadingOf({ nodes, edges, targets }: ReachGraph): ReadonlySet<number> {
  const into: number[][] = nodes.map(() => [])
  for (const { from, to } of edges) into[to]!.push(from)
  const leading = new Set(targets)
  for (const at of leading) for (const from of into[at]!) leading.add(from)
  return leading
}

/** Links that the ticked actions end. */
export function removedBy({ containment }: ReachReply, ticked: readonly string[]): ReadonlySet<number> {
  const chosen = new Set(ticked)
  const options = [...containment.options, ...containment.cut]
  return new Set(options.flatMap(({ id, removes }) => (chosen.has(id) ? removes : [])))
}
