import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { fallOf } from '../../graph/reach/fall.ts'
import { countFalls, fallCounterFor } from '../../graph/reach/fall-counter.ts'
import { fallViewOf } from '../../graph/reach/fall-view.ts'
import { question } from './random-estate.ts'

test.prop([question(['revoke'])], { numRuns: 300 })(
  'counted one after the other, everything falls as it falls alone',
  ({ estate }) => {
    const model = compileEstate(estate as EstateInput)
    const things = Int32Array.from(model.entityIds.keys())
    const { certain, possible } = countFalls(fallCounterFor(fallViewOf(flatOf(model).index)), things)
    for (const thing of things) {
      const fall = fallOf(model, { struck: [thing] })
      expect([certain[thing], possible[thing]]).toEqual([fall.certain.length, fall.possible.length])
    }
  },
)
