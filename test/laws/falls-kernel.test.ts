import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { fallTask, workOnFalls } from '../../graph/answer/fall-task.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { fallOf } from '../../graph/reach/fall.ts'
import { countLedger, FALL_WIDTH, fallClerkFor, fallColumns, rewindLedger } from '../../graph/reach/fall-ledger.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { useBuiltKernels } from '../../server/import/kernels.ts'
import { draws, subjectOf, withLarge } from './layered-estate.ts'
import { question } from './random-estate.ts'

describe('the kernel that counts falls', () => {
  beforeAll(() => {
    buildIfNeeded(['server'])
    // The kernel is what this is about, whatever the other suites are run with.
    vi.stubEnv('KEYFALL_KERNELS', '')
    useBuiltKernels()
  }, 120_000)
  afterAll(() => void vi.unstubAllEnvs())

  test.prop([question(['revoke']), draws, fc.constantFrom(1, 3, 2048)], { numRuns: 200 })(
    'says what its twin says, one after the other and upon hubs, and what each fall alone is',
    (asked, draws, large) => {
      const model = compileEstate(asked.estate as EstateInput)
      const { index } = flatOf(model)
      const subject = subjectOf(index, draws)
      const [twin, kernel] = [fallTask(index, subject, false), withLarge(fallTask(index, subject, true), large)]
      expect(workOnFalls(twin)).toBe(index.entities)
      // Twice by the same worker: nothing is left over of the first time.
      const clerk = fallClerkFor(kernel.ledger!)!
      for (let time = 0; time < 2; time++) {
        rewindLedger(kernel.ledger!)
        kernel.falls.fill(NaN)
        expect(countLedger(clerk)).toBe(index.entities)
        expect([...kernel.falls]).toEqual([...twin.falls])
      }
      for (let thing = 0; thing < index.entities; thing++) {
        const row = thing * FALL_WIDTH
        const { certain, possible } = fallOf(model, { struck: [thing] })
        expect(kernel.falls[row + fallColumns.possible]).toBe(possible.length)
        if (subject.unsure[thing] === 0) expect(kernel.falls[row + fallColumns.certain]).toBe(certain.length)
      }
    },
  )
})
