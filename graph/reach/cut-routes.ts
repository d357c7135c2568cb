import { float64s, int32s, uint8s } from '../arrays.ts'
import { isOpen, type CutGraph } from './cut-graph.ts'

/** The shortest open routes to the wanted nodes, each one's own, counted without listing them (Brandes 2001). Linear. */
export interface CutRoutes {
  readonly total: number
  readonly targets: number
  /** Routes that each action ends, by its number. */
  readonly ended: Float64Array
}

interface Layers {
  readonly order: Int32Array
  readonly count: number
  readonly depth: Int32Array
}

function layersOf(graph: CutGraph, done: Uint8Array): Layers {
  const depth = int32s(graph.nodes).fill(-1)
  const order = int32s(graph.nodes)
  depth[0] = 0
  let count = 1
  for (let at = 0; at < count; at++) {
    const node = order[at]!
    for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge++) {
      const to = graph.head[edge]!
      if (depth[to] !== -1 || !isOpen(graph, done, edge)) continue
      depth[to] = depth[node]! + 1
      order[count++] = to
    }
  }
  return { order, count, depth }
}

export function cutRoutes(graph: CutGraph, done: Uint8Array, wanted: Uint8Array): CutRoutes {
  const { order, count, depth } = layersOf(graph, done)
  const forth = float64s(graph.nodes)
  const on = float64s(graph.nodes)
  const isStep = (edge: number): boolean =>
    depth[graph.head[edge]!] === depth[graph.tail[edge]!]! + 1 && isOpen(graph, done, edge)
  let targets = 0
  forth[0] = 1
  for (let at = 0; at < count; at++) {
    const node = order[at]!
    if (wanted[node] === 1) {
      on[node] = 1
      targets++
    }
    for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge++)
      if (isStep(edge)) forth[graph.head[edge]!]! += forth[node]!
  }
  const ended = float64s(graph.actions.length)
  for (let at = count - 1; at >= 0; at--) {
    const node = order[at]!
    for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge++) {
      const ahead = on[graph.head[edge]!]!
      if (ahead === 0 || !isStep(edge)) continue
      on[node]! += ahead
      const through = forth[node]! * ahead
      if (graph.edgeAction[edge]! >= 0) ended[graph.edgeAction[edge]!]! += through
      if (graph.byNode[edge] === 1 && graph.nodeAction[node]! >= 0) ended[graph.nodeAction[node]!]! += through
    }
  }
  return { total: on[0]!, targets, ended }
}

/** How many of the first shortest routes are still whole when more is done. */
export function wholeRoutes(graph: CutGraph, wanted: Uint8Array): (done: Uint8Array) => number {
  const { order, count, depth } = layersOf(graph, uint8s(graph.actions.length))
  return (done) => {
    const forth = float64s(graph.nodes)
    forth[0] = 1
    let whole = 0
    for (let at = 0; at < count; at++) {
      const node = order[at]!
      if (forth[node] === 0) continue
      if (wanted[node] === 1) whole += forth[node]!
      for (let edge = graph.start[node]!; edge < graph.start[node + 1]!; edge++)
        if (depth[graph.head[edge]!] === depth[node]! + 1 && isOpen(graph, done, edge))
          forth[graph.head[edge]!]! += forth[node]!
    }
    return whole
  }
}
