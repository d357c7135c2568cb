import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fallTask, workOnFalls } from '../../graph/answer/fall-task.ts'
import { compileEstate } from '../../graph/outage/compile.ts'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { touchDesk, type FallDesks } from '../../graph/reach/fall-desks.ts'
import { fallClerkFor, rewindLedger, type FallClerk } from '../../graph/reach/fall-ledger.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { startFallHelpers } from '../../server/estate/fall-helpers.ts'
import { useBuiltKernels } from '../../server/import/kernels.ts'
import { draws, layered, starred, subjectOf, withLarge } from './layered-estate.ts'
import { chooser } from './random-estate.ts'

const numbers = fc.array(fc.nat(9999), { minLength: 40, maxLength: 90 })

describe('workers that share hubs and who waits for them', () => {
  beforeAll(() => {
    buildIfNeeded(['server'])
    vi.stubEnv('KEYFALL_KERNELS', '')
    useBuiltKernels()
  }, 120_000)
  afterAll(() => void vi.unstubAllEnvs())

  test.prop([numbers, draws, fc.constantFrom(1, 2, 5, 20)], { numRuns: 40 })(
    'say what one says whose turn it ever is',
    (drawn, draws, large) => {
      const { index } = flatOf(compileEstate(layered(drawn, 60)))
      const subject = subjectOf(index, draws)
      // Desks for two; the third makes its own.
      const crew = { workers: 2, prepare: (desks: FallDesks) => touchDesk(desks, 1) }
      const [twin, { ledger }] = [
        fallTask(index, subject, false),
        withLarge(fallTask(index, subject, true, crew), large),
      ]
      workOnFalls(twin)
      ledger!.falls.fill(NaN)
      const choose = chooser(Array.from({ length: 2000 }, (_, i) => drawn[i % drawn.length]! >> (i % 7)))
      const working = Array.from({ length: 3 }, () => turnsOf(fallClerkFor(ledger!)!))
      let written = 0
      while (working.length > 0) {
        const one = choose(working)
        const { done, value } = one.next()
        if (!done) continue
        written += value
        working.splice(working.indexOf(one), 1)
      }
      expect(written).toBe(index.entities)
      expect([...ledger!.falls]).toEqual([...twin.falls])
    },
  )

  it('say what one says, at once', async () => {
    const helpers = startFallHelpers(1)
    try {
      const seeded = (seed: number) => Array.from({ length: 67 }, (_, i) => (i * i * 31 + seed * 7919) % 9973)
      for (const [estate, large, times] of [
        [layered(seeded(1), 900), 2, 8],
        [layered(seeded(2), 1500), 30, 8],
        [starred(6000), 2, 20],
      ] as const) {
        const { index } = flatOf(compileEstate(estate))
        const subject = subjectOf(index, [37, 512, 811, 90, 401, 777, 12, 998, 645, 233, 150, 369])
        const [twin, both] = [
          fallTask(index, subject, false),
          withLarge(fallTask(index, subject, true, helpers.crew), large),
        ]
        workOnFalls(twin)
        for (let time = 0; time < times; time++) {
          rewindLedger(both.ledger!)
          both.falls.fill(NaN)
          const others = helpers.help(both)
          // Else whoever is there first has done it all before the other looks.
          for (const start = Date.now(); Atomics.load(both.cursor, 0) === 0 && Date.now() < start + 100;);
          workOnFalls(both)
          await others
          expect(Buffer.compare(bytesOf(both.falls), bytesOf(twin.falls))).toBe(0)
        }
      }
    } finally {
      helpers.end()
    }
  }, 60_000)
})

/** A worker, one step at a time: a thing of the cursor's, then one list. At the end, how many rows it wrote. */
function* turnsOf({ ledger, kernel }: FallClerk): Generator<undefined, number> {
  kernel['open']!()
  let written = 0
  for (let at = ledger.cursor[0]!++; at < ledger.things.length; at = ledger.cursor[0]!++) {
    written = kernel['countEach']!(at, at + 1)
    yield
  }
  for (let done = kernel['settle']!(); done >= 0; done = kernel['settle']!()) {
    written = done
    yield
  }
  return written
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength)
