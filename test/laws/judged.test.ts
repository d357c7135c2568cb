import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { assess, rowOf } from '../../graph/answer/assess.ts'
import { bandOf, bands } from '../../graph/answer/bands.ts'
import { outageOfCuts } from '../../graph/answer/cut-price.ts'
import { fallRanking, rankedFall } from '../../graph/answer/fall-ranking.ts'
import { frontOf } from '../../graph/answer/front.ts'
import { countsOf } from '../../graph/answer/headline.ts'
import { isUntouched } from '../../graph/answer/spans.ts'
import { primarySystems } from '../../graph/answer/systems.ts'
import type { Estate } from '../../graph/estate/build.ts'
import type { RelationshipFact } from '../../graph/facts.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { estateOfWorld, SIZE, world } from './random-reach.ts'

const NOW = '2026-11-20T04:00:00Z'
const evidence = [{ source: 'test', kind: 'declared' as const, lastSeen: '2026-11-01T00:00:00Z' }]
const one = fc.nat(SIZE - 1)
const say = (kind: RelationshipFact['kind'], from: string, to: string) => ({ kind, from, to, evidence })

/** Keys of AWS, whose sessions live on; callers of whom nobody is known; systems, also of other systems. */
const estates: fc.Arbitrary<Estate> = fc
  .tuple(
    world,
    fc.array(fc.tuple(one, one), { maxLength: 6 }),
    fc.array(fc.tuple(one, one), { maxLength: 3 }),
    fc.array(fc.constantFrom('env_at_start', 'fetch_cached', 'baked_image'), { minLength: 40, maxLength: 40 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .map(([{ entities, relationships }, serves, needs, deliveries, keys]) =>
    estateOfWorld({
      entities: [
        ...entities.map((entity, at) =>
          entity.kind === 'generic.api_key' && keys[at % keys.length]
            ? { ...entity, kind: 'aws.iam_access_key' as const }
            : entity.id === 'w0'
              ? { ...entity, kind: 'caller' as const }
              : entity,
        ),
        ...Array.from({ length: SIZE }, (_, n) => ({
          id: `b${n}`,
          kind: 'business.system' as const,
          props: { tier: n },
        })),
      ],
      relationships: [
        ...relationships.map((fact, at) =>
          fact.kind === 'USES_SECRET' || fact.kind === 'USES_CREDENTIAL'
            ? { ...fact, delivery: deliveries[at % deliveries.length]! }
            : fact,
        ),
        ...serves.map(([system, workload]) => say('DEPENDS_ON', `b${system}`, `w${workload}`)),
        ...needs.map(([system, secret]) => say('DEPENDS_ON', `b${system}`, `s${secret}`)),
      ] as RelationshipFact[],
    }),
  )

const credentialsOf = (estate: Estate): number[] =>
  [...estate.entities.keys()].filter((index) => entityKinds[estate.entities[index]!.kind].role === 'credential')

describe('what an answer says of each dependent', () => {
  test.prop([estates, fc.constantFrom('revoke', 'disable', 'rotate', 'rotate-in-place' as const)], { numRuns: 25 })(
    'is what the runs say of it, one by one',
    (estate, op) => {
      for (const subject of credentialsOf(estate)) {
        const { users, base, unveiled, dependents } = assess(estate, subject, op)
        expect(dependents.map(({ index }) => index)).toEqual(
          listedOf(estate, users.workloads, [...new Set([...base.affected, ...unveiled.affected])]).filter(
            (index) => index !== subject,
          ),
        )
        for (const { index, system, verdict, band, certain, possible, degraded, latent } of dependents) {
          const isTouched = !isUntouched(base, index) || !isUntouched(unveiled, index)
          expect([certain, possible, degraded]).toEqual([
            base.certain(index),
            base.possible(index),
            base.degraded(index) !== null,
          ])
          expect(latent).toBe(base.possible(index) === null && unveiled.possible(index) !== null)
          expect(system).toBe(rowOf(estate, index))
          expect(verdict === 'keeps').toBe(!isTouched)
          expect(band).toBe(bandOf(verdict, base.possible(index) ?? base.degraded(index)))
          if (estate.entities[index]!.kind === 'caller') expect(['keeps', 'unknown']).toContain(verdict)
          else if (verdict === 'breaks' || verdict === 'unknown')
            expect(verdict === 'breaks').toBe(base.certain(index) !== null || unveiled.certain(index) !== null)
        }
      }
    },
  )

  test.prop([estates], { numRuns: 15 })(
    'is what a front counts, and the ranking says what a cut of one costs',
    (estate) => {
      const ranked = fallRanking(estate).falls.map(({ credential }) => credential)
      for (const credential of credentialsOf(estate)) {
        const { cells, verdict } = frontOf(estate, credential, NOW)
        const { dependents } = assess(estate, credential, 'revoke')
        const counts = countsOf({ dependents })
        expect(cells).toEqual(
          bands.map(({ id }) =>
            (['breaks', 'unknown', 'steps', 'keeps'] as const).map(
              (said) => dependents.filter((other) => other.band === id && other.verdict === said).length,
            ),
          ),
        )
        if (counts.breaks > 0 || verdict === 'not-safe')
          expect([counts.breaks > 0, verdict]).toEqual([true, 'not-safe'])
        if (counts.unknown > 0) expect(['not-safe', 'cannot-say']).toContain(verdict)
        const fall = rankedFall(estate, credential)
        expect(fall !== undefined).toBe(ranked.includes(credential))
        if (!fall) continue
        const { breaks, unknown } = outageOfCuts(estate, [
          { kind: 'credential', target: credential, op: 'revoke', removes: [] },
        ])
        expect([fall.breaks, fall.unknown]).toEqual([breaks.length, unknown.length])
      }
    },
  )
})

/** Workloads that use the value, that are hit or next to what is hit; systems that none of those stands for. */
function listedOf(estate: Estate, using: readonly number[], hit: readonly number[]): number[] {
  const roleOf = (index: number): string => entityKinds[estate.entities[index]!.kind].role
  const beside = estate.relationships.flatMap(({ kind, confidence }, number) =>
    ['DEPENDS_ON', 'USES_SECRET', 'RUNS_AS'].includes(kind) &&
    confidence !== 'none' &&
    hit.includes(estate.heads[number]!)
      ? [estate.tails[number]!]
      : [],
  )
  const workloads = new Set([...using, ...[...hit, ...beside].filter((index) => roleOf(index) === 'workload')])
  const stoodFor = [...workloads].filter((index) => estate.entities[index]!.kind !== 'caller')
  const systems = hit.filter(
    (index) => roleOf(index) === 'system' && !stoodFor.some((other) => primarySystems(estate)[other] === index),
  )
  return [...new Set([...workloads, ...systems])].sort((a, b) => a - b)
}
