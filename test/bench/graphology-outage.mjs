import Graph from 'graphology'
import { relationshipKindNames } from '../../dist/graph/kinds/relationship-kinds.js'
import { channelOfKind, channels, onlySeenKind } from '../../dist/graph/outage/channels.js'
import { TIMING_WIDTH } from '../../dist/graph/outage/timings.js'

/**
 * The outage of a revoke as somebody would write it on graphology: the same meaning and the same algorithm as
 * kernels/outage.ts, over the library's own iteration and attributes. Both runs at once, alternatives, values in places;
 * a queue in no order of time, one look-up for each dependent. As there, what a revoke puts out is never back, so an end
 * is none or never and is not written down for each; both give starts of what is out and of what degrades in both runs.
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

/** What a revoke at 0 puts out for good: see `startRun`. */
export function graphologyOutage(graph, target) {
  const run = startRun(graph, String(target))
  for (let node = run.next(); node !== -1; node = run.next()) run.take(node)
  return run.states
}

/**
 * Both runs, entity by entity, of whatever has `forEachInEdge(node, (_, edge, dependent) => …)`: `next` is who is looked
 * at next (-1: nobody), `take` lets that one's dependents fail, `waiting` are those behind it. In `states` is left for
 * every entity since when it is out and since when it degrades, in the worst and in the best run (Infinity: never).
 */
export function startRun(graph, struck) {
  const states = new Map()
  const groups = new Map()
  const refused = new Map()
  const queue = []
  let head = 0
  const stateOf = (node) => {
    let state = states.get(node)
    if (state === undefined) {
      state = { worst: Infinity, best: Infinity, softWorst: Infinity, softBest: Infinity, waits: false }
      states.set(node, state)
    }
    return state
  }
  const putOut = (dependent, soft, worst, best) => {
    const state = stateOf(dependent)
    if (soft) {
      if (worst < state.softWorst) state.softWorst = worst
      if (best < state.softBest) state.softBest = best
      return
    }
    if (worst >= state.worst && best >= state.best) return
    if (worst < state.worst) state.worst = worst
    if (best < state.best) state.best = best
    if (state.waits) return
    state.waits = true
    queue.push(dependent)
  }
  /** An edge that does not hold from `worst`, or `best` and its cadence, on. */
  const offer = (dependent, edge, worst, best) => {
    const { group, confirmed } = edge
    if (group === null || group.size < 2 || group.confirmed === 0) {
      const certain = confirmed ? best + edge.cadence : Infinity
      if (worst < Infinity || certain < Infinity) putOut(dependent, edge.soft, worst, certain)
      return
    }
    let members = groups.get(group)
    if (members === undefined) groups.set(group, (members = { worst: new Map(), best: new Map() }))
    const latestWorst = confirmed ? latest(members.worst, edge.place, worst, group.confirmed) : Infinity
    const latestBest = latest(members.best, edge.place, best + edge.cadence, group.size)
    if (latestWorst < Infinity || latestBest < Infinity) putOut(dependent, edge.soft, latestWorst, latestBest)
  }
  const next = () => (head < queue.length ? queue[head++] : -1)
  const take = (node) => {
    const state = stateOf(node)
    state.waits = false
    const isStruck = node === struck
    const { worst, best } = state
    const [startWorst, startBest] = isStruck ? [0, 0] : [worst, best]
    let isHeld = false
    graph.forEachInEdge(node, (_, edge, dependent) => {
      const { channel } = edge
      if (channel === channels.flow || channel === channels.reads)
        offer(dependent, edge, startWorst + edge.tolerance[0], startBest + edge.tolerance[1])
      else if (channel === channels.carries) {
        if (isStruck) offer(dependent, edge, edge.session[0], edge.session[1])
        if (worst < Infinity || best < Infinity) offer(dependent, edge, worst, best + edge.session[1])
      } else if (channel === channels.holds) isHeld = true
    })
    if (!isHeld) return
    for (const [place, isSure] of placesOf(node)) {
      if (isStruck) refuse(place, true, 0, isSure ? 0 : Infinity)
      if (worst < Infinity || best < Infinity) refuse(place, false, worst, isSure ? best : Infinity)
    }
  }
  /** Places that hold a value, and whether they do in the best run, too. */
  const placesOf = (credential) => {
    const places = new Map()
    const found = []
    const add = (place, isSure) => {
      if (places.has(place) && (places.get(place) || !isSure)) return
      places.set(place, isSure)
      found.push(place)
    }
    graph.forEachInEdge(credential, (_, edge, place) => {
      if (edge.channel === channels.holds) add(place, edge.confirmed)
    })
    for (const place of found) {
      const isSure = places.get(place)
      graph.forEachInEdge(place, (_, edge, copy) => {
        if (edge.channel === channels.syncs) add(copy, isSure && edge.confirmed)
      })
    }
    return places
  }
  /** A value is refused in a place; `keeps`: open sessions hold. */
  const refuse = (place, keeps, worst, best) => {
    const key = `${place} ${keeps}`
    const known = refused.get(key)
    if (known === undefined) refused.set(key, { worst, best })
    else if (worst >= known.worst && best >= known.best) return
    else refused.set(key, { worst: Math.min(worst, known.worst), best: Math.min(best, known.best) })
    graph.forEachInEdge(place, (_, edge, reader) => {
      if (edge.channel === channels.reads)
        offer(reader, edge, worst + (keeps ? edge.session[0] : 0), best + edge.session[1])
    })
  }
  stateOf(struck).waits = true
  queue.push(struck)
  return { states, next, take, waiting: () => queue.slice(head) }
}

/** Notes when one of a group is out; when the last of those that count is, Infinity while one holds. */
function latest(members, place, start, counted) {
  const known = members.get(place) ?? Infinity
  if (!(start < known)) return Infinity
  members.set(place, start)
  if (members.size < counted) return Infinity
  let last = -Infinity
  for (const one of members.values()) if (one > last) last = one
  return last
}
