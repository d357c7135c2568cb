import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { assess } from '../../graph/answer/assess.ts'
import { isDependent } from '../../graph/answer/victims.ts'
import { modelOf } from '../../graph/answer/model.ts'
import { lagAt } from '../../graph/answer/lag.ts'
import { run } from '../../graph/answer/run.ts'
import { availability, operations } from '../../graph/answer/operations.ts'
import type { Estate } from '../../graph/estate/build.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import type { Operation } from '../../graph/wire.ts'
import { moveOf } from '../../graph/plan/move.ts'
import { checkRollback, type Proposal } from '../../graph/plan/rollback.ts'
import { unpreparedOf } from '../../graph/plan/together.ts'
import { MOST_OF_AN_OWNER, wavesOf, type Candidate } from '../../graph/plan/waves.ts'
import { world } from './random-plan.ts'
import { estateOfWorld } from './random-reach.ts'

const keys = Array.from({ length: 14 }, (_, number) => `c${number}`)
const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      owner: fc.constantFrom(null, 'reef', 'dune'),
      weight: fc.constantFrom(0, 1, 9, 10, 11, 200),
      risk: fc.constantFrom(0, 1, 5),
      open: fc.constantFrom(0, 2, 9),
      after: fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 3 }),
    }),
    { maxLength: keys.length },
  )
  .map((all) => all.map((one, number) => ({ ...one, key: keys[number]! })))
const most = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined })

describe('waves', () => {
  test.prop([candidates, most])('hold each candidate once, and never more waves than asked for', (all, limit) => {
    const { waves } = wavesOf(all, limit)
    expect(waves.flat().sort()).toEqual(all.map(({ key }) => key).sort())
    expect(waves.every((wave) => wave.length > 0)).toBe(true)
    if (limit !== undefined) expect(waves.length).toBeLessThanOrEqual(limit)
  })

  test.prop([candidates, most])(
    'never hold a downstream before its upstream without a named conflict',
    (all, limit) => {
      const { waves, conflicts } = wavesOf(all, limit)
      const place = new Map(waves.flat().map((key, at) => [key, at]))
      for (const { key, after } of all)
        for (const upstream of after) {
          if (upstream === key || !place.has(upstream) || place.get(upstream)! < place.get(key)!) continue
          const isNamed = conflicts.some((one) => one.keys.includes(key) && one.keys.includes(upstream))
          expect([key, upstream, isNamed]).toEqual([key, upstream, true])
        }
    },
  )

  test.prop([candidates, most])('give one owner no more than his load without a named conflict', (all, limit) => {
    const { waves, conflicts } = wavesOf(all, limit)
    for (const wave of waves)
      for (const owner of ['reef', 'dune']) {
        const own = wave.filter((key) => all.find((one) => one.key === key)!.owner === owner)
        if (own.length <= MOST_OF_AN_OWNER) continue
        expect(limit).toBeDefined()
        expect(
          conflicts.some(({ kind, keys: of }) => kind === 'owner-load' && own.every((key) => of.includes(key))),
        ).toBe(true)
      }
  })

  test.prop([candidates, most, fc.nat()])('do not depend on the order of the input', (all, limit, seed) => {
    const turned =
      all.length > 0 ? [...all.slice(seed % all.length), ...all.slice(0, seed % all.length)].reverse() : all
    expect(wavesOf(turned, limit)).toEqual(wavesOf(all, limit))
  })
})

const credentialsIn = (estate: Estate): number[] =>
  estate.entities.flatMap(({ kind }, index) => (entityKinds[kind].role === 'credential' ? [index] : []))

describe('the outage of a wave', () => {
  test.prop([world], { numRuns: 60 })(
    'contains the certain outage of each member, and is no larger than who depends',
    (one) => {
      const estate = estateOfWorld(one)
      const members = credentialsIn(estate)
      const together = new Set(unpreparedOf(estate, members).breaks)
      for (const member of members)
        for (const { index, certain } of assess(estate, member, 'revoke').dependents)
          if (certain !== null && isDependent(estate, index) && estate.entities[index]!.kind !== 'caller')
            expect(together.has(index)).toBe(true)
      // Who falls with all of them at once is found by simulating that one change, too.
      const spans = run(modelOf(estate, { op: 'revoke', unveiled: true }), {
        action: 'revoke',
        targets: members.map((index) => estate.entities[index]!.id),
        lag: [0, 0],
      })
      const simulated = spans.affected.filter(
        (index) =>
          spans.certain(index) !== null && isDependent(estate, index) && estate.entities[index]!.kind !== 'caller',
      )
      if (members.every((index) => lagAt(estate, index, 'revoke').span[1] !== null))
        expect([...together].sort((a, b) => a - b)).toEqual(simulated)
    },
  )
})

const proposal: fc.Arbitrary<Proposal> = fc.record({
  restores: fc.boolean(),
  removesNew: fc.boolean(),
  after: fc.constantFrom(0, 600, 14_400),
})
const ops: readonly Operation[] = ['rotate', 'rotate-users', 'rotate-in-place', 'disable', 'revoke', 'enforce-vault']

describe('a rollback', () => {
  test.prop([world, proposal], { numRuns: 60 })(
    'that is accepted leaves nothing out and no second standing access',
    (one, asked) => {
      const estate = estateOfWorld(one)
      for (const subject of credentialsIn(estate))
        for (const op of ops) {
          if (!availability(estate.entities[subject]!, op).available) continue
          const found = checkRollback(estate, subject, op, asked)
          if (found.verdict !== 'accepted') {
            expect(found.why).not.toBe('')
            continue
          }
          expect([asked.restores, found.standing, found.leftCount]).toEqual([true, 1, 0])
          const move = moveOf(estate, subject, op)
          if (move.second !== 'none') expect(asked.removesNew).toBe(true)
          if (operations[op].engine === 'revoke') expect(move.undo.possible).toBe('yes')
          if (move.undo.possible === 'no') continue
          const lag = lagAt(estate, subject, op).span
          for (const unveiled of [false, true]) {
            const spans = run(modelOf(estate, { op: 'disable', unveiled }), {
              action: 'disable',
              targets: [estate.entities[subject]!.id],
              lag: [lag[0], lag[1]],
              until: asked.after,
            })
            for (const index of spans.affected)
              for (const span of [spans.certain(index), spans.possible(index), spans.degraded(index)])
                if (span !== null) expect(span[1]).not.toBeNull()
          }
        }
    },
  )
})
