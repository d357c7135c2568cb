import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { fallTask, workOnFalls } from '../../graph/answer/fall-task.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { fallOf } from '../../graph/reach/fall.ts'
import { countLedger, FALL_WIDTH, fallClerkFor, fallColumns } from '../../graph/reach/fall-ledger.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { useBuiltKernels } from '../../server/import/kernels.ts'
import { question } from './random-estate.ts'

describe('the kernel that counts falls', () => {
  beforeAll(() => {
    buildIfNeeded(['server'])
    // The kernel is what this is about, whatever the other suites are run with.
    vi.stubEnv('KEYFALL_KERNELS', '')
    useBuiltKernels()
  }, 120_000)
  afterAll(() => void vi.unstubAllEnvs())

  test.prop(
    [question(['revoke']), fc.array(fc.nat(999), { minLength: 12, maxLength: 12 }), fc.constantFrom(1, 3, 2048)],
    {
      numRuns: 200,
    },
  )(
    'says what its twin says, one after the other and upon hubs, and what each fall alone is',
    (asked, draws, large) => {
      const model = compileEstate(asked.estate as EstateInput)
      const { index } = flatOf(model)
      const size = index.entities
      const drawn = (at: number, most: number) => Math.floor(draws[at % draws.length]! / (at + 1)) % most
      const subject = {
        credentials: Int32Array.from({ length: size }, (_, i) => i),
        unsure: Uint8Array.from({ length: size }, (_, i) => (drawn(i, 7) === 0 ? 1 : 0)),
        counted: Uint8Array.from({ length: size }, (_, i) => drawn(i + 1, 3)),
        weights: Uint8Array.from({ length: size }, (_, i) => [1, 8, 4, 2, 255][drawn(i + 2, 5)]!),
        systems: Int32Array.from({ length: size }, (_, i) => drawn(i + 3, size + 1) - 1),
        tier1: Uint8Array.from({ length: size }, (_, i) => drawn(i + 4, 2)),
      }
      const [twin, kernel] = [fallTask(index, subject, false), fallTask(index, subject, true)]
      expect(workOnFalls(twin)).toBe(size)
      // Twice by the same worker: nothing is left over of the first time.
      const clerk = fallClerkFor(kernel.ledger!, large)!
      for (let time = 0; time < 2; time++) {
        kernel.cursor[0] = 0
        kernel.falls.fill(NaN)
        expect(countLedger(clerk)).toBe(size)
        expect([...kernel.falls]).toEqual([...twin.falls])
      }
      for (let thing = 0; thing < size; thing++) {
        const row = thing * FALL_WIDTH
        const { certain, possible } = fallOf(model, { struck: [thing] })
        expect(kernel.falls[row + fallColumns.possible]).toBe(possible.length)
        if (subject.unsure[thing] === 0) expect(kernel.falls[row + fallColumns.certain]).toBe(certain.length)
      }
    },
  )
})
