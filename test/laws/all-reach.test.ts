import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { indexOf } from '../../graph/index/index-of.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { reachOfAll } from '../../graph/reach/all-reach.ts'
import { reachCounts } from '../../graph/reach/estate-reach.ts'
import type { Rows } from '../../graph/reach/flat-components.ts'
import { canReach } from '../../graph/reach/reach.ts'
import { travelOf } from '../../graph/reach/travel.ts'
import { columnBuilder } from '../../graph/scan/column-builder.ts'
import { estateOfWorld, SIZE, world } from './random-reach.ts'

function rowsOf(size: number, edges: readonly (readonly [number, number])[]): Rows {
  const start = new Int32Array(size + 1)
  for (const [from] of edges) start[from + 1]!++
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!
  const next = start.slice()
  const to = new Int32Array(edges.length)
  for (const [from, head] of edges) to[next[from]!++] = head
  return { start, to }
}

/** Breadth first, one after the other: weight of all that each leads to, itself left out. */
function plainly({ start, to }: Rows, weights: Int32Array): number[] {
  return Array.from({ length: start.length - 1 }, (_, source) => {
    const found = new Set([source])
    for (const at of found) for (let i = start[at]!; i < start[at + 1]!; i++) found.add(to[i]!)
    return [...found].reduce((sum, one) => sum + weights[one]!, -weights[source]!)
  })
}

/** Graphs of every sort: sparse and dense, with rings, doubled edges, loops, long tails, and a few hubs. */
const graph = fc
  .record({
    size: fc.integer({ min: 1, max: 90 }),
    draws: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(9)), { maxLength: 260 }),
    hubs: fc.integer({ min: 1, max: 6 }),
    back: fc.nat(9),
  })
  .map(({ size, draws, hubs, back }) => ({
    size,
    edges: draws.map(([a, b, sort]): [number, number] => {
      const [from, head] = [a % size, sort < 3 ? b % Math.min(hubs, size) : b % size]
      return sort >= back ? [Math.max(from, head), Math.min(from, head)] : [from, head]
    }),
  }))

describe('reach of all at once', () => {
  test.prop([graph, fc.array(fc.nat(9), { minLength: 90, maxLength: 90 })], { numRuns: 500 })(
    'is that of each alone, whatever the graph, weighed or counted, of all sources or of some',
    ({ size, edges }, chosen) => {
      const rows = rowsOf(size, edges)
      const sources = Int32Array.from({ length: size }, (_, i) => i)
      const weights = Int32Array.from(sources, (i) => chosen[i]!)
      const counted = plainly(rows, new Int32Array(size).fill(1))
      expect([...reachOfAll(rows, sources)]).toEqual(counted)
      expect([...reachOfAll(rows, sources, weights)]).toEqual(plainly(rows, weights))
      const some = sources.filter((i) => chosen[i]! < 3).reverse()
      expect([...reachOfAll(rows, some)]).toEqual([...some].map((i) => counted[i]))
    },
  )

  test.prop([fc.integer({ min: 0, max: 1 }), fc.integer({ min: 40, max: 400 })], { numRuns: 20 })(
    'takes hubs below hubs, and more of them than there are bits',
    (tail, count) => {
      // Sixty hubs, each above things of its own and above some of the others; sources above several hubs.
      const hubs = 60
      const edges: [number, number][] = []
      for (let hub = 0; hub < hubs; hub++) {
        for (let i = 0; i < 30; i++) edges.push([hub, hubs + ((hub * 7 + i * (tail + 1)) % 300)])
        if (hub % 3 === 0 && hub + 3 < hubs) edges.push([hub, hub + 3])
      }
      for (let i = 0; i < count; i++)
        for (let k = 0; k < 3; k++) edges.push([hubs + 300 + i, (i * 11 + k * (k + i)) % hubs])
      const rows = rowsOf(hubs + 300 + count, edges)
      const sources = Int32Array.from({ length: rows.start.length - 1 }, (_, i) => i)
      expect([...reachOfAll(rows, sources)]).toEqual(plainly(rows, new Int32Array(sources.length).fill(1)))
    },
  )
})

/** Relationships of every kind, between things of every sort; of a group it may be said of the member already. */
const anything: fc.Arbitrary<RelationshipFact> = fc
  .tuple(
    fc.constantFrom(...relationshipKindNames),
    fc.constantFrom(...'ciswr'),
    fc.constantFrom(...'ciswr'),
    fc.nat(SIZE - 1),
    fc.nat(SIZE - 1),
    fc.boolean(),
  )
  .map(([kind, from, to, tail, head, said]) => ({
    kind,
    from: `${from}${tail}`,
    to: `${to}${head}`,
    ...(said && { props: { saidOfMember: true }, confidence: 'none' as const }),
  }))

describe('the access view', () => {
  test.prop([world, fc.array(anything, { maxLength: 20 })], { numRuns: 200 })(
    'has the links that compromise travels in the estate, and the counts that each reach has',
    (one, more) => {
      const estate = estateOfWorld({ ...one, relationships: [...one.relationships, ...more] })
      const builder = columnBuilder()
      for (const entity of estate.entities) builder.entity(entity as unknown as EntityFact)
      for (const relationship of estate.relationships) builder.relationship(relationship as RelationshipFact)
      const index = indexOf(builder.finish())
      const travel = travelOf(estate)
      for (let at = 0; at < travel.size; at++) {
        const links = [...travel.list.subarray(travel.start[at], travel.start[at + 1])].map(
          (number) => travel.to[number]!,
        )
        const row = [...index.accessTo.subarray(index.accessStart[at], index.accessEnd[at])]
        expect(row.sort((a, b) => a - b)).toEqual(links.sort((a, b) => a - b))
      }
      const sources = Int32Array.from(estate.entities.keys())
      const expected = estate.entities.map((_, source) => canReach(estate, source).things.length)
      expect([...reachCounts(estate, sources)]).toEqual(expected)
      const rows = { start: index.accessStart, to: index.accessTo }
      expect([...reachOfAll(rows, sources)]).toEqual(expected)
    },
  )
})
