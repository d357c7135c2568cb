import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { simulate, toExpect } from '../../graph/outage/simulate.ts'
import { naiveOutages } from './naive-outage.ts'
import { question } from './random-estate.ts'

const runs = Number(process.env['KEYFALL_LAW_RUNS'] ?? 250)

describe('the engine and its naive twin', () => {
  it('agree on random estates and changes', () => {
    fc.assert(
      fc.property(question(), ({ estate, change }) => {
        const engine = toExpect(simulate(compileEstate(estate as EstateInput), change))
        expect(Object.fromEntries(engine)).toEqual(naiveOutages(estate, change))
      }),
      { numRuns: runs, endOnFailure: true },
    )
  })
})
