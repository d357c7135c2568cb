import fc from 'fast-check'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { startMerge } from '../../graph/merge.ts'

/** Small estates in which credentials open stores that hold credentials, in rings too. Shrinks to few things. */
export interface ReachWorld {
  readonly entities: readonly EntityFact[]
  readonly relationships: readonly RelationshipFact[]
}

const kindsOfThings = [
  ['c', 'generic.api_key'],
  ['i', 'generic.identity'],
  ['s', 'vault.kv2_secret'],
  ['w', 'generic.workload'],
  ['r', 'generic.resource'],
] as const
/** Where relationships of these kinds may lead from and to, so that most draws make sense. */
const arrows: readonly (readonly [RelationshipFact['kind'], from: string, to: string])[] = [
  ['AUTHENTICATES_AS', 'c', 'i'],
  ['CAN_ACCESS', 'i', 's'],
  ['HOLDS', 's', 'c'],
  ['CAN_ACCESS', 'i', 'r'],
  ['ASSUMES', 'i', 'i'],
  ['CAN_ACCESS', 'i', 'w'],
  ['USES_SECRET', 'w', 's'],
  ['USES_CREDENTIAL', 'w', 'c'],
  ['ISSUED_BY', 'c', 'c'],
  ['RUNS_AS', 'w', 'i'],
  ['SYNCED_FROM', 's', 's'],
  ['DEPENDS_ON', 'w', 'w'],
]
const strengths = ['observed', 'declared', 'asserted', 'inferred'] as const
const confidences = ['confirmed', 'possible', 'none'] as const

export const relationshipOf = (size: number): fc.Arbitrary<RelationshipFact> =>
  fc
    .tuple(
      fc.constantFrom(...arrows),
      fc.nat(size - 1),
      fc.nat(size - 1),
      fc.constantFrom(...strengths),
      fc.constantFrom(...confidences),
    )
    .map(([[kind, from, to], tail, head, evidence, confidence]) => ({
      kind,
      from: `${from}${tail}`,
      to: `${to}${head}`,
      confidence,
      evidence: [{ source: 'test', kind: evidence, lastSeen: '2026-11-01T00:00:00Z' }],
    }))

export const SIZE = 4
export const world: fc.Arbitrary<ReachWorld> = fc
  .array(relationshipOf(SIZE), { minLength: 4, maxLength: 34 })
  .map((relationships) => ({
    entities: kindsOfThings.flatMap(([letter, kind]) =>
      Array.from({ length: SIZE }, (_, n): EntityFact => ({
        id: `${letter}${n}`,
        kind,
        ...(letter === 'r' && n < 2 && { props: { crownJewel: true } }),
      })),
    ),
    relationships,
  }))

export function estateOfWorld({ entities, relationships }: ReachWorld): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const scope = {
    scope: 'test:random',
    title: 'Random',
    importer: 'test',
    importerTitle: 'Test',
    nature: 'snapshot' as const,
    complete: true,
    at: '2026-11-01T00:00:00Z',
    files: [],
    blindTo: [],
    facts: merge.finish(),
  }
  return buildEstate([scope], { id: 'random', at: null, sample: false })
}
