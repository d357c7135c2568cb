import { describe, expect, it } from 'vitest'
import { reachGraph, removedBy, routesOn } from '../../client/src/viz/reach-graph.ts'
import { idOf } from '../../graph/ids.ts'
import { reachOf } from './reach-world.ts'

describe('what the page counts by itself', () => {
  const subjects = ['std subject', 'billing-export-role', 'release-pipeline', 'db-ledger-rw']
  const replies = subjects.map((key) => reachOf(idOf(key), {})!)

  it.each(replies)('equals what the server counted: from $subject.name', (reply) => {
    expect(reply.web.complete).toBe(true)
    const graph = reachGraph(reply)
    expect(routesOn(graph).total).toBe(reply.containment.routes)
    for (const option of reply.containment.options) {
      const { total, whole } = routesOn(graph, removedBy(reply, [option.id]))
      expect(total - whole, option.title).toBe(option.routes)
    }
    const cheapest = reply.containment.cut.map(({ id }) => id)
    expect(routesOn(graph, removedBy(reply, cheapest)).left).toEqual([])
  })

  it.each(replies)('follows the cost curve step by step: from $subject.name', (reply) => {
    const graph = reachGraph(reply)
    const known = new Map([...reply.containment.options, ...reply.containment.cut].map(({ title, id }) => [title, id]))
    const done: string[] = []
    for (const { title, routes, targetsLeft } of reply.containment.curve) {
      const id = known.get(title)
      if (id === undefined) break
      done.push(id)
      const now = routesOn(graph, removedBy(reply, done))
      expect([now.total - now.whole, now.left.length], title).toEqual([routes, targetsLeft])
    }
    expect(done.length).toBeGreaterThan(0)
  })
})
