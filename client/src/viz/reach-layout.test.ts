import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { ReachReply } from '../../../graph/wire.ts'
import { depthsOf, routesOn, type ReachGraph, type ReachNode } from './reach-graph.ts'
import { BOX_HEIGHT, BOXES, columnOf, reachLayout, type LayoutOptions, type ReachLayout } from './reach-layout.ts'

const roles = ['identity', 'secret', 'credential', 'workload', 'resource', 'other'] as const

function graphOf(
  roleOf: readonly (typeof roles)[number][],
  jewels: readonly boolean[],
  pairs: readonly [number, number][],
) {
  const nodes = roleOf.map((role, at): ReachNode => ({
    ...{ id: `n${at}`, kind: 'x', title: role, role, name: `name ${at}`, links: 0, may: false },
    ...{ used: at % 3 === 0, jewel: at > 0 && jewels[at] === true },
  }))
  const edges: ReachReply['web']['edges'] = pairs
    .filter(([from, to]) => to !== 0 && from !== to)
    .map(([from, to]) => ({
      from,
      to,
      kind: from % 2 === 0 ? 'HOLDS' : 'x',
      verb: 'x',
      strength: 'declared',
      may: false,
      used: false,
    }))
  const out: number[][] = nodes.map(() => [])
  edges.forEach(({ from }, at) => out[from]!.push(at))
  const targets = new Set(nodes.flatMap(({ jewel }, at) => (jewel ? [at] : [])))
  return { nodes, edges, out, targets }
}

const graphs: fc.Arbitrary<ReachGraph> = fc.integer({ min: 2, max: 40 }).chain((size) =>
  fc
    .record({
      roles: fc.array(fc.constantFrom(...roles), { minLength: size, maxLength: size }),
      jewels: fc.array(
        fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
        { minLength: size, maxLength: size },
      ),
      pairs: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 90 }),
    })
    .map((one) => graphOf(one.roles, one.jewels, one.pairs)),
)
const removals = fc.array(fc.nat(89), { maxLength: 20 }).map((edges) => new Set(edges))

const drawn = (graph: ReachGraph, change: Partial<LayoutOptions> = {}): ReachLayout => {
  const removed = change.removed ?? new Set<number>()
  const routes = routesOn(graph, removed)
  return reachLayout(graph, { width: 992, mode: 'both', opened: [], removed, routes, ...change })
}
const placesOf = ({ boxes }: ReachLayout): Map<string, string> =>
  new Map(boxes.map(({ kind, id, x, y }) => [kind + id, `${x} ${y}`]))

describe('the picture of Reach', () => {
  test.prop([graphs])('holds every thing once: as a box, or in a stacked card', (graph) => {
    const { boxes } = drawn(graph)
    const held = boxes.flatMap((mark) => [...(mark.kind === 'box' ? [mark.node] : mark.nodes), ...mark.within])
    expect(held.toSorted((a, b) => a - b)).toEqual([...graph.nodes.keys()])
  })

  test.prop([graphs])('has at most seven cards a column, none over another, all within the width', (graph) => {
    const { boxes, columns, width } = drawn(graph)
    columns.forEach((_, at) => {
      const ofColumn = boxes.filter(({ column }) => column === at)
      expect(ofColumn.length).toBeLessThanOrEqual(BOXES)
      const tops = ofColumn.map(({ y }) => y).sort((a, b) => a - b)
      tops.slice(1).forEach((top, i) => expect(top - tops[i]!).toBeGreaterThanOrEqual(BOX_HEIGHT))
    })
    for (const mark of boxes) expect(mark.x + mark.width).toBeLessThanOrEqual(width)
  })

  test.prop([graphs, removals])('what is ticked moves nothing', (graph, removed) => {
    expect(placesOf(drawn(graph, { removed }))).toEqual(placesOf(drawn(graph)))
  })

  test.prop([graphs, fc.constantFrom('acts', 'secrets', 'becomes', 'jewels')])(
    'an opened card leaves every other box where it was',
    (graph, id) => {
      const open = placesOf(drawn(graph, { opened: [id] }))
      for (const [mark, place] of placesOf(drawn(graph))) expect(open.get(mark)).toBe(place)
    },
  )

  test.prop([graphs])('crown jewels stand in the last column and nowhere else', (graph) => {
    columnOf(graph).forEach((column, at) => {
      if (graph.nodes[at]!.jewel) expect(column).toBe(4)
      expect(column === 0).toBe(at === 0)
    })
  })

  test.prop([graphs])('what was used alone is drawn where use is asked for', (graph) => {
    const held = drawn(graph, { mode: 'used' }).boxes.flatMap((mark) =>
      mark.kind === 'box' ? [mark.node] : mark.nodes,
    )
    for (const node of held) expect(node === 0 || graph.nodes[node]!.used).toBe(true)
  })
})

describe('counting ways', () => {
  /** All shortest ways, listed one by one. */
  function listed(graph: ReachGraph, removed: ReadonlySet<number>): { total: number; whole: number } {
    const depth = depthsOf(graph)
    let [total, whole] = [0, 0]
    const walk = (at: number, intact: boolean): void => {
      if (graph.targets.has(at)) {
        total++
        if (intact) whole++
      }
      for (const edge of graph.out[at]!)
        if (depth[graph.edges[edge]!.to] === depth[at]! + 1) walk(graph.edges[edge]!.to, intact && !removed.has(edge))
    }
    walk(0, true)
    return { total, whole }
  }

  test.prop([graphs, removals])('equals listing them', (graph, removed) => {
    const { total, whole } = routesOn(graph, removed)
    expect({ total, whole }).toEqual(listed(graph, removed))
  })

  test.prop([graphs, removals])(
    'a target is left exactly if a walk over what remains comes to it',
    (graph, removed) => {
      const depth = depthsOf(graph, removed)
      expect(routesOn(graph, removed).left).toEqual([...graph.targets].filter((target) => depth[target]! >= 0))
    },
  )

  it('an edge that one of two ways runs over carries one', () => {
    const graph = graphOf(
      ['credential', 'identity', 'identity', 'resource'],
      [false, false, false, true],
      [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ],
    )
    const { total, whole, through, left } = routesOn(graph, new Set([2]))
    expect({ total, whole, through, left }).toEqual({ total: 2, whole: 1, through: [1, 1, 1, 1], left: [3] })
  })
})
