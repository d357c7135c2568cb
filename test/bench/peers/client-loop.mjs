import { startRun } from '../graphology-outage.mjs'

/**
 * The outage of a revoke as a client of a database makes it: both runs at once by the same algorithm as on graphology.
 * Whatever waits and is not yet known is asked for in one query, so there is one for each frontier, and one or two more
 * where values lie in places; the next question starts anew.
 *
 * `fetch(entities)` gives for each of them `[entity, [[dependent, class, group, place, of, sure], …]]`.
 */
export async function clientOutage(fetch, classes, channels, target) {
  const estate = lazyEstate(fetch, classes, channels)
  const run = startRun(estate, target)
  for (let node = run.next(); node !== -1; node = run.next()) {
    if (!estate.knows(node)) await estate.learn([node, ...run.waiting()])
    run.take(node)
  }
  return { states: run.states, queries: estate.queries() }
}

function lazyEstate(fetch, classes, channels) {
  const rows = new Map()
  const groups = new Map()
  let queries = 0
  const edgeOf = ([dependent, number, group, place, size, confirmed]) => {
    if (group === null || group === undefined) return { dependent, ...classes[number], group: null, place: 0 }
    if (!groups.has(group)) groups.set(group, { size, confirmed })
    return { dependent, ...classes[number], group: groups.get(group), place }
  }
  /** Rows of these, and of the places that what they are lies in. */
  const learn = async (entities) => {
    let wanted = [...new Set(entities)].filter((one) => !rows.has(one))
    while (wanted.length > 0) {
      for (const one of wanted) rows.set(one, [])
      queries++
      const places = new Set()
      for (const [entity, needs] of await fetch(wanted)) {
        const edges = needs.map(edgeOf)
        rows.set(entity, edges)
        for (const { channel, dependent } of edges)
          if ((channel === channels.holds || channel === channels.syncs) && !rows.has(dependent)) places.add(dependent)
      }
      wanted = [...places]
    }
  }
  return {
    learn,
    knows: (entity) => rows.has(entity),
    queries: () => queries,
    forEachInEdge(entity, each) {
      for (const edge of rows.get(entity)) each(null, edge, edge.dependent)
    },
  }
}
