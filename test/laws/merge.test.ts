import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delta, isEmpty, reversed } from '../../graph/delta.ts'
import type { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { evidenceKindNames } from '../../graph/kinds/evidence.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { segmentsOf } from '../../graph/segments.ts'
import { memoryStore } from '../store/memory-store.ts'
import { randomFacts } from '../store/random-facts.ts'
import { draftOf } from '../store/small-estate.ts'
import { writeScope } from '../../server/store/scope-facts.ts'
import { startFlatMerge } from '../../server/import/flat/flat-merge.ts'
import { SEGMENTS } from '../../graph/segments.ts'
import { seeded } from '../faults/seed.ts'

type Fact =
  | { readonly entity: EntityFact }
  | { readonly relationship: RelationshipFact }
  | { readonly observation: ObservationFact }

/**
 * Few things and few words, so that facts meet, agree and contradict each other. The last three have one id: half of a
 * surrogate pair, which JSON may say, is the same byte for byte as U+FFFD.
 */
const key = fc.constantFrom('key', 'job', 'secret', 'user', 'a\ud800', 'a\udfff', 'a\ufffd')
const moment = fc.constantFrom('2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z')
const evidence = fc.record(
  {
    source: fc.constantFrom('cloudtrail', 'bundle', 'vault'),
    kind: fc.constantFrom(...evidenceKindNames),
    record: fc.constantFrom('1', '2', '3'),
    firstSeen: moment,
    lastSeen: moment,
    count: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['source', 'kind'] },
)
const props = fc.dictionary(
  fc.constantFrom('owner', 'lastUsedAt', 'tags'),
  fc.oneof(moment, fc.array(moment, { maxLength: 2 })),
  {
    noNullPrototype: true,
  },
)
const word = fc.constantFrom('x', 'y')
const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .record({
      id: key,
      kind: fc.constantFrom(...entityKindNames.slice(0, 12)),
      name: optional(word),
      props: optional(props),
      evidence: optional(fc.array(evidence, { maxLength: 3 })),
    })
    .map((entity) => ({ entity: entity as EntityFact })),
  fc
    .record({
      kind: fc.constantFrom(...relationshipKindNames.slice(0, 3)),
      from: key,
      to: key,
      need: optional(word),
      strength: optional(fc.constantFrom('hard' as const, 'soft' as const)),
      confidence: optional(fc.constantFrom('confirmed' as const, 'possible' as const, 'none' as const)),
      props: optional(props),
      evidence: optional(fc.array(evidence, { maxLength: 3 })),
    })
    .map((relationship) => ({ relationship: relationship as RelationshipFact })),
  fc
    .record({
      kind: fc.constantFrom(...relationshipKindNames.slice(0, 3)),
      from: key,
      to: key,
      attributed: fc.boolean(),
      evidence,
    })
    .map((observation) => ({ observation: observation as ObservationFact })),
)

const shuffled = <T>(of: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...of], { minLength: of.length })
const text = (facts: KnownFacts): string => [...segmentsOf(facts)].map((segment) => segment.text).join('')

function merged(facts: readonly Fact[]): KnownFacts {
  const merge = startMerge()
  for (const one of facts) {
    if ('entity' in one) merge.entity(one.entity)
    else if ('relationship' in one) merge.relationship(one.relationship)
    else merge.observation(one.observation)
  }
  return merge.finish()
}

/** What the merge of lines knows, folded whenever there are so many. */
function mergedFlat(
  facts: readonly Fact[],
  foldFrom: number,
): { text: string; entities: number; relationships: number } {
  const merge = startFlatMerge(foldFrom)
  for (const one of facts) {
    if ('entity' in one) merge.entity(one.entity)
    else if ('relationship' in one) merge.relationship(one.relationship)
    else merge.observation(one.observation)
  }
  const { entities, relationships, segment } = merge.finish()
  return { text: Array.from({ length: SEGMENTS }, (_, i) => segment(i).toString()).join(''), entities, relationships }
}

function estate(scopes: readonly KnownFacts[]): KnownFacts {
  const merge = startMerge()
  for (const scope of scopes) merge.known(scope)
  return merge.finish()
}

function permutations<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]]
  return of.flatMap((one, i) => permutations([...of.slice(0, i), ...of.slice(i + 1)]).map((rest) => [one, ...rest]))
}

describe('what is known', () => {
  const { seed } = seeded('merge laws')

  it('M3: is the same whatever the order of facts', () => {
    const both = fc.array(fact, { maxLength: 20 }).chain((facts) => fc.tuple(fc.constant(facts), shuffled(facts)))
    fc.assert(
      fc.property(both, ([facts, other]) => {
        expect(text(merged(other))).toBe(text(merged(facts)))
      }),
      { numRuns: 500, seed },
    )
  })

  it('M3: is the same in each of the 24 orders of four sources', () => {
    const four = fc.array(fc.array(fact, { maxLength: 8 }).map(merged), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(four, (sources) => {
        expect(new Set(permutations(sources).map((order) => text(estate(order)))).size).toBe(1)
      }),
      { numRuns: 100, seed },
    )
  })

  it('M2: of the same facts again is no change: nothing added, changed, retired, and one root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { maxLength: 20 }), async (facts) => {
        const [first, again] = [merged(facts), merged(facts)]
        expect(isEmpty(delta(first, again))).toBe(true)
        const store = await memoryStore().open()
        const written = await writeScope(store, draftOf('a'), first, 0)
        expect(written.changed).toBe(true)
        expect(await writeScope(store, draftOf('a'), again, 1)).toMatchObject({ changed: false })
      }),
      { numRuns: 50, seed },
    )
  })

  it('is the same to the byte where lines were merged instead of objects, whenever they were folded', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (facts, foldFrom) => {
        const known = merged(facts)
        const [entities, relationships] = [known.entities.size, known.relationships.size]
        expect(mergedFlat(facts, foldFrom)).toEqual({ text: text(known), entities, relationships })
      }),
      { numRuns: 500, seed },
    )
  })

  it('goes forward by a delta and back by its reverse', () => {
    fc.assert(
      fc.property(randomFacts, randomFacts, (before, after) => {
        const forward = delta(before, after)
        expect(text(applied(before, forward))).toBe(text(after))
        expect(text(applied(after, reversed(forward)))).toBe(text(before))
      }),
      { numRuns: 200, seed },
    )
  })
})

function applied(facts: KnownFacts, { entities, relationships }: ReturnType<typeof delta>): KnownFacts {
  const next = { entities: new Map(facts.entities), relationships: new Map(facts.relationships) }
  for (const { id } of entities.retired) next.entities.delete(id)
  for (const one of [...entities.added, ...entities.changed.map(({ after }) => after)]) next.entities.set(one.id, one)
  for (const { id } of relationships.retired) next.relationships.delete(id)
  for (const one of [...relationships.added, ...relationships.changed.map(({ after }) => after)])
    next.relationships.set(one.id, one)
  return next
}
