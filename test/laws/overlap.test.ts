import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overlapLevels, ANY_OVERLAP } from '../../graph/answer/overlap-search.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { simulate } from '../../graph/outage/simulate.ts'
import { question, type Question } from './random-estate.ts'

const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 150)

function brokenBy({ estate, change }: Question): (overlap: number) => number[] {
  const model = compileEstate(estate as EstateInput)
  return (overlap) => Array.from(simulate(model, { ...change, overlap }).entities)
}
const law = (check: (asked: Question) => void): void =>
  fc.assert(fc.property(question(['rotate']), check), { numRuns, endOnFailure: true })

describe('the smallest safe overlap', () => {
  it('a longer overlap never breaks more', () => {
    fc.assert(
      fc.property(question(['rotate']), fc.nat(20_000), fc.nat(200_000), (asked, overlap, more) => {
        const broken = brokenBy(asked)
        const short = new Set(broken(overlap))
        expect(broken(overlap + more).filter((entity) => !short.has(entity))).toEqual([])
      }),
      { numRuns: numRuns * 2, endOnFailure: true },
    )
  })

  it('at it nothing breaks that any overlap saves; one second less breaks something', () => {
    law((asked) => {
      const broken = brokenBy(asked)
      const { smallest, never, saved } = overlapLevels(broken)
      const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b)
      expect(sorted(broken(ANY_OVERLAP))).toEqual(sorted(never))
      expect(sorted(broken(smallest))).toEqual(sorted(never))
      if (smallest > 0) expect(broken(smallest - 1).length).toBeGreaterThan(never.length)
      expect(sorted([...never, ...saved])).toEqual(sorted(smallest === 0 ? never : broken(0)))
    })
  })

  it('every level is a threshold: what it names breaks one second below it and not at it', () => {
    law((asked) => {
      const broken = brokenBy(asked)
      const { levels } = overlapLevels(broken)
      let above = Infinity
      for (const { overlap, entities } of levels) {
        expect(overlap).toBeLessThan(above)
        above = overlap
        const below = new Set(broken(overlap - 1))
        const at = new Set(broken(overlap))
        expect(entities.length).toBeGreaterThan(0)
        for (const entity of entities) expect([below.has(entity), at.has(entity)]).toEqual([true, false])
      }
    })
  })
})
