import Graph from 'graphology'
import { relationshipKindNames } from '../../dist/graph/kinds/relationship-kinds.js'
import { channelOfKind, channels, onlySeenKind } from '../../dist/graph/outage/channels.js'
import { heap, popEntity, pushEntity } from '../../dist/graph/outage/heap.js'
import { TIMING_WIDTH } from '../../dist/graph/outage/timings.js'

/**
 * The outage of a revoke as somebody would write it on graphology: the same meaning and the same algorithm (both runs,
 * starts and ends, alternatives, values in places), with a heap, over the library's own iteration and attributes.
 */
export function graphologyEstate({ entityCount, relationshipCount, from, to, kind, standing, need, timing, timings }) {
  const graph = new Graph({ type: 'directed', multi: true, allowSelfLoops: true })
  for (let i = 0; i < entityCount; i++) graph.addNode(i)
  const groups = new Map()
  for (let i = 0; i < relationshipCount; i++) {
    const said = (standing[i] >> 1) & 3
    if (said === 0 || channelOfKind[kind[i]] === channels.none) continue
    const row = timings.subarray(timing[i] * TIMING_WIDTH, (timing[i] + 1) * TIMING_WIDTH)
    const edge = {
      channel: channelOfKind[kind[i]],
      kind: relationshipKindNames[kind[i]],
      soft: (standing[i] & 1) === 1,
      confirmed: said === 2 && onlySeenKind[kind[i]] === 0,
      session: [row[0], row[1]],
      tolerance: [row[2], row[3]],
      cadence: row[6],
      group: null,
      place: 0,
    }
    if (need[i] >= 0 && edge.channel !== channels.holds && edge.channel !== channels.syncs) {
      const name = `${from[i]} ${need[i]} ${edge.soft}`
      edge.group = groups.get(name) ?? { size: 0, confirmed: 0 }
      groups.set(name, edge.group)
      edge.place = edge.group.size++
      if (edge.confirmed) edge.group.confirmed++
    }
    graph.addDirectedEdge(from[i], to[i], edge)
  }
  return graph
}

/** Start and end of every entity that is out when one is revoked at 0 for good: `{ possible, certain, degraded }`. */
export function graphologyOutage(graph, target) {
  return { possible: runOf(graph, String(target), true), certain: runOf(graph, String(target), false) }
}

function runOf(graph, struck, worst) {
  const run = startRun(graph, struck, worst)
  for (let node = run.next(); node !== -1; node = run.next()) run.take(node)
  return run
}

/**
 * One run, entity by entity, of whatever has `forEachInEdge(node, (_, edge, dependent) => …)`: `next` is who is out next
 * (-1: nobody), `take` lets that one's dependents fail; `out` and `soft` are what came of it. `queue` holds who waits.
 */
export function startRun(graph, struck, worst) {
  const side = worst ? 0 : 1
  const out = new Map()
  const soft = new Map()
  const states = new Map()
  const settled = new Set()
  const refused = new Map()
  const queue = heap()
  const putOut = (dependent, edge, start, end) => {
    const spans = edge.soft ? soft : out
    const known = spans.get(dependent)
    if (known && known.start <= start && known.end >= end) return
    spans.set(
      dependent,
      known ? { start: Math.min(known.start, start), end: Math.max(known.end, end) } : { start, end },
    )
    if (edge.soft) return
    settled.delete(dependent)
    pushEntity(queue, dependent === struck ? Math.min(0, start) : spans.get(dependent).start, dependent)
  }
  const offer = (dependent, edge, from, to) => {
    const start = worst ? from : from + edge.cadence
    if (!(to > start)) return
    const end = worst ? to + edge.cadence : to
    const { group } = edge
    if (!group || group.size < 2 || group.confirmed === 0) {
      if (worst || edge.confirmed) putOut(dependent, edge, start, end)
      return
    }
    if (worst && !edge.confirmed) return
    let state = states.get(group)
    if (!state) states.set(group, (state = new Map()))
    const member = state.get(edge.place)
    state.set(edge.place, {
      start: Math.min(start, member?.start ?? Infinity),
      end: Math.max(end, member?.end ?? -Infinity),
    })
    if (state.size < (worst ? group.confirmed : group.size)) return
    let latest = -Infinity
    let earliest = Infinity
    for (const one of state.values()) {
      latest = Math.max(latest, one.start)
      earliest = Math.min(earliest, one.end)
    }
    if (earliest > latest) putOut(dependent, edge, latest, earliest)
  }
  const next = () => {
    let node = popEntity(queue)
    while (node !== -1 && settled.has(node)) node = popEntity(queue)
    return node
  }
  const take = (node) => {
    settled.add(node)
    const needs = out.get(node)
    const isStruck = node === struck
    const start = isStruck ? Math.min(0, needs?.start ?? 0) : needs.start
    const end = isStruck ? Infinity : needs.end
    const refusals = []
    if (isStruck) refusals.push({ start: 0, end: Infinity, keeps: true })
    if (needs) refusals.push({ start: needs.start, end: needs.end, keeps: false })
    let places = null
    graph.forEachInEdge(node, (_, edge, dependent) => {
      if (edge.channel === channels.flow || edge.channel === channels.reads)
        offer(dependent, edge, start + edge.tolerance[side], end)
      else if (edge.channel === channels.carries)
        for (const one of refusals)
          offer(dependent, edge, one.start + (one.keeps || !worst ? edge.session[side] : 0), one.end)
      else if (edge.channel === channels.holds && (worst || edge.confirmed)) (places ??= new Set()).add(dependent)
    })
    if (!places) return
    for (const place of places)
      graph.forEachInEdge(place, (_, edge, copy) => {
        if (edge.channel === channels.syncs && (worst || edge.confirmed)) places.add(copy)
      })
    for (const place of places)
      for (const one of refusals) {
        const key = `${place} ${one.keeps}`
        const known = refused.get(key)
        if (known && known.start <= one.start && known.end >= one.end) continue
        refused.set(key, one)
        graph.forEachInEdge(place, (_, edge, reader) => {
          if (edge.channel === channels.reads)
            offer(reader, edge, one.start + (one.keeps || !worst ? edge.session[side] : 0), one.end)
        })
      }
  }
  pushEntity(queue, 0, struck)
  return { out, soft, queue, next, take }
}
