import fc from 'fast-check'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelOf, type View } from '../../graph/answer/model.ts'
import { operationNames } from '../../graph/answer/operations.ts'
import { supposing, type Changes } from '../../graph/answer/supposition.ts'
import { buildEstate } from '../../graph/estate/build.ts'
import type { Estate, EstateRelationship } from '../../graph/estate/estate.ts'
import { compileEstate, compileNumbered, type CompiledEstate } from '../../graph/outage/compile.ts'
import { TIMING_WIDTH } from '../../graph/outage/timings.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now } from './situations.ts'

let estate: Estate
beforeAll(async () => {
  estate = buildEstate(await scopesOf(join(root, 'server/sample'), now), { id: 'sample', at: now, sample: true })
})

/** All that a model says, with times in place of rows. */
function said({ timing, timings, entityNumbers, ...model }: CompiledEstate) {
  const times = Array.from(timing, (row) => timings.slice(row * TIMING_WIDTH, (row + 1) * TIMING_WIDTH).join(' '))
  return { ...model, times, numbers: [...entityNumbers] }
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

describe('what is supposed', () => {
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
