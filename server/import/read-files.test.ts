import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../../importers/read/collect.ts'
import { packageRoot } from '../root.ts'
import { readFiles, type Source } from './read-files.ts'
import type { ReadingOptions, ReadMessage } from './reading.ts'

const program = join(packageRoot(), 'server/import/fixtures/hostile-child.mjs')

/** Children run what is compiled: so that is brought up to date first. */
beforeAll(() => {
  const built = spawnSync(process.execPath, [join(packageRoot(), 'server/bin/build.mjs'), '--server'])
  expect(built.status, built.stderr.toString()).toBe(0)
})

let folder: string
// Files are called after the folder that was named.
beforeEach(async () => void (folder = join(await mkdtemp(join(tmpdir(), 'keyfall-read-')), 'in')))
afterEach(() => rm(dirname(folder), { recursive: true, force: true }))

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}

const read = (options: ReadingOptions = {}, sources: Source[] = [{ path: folder }]) =>
  collect(readFiles(sources, { program, ...options }))

describe('a file that kills its reader', () => {
  it.each([
    ['abort', 'the process ended (SIGABRT)'],
    ['garbage', 'it sent what is no fact'],
    ['flood', 'it sent what is no fact, or too much at once'],
    ['memory', 'the process ended'],
  ])('%s: costs that file and no other', async (deed, why) => {
    await put({ 'a.txt': 'do fine', 'b.txt': `do ${deed}`, 'c.txt': 'do fine' })
    const { files, facts, scopes } = await read()
    expect(files.map(({ name, error }) => [name, error === undefined])).toEqual([
      ['in/a.txt', true],
      ['in/b.txt', false],
      ['in/c.txt', true],
    ])
    expect(files[1]!.error).toContain('The parser died while reading in/b.txt')
    expect(files[1]!.error).toContain(why)
    expect(files[1]!.importer).toBe('hostile')
    expect(facts.entities.map(({ id }) => id)).toEqual(['file:in/a.txt', 'file:in/c.txt'])
    expect(scopes[0]!.scope.complete).toBe(false)
  })
  it('an endless loop: is ended after a silence', async () => {
    await put({ 'a.txt': 'do loop', 'b.txt': 'do fine' })
    const { files } = await read({ limits: { silenceMs: 4000 } })
    expect(files[0]!.error).toContain('said nothing for 4 s')
    expect(files[1]!.error).toBeUndefined()
  })
  it('says on which entry of an archive it died, and reads the others', async () => {
    const { gzipSync } = await import('node:zlib')
    await put({ 'a.gz': gzipSync('do abort'), 'b.gz': gzipSync('do fine') })
    const { files } = await read()
    expect(files.map(({ name, error }) => `${name} ${error === undefined}`)).toEqual(['in/a.gz false', 'in/b.gz true'])
  })
  it('after the last file: the reading fails, with a reason', async () => {
    await put({ 'a.txt': 'do late' })
    await expect(read()).rejects.toThrow('died after the last file')
  })
})

describe('the child', () => {
  it.each(['read', 'write', 'spawn'])('may not %s', async (deed) => {
    await put({ 'a.txt': `do ${deed}` })
    const { files } = await read()
    expect(files[0]!.error).toContain('The importer failed')
    expect(existsSync('/tmp/keyfall-hostile')).toBe(false)
  })
  it('sees no environment', async () => {
    await put({ 'a.txt': 'do environment' })
    expect((await read()).facts.entities).toEqual([{ id: 'env:' }])
  })
  it('may say what is no fact: that costs the fact, and the scope is not complete', async () => {
    await put({ 'a.txt': 'do lie', 'b.txt': 'do fine' })
    const { facts, scopes } = await read()
    expect(facts.entities.map(({ id }) => id)).toEqual(['file:in/b.txt'])
    expect(scopes[0]).toMatchObject({
      facts: 1,
      scope: { complete: false },
      defects: [{ detector: 'shape of a fact', field: 'entity.kind', count: 1 }],
    })
  })
  it('is ended over the number of facts and the wall time', async () => {
    await put({ 'a.txt': 'do many' })
    await expect(read({ limits: { facts: 1000 } })).rejects.toThrow('more than 1000 facts')
    await put({ 'a.txt': 'do loop' })
    await expect(read({ limits: { wallMs: 700 } })).rejects.toThrow('longer than 0.7 s')
    await expect(read({ limits: { startMs: 1 } })).rejects.toThrow('did not start: it said nothing for 0.001 s')
  })
  it('is ended when nobody wants the rest', async () => {
    await put({ 'a.txt': 'do loop' })
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('cancelled by a test')), 500)
    await expect(read({ signal: stop.signal })).rejects.toThrow('cancelled by a test')
  })
})

describe('sources', () => {
  it('reads a thousand small files and a large one with one child', async () => {
    const small = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`d${i % 7}/f${i}.txt`, 'do fine']))
    await put({ ...small, 'large.txt': `do fine ${'x'.repeat(40 << 20)}`, 'large-unknown.bin': 'y'.repeat(40 << 20) })
    const progress: number[] = []
    const started = performance.now()
    const { files, facts } = await read({ onProgress: ({ bytes }) => progress.push(bytes) })
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(facts.entities).toHaveLength(1001)
    expect(files.find(({ name }) => name === 'in/large.txt')).toMatchObject({
      bytes: (40 << 20) + 8,
      importer: 'hostile',
    })
    expect(files.find(({ name }) => name === 'in/large-unknown.bin')).toMatchObject({ importer: null, sha256: '' })
    expect(progress.filter((bytes) => bytes > 0).length).toBeGreaterThan(5)
  })
  it('takes uploads, of known and unknown size, and says when one breaks off', async () => {
    const upload = (name: string, content: string, size?: number): Source => ({
      name,
      size,
      async *open() {
        yield Buffer.from(content)
        if (content.endsWith('!')) throw new Error('KEYFALL-CANARY-connection')
      },
    })
    const { files } = await read({}, [upload('a', 'do fine', 7), upload('b', 'do fine'), upload('c', 'do fine!')])
    expect(files.map(({ mapped }) => mapped)).toEqual([1, 1, 0])
    expect(files[2]!.error).toContain('the source failed')
    expect(JSON.stringify(files)).not.toContain('CANARY')
  })
  it('walks in order of name, skips .git and node_modules, follows no link that leads out', async () => {
    await put({ 'b/x.txt': 'do fine', 'a.txt': 'do fine', '.git/config': '', 'node_modules/m/x.txt': 'do abort' })
    await symlink('/etc', join(folder, 'out'))
    await symlink(join(folder, 'b'), join(folder, 'in'))
    await symlink(folder, join(folder, 'b/up'))
    const { files } = await read()
    expect(files.map(({ name, mapped }) => `${name} ${mapped}`)).toEqual(['in/a.txt 1', 'in/b/x.txt 1', 'in/out 0'])
    expect(files[2]!.error).toContain('leads out')
  })
  it('fails with the system’s code where the named path is missing', async () => {
    await expect(read({}, [{ path: join(folder, 'missing') }])).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

it('a restart takes back what was said before', async () => {
  await put({ 'a.txt': 'do fine', 'b.txt': 'do abort' })
  const types: ReadMessage['type'][] = []
  for await (const { type } of readFiles([{ path: folder }], { program })) types.push(type)
  expect(types.filter((type) => type === 'restart')).toHaveLength(1)
  expect(types.slice(types.indexOf('restart'))).toEqual(['restart', 'facts', 'scope', 'file', 'file'])
})
