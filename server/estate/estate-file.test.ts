import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { buildEstate, type Estate, type EstateScope } from '../../graph/estate/build.ts'
import { modelOf } from '../../graph/answer/model.ts'
import { idOf } from '../../graph/ids.ts'
import { bytesOf } from '../../graph/index/flat-index.ts'
import { flatOf } from '../../graph/outage/flat-of.ts'
import { factsOf } from '../../test/store/small-estate.ts'
import {
  isKept,
  openEstateFile,
  removeEstateFile,
  removeUnfinished,
  writeEstateFile,
  writeEstateFileInTurns,
} from './estate-file.ts'
import { openIndexFile } from '../store/index-file.ts'
import { estateName, type NamedInputs } from './estate-name.ts'
import { indexPaths } from './kept-indexes.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-kept-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const NAME = 'a'.repeat(64)
const file = { path: join(folder, 'estate.kept'), name: NAME }
const about: Omit<EstateScope, 'facts'> = {
  scope: 'bundle:pier',
  title: 'Pier',
  importer: 'bundle',
  importerTitle: 'Bundle',
  nature: 'snapshot',
  complete: true,
  at: '2026-03-01T08:00:00Z',
  files: ['pier.json'],
  blindTo: ['use outside'],
}
const snapshot = { id: 'one', at: '2026-03-01T08:00:00Z', sample: false }
const links = ['job USES_SECRET secret', 'secret HOLDS key', 'robot RUNS_AS job', 'job USES_CREDENTIAL key']

function estateWith(names: readonly string[], from: readonly string[] = links): Estate {
  const things = Object.fromEntries(
    names.map((name) => [name, { name: `Ä ${name} \ud800`, props: { list: ['1', 'x'], count: 1 } }]),
  )
  const evidence = [{ source: 'bundle', kind: 'declared' as const, record: 'line 4' }]
  const { entities, relationships } = factsOf(things, from)
  const told = new Map([...relationships].map(([id, one]) => [id, { ...one, session: [0, null] as const, evidence }]))
  return buildEstate([{ ...about, facts: { entities, relationships: told } }], snapshot, {
    decisions: [],
    overrides: [{ from: 'job', lag: [60, 90], who: 'A person', at: '2026-03-02T08:00:00Z' }],
  })
}
const small = estateWith(['job', 'secret', 'key', 'robot'])

/** With the order of attributes of records, which some replies show. */
function textOf(estate: Estate): string {
  const parts = { ...estate, indexOf: [...estate.indexOf], lags: [...(estate.lags ?? [])] }
  return JSON.stringify(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('an estate beside the store', () => {
  it('is what it was, in every attribute and their order', async () => {
    expect(small.lags?.get(idOf('job'))).toEqual([60, 90])
    for (const estate of [small, estateWith([], []), estateWith(['job'])]) {
      writeEstateFile(file, estate)
      const opened = openEstateFile(file)
      expect(opened).toEqual(estate)
      expect(textOf(opened as Estate)).toBe(textOf(estate))
      expect(textOf(openEstateFile(file, { lazily: true }) as Estate)).toBe(textOf(estate))
      const before = readFileSync(file.path)
      await writeEstateFileInTurns(file, estate)
      expect(readFileSync(file.path)).toEqual(before)
    }
  })

  it('is what it was also where it takes many frames', () => {
    const names = Array.from({ length: 2_500 }, (_, i) => `thing-${i}`)
    const chain = names.slice(1).map((name, i) => `${names[i]!} DEPENDS_ON ${name}`)
    const large = estateWith(names, chain)
    writeEstateFile(file, large)
    expect(textOf(openEstateFile(file) as Estate)).toBe(textOf(large))
    const lazily = openEstateFile(file, { lazily: true }) as Estate
    for (const at of [2_400, 999, 1_000, 0]) {
      expect([lazily.entities[at], lazily.relationships[at]]).toEqual([large.entities[at], large.relationships[at]])
      expect(lazily.indexOf.get(large.entities[at]!.id)).toBe(at)
    }
    expect([lazily.indexOf.get('nothing'), lazily.indexOf.size, lazily.entities[2_500]]).toEqual([
      undefined,
      2_500,
      undefined,
    ])
    expect(textOf(lazily)).toBe(textOf(large))
  })

  it('tells each list of files once', () => {
    const files = Array.from({ length: 500 }, (_, i) => `export-of-a-long-name-${i}.json`)
    const facts = factsOf({ job: {} }, [])
    const scopes = ['a', 'b', 'c'].map((scope) => ({ ...about, scope, files: [...files], facts }))
    const many = buildEstate(scopes, snapshot, { decisions: [], overrides: [] })
    writeEstateFile(file, many)
    expect(readFileSync(file.path).toString('latin1').split('export-of-a-long-name-77.json').length).toBe(2)
    expect(textOf(openEstateFile(file) as Estate)).toBe(textOf(many))
  })

  it('is its owner’s alone', () => {
    writeEstateFile(file, small)
    if (process.platform === 'win32') return
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    chmodSync(file.path, 0o640)
    expect(openEstateFile(file)).toBe('open-to-others')
    const link = join(folder, 'link')
    chmodSync(file.path, 0o600)
    symlinkSync(file.path, link)
    expect(openEstateFile({ ...file, path: link })).toBe('missing')
  })

  it('is not used under another name', () => {
    writeEstateFile(file, small)
    const other = { ...file, name: 'b'.repeat(64) }
    expect([isKept(file), isKept(other)]).toEqual([true, false])
    expect(openEstateFile(other)).toBe('stale')
  })

  it('is not used where a single byte is another, wherever that is', () => {
    writeEstateFile(file, small)
    const whole = readFileSync(file.path)
    const anywhere = fc.integer({ min: 0, max: whole.length - 1 })
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 1, max: 255 }), (at, by) => {
        const turned = Buffer.from(whole)
        turned[at] = turned[at]! ^ by
        writeFileSync(file.path, turned)
        expect(typeof openEstateFile(file)).toBe('string')
      }),
      { numRuns: 300 },
    )
  })

  it('is not used where its end is missing, or where there is more', () => {
    writeEstateFile(file, small)
    const whole = readFileSync(file.path)
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(file.path, whole.subarray(0, length))
      expect(typeof openEstateFile(file)).toBe('string')
    }
    writeFileSync(file.path, Buffer.concat([whole, Buffer.from([0])]))
    expect(openEstateFile(file)).toBe('damaged')
  })

  it('has indexes beside it, each its owner’s alone, and they go with it', () => {
    writeEstateFile(file, small)
    for (const path of indexPaths(file.path)) expect(statSync(path).mode & 0o777).toBe(0o600)
    removeEstateFile(file.path)
    expect(readdirSync(folder).filter((name) => name.endsWith('.index'))).toEqual([])
  })

  it('answers alike whatever became of its indexes, and uses one only where it is the one that was written', () => {
    const ofRevocation = (estate: Estate) => {
      const { index } = flatOf(modelOf(estate, { op: 'revoke', unveiled: true }))
      return Buffer.from(bytesOf(index).subarray(512)).toString('latin1')
    }
    writeEstateFile(file, small)
    const [path] = indexPaths(file.path) as [string]
    const whole = readFileSync(path)
    const expected = ofRevocation(small)
    const opens = (): boolean => typeof openIndexFile(path, `${NAME} bare`) !== 'string'
    expect([opens(), ofRevocation(openEstateFile(file) as Estate)]).toEqual([true, expected])
    const turned = Buffer.from(whole)
    turned[whole.length >> 1]! ^= 1
    writeEstateFile({ ...file, path: join(folder, 'other') }, estateWith(['job', 'secret', 'key']))
    for (const bytes of [turned, whole.subarray(0, -4), Buffer.alloc(0)]) {
      writeFileSync(path, bytes)
      expect([opens(), ofRevocation(openEstateFile(file) as Estate)]).toEqual([false, expected])
    }
    chmodSync(path, 0o644)
    writeFileSync(path, whole)
    if (process.platform !== 'win32') expect(openIndexFile(path, `${NAME} bare`)).toBe('open-to-others')
    // Sealed under this name, and yet of another estate: it says itself that its numbers are others.
    chmodSync(path, 0o600)
    writeFileSync(path, readFileSync(indexPaths(join(folder, 'other'))[0]!))
    expect(ofRevocation(openEstateFile(file) as Estate)).toBe(expected)
    expect(openIndexFile(path, `${NAME} revoke`)).toBe('stale')
  })

  it('leaves nothing where it cannot be written, and says nothing', () => {
    const nowhere = { ...file, path: join(folder, 'no-folder', 'estate.kept') }
    writeEstateFile(nowhere, small)
    expect(openEstateFile(nowhere)).toBe('missing')
    removeEstateFile(nowhere.path)
    removeUnfinished(nowhere.path)
  })

  it('leaves nothing where an estate cannot be put into words, and ends nobody', async () => {
    const own = mkdtempSync(join(folder, 'too-long-'))
    const there = { path: join(own, 'estate.kept'), name: NAME }
    const tooLong = (): never => {
      throw new RangeError('Invalid string length')
    }
    const estate = { ...small, entities: small.entities.map((one) => ({ ...one, toJSON: tooLong })) }
    writeEstateFile(there, estate)
    await writeEstateFileInTurns(there, estate)
    expect(readdirSync(own)).toEqual([])
  })
  it('takes away what was left unfinished, and nothing else', () => {
    const unfinished = `${file.path}.12.0.new`
    writeFileSync(unfinished, 'x')
    writeEstateFile(file, small)
    removeUnfinished(file.path)
    expect(statSync(unfinished, { throwIfNoEntry: false })).toBeUndefined()
    expect(isKept(file)).toBe(true)
  })
})

describe('the name of an estate', () => {
  const scope = { ...about, importId: 'i1', root: 'r1' }
  const inputs: NamedInputs = { scopes: [scope], snapshot, decisions: [], overrides: [] }
  const name = estateName(inputs)
  const said = { who: 'A person', at: '2026-03-02T08:00:00Z', names: {} }

  it('is the same for the same, in whatever order scopes come', () => {
    const other = { ...scope, scope: 'bundle:quay' }
    expect(estateName({ ...inputs })).toBe(name)
    expect(estateName({ ...inputs, scopes: [other, scope] })).toBe(estateName({ ...inputs, scopes: [scope, other] }))
  })

  it.each<[string, Partial<NamedInputs>]>([
    ['another import', { scopes: [{ ...scope, importId: 'i2' }] }],
    ['other facts', { scopes: [{ ...scope, root: 'r2' }] }],
    ['a time of import', { scopes: [{ ...scope, at: '2026-03-01T08:00:01Z' }] }],
    ['what a source is blind to', { scopes: [{ ...scope, blindTo: [] }] }],
    ['a scope less', { scopes: [] }],
    ['another snapshot', { snapshot: { ...snapshot, id: 'two' } }],
    ['a sample', { snapshot: { ...snapshot, sample: true } }],
    ['a decision', { decisions: [{ kind: 'SAME_AS', from: 'a', to: 'b', decision: 'confirmed', ...said } as never] }],
    ['a time that was set', { overrides: [{ from: 'job', lag: [60, 60], ...said } as never] }],
  ])('is another for %s', (_, change) => {
    expect(estateName({ ...inputs, ...change })).not.toBe(name)
  })
})
