import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fallTask, workOnFalls } from '../../graph/answer/fall-task.ts'
import { countedAs } from '../../graph/answer/victims.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { fallOf } from '../../graph/reach/fall.ts'
import { countLedger, FALL_WIDTH, fallClerkFor, fallColumns, rewindLedger } from '../../graph/reach/fall-ledger.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { useBuiltKernels } from '../../server/import/kernels.ts'
import { draws, starred, subjectOf, withLarge } from './layered-estate.ts'
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

  it('counts a read once whether its value is refused, its place stops or both, and takes that back with the thing', () => {
    const hub = ['d0', 'd1', 'd2', 'd3', 'd4'].map((d) => ['DEPENDS_ON', d, 'h'])
    const reader = (w: string, p: string, x: string, soft: boolean) =>
      [
        ['USES_SECRET', w, p],
        ['DEPENDS_ON', w, x],
      ].map((one) => [...one, 'n1', soft ? 'soft' : ''])
    const withHub = ['c1', 'c2', 'c3', 'w1', 'w2'].map((thing) => ['DEPENDS_ON', 'h', thing])
    const drawn = [
      ...[...hub, ...withHub],
      // Refused with the first and the third, out with the second: whichever is counted first, what it lost is taken back.
      ...[...reader('w3', 's1', 'w4', false), ...reader('w5', 's1', 'w4', true), ['DEPENDS_ON', 'w4', 'c2']],
      ...[...['c1', 'c3'].map((c) => ['HOLDS', 's1', c]), ['DEPENDS_ON', 's1', 'c2']],
      // Refused with the hub, and out with things that are counted upon it: still only one of two ways is lost.
      ...[...reader('w6', 's2', 'w7', false), ...reader('w8', 's2', 'w7', true), ['DEPENDS_ON', 's2', 'w1']],
      ...[
        ['DEPENDS_ON', 'c4', 'h'],
        ['HOLDS', 's2', 'c4'],
      ],
    ]
    const role = { c: 'credential', s: 'secret' } as Record<string, string>
    const names = [...new Set(drawn.flatMap(([, from, to]) => [from!, to!]))].sort()
    const estate = {
      entities: names.map((id) => ({ id, role: role[id[0]!] ?? 'workload' })),
      relationships: drawn.map(([kind, from, to, need, strength], i) => ({
        ...{ id: `r${i}`, kind, from, to },
        ...(need && { need }),
        ...(strength && { strength }),
      })),
    } as EstateInput
    const { index } = flatOf(compileEstate(estate))
    const subject = { ...subjectOf(index, [0]), counted: new Uint8Array(index.entities).fill(countedAs.dependent) }
    const [twin, kernel] = [fallTask(index, subject, false), withLarge(fallTask(index, subject, true), 3)]
    workOnFalls(twin)
    workOnFalls(kernel)
    expect(kernel.ledger!.shared.hubEnd[0]).toBeGreaterThan(0)
    expect([...kernel.falls]).toEqual([...twin.falls])
  })

  it('says so still when its marks of two bytes have begun again', () => {
    const { index } = flatOf(compileEstate(starred(67_000, 1)))
    // Each is a dependent with a system of its own, of which none may be left out.
    const subject = {
      ...subjectOf(index, [0]),
      unsure: new Uint8Array(index.entities),
      counted: new Uint8Array(index.entities).fill(countedAs.dependent),
      systems: Int32Array.from({ length: index.entities }, (_, i) => i),
    }
    const [twin, kernel] = [fallTask(index, subject, false), withLarge(fallTask(index, subject, true), 4)]
    workOnFalls(twin)
    workOnFalls(kernel)
    expect(Buffer.compare(bytesOf(kernel.falls), bytesOf(twin.falls))).toBe(0)
  }, 60_000)
})

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength)
