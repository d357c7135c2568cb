import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { indexOf } from '../../graph/index/index-of.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { compileEstate } from '../../graph/outage/compile.ts'
import { fileAccount } from '../read/file-report.ts'
import { limits } from '../read/limits.ts'
import { bundleColumns } from './bundle-columns.ts'

const encoder = new TextEncoder()

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

async function read(text: string | Uint8Array, isScanned = true, size = 64) {
  const account = fileAccount(limits)
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  const { columns, scanned, parsed } = await bundleColumns(cut(bytes, size), account, { isScanned })
  const report = account.close({ name: 'f', importer: 'bundle', bytes: bytes.length, sha256: '' })
  return { columns, report, scanned, parsed }
}

const header = '{"format":"keyfall.bundle/1","scope":"s"}'
const id = fc.oneof(
  fc.stringMatching(/^[a-c]:[a-c]{1,9}$/),
  fc.stringMatching(/^[a-c]{1,3}$/),
  fc.constantFrom('x:"', 'x:\\', 'x:é', 'x:\u0000', 'x:\u007f', '__proto__', 'x:\ud83d', '', 'x:'.repeat(1100)),
)
const span = fc.tuple(fc.nat(), fc.option(fc.nat()))
const relationship = fc.record(
  {
    kind: fc.constantFrom(...relationshipKindNames, 'NO_SUCH'),
    from: id,
    to: id,
    need: fc.oneof(fc.constantFrom('n', 'm', 'é', ''), fc.string({ maxLength: 600 })),
    strength: fc.constantFrom('hard', 'soft', 'mild'),
    confidence: fc.constantFrom('none', 'possible', 'confirmed', 'sure'),
    session: span,
    tolerance: fc.oneof(span, fc.tuple(fc.double(), fc.double()), fc.constant([-1, 1])),
    pickup: span,
    cadence: fc.oneof(fc.nat(), fc.double(), fc.constant(1e300)),
    id: fc.constantFrom('r:1', 'r:2'),
    by: fc.array(id, { maxLength: 2 }),
    via: fc.array(fc.constantFrom('r:1', 'r:2', 'HOLDS a:a > a:a'), { maxLength: 2 }),
    props: fc.constantFrom({ saidOfMember: true }, { note: 'x' }),
    odd: fc.anything(),
  },
  { requiredKeys: ['kind', 'from', 'to'] },
)
const entity = fc.record(
  {
    id,
    kind: fc.constantFrom(...entityKindNames, 'no.such'),
    name: fc.string({ unit: 'binary' }),
    role: fc.constantFrom('credential', 'nobody'),
    odd: fc.anything(),
  },
  { requiredKeys: ['id'] },
)
/** Keys in any order, as no writer is bound to one. */
const shuffled = (record: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  record.chain((one) =>
    fc
      .shuffledSubarray(Object.entries(one), { minLength: Object.keys(one).length })
      .map((all) => Object.fromEntries(all)),
  )
const line = fc.oneof(
  { weight: 4, arbitrary: shuffled(relationship).map((one) => JSON.stringify({ relationship: one })) },
  { weight: 4, arbitrary: shuffled(entity).map((one) => JSON.stringify({ entity: one })) },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b","to":"a:c"}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b"},"entity":{"id":"a:a"}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","\0\0\0\0":"a:b"}}',
      '{"entity":{"\0\0\0\0":"a:b","id":"a:a","kind":"generic.secret"}}',
      '{"entity":{"to":"a:b","kind":"generic.secret"}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b","cadence":01}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b","session":[1,nul]}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b",}}',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b"}} ',
      '{"relationship":{"kind":"HOLDS","from":"a:a","to":"a:b"}}\r',
      '{"relationship":{"kind":"HOLDS" ,"from":"a:a","to":"a:b"}}',
      '{"entity":{"id":"a:a","kind":"generic.secret"}}}',
      '{"entity":{"id":"a:a","kind":"generic.secret"',
      '{"observation":{"kind":"HOLDS","from":"a:a","to":"a:b","evidence":{"source":"s","kind":"observed"}}}',
      '{"end":{"entities":1,"relationships":1}}',
      '',
    ),
  },
)

describe('columns of a bundle', () => {
  property.prop([fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 80 }), fc.constantFrom('', '\n')])(
    'from bytes are those of every line parsed and checked',
    async (lines, size, end) => {
      const text = [header, ...lines].join('\n') + end
      const [fast, plain] = [await read(text, true, size), await read(text, false)]
      expect(plain.scanned).toBe(0)
      expect(fast.columns).toEqual(plain.columns)
      expect(fast.report).toEqual(plain.report)
    },
  )
  property.prop([fc.uint8Array({ maxLength: 300 })])('take any bytes for what they are', async (bytes) => {
    const all = Buffer.concat([encoder.encode(`${header}\n{"entity":{"id":"a:`), bytes, encoder.encode('"}}\n')])
    const [fast, plain] = [await read(all), await read(all, false)]
    expect(fast.columns).toEqual(plain.columns)
    expect(fast.report).toEqual(plain.report)
  })
  it('are the numbers that the engine makes of the same facts', async () => {
    const entities = ['a:1', 'a:2', 'a:3'].map((one): EntityFact => ({ id: one, kind: 'generic.workload' }))
    const relationships: RelationshipFact[] = [
      { kind: 'DEPENDS_ON', from: 'a:1', to: 'a:2', need: 'n', tolerance: [60, null] },
      { kind: 'DEPENDS_ON', from: 'a:1', to: 'a:4', need: 'n', strength: 'soft', tolerance: [60, null] },
      { kind: 'RUNS_AS', from: 'a:3', to: 'a:5', confidence: 'possible', cadence: 30 },
    ]
    const records = [
      ...entities.map((one) => ({ entity: one })),
      ...relationships.map((one) => ({ relationship: one })),
    ]
    const { columns, scanned, parsed } = await read(
      [header, ...records.map((one) => JSON.stringify(one)), ''].join('\n'),
    )
    const compiled = compileEstate({ entities, relationships })
    expect({ scanned, parsed }).toEqual({ scanned: 6, parsed: 1 })
    for (const name of ['from', 'to', 'kind', 'need', 'timing', 'timings'] as const)
      expect(columns[name], name).toEqual(compiled[name])
    expect(columns.describedCount).toBe(compiled.describedCount)
    expect(indexOf(columns).entities).toBe(5)
  })
  it('counts a line that is too long, and goes on', async () => {
    const text = `${header}\n${'x'.repeat(5 << 20)}\n{"entity":{"id":"a:1","kind":"generic.secret"}}\n`
    const { columns, report } = await read(text, true, 1 << 20)
    expect(columns.entityCount).toBe(1)
    expect(report.skipped).toEqual([{ reason: 'too-large', count: 1, where: ['line 2'] }])
  })
  it('of the fixture go the same two ways', async () => {
    const text = readFileSync(join(import.meta.dirname, 'fixtures/shop.ndjson'), 'utf8')
    expect((await read(text)).columns).toEqual((await read(text, false)).columns)
  })
})
