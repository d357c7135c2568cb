import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import type { z } from 'zod'
import { canonical } from '../../graph/canonical.ts'
import { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import type { BundleMap } from '../../importers/bundle/map.ts'
import { mapRecord } from '../../importers/bundle/map.ts'
import type { Fact, FactsMessage } from '../../importers/read/messages.ts'
import { factGate } from './fact-gate.ts'

const CANARY = 'canary-value-that-has-no-place'
const scope = { importer: 'bundle', id: 'b', title: 'b', complete: true, nature: 'snapshot' } as const

/** Values as JSON has them, not as we would write them: numbers without end, keys twice, halves of characters. */
const hostile = fc.oneof(
  fc.constantFrom('null', 'true', '""', '{}', '[]', '[null]', '-1', '-0', '0.5', '1e999', '-1e999', '9007199254740992'),
  fc.constantFrom(
    '"\\ud800"',
    '"\\u0000"',
    '"e\\u0301"',
    '[[1]]',
    '{"a":{"b":1}}',
    '[1,2]',
    '[1,null]',
    '[2,1,0]',
    '1e-400',
  ),
  fc.constantFrom(40, 41, 64, 65, 80, 81, 256, 257, 400, 401, 512, 513).map((length) => `"${'x'.repeat(length)}"`),
  fc
    .constantFrom(1024, 1025, 2048, 2049, 4096, 4097)
    .map((length) => JSON.stringify('😀'.repeat(length / 2) + 'x'.repeat(length % 2))),
  fc.constantFrom(2, 50, 51, 100, 101, 200, 201).map((length) => JSON.stringify(Array(length).fill('a'))),
  fc.constantFrom(1024, 1025).map((length) => JSON.stringify(['x'.repeat(length)])),
  fc.constant(`{"value":"${CANARY}"}`),
  fc.constant(`"${CANARY}"`),
  fc.integer({ min: 1, max: 300 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.json({ maxDepth: 3 }),
)
const anyKey = fc.oneof(
  fc.constantFrom('id', 'kind', 'role', 'name', 'aliases', 'props', 'evidence', 'from', 'to', 'need', 'strength', 'by'),
  fc.constantFrom(
    'via',
    'session',
    'tolerance',
    'pickup',
    'cadence',
    'confidence',
    'delivery',
    'source',
    'count',
    'note',
  ),
  fc.constantFrom('file', 'record', 'firstSeen', 'value', 'x'.repeat(64), 'x'.repeat(65), '0', '', 'é'),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toJSON', 'hasOwnProperty', 'then', 'length'),
)
const odd = fc.tuple(anyKey, hostile)
type Field = readonly [key: string, value: string]

/** An object whose own fields are in their places, with others among them: JSON takes the last of two. */
function objectOf(own: readonly Field[]): fc.Arbitrary<string> {
  const some = fc.subarray([...own], { minLength: Math.max(0, own.length - 1) })
  return fc
    .tuple(some, fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(odd, { maxLength: 2 })), fc.nat())
    .map(([fields, others, at]) => {
      const place = at % (fields.length + 1)
      return [...fields.slice(0, place), ...others, ...fields.slice(place)]
    })
    .map((fields: readonly Field[]) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`)
}
const props = objectOf([
  ['team', '"payments"'],
  ['tier', '1'],
  ['listed', '["a","b"]'],
  ['private', 'false'],
])
const evidence = objectOf([
  ['source', '"bundle"'],
  ['kind', '"declared"'],
  ['file', '"f.json"'],
  ['count', '3'],
])
const entity = fc.tuple(props, evidence).chain(([some, one]) =>
  objectOf([
    ['id', '"aws:key:AKIAEXAMPLE"'],
    ['kind', '"aws.iam_access_key"'],
    ['name', '"deploy"'],
    ['props', some],
    ['evidence', `[${one}]`],
  ]),
)
const relationship = fc.tuple(props, evidence).chain(([some, one]) =>
  objectOf([
    ['kind', '"USES_SECRET"'],
    ['from', '"k8s:prod/shop/deployment/api"'],
    ['to', '"k8s:prod/shop/secret/db"'],
    ['session', '[0,null]'],
    ['by', '["a:1"]'],
    ['delivery', '"env_at_start"'],
    ['props', some],
    ['evidence', `[${one}]`],
  ]),
)
const observation = evidence.chain((one) =>
  objectOf([
    ['kind', '"USES_SECRET"'],
    ['from', '"a:1"'],
    ['to', '"a:2"'],
    ['evidence', one],
  ]),
)
const factText = fc
  .tuple(entity, relationship, observation, fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3))
  .chain(([thing, link, use, which]) =>
    which === 3
      ? objectOf([
          ['entity', thing],
          ['relationship', link],
        ])
      : objectOf([[['entity', 'relationship', 'observation'][which]!, [thing, link, use][which]!]]),
  )

const shapes: readonly (readonly [string, z.ZodType])[] = [
  ['entity', EntityFact],
  ['relationship', RelationshipFact],
  ['observation', ObservationFact],
]

/** What the shapes alone say: the fact, or the field that is wrong. */
function byShape(fact: object): { fact: unknown } | { field: string } {
  const found = shapes.find(([key]) => key in fact)
  if (!found) return { field: 'unknown' }
  const [key, Shape] = found
  const parsed = Shape.safeParse((fact as Record<string, unknown>)[key])
  return parsed.success
    ? { fact: { [key]: parsed.data } }
    : { field: `${key}.${String(parsed.error.issues[0]?.path[0] ?? '')}` }
}

property.prop([fc.array(factText, { minLength: 1, maxLength: 4 })], { numRuns: 150 })(
  'what passes the gate is what the shapes give, and what does not is counted by the same field',
  (texts) => {
    const gate = factGate()
    const facts = texts.map((text) => JSON.parse(text) as Fact)
    const expected = texts.map((text) => byShape(JSON.parse(text) as object))
    const passed = gate.pass({ type: 'facts', scope, facts } satisfies FactsMessage)
    const closed = gate.close({ type: 'scope', scope, facts: facts.length, defects: [] })
    const whole = expected.flatMap((one) => ('fact' in one ? [one.fact] : []))
    expect(passed.facts).toEqual(whole)
    expect(passed.facts.map(canonical)).toEqual(whole.map(canonical))
    const lost = expected.flatMap((one) => ('field' in one ? [one.field] : []))
    expect(closed.facts).toBe(whole.length)
    expect(closed.defects.flatMap(({ field, count }) => Array<string>(count).fill(field)).sort()).toEqual(lost.sort())
    expect(closed.scope.complete).toBe(lost.length === 0)
  },
)

const asked = fc.oneof(
  fc.tuple(fc.constant('entity' as const), entity),
  fc.tuple(fc.constant('relationship' as const), relationship),
)
property.prop([asked], { numRuns: 150 })('a line of a bundle gives what its shape gives', ([sort, text]) => {
  const taken: unknown[] = []
  const take = (fact: unknown): void => void taken.push(fact)
  const map: BundleMap = {
    scope: 's',
    file: 'f',
    asserted: false,
    sink: { entity: take, relationship: take, observation: take },
  }
  const why = mapRecord(map, sort, JSON.parse(text), 'line 1')
  const parsed = (sort === 'entity' ? EntityFact : RelationshipFact).safeParse(JSON.parse(text))
  expect(why === undefined).toBe(parsed.success)
  if (!parsed.success) {
    expect(taken).toEqual([])
    return
  }
  const again: unknown[] = []
  const takeAgain = (fact: unknown): void => void again.push(fact)
  // With a field that no shape has, it goes the way of the shape: the same must come out.
  const long = { ...(JSON.parse(text) as object), noField: CANARY }
  mapRecord(
    { ...map, sink: { entity: takeAgain, relationship: takeAgain, observation: takeAgain } },
    sort,
    long,
    'line 1',
  )
  expect(taken.map(canonical)).toEqual(again.map(canonical))
  expect(Object.keys(taken[0] as object).every((key) => key in EntityFact.shape || key in RelationshipFact.shape)).toBe(
    true,
  )
})

it('lets no field by that is not of a fact', () => {
  const gate = factGate()
  const facts = [
    { entity: { id: 'a:1', value: CANARY } },
    { entity: { id: 'a:1', evidence: [{ source: 'x', kind: 'declared', value: CANARY }] } },
    { entity: { id: 'a:1' }, value: CANARY },
    { relationship: { kind: 'HOLDS', from: 'a:1', to: 'a:2', value: { deep: CANARY } } },
    JSON.parse(`{"entity":{"id":"a:1","__proto__":{"value":"${CANARY}"}}}`),
    JSON.parse(`{"entity":{"id":"a:1","props":{"a":1}},"__proto__":"${CANARY}"}`),
  ] as Fact[]
  const passed = gate.pass({ type: 'facts', scope, facts })
  expect(passed.facts).toHaveLength(6)
  expect(JSON.stringify(passed)).not.toContain(CANARY)
})
