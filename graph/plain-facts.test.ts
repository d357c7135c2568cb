import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { EntityFact, RelationshipFact } from './facts.ts'
import { isPlainEntity, isPlainRelationship } from './plain-facts.ts'

const text = fc.oneof(
  fc.constantFrom('a:1', '', 'declared', 'generic.secret', 'credential', 'HOLDS', 'env_at_start', 'none', 'soft'),
  fc.constantFrom(...[40, 41, 64, 65, 80, 81, 256, 257, 400, 401, 512, 513].map((length) => 'x'.repeat(length))),
  fc.constantFrom(...[1024, 1025, 2048, 2049, 4096, 4097].map((length) => 'é'.repeat(length))),
)
const number = fc.constantFrom(0, -0, -1, 1, 1.5, 2 ** 53, 1e300, -1e300)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const list = fc.oneof(
  fc.array(scalar, { maxLength: 3 }),
  fc.array(number, { minLength: 2, maxLength: 2 }),
  fc.tuple(number, fc.constant(null)),
  fc.constantFrom(...[50, 51, 100, 101, 200, 201].map((length) => Array<string>(length).fill('a'))),
)
const name = fc.constantFrom('source', 'kind', 'file', 'count', 'lastSeen', 'toJSON', 'constructor', 'x'.repeat(65))
const inner = fc.dictionary(name, fc.oneof({ weight: 3, arbitrary: scalar }, list), { maxKeys: 3 })
const anything = fc.oneof(scalar, list, inner, fc.array(inner, { maxLength: 2 }))
const evidence = fc.record(
  {
    source: text,
    kind: fc.constantFrom('declared', 'observed', 'x'),
    file: text,
    record: text,
    firstSeen: text,
    count: number,
    note: text,
  },
  { requiredKeys: ['source', 'kind'] },
)
const fields = Object.keys({ ...EntityFact.shape, ...RelationshipFact.shape, odd: 0 })
const fact = fc
  .tuple(
    fc.record({ id: text, kind: text, from: text, to: text }, { requiredKeys: [] }),
    fc.record({ evidence: fc.array(evidence, { maxLength: 2 }), props: inner }, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom(...fields), anything, { maxKeys: 2 }),
  )
  .map((parts) => JSON.parse(JSON.stringify(Object.assign({}, ...parts))) as unknown)

describe.each([
  ['entity', isPlainEntity, EntityFact],
  ['relationship', isPlainRelationship, RelationshipFact],
] as const)('a plain %s', (_, isPlain, Shape) => {
  property.prop([fc.oneof(fact, anything)], { numRuns: 500 })('is what its shape gives back unchanged', (value) => {
    if (!isPlain(value)) return
    expect(Shape.parse(value)).toEqual(value)
  })
  property.prop([fact], { numRuns: 500 })('is every fact that its shape takes whole', (value) => {
    const parsed = Shape.safeParse(value)
    if (!parsed.success) expect(isPlain(value)).toBe(false)
    // What the shape left out is for the shape to leave out.
    else if (JSON.stringify(parsed.data).length === JSON.stringify(value).length) expect(isPlain(value)).toBe(true)
  })
})

it('is nothing with the name of a prototype, nor with an endless number', () => {
  const base = '"kind":"HOLDS","from":"a:1","to":"a:2"'
  expect(isPlainRelationship(JSON.parse(`{${base}}`))).toBe(true)
  expect(isPlainRelationship(JSON.parse(`{${base},"__proto__":{"x":1}}`))).toBe(false)
  expect(isPlainRelationship(JSON.parse(`{${base},"props":{"__proto__":"x"}}`))).toBe(false)
  expect(isPlainRelationship(JSON.parse(`{${base},"cadence":1e999}`))).toBe(false)
  expect(isPlainEntity(JSON.parse('{"id":"a:1","props":{"x":1e999}}'))).toBe(false)
})
