import fc from 'fast-check'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelOf, type View } from '../../graph/answer/model.ts'
import { operationNames } from '../../graph/answer/operations.ts'
import { supposing, type Changes } from '../../graph/answer/supposition.ts'
import { buildEstate } from '../../graph/estate/build.ts'
import { along, type Estate, type EstateRelationship } from '../../graph/estate/estate.ts'
import type { ChangeInput } from '../../graph/outage/change.ts'
import { compileEstate, compileNumbered, keyOfRelationship, type CompiledEstate } from '../../graph/outage/compile.ts'
import { explain } from '../../graph/outage/explain.ts'
import { askOver } from '../../graph/outage/flat-over.ts'
import { simulate } from '../../graph/outage/simulate.ts'
import { TIMING_WIDTH } from '../../graph/outage/timings.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now } from './situations.ts'

let estate: Estate
beforeAll(async () => {
  estate = buildEstate(await scopesOf(join(root, 'server/sample'), now), { id: 'sample', at: now, sample: true })
})

/** All that a model says, with times in place of rows, and names of needs in place of their numbers. */
function said({ timing, timings, entityNumbers, need, needNames, ...model }: CompiledEstate) {
  const names = Array.from(need, (number) => needNames[number])
  const times = Array.from(timing, (row) => timings.slice(row * TIMING_WIDTH, (row + 1) * TIMING_WIDTH).join(' '))
  return { ...model, names, times, numbers: [...entityNumbers] }
}

/** Names of what differs; comparing column by column says more than a million lines, and sooner. */
function differences(a: ReturnType<typeof said>, b: ReturnType<typeof said>): string[] {
  const names = Object.keys({ ...a, ...b }) as (keyof typeof a)[]
  return names.filter((name) => !isDeepStrictEqual(a[name], b[name]))
}

const view: fc.Arbitrary<View> = fc.record({ op: fc.constantFrom(...operationNames), unveiled: fc.boolean() })

const changes = (): fc.Arbitrary<Changes> => {
  const count = estate.relationships.length
  const telling = [...estate.relationships.keys()].filter((one) =>
    ['HOLDS', 'SYNCED_FROM', 'AUTHENTICATES_AS', 'MEMBER_OF', 'TRUSTS'].includes(estate.relationships[one]!.kind),
  )
  const relationship = fc.oneof(fc.nat(count - 1), fc.constantFrom(...telling))
  return fc
    .record({
      gone: fc.uniqueArray(relationship, { maxLength: 6 }),
      changed: fc.uniqueArray(relationship, { maxLength: 4 }),
      to: fc.array(fc.nat(estate.entities.length - 1), { minLength: 4, maxLength: 4 }),
    })
    .map(({ gone, changed, to }) => {
      const left = changed.filter((one) => !gone.includes(one))
      const withNeed = (number: number): EstateRelationship => {
        const one = estate.relationships[number]!
        return { ...one, need: one.need ?? `supposed ${one.id}` }
      }
      return {
        gone: new Set(gone),
        changed: new Map(left.map((number) => [number, withNeed(number)])),
        added: left.map((number, i) => ({
          id: `supposed ${number} ${i}`,
          kind: 'DEPENDS_ON' as const,
          from: estate.relationships[number]!.from,
          to: estate.entities[to[i]!]!.id,
          need: withNeed(number).need!,
          confidence: 'confirmed' as const,
        })),
      }
    })
}

/** What a change does, with why: everything that an answer reads of the engine. */
function outcome(model: CompiledEstate, change: ChangeInput) {
  const outages = simulate(model, change)
  const { entities, certain, possible } = outages
  const why = [...entities].slice(0, 3).map((entity) => explain(outages, model.entityIds[entity]!))
  return { entities: [...entities], certain, possible, why }
}

const times = fc.constantFrom({}, { until: 3600 }, { until: 90_000 })

describe('what is supposed', () => {
  it('breaks what the same estate would if all of it were made anew, and of the estate itself nothing changes', () => {
    const credentials = [...estate.entities.keys()].filter((one) => along(estate.in, one).next().done === false)
    const things = fc.uniqueArray(fc.constantFrom(...credentials), { minLength: 1, maxLength: 3 })
    const named = fc.uniqueArray(fc.nat(estate.relationships.length - 20), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(
        changes(),
        view,
        fc.constantFrom([], ['restart' as const], ['redeploy' as const, 'by-hand' as const]),
        fc.record({ things, named, action: fc.constantFrom('revoke', 'disable', 'rotate', 'cut'), times }),
        (supposed, seen, done, { things, named, action, times }) => {
          const changed = supposing(estate, supposed)
          const model = modelOf(changed, { ...seen, done })
          const targets =
            action === 'cut'
              ? named.map((number) => keyOfRelationship(model, number))
              : things.map((thing) => estate.entities[thing]!.id)
          const change = { action, targets, at: 0, ...(action !== 'rotate' && times) } as ChangeInput
          const before = action === 'cut' ? undefined : outcome(modelOf(estate, { ...seen, done }), change)
          const anew = outcome(modelOf({ ...changed }, { ...seen, done }), change)
          expect(outcome(model, change)).toEqual(anew)
          if (before) expect(outcome(modelOf(estate, { ...seen, done }), change)).toEqual(before)
          expect(outcome(model, change)).toEqual(anew)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('is asked of the index of the estate that it is of', () => {
    const supposed = supposing(estate, { gone: new Set([3]), changed: new Map(), added: [] })
    expect(askOver(modelOf(supposed, { op: 'revoke' }), ({ board }) => board().index.entities)).not.toBeNull()
    expect(askOver(modelOf({ ...supposed }, { op: 'revoke' }), () => 0)).toBeNull()
  })

  it('is the model that the same estate would have if all of it were made anew', () => {
    fc.assert(
      fc.property(changes(), view, (supposed, asked) => {
        const changed = supposing(estate, supposed)
        const anew = { ...changed }
        expect(differences(said(modelOf(changed, asked)), said(modelOf(anew, asked)))).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it('is the model of the estate itself where nothing is', () => {
    const same = supposing(estate, { gone: new Set(), changed: new Map(), added: [] })
    for (const op of operationNames)
      expect(differences(said(modelOf(same, { op })), said(modelOf(estate, { op })))).toEqual([])
  })

  it('has relationships where its ends say', () => {
    fc.assert(
      fc.property(changes(), (supposed) => {
        const { relationships, tails, heads, indexOf } = supposing(estate, supposed)
        expect(relationships.length).toBe(estate.relationships.length - supposed.gone.size + supposed.added.length)
        expect([...tails]).toEqual(relationships.map(({ from }) => indexOf.get(from)))
        expect([...heads]).toEqual(relationships.map(({ to }) => indexOf.get(to)))
      }),
      { numRuns: 15 },
    )
  })
})

it('an estate that has numbers is laid out as one that gets them', () => {
  const { timing, timings, ...anew } = compileEstate(estate)
  const given = { timing, timings, confidence: (number: number) => estate.relationships[number]!.confidence }
  expect(differences(said(compileNumbered(estate, given)), said({ ...anew, timing, timings }))).toEqual([])
})
