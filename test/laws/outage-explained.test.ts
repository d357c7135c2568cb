import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { explain, paths, type Hop } from '../../graph/outage/explain.ts'
import { simulate, toExpect } from '../../graph/outage/simulate.ts'
import { question, type Question } from './random-estate.ts'

// No shrinking: a failing estate is small, and shrinking a stream of draws takes minutes.
const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 150)
const law = (check: (question: Question) => void) =>
  fc.assert(fc.property(question(), check), { numRuns, endOnFailure: true })

/** A way starts at what the change names, every link is in the estate, and each begins where the one before ended. */
function expectWay({ estate, change }: Question, way: readonly Hop[], entity: string): void {
  const known = new Map(estate.relationships.map((one) => [one.id, one]))
  for (const [i, hop] of way.entries()) {
    const { from, to, kind } = known.get(hop.relationship)!
    expect(hop).toMatchObject({ from, to, kind })
    if (i > 0) expect(hop.to).toBe(way[i - 1]!.from)
    // A place may hold a refused value without being out; everything else on the way is out or degraded.
    if (kind !== 'HOLDS' && kind !== 'SYNCED_FROM') expect(hop.certain ?? hop.possible, hop.relationship).not.toBeNull()
  }
  const first = way[0]!
  const { id, via } = known.get(first.relationship)!
  const named = change.action === 'cut' ? [id, ...(via ?? [])] : [first.to]
  expect(change.targets.some((target) => named.includes(target))).toBe(true)
  expect(way.at(-1)!.from).toBe(entity)
}

describe('laws of explanations', () => {
  it('every outage and degradation is explained, from the change on, over links that exist', () => {
    law((asked) => {
      const outages = simulate(compileEstate(asked.estate as EstateInput), asked.change)
      for (const [id, found] of toExpect(outages)) {
        const explained = explain(outages, id)
        for (const run of ['certain', 'possible'] as const) {
          const { outage, degraded, byChange, chain, needs } = explained[run]
          expect(outage).toEqual(found[run])
          expect(degraded).toEqual(found.degraded?.[run] ?? null)
          if (byChange && outage) continue
          if (!outage && !degraded) {
            expect(chain).toEqual([])
            continue
          }
          expectWay(asked, chain, id)
          const deciding = needs.filter((need) => need.strength === (outage ? 'hard' : 'soft'))
          expect(deciding.some((need) => need.binds.start)).toBe(true)
          expect(deciding.some((need) => need.binds.end)).toBe(true)
        }
      }
    })
  })

  it('a need is out exactly while all of its alternatives that count are', () => {
    law((asked) => {
      const outages = simulate(compileEstate(asked.estate as EstateInput), asked.change)
      for (const { id } of asked.estate.entities) {
        const explained = explain(outages, id)
        for (const run of ['certain', 'possible'] as const) {
          const { outage, needs } = explained[run]
          for (const need of needs) {
            const counted = need.alternatives.filter((one) => one.counts)
            if (need.span) {
              expect(counted.length).toBeGreaterThan(0)
              const start = Math.max(...counted.map((one) => one.span![0]))
              const end = Math.min(...counted.map((one) => one.span![1] ?? Infinity))
              expect(need.span).toEqual([start, end === Infinity ? null : end])
              if (need.strength === 'hard') expect(outage).not.toBeNull()
            }
            for (const { span, reasons } of need.alternatives) {
              expect(reasons.some((reason) => reason.span !== null)).toBe(span !== null)
              for (const reason of reasons) expect(reason.span === null).toBe(reason.keptBy !== null)
            }
          }
        }
      }
    })
  })

  it('paths differ, are at most as many as asked for, and each leads from the change to the entity', () => {
    law((asked) => {
      const outages = simulate(compileEstate(asked.estate as EstateInput), asked.change)
      for (const [id, found] of toExpect(outages)) {
        const ways = paths(outages, id, 3)
        expect(ways.length).toBeLessThanOrEqual(3)
        expect(new Set(ways.map((way) => way.map((hop) => hop.relationship).join(' '))).size).toBe(ways.length)
        for (const way of ways) expectWay(asked, way, id)
        const isTarget = !['rotate', 'cut'].includes(asked.change.action) && asked.change.targets.includes(id)
        if (!isTarget || found.degraded) expect(ways.length).toBeGreaterThan(0)
      }
    })
  })
})
