import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { indexOf } from '../../graph/index/index-of.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { compileEstate } from '../../graph/outage/compile.ts'
import { fileAccount } from '../read/file-report.ts'
import { columnBuilder } from '../../graph/scan/column-builder.ts'
import type { Sink } from '../importer.ts'
import { useKernels } from '../read/kernel.ts'
import { limits } from '../read/limits.ts'
import { bundleColumns, type ScanOptions } from './bundle-columns.ts'
import { lineRoomInMemory } from './line-room-wasm.ts'
import { readLines } from './read-lines.ts'

useKernels((name) => {
  const path = `dist/kernels/${name}.wasm`
  return existsSync(path) ? readFileSync(path) : undefined
})
const hasKernel = lineRoomInMemory() !== undefined
if (!hasKernel && env.CI !== 'true')
  stderr.write('SKIPPED: the kernel of bundles is not built (node server/bin/build.mjs --server)\n')

const encoder = new TextEncoder()

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

const ways = { kernel: {}, twin: { isInMemory: false }, parsed: { isScanned: false } } as const

async function read(text: string | Uint8Array, options: ScanOptions = {}, size = 64) {
  const account = fileAccount(limits)
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  const { columns, scanned, parsed } = await bundleColumns(cut(bytes, size), account, options)
  const report = account.close({ name: 'f', importer: 'bundle', bytes: bytes.length, sha256: '' })
  return { columns, report, scanned, parsed }
}

/** The same columns and the same report, whichever way lines are taken. */
async function expectSame(text: string | Uint8Array, size = 64) {
  const [kernel, twin, parsed] = [
    await read(text, ways.kernel, size),
    await read(text, ways.twin, size),
    await read(text, ways.parsed),
  ]
  expect(parsed.scanned).toBe(0)
  for (const one of [kernel, twin]) {
    expect(one.columns).toEqual(parsed.columns)
    expect(one.report).toEqual(parsed.report)
  }
  expect([kernel.scanned, kernel.parsed]).toEqual([twin.scanned, twin.parsed])
  return parsed
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

const plainLines = [
  '{"entity":{"id":"a:1","kind":"generic.secret","name":"a name"}}',
  '{"entity":{"kind":"generic.workload","id":"a:12345678901234"}}',
  '{"relationship":{"kind":"USES_SECRET","from":"a:12345678901234","to":"a:1","need":"n","strength":"soft"}}',
  '{"relationship":{"to":"a:123456789012345","from":"a:1","kind":"DEPENDS_ON","confidence":"possible","cadence":0}}',
  '{"relationship":{"kind":"DEPENDS_ON","from":"a:1","to":"a:2","session":[0,0],"tolerance":[0,null],"pickup":[1,2]}}',
  '{"relationship":{"kind":"DEPENDS_ON","from":"a:1","to":"a:3","cadence":999999999999999,"confidence":"confirmed"}}',
]
const oddLines = [
  '{"entity":{"id":"local","kind":"generic.secret"}}',
  plainLines[2]!,
  '{"entity":{"id":"a:\\u0062","kind":"generic.secret","name":"é\u2028"}}',
  '{"relationship":{"kind":"DEPENDS_ON","from":"a:é","to":"a:1","cadence":1.5,"by":["a:1"]}}',
  '',
  '{"relationship":{"kind":"DEPENDS_ON","from":"a:1"}}',
  plainLines[0]!,
  '{"relationship":{"kind":"NO_SUCH","from":"a:1","to":"a:2"}}',
  '{"observation":{"kind":"DEPENDS_ON","from":"a:1","to":"a:2","evidence":{"source":"s","kind":"observed"}}}',
  '{"end":{"entities":3,"relationships":2,"observations":1}}',
]

/** Of an array of numbers, or of texts. */
function bytesOf(column: Int32Array | { readonly bytes: Uint8Array; readonly offsets: Uint32Array }): Uint8Array {
  return column instanceof Int32Array
    ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    : Buffer.concat([column.bytes, bytesIn(column.offsets)])
}
const bytesIn = (words: Uint32Array): Uint8Array => new Uint8Array(words.buffer, words.byteOffset, words.byteLength)

describe('columns of a bundle', () => {
  it('have their kernel where everything is built', () => {
    if (env.CI === 'true') expect(hasKernel).toBe(true)
  })
  property.prop([fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 80 }), fc.constantFrom('', '\n')])(
    'from bytes are those of every line parsed and checked, in a kernel or not',
    async (lines, size, end) => void (await expectSame([header, ...lines].join('\n') + end, size)),
  )
  property.prop([fc.uint8Array({ maxLength: 300 }), fc.nat(), fc.constantFrom(plainLines, oddLines)])(
    'of a bundle with damaged bytes are the same, too',
    async (bytes, seed, lines) => {
      const all = Buffer.from([header, ...lines, ''].join('\n'))
      bytes.forEach((byte, i) => (all[header.length + ((seed + i * 7919) % (all.length - header.length))] = byte))
      await expectSame(all)
    },
  )
  property.prop([fc.uint8Array({ maxLength: 300 })])('take any bytes for what they are', async (bytes) => {
    await expectSame(Buffer.concat([encoder.encode(`${header}\n{"entity":{"id":"a:`), bytes, encoder.encode('"}}\n')]))
  })
  it('are the same wherever the file was cut into chunks, and wherever it ends', async () => {
    const all = encoder.encode([header, ...plainLines, ...oddLines, ''].join('\n'))
    const whole = await read(all, ways.parsed)
    for (let size = 1; size <= all.length; size++) {
      const { columns, report } = await read(all, ways.kernel, size)
      if (size > 200 && Buffer.compare(bytesOf(columns.to), bytesOf(whole.columns.to)) === 0) continue
      expect({ columns, report }, `chunks of ${size}`).toEqual({ columns: whole.columns, report: whole.report })
    }
    for (let end = 0; end < all.length; end += 37) await expectSame(all.subarray(0, end), 512)
  })
  it('are the same in UTF-8 with a mark, in UTF-16, and with the line ends of Windows', async () => {
    const text = [header, ...plainLines, ''].join('\n')
    const marked = await expectSame(`\ufeff${text}`)
    expect(marked.columns).toEqual((await read(text)).columns)
    await expectSame(Buffer.from(`\ufeff${text}`, 'utf16le'))
    const windows = await expectSame(text.replaceAll('\n', '\r\n'))
    expect(windows.columns).toEqual(marked.columns)
  })
  it('are those of the facts that an import takes of the same file', async () => {
    const noted = oddLines.filter((one) => !/observation/.test(one))
    for (const lines of [plainLines, noted]) {
      const text = [header, ...lines, ''].join('\n')
      const builder = columnBuilder()
      const account = fileAccount(limits)
      const input = { name: 'f', stream: () => cut(encoder.encode(text), 64) }
      await readLines(input as unknown as Parameters<typeof readLines>[0], account, (opened) => ({
        map: { scope: opened.scope!, file: 'f', asserted: false, sink: builder as unknown as Sink },
        incomplete: () => undefined,
      }))
      const found = await expectSame(text)
      expect(found.columns).toEqual(builder.finish())
      expect(found.report).toEqual(
        account.close({ name: 'f', importer: 'bundle', bytes: encoder.encode(text).length, sha256: '' }),
      )
    }
  })
  it('number many texts, and names of every length', async () => {
    const names = Array.from({ length: 30_000 }, (_, i) => `x:${'n'.repeat(i % 67)}${i}`)
    const lines = names.map((from, i) =>
      JSON.stringify({ relationship: { kind: 'DEPENDS_ON', from, to: names[(i * 7) % 1000], need: `n${i % 20_000}` } }),
    )
    const text = [header, ...lines, ''].join('\n')
    const [kernel, twin] = [await read(text, ways.kernel, 1 << 20), await read(text, ways.twin, 1 << 20)]
    expect(kernel.columns.entityCount).toBe(names.length)
    for (const name of ['from', 'to', 'need', 'ids'] as const)
      expect(Buffer.compare(bytesOf(kernel.columns[name]), bytesOf(twin.columns[name])), name).toBe(0)
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
    const { columns, report } = await read(text, {}, 1 << 20)
    expect(columns.entityCount).toBe(1)
    expect(report.skipped).toEqual([{ reason: 'too-large', count: 1, where: ['line 2'] }])
  })
  it('of the fixture go the same two ways', async () => {
    const text = readFileSync(join(import.meta.dirname, 'fixtures/shop.ndjson'), 'utf8')
    await expectSame(text)
  })
})
