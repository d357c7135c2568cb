import { existsSync, readFileSync } from 'node:fs'
import { env, stderr } from 'node:process'
import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { useEngineKernels } from '../../graph/index/engine-kernels.ts'
import { reserve } from '../../graph/index/engine-memory.ts'
import { inEngineMemory, roomOf } from '../../graph/index/flat-index.ts'
import { edgesOf, indexOf } from '../../graph/index/index-of.ts'
import { WIDE } from '../../graph/index/sections.ts'
import type { ChangeInput } from '../../graph/outage/change.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { columnsOf } from '../../graph/outage/flat-of.ts'
import type { FlatOutages } from '../../graph/outage/flat-outages.ts'
import { goodBoardFor } from '../../graph/outage/for-good-board.ts'
import { outagesForGood } from '../../graph/outage/for-good-outages.ts'
import type { SpanColumns } from '../../graph/outage/run-columns.ts'
import { resolveChange } from '../../graph/outage/resolve.ts'
import { momentsOfChange } from '../../graph/outage/run.ts'
import { NO_END } from '../../graph/outage/span.ts'
import { simulateAhead } from '../../graph/outage/simulate.ts'
import { question } from './random-estate.ts'

useEngineKernels((name) => {
  const path = `dist/kernels/${name}.wasm`
  return existsSync(path) ? readFileSync(path) : undefined
})
const isBuilt = existsSync('dist/kernels/outage.wasm')
if (!isBuilt) {
  if (env.CI === 'true') throw new Error('the kernel of outages is not built (node server/bin/build.mjs --server)')
  stderr.write('SKIPPED: the kernel of outages is not built (node server/bin/build.mjs --server)\n')
}

/** Every column by itself, as those of a kernel are made when they are asked for; where there is no span, no end. */
const spelled = ({ entities, certain, possible }: FlatOutages) => {
  const spans = ({ start, end }: SpanColumns) => ({ start, end: end.map((one, i) => (one > start[i]! ? one : NO_END)) })
  const [best, worst] = [certain, possible].map(({ out, needs, degraded }) => [out, needs, degraded].map(spans))
  return { entities, best, worst }
}

/** Both boards of an estate that is laid out either way, and the edges of its relationships. */
function boardsOf(estate: EstateInput, classBits?: number) {
  const compiled = compileEstate(estate)
  const columns = columnsOf(compiled)
  const index = inEngineMemory(indexOf(columns, classBits))
  return { compiled, edges: edgesOf(index, columns), kernel: goodBoardFor(index), twin: goodBoardFor(index, false) }
}

function askBoth({ compiled, edges, kernel, twin }: ReturnType<typeof boardsOf>, change: ChangeInput) {
  const resolved = resolveChange(compiled, change)
  const cut = new Set([...resolved.cut].map((relationship) => edges[relationship]!).filter((edge) => edge >= 0))
  const [worst, best] = [true, false].map((isWorst) => ({
    struck: resolved.struck,
    cut,
    ...momentsOfChange(resolved, isWorst),
  }))
  const { entities, certain, possible } = simulateAhead(compiled, resolved)
  return {
    kernel: spelled(outagesForGood(kernel, worst!, best!)),
    twin: spelled(outagesForGood(twin, worst!, best!)),
    ahead: spelled({ entities, certain, possible }),
  }
}

const lags = fc.constantFrom<[number, number | null]>([0, 0], [0, 300], [60, null])

const law = test.prop([question(['revoke', 'cut']), fc.constantFrom(undefined, WIDE), lags], { numRuns: 60 })
if (isBuilt)
  law('the kernel says what its twin and the engine that looks ahead say', ({ estate, change }, classBits, lag) => {
    const boards = boardsOf(estate as EstateInput, classBits)
    expect(boards.kernel.kernel).not.toBeNull()
    const forGood = { ...change } as ChangeInput
    delete forGood.until
    for (const one of [forGood, { ...forGood, at: 60, lag }, forGood]) {
      const { kernel, twin, ahead } = askBoth(boards, one)
      expect(kernel).toEqual(twin)
      expect(kernel).toEqual(ahead)
    }
    // Each thing by itself, one after the other on the same board.
    for (const entity of boards.compiled.entityIds.keys()) {
      const strike = { struck: [entity], cut: new Set<number>(), inv: 7, until: Infinity }
      const later = { ...strike, inv: 20 }
      expect(spelled(outagesForGood(boards.kernel, strike, later))).toEqual(
        spelled(outagesForGood(boards.twin, strike, later)),
      )
    }
  })

/** More at one moment, more moments and more that waits than there is room for at first; every number of a large set. */
it.runIf(isBuilt)('what is full is made larger, and the answer is the same', () => {
  const count = 9000
  const users = Array.from({ length: count }, (_, i) => `u${i}`)
  const estate = {
    entities: [{ id: 'key' }, ...users.map((id) => ({ id }))],
    relationships: users.flatMap((from, i) => [
      {
        kind: 'USES_CREDENTIAL' as const,
        from,
        to: 'key',
        ...(i % 2 === 0 && { session: [i, 3 * i] as [number, number] }),
        ...(i % 5 === 0 && { strength: 'soft' as const }),
      },
      { kind: 'DEPENDS_ON' as const, from, to: `u${(i * 7) % count}`, need: 'n', strength: 'soft' as const },
      { kind: 'DEPENDS_ON' as const, from, to: `u${(i * 11) % count}`, need: 'n', strength: 'soft' as const },
    ]),
  }
  const boards = boardsOf(estate)
  for (const change of [
    { action: 'revoke' as const, targets: ['key'] },
    { action: 'revoke' as const, targets: ['u3'] },
  ]) {
    const { kernel, twin } = askBoth(boards, change)
    expect(kernel).toEqual(twin)
  }
})

/** Numbers of more than 22 bits: an order by digits of eleven was wrong from there on. */
it.runIf(isBuilt)('of more than four million things an answer is ascending, too', () => {
  const [count, users] = [4_300_000, 3000]
  const pair = columnsOf(
    compileEstate({ entities: [{ id: 'key' }], relationships: [{ kind: 'DEPENDS_ON', from: 'user', to: 'key' }] }),
  )
  const columns = {
    ...pair,
    ...{ entityCount: count, describedCount: count, entityKind: new Uint16Array(count) },
    ...{ relationshipCount: users, to: new Int32Array(users) },
    from: Int32Array.from({ length: users }, (_, i) => count - 1 - ((i * 7919) % 4_000_000)),
    kind: new Uint8Array(users).fill(pair.kind[0]!),
    standing: new Uint8Array(users).fill(pair.standing[0]!),
    need: new Int32Array(users).fill(-1),
    timing: new Int32Array(users).fill(pair.timing[0]!),
  }
  const index = inEngineMemory(indexOf(columns))
  const strike = { struck: [0], cut: new Set<number>(), inv: 0, until: Infinity }
  const { entities } = outagesForGood(goodBoardFor(index), strike, strike)
  expect(entities).toEqual(Int32Array.of(0, ...columns.from).sort())
})

it.runIf(isBuilt)('an answer stays what it was, whatever is asked after it', () => {
  const names = Array.from({ length: 400 }, (_, i) => `e${i}`)
  const relationships = names.slice(1).flatMap((from, i) => [
    { kind: 'DEPENDS_ON' as const, from, to: `e${i}` },
    { kind: 'DEPENDS_ON' as const, from, to: `e${i >> 1}`, strength: 'soft' as const },
  ])
  const { kernel, twin } = boardsOf({ entities: names.map((id) => ({ id })), relationships })
  // From one row to all of them: in a buffer that others share, and in one of their own.
  const asked = [...names.keys()].filter((one) => one % 40 === 0 || one > 380)
  const strikes = asked.map((one) => ({ struck: [one], cut: new Set<number>(), inv: one, until: Infinity }))
  const held = strikes.map((strike) => outagesForGood(kernel, strike, { ...strike, inv: strike.inv + 9 }))
  strikes.forEach((strike, at) =>
    expect(spelled(held[at]!)).toEqual(spelled(outagesForGood(twin, strike, { ...strike, inv: strike.inv + 9 }))),
  )
})

/** Each of a row of things takes a little from the start of the next, and all of them hand that on again. */
it.runIf(isBuilt)('what starts earlier again and again is left to the twin', () => {
  const [steps, followers] = [200, 200]
  const names = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`)
  const step = names('s', steps)
  const follower = names('f', followers)
  const wait = (seconds: number) => ({ tolerance: [seconds, 2 * seconds] as [number, number] })
  const estate: EstateInput = {
    entities: ['key', ...step, ...follower].map((id) => ({ id })),
    relationships: [
      ...step.map((from, i) => ({ kind: 'DEPENDS_ON' as const, from, to: step[i - 1] ?? 'key', ...wait(1) })),
      ...step.map((to, i) => ({ kind: 'DEPENDS_ON' as const, from: 'f0', to, ...wait(3 * (steps - i)) })),
      ...follower.slice(1).map((from, i) => ({ kind: 'DEPENDS_ON' as const, from, to: follower[i]!, ...wait(1) })),
    ],
  }
  const boards = boardsOf(estate)
  const change = { action: 'revoke' as const, targets: ['key'] }
  const strike = [...resolveChange(boards.compiled, change).struck]
  expect(boards.kernel.kernel!.answer(strike, new Set(), 0, 0)).toBeNull()
  const { kernel, twin } = askBoth(boards, change)
  expect(kernel).toEqual(twin)
  expect(kernel.entities).toHaveLength(1 + steps + followers)
})

it.runIf(isBuilt)('where memory is at its end, or the kernel fails, the twin answers', () => {
  const count = 300
  const users = Array.from({ length: count }, (_, i) => `u${i}`)
  const relationships = users.map((from) => ({ kind: 'USES_CREDENTIAL' as const, from, to: 'key' }))
  const boards = boardsOf({ entities: [{ id: 'key' }, ...users.map((id) => ({ id }))], relationships })
  const change = { action: 'revoke' as const, targets: ['key'] }
  const small = { action: 'revoke' as const, targets: ['u3'] }
  expect(reserve(roomOf(boards.kernel.index)!, 2 ** 32)).toBe(0)
  for (const one of [small, change, small]) {
    const { kernel, twin } = askBoth(boards, one)
    expect(kernel).toEqual(twin)
  }
  const fresh = boardsOf({ entities: [{ id: 'key' }, ...users.map((id) => ({ id }))], relationships })
  const nobody = { struck: [0, 2 ** 29], cut: new Set<number>(), inv: 0, until: Infinity }
  expect(() => outagesForGood(fresh.kernel, nobody, nobody)).toThrow()
  for (const one of [change, small]) {
    const { kernel, twin } = askBoth(fresh, one)
    expect(kernel).toEqual(twin)
  }
})

it.runIf(isBuilt)('an index in a buffer of its own is walked by the twin', () => {
  const columns = columnsOf(compileEstate({ entities: [{ id: 'a' }], relationships: [] }))
  expect(goodBoardFor(indexOf(columns)).kernel).toBeNull()
  expect(goodBoardFor(inEngineMemory(indexOf(columns))).kernel).not.toBeNull()
  useEngineKernels(() => undefined)
  expect(goodBoardFor(inEngineMemory(indexOf(columns))).kernel).toBeNull()
})
