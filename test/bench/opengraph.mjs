import { idOf, relationshipKey } from '../../dist/graph/ids.js'

/** What BloodHound calls a kind → what the labelled graph of the benchmark has for it. */
const nodeKinds = {
  User: 'generic.identity',
  Group: 'generic.identity',
  Computer: 'generic.workload',
  GPO: 'generic.resource',
  OU: 'generic.resource',
  AZServicePrincipalKey: 'generic.credential',
}
const edgeKinds = {
  MemberOf: 'MEMBER_OF',
  AdminTo: 'CAN_ACCESS',
  GenericAll: 'CAN_ESCALATE_TO',
  CanRDP: 'CAN_ACCESS',
  AddMember: 'CAN_MANAGE',
  AZAuthenticatesAs: 'AUTHENTICATES_AS',
  Contains: 'CONTAINED_IN',
}
const of = (table) => Object.keys(table)

/**
 * A seeded file in OpenGraph shape, as text: `{graph: {nodes: [{id, kinds, properties}], edges: [{start, end, kind,
 * properties}]}}`. A hundredth of the groups has half of the members, as directories do.
 */
export function openGraphFile({ nodes, edges }) {
  // Mulberry32: the low digits of a plain congruential sequence come round too soon to tell edges apart.
  let state = 1
  const next = (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  const kinds = of(nodeKinds)
  const made = Array.from({ length: nodes }, (_, i) => ({
    id: sid(i),
    kinds: [kinds[i % kinds.length], 'Base'],
    properties: {
      name: `${kinds[i % kinds.length].toUpperCase()}-${i}@HARBOUR.EXAMPLE`,
      objectid: sid(i),
      domain: 'HARBOUR.EXAMPLE',
      enabled: i % 9 !== 0,
      lastlogontimestamp: 1_760_000_000 + i,
    },
  }))
  const seen = new Set()
  const links = []
  const types = of(edgeKinds)
  while (links.length < edges) {
    const from = next(nodes)
    const to = links.length % 2 ? next(Math.ceil(nodes / 100)) : next(nodes)
    const kind = types[next(types.length)]
    const name = `${kind} ${from} ${to}`
    if (from === to || seen.has(name)) continue
    seen.add(name)
    links.push({
      kind,
      start: { value: sid(from), match_by: 'id' },
      end: { value: sid(to), match_by: 'id' },
      properties: { isacl: kind === 'GenericAll', isinherited: links.length % 3 === 0 },
    })
  }
  return JSON.stringify({ metadata: { source_kind: 'Base' }, graph: { nodes: made, edges: links } })
}

const sid = (i) => `S-1-5-21-2031040210-1734120012-${1000 + i}`

/** The file as facts of one scope: every node and every edge, with its properties and where it stands. */
export function openGraphFacts(text) {
  const { graph } = JSON.parse(text)
  const entities = new Map()
  const relationships = new Map()
  const evidence = (record) => [{ source: 'opengraph', kind: 'declared', file: 'graph.json', record }]
  const keyOf = (id) => `opengraph:${id}`
  // A hash each: four of five ends were met before.
  const ids = new Map()
  const idOfKey = (key) => {
    let id = ids.get(key)
    if (id === undefined) ids.set(key, (id = idOf(key)))
    return id
  }
  for (const [i, { id, kinds, properties }] of graph.nodes.entries()) {
    const { name, ...props } = properties
    const key = keyOf(id)
    const known = { id: idOfKey(key), key, kind: nodeKinds[kinds[0]], name, props, evidence: evidence(`/nodes/${i}`) }
    entities.set(known.id, known)
  }
  for (const [i, { start, end, kind, properties }] of graph.edges.entries()) {
    const ends = { kind: edgeKinds[kind], from: keyOf(start.value), to: keyOf(end.value) }
    // AdminTo and CanRDP are one kind here: the name of the edge keeps them apart.
    const id = idOf(relationshipKey({ ...ends, id: `${kind} ${ends.from} ${ends.to}` }))
    const props = { ...properties, called: kind }
    const at = { from: idOfKey(ends.from), to: idOfKey(ends.to) }
    relationships.set(id, { id, kind: ends.kind, ...at, props, evidence: evidence(`/edges/${i}`) })
  }
  return { entities, relationships }
}
