import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { resolveChange } from '../../graph/outage/resolve.ts'
import { simulate, simulateAhead, type Outages } from '../../graph/outage/simulate.ts'
import type { ChangeInput } from '../../graph/outage/change.ts'
import { question } from './random-estate.ts'

/** What an answer is made of; estates and changes are the same by the way they were asked. */
const columns = ({ entities, certain, possible }: Outages) => ({ entities, certain, possible })

test.prop([question(['revoke', 'disable', 'cut'])], { numRuns: 400 })(
  'over the flat index the answer is that of the engine that looks ahead, question after question on one board',
  ({ estate, change }) => {
    const compiled = compileEstate(estate as EstateInput)
    const changes = [change, { ...change, at: 60 }, change] as ChangeInput[]
    for (const one of changes) {
      const expected = simulateAhead(compiled, resolveChange(compiled, one))
      expect(columns(simulate(compiled, one))).toEqual(columns(expected))
    }
  },
)

/** A row of systems that each wait for the one before, longer than any limit of classes; and alternatives along it. */
test.prop([fc.integer({ min: 2, max: 60 }), fc.array(fc.nat(9), { minLength: 60, maxLength: 60 })])(
  'many classes of timing, many groups: nothing of one edge shows on another',
  (count, waits) => {
    const entities = Array.from({ length: count + 1 }, (_, i) => ({ id: `b${i}` }))
    const relationships = Array.from({ length: count }, (_, i) => [
      {
        kind: 'DEPENDS_ON',
        from: `b${i + 1}`,
        to: `b${i}`,
        need: 'n',
        tolerance: [waits[i]! * 61 + i, waits[i]! * 61 + 2 * i],
      },
      { kind: 'DEPENDS_ON', from: `b${i + 1}`, to: `b${Math.max(0, i - waits[i]!)}`, need: 'n', cadence: i },
    ]).flat()
    const compiled = compileEstate({ entities, relationships } as EstateInput)
    const change: ChangeInput = { action: 'disable', targets: ['b0'], until: 100_000, lag: [0, 30] }
    const expected = simulateAhead(compiled, resolveChange(compiled, change))
    expect(columns(simulate(compiled, change))).toEqual(columns(expected))
  },
)
