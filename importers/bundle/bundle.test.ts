import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { Bundle } from '../../graph/facts.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { bundle } from './index.ts'

const read = (content: string, name = 'f.json') =>
  collect(runImporters([rawFile(name, content)], { importers: [bundle] }))
const header = '{"format":"keyfall.bundle/1","scope":"s"}'
const fixture = readFileSync(join(import.meta.dirname, 'fixtures/shop.ndjson'), 'utf8')

describe('NDJSON', () => {
  it('gives ids without a scheme a name of their own, and takes named fields only', async () => {
    const { facts, scopes, files } = await read(fixture)
    expect(facts.entities.map(({ id }) => id)).toEqual(['bundle:shop/stripe', 'bundle:shop/checkout'])
    expect(facts.relationships).toMatchObject([
      { id: 'bundle:shop/uses', from: 'bundle:shop/checkout', to: 'bundle:shop/stripe' },
      { from: 'system:shop', to: 'bundle:shop/checkout', via: ['bundle:shop/uses'] },
    ])
    expect(facts.observations).toHaveLength(1)
    expect(facts.relationships[0]!.evidence).toEqual([
      { source: 'bundle', kind: 'declared', file: 'f.json', record: 'line 4' },
    ])
    expect(scopes[0]!.scope).toMatchObject({ id: 'bundle/shop', complete: true, nature: 'snapshot' })
    expect(files[0]).toMatchObject({ read: 7, mapped: 7 })
    expect(JSON.stringify([facts, files, scopes])).not.toContain('CANARY')
  })
  it('is not complete when it was cut, wherever the cut is', async () => {
    for (let end = header.length + 1; end < fixture.length - 1; end += 7) {
      const cut = fixture.slice(0, end)
      const { scopes, files } = await read(cut)
      const atLine = fixture[end] === '\n' || fixture[end - 1] === '\n'
      if (!atLine) expect(scopes[0]?.scope.complete ?? false, cut.slice(-40)).toBe(false)
      expect(files[0]!.error).toBeUndefined()
    }
    const { scopes } = await read(fixture.replace('"entities":2', '"entities":3'))
    expect(scopes[0]!.scope.complete).toBe(false)
  })
  it('skips what is no record, by line', async () => {
    const { files, facts } = await read(
      [
        header,
        '{"entity":{"id":"a","kind":"no.such"}}',
        '{"entity":{}}',
        'x',
        '',
        '{"what":1}',
        '{"entity":{"id":"a"}}',
      ].join('\n'),
    )
    expect(files[0]!.skipped).toEqual([
      { reason: 'unknown-type', count: 1, where: ['line 2'] },
      { reason: 'missing-identifier', count: 1, where: ['line 3'] },
      { reason: 'not-json', count: 1, where: ['line 4'] },
      { reason: 'unreadable-record', count: 1, where: ['line 6'] },
    ])
    expect(facts.entities).toHaveLength(1)
  })
  it('refuses another version by name, record by record', async () => {
    const { files, scopes } = await read(fixture.replace('bundle/1', 'bundle/2'))
    expect(files[0]!.notes.join()).toContain('keyfall.bundle/1')
    expect(files[0]).toMatchObject({ read: 7, mapped: 0 })
    expect(files[0]!.error).toBeUndefined()
    expect(scopes).toEqual([])
    const document = await read('{"format":"keyfall.bundle/9","entities":[],"relationships":[]}')
    expect(document.files[0]!.skipped[0]!.reason).toBe('unsupported-version')
  })
  it('takes what people say as said', async () => {
    const { scopes, facts } = await read(`${header.replace('}', ',"nature":"asserted"}')}\n{"entity":{"id":"a"}}\n`)
    expect(scopes[0]!.scope.nature).toBe('asserted')
    expect(facts.entities[0]!.evidence![0]!.kind).toBe('asserted')
  })
  it('does not let a key reach a prototype', async () => {
    const { facts } = await read(`${header}\n{"entity":{"id":"a","props":{"__proto__":"x","constructor":"y"}}}`)
    expect(Object.getPrototypeOf(facts.entities[0]!.props)).not.toBe('x')
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})

describe('JSON', () => {
  it('names its scope after the file, where nobody says another', async () => {
    const { scopes } = await read('{"entities":[],"relationships":[]}', 'exports/shop.json.gz')
    expect(scopes[0]!.scope.id).toBe('bundle/shop')
  })
  it('skips by pointer, and refuses what is too deep or cut', async () => {
    const { files } = await read('{"entities":[{"id":"a"},{"id":7}],"relationships":[{"kind":"HOLDS"}]}')
    expect(files[0]!.skipped.flatMap(({ where }) => where).sort()).toEqual(['/entities/1', '/relationships/0'])
    const deep = await read(`{"entities":[${'['.repeat(200_000)}],"relationships":[]}`)
    expect(deep.files[0]!.skipped[0]!.reason).toBe('too-deep')
    const cut = await read('{"entities":[{"id":"a"}],"relationships":[')
    expect(cut.files[0]!.skipped[0]!.reason).toBe('truncated')
  })
  it('takes the bundle out of every shared vector', async (context) => {
    const folder = join(import.meta.dirname, '../../../shared/vectors')
    if (!existsSync(folder)) {
      if (process.env.CI) throw new Error('../shared/vectors is missing')
      return context.skip('../shared/vectors is not there')
    }
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      const { bundle: inside } = JSON.parse(text) as { bundle: Bundle }
      const { files, facts, scopes } = await read(text, name)
      expect(files[0], name).toMatchObject({ skipped: [], notes: [] })
      expect(facts.entities).toHaveLength(inside.entities.length)
      expect(facts.relationships).toHaveLength(inside.relationships.length)
      expect(scopes[0]!.scope.complete).toBe(true)
    }
  })
})

const id = fc.stringMatching(/^[a-z]{1,6}(:[a-z]{1,6})?$/)
const bundles = fc.record({
  entities: fc.array(fc.record({ id, role: fc.constantFrom('credential' as const, 'workload' as const) })),
  relationships: fc.array(
    fc.record({ kind: fc.constantFrom('HOLDS' as const, 'USES_SECRET' as const), from: id, to: id }),
  ),
})

property.prop([bundles])('JSON and NDJSON of one bundle say the same', async ({ entities, relationships }) => {
  const lines = [
    header,
    ...entities.map((entity) => JSON.stringify({ entity })),
    ...relationships.map((relationship) => JSON.stringify({ relationship })),
  ]
  const plain = (read: Awaited<ReturnType<typeof collect>>) =>
    JSON.stringify(read.facts, (key, value: unknown) => (key === 'evidence' ? undefined : value))
  const document = await read(JSON.stringify({ format: 'keyfall.bundle/1', scope: 's', entities, relationships }))
  expect(plain(await read(lines.join('\n')))).toBe(plain(document))
  expect(document.facts.entities).toHaveLength(entities.length)
})
