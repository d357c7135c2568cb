import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import type { Importer } from '../importer.ts'
import { collect } from './collect.ts'
import { rawFile, type RawFile } from './raw-file.ts'
import { runImporters, type RunOptions } from './run-importers.ts'
import { zipOf } from './zip-of.test-data.ts'

/** Reads lines: `name` is an entity, `?` a skipped record, `!` throws, `*` forgets one, `>` needs all files. */
const lines: Importer = {
  id: 'lines',
  title: 'Lines',
  reads: 'lines',
  emits: ['generic.workload'],
  blindTo: [],
  nature: 'snapshot',
  detect: ({ head }) => (head.startsWith('lines\n') ? 1 : 0),
  begin(context) {
    const late: string[] = []
    return {
      async file(input, report) {
        const sink = context.scope({ id: 'all', title: 'All', complete: true })
        for (const [index, line] of (await input.text()).split('\n').slice(1).entries()) {
          report.read!()
          if (line === '!') throw new TypeError(`cannot read ${line} of KEYFALL-CANARY-parser`)
          if (line === '?') report.skipped('unknown-type', `line ${index + 2}`)
          else if (line.startsWith('>')) {
            late.push(line)
            report.mapped()
          } else if (line !== '*') {
            sink.entity({ id: `line:${line}`, kind: 'generic.workload', name: line })
            report.mapped()
          }
        }
      },
      end() {
        const sink = context.scope({ id: 'late', title: 'Late', complete: true })
        for (const line of late) sink.entity({ id: `line:${line}` })
      },
    }
  },
}

const read = (files: RawFile[], options: Partial<RunOptions> = {}) =>
  collect(runImporters(files, { importers: [lines], ...options }))
const text = (...rows: string[]) => ['lines', ...rows].join('\n')

async function tarOf(entries: readonly (readonly [string, Uint8Array | string])[]): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of entries) archive.entry({ name }, Buffer.from(content))
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('accounting', () => {
  it('reports every file with what was mapped and skipped', async () => {
    const { files, facts } = await read([rawFile('a', text('x', '?', 'y', '?')), rawFile('b.png', 'PNG')])
    expect(files.map(({ name, importer, read, mapped }) => ({ name, importer, read, mapped }))).toEqual([
      { name: 'a', importer: 'lines', read: 4, mapped: 2 },
      { name: 'b.png', importer: null, read: 0, mapped: 0 },
    ])
    expect(files[0]!.skipped).toEqual([{ reason: 'unknown-type', count: 2, where: ['line 3', 'line 5'] }])
    expect(files[1]!.notes[0]).toContain('Not recognised')
    expect(facts.entities.map(({ id }) => id)).toEqual(['line:x', 'line:y'])
  })
  it('fails the file whose records are not all accounted for, and its scope is not complete', async () => {
    const { files, scopes } = await read([rawFile('a', text('x', '*'))])
    expect(files[0]!.error).toContain('2 records were met and 1 accounted for')
    expect(scopes[0]!.scope.complete).toBe(false)
  })
  it('survives an importer that throws, without its words', async () => {
    const { files, scopes, facts } = await read([rawFile('a', text('x', '!')), rawFile('b', text('y'))])
    expect(files[0]!.error).toContain('TypeError')
    expect(JSON.stringify(files)).not.toContain('CANARY')
    expect(files[1]!.error).toBeUndefined()
    expect(scopes[0]!.scope.complete).toBe(false)
    expect(facts.entities).toHaveLength(2)
  })
  it('has facts of the end of a run', async () => {
    const { facts, scopes } = await read([rawFile('a', text('>1')), rawFile('b', text('>2'))])
    expect(facts.entities.map(({ id }) => id)).toEqual(['line:>1', 'line:>2'])
    expect(scopes.map(({ scope, facts }) => [scope.id, scope.complete, facts])).toEqual([
      ['all', true, 0],
      ['late', true, 2],
    ])
  })
  it('stops when its reader goes', async () => {
    const many = rawFile('a', text(...Array.from({ length: 50_000 }, (_, i) => `n${i}`)))
    let messages = 0
    for await (const message of runImporters([many, many], { importers: [lines] })) {
      messages++
      if (message.type === 'facts') break
    }
    expect(messages).toBeLessThan(10)
  })
})

describe('packing', () => {
  const content = text('x')
  it('reads gzip, zip, tar, tar.gz and gzip inside them alike', async () => {
    const gz = gzipSync(content)
    const tar = await tarOf([
      ['d/a.txt', content],
      ['d/b.gz', gz],
    ])
    const zip = zipOf([
      { name: 'd/a.txt', content },
      { name: 'd/b.gz', content: gz },
    ])
    const { files } = await read([
      rawFile('plain', content),
      rawFile('renamed', gz),
      rawFile('t.tar', tar),
      rawFile('t.tgz', gzipSync(tar)),
      rawFile('z.zip', zip),
    ])
    expect(files.map(({ name, mapped }) => `${name} ${mapped}`)).toEqual([
      'plain 1',
      'renamed 1',
      't.tar!/d/a.txt 1',
      't.tar!/d/b.gz 1',
      't.tgz!/d/a.txt 1',
      't.tgz!/d/b.gz 1',
      'z.zip!/d/a.txt 1',
      'z.zip!/d/b.gz 1',
    ])
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(1)
  })
  it('refuses archives in archives, damaged and cut ones, each by name, and goes on', async () => {
    const gz = gzipSync(content)
    const zip = zipOf([{ name: 'a', content }])
    const { files } = await read([
      rawFile('zip-in-tar', await tarOf([['in.zip', zip]])),
      rawFile('gz-in-gz', gzipSync(gz)),
      rawFile('cut.gz', gzipSync(text(...Array.from({ length: 9 }, () => `${Math.random()}`))).subarray(0, 60)),
      rawFile('damaged.zip', zip.subarray(0, 40)),
      rawFile('good', content),
    ])
    const errors = files.map(({ name, error }) => `${name}: ${error ?? 'read'}`)
    expect(errors[0]).toContain('zip-in-tar!/in.zip: An archive inside an archive')
    expect(errors[1]).toContain('An archive inside an archive')
    expect(errors[2]).toContain('ends in the middle')
    expect(errors[3]).toContain('damaged')
    expect(errors[4]).toBe('good: read')
  })
  it('refuses bombs while they unpack', async () => {
    const zeros = Buffer.alloc(20 << 20)
    const { files } = await read([
      rawFile('bomb.gz', gzipSync(zeros)),
      rawFile('bomb.zip', zipOf([{ name: 'zeros', content: zeros }])),
    ])
    expect(files.map(({ error }) => error)).toEqual([
      expect.stringContaining('200 times'),
      expect.stringContaining('200 times'),
    ])
  })
  it('refuses more entries, larger entries and more in all than the limits allow', async () => {
    const tar = await tarOf(['a', 'b', 'c'].map((name) => [name, content] as const))
    const entries = await read([rawFile('t', tar)], { limits: { archiveEntries: 2 } })
    expect(entries.files.at(-1)!.error).toContain('more than 2 entries')
    const size = await read([rawFile('t', tar)], { limits: { entryBytes: 3 } })
    expect(size.files).toHaveLength(3)
    for (const { error } of size.files) expect(error).toContain('more than 3 bytes')
    const total = await read([rawFile('a', content), rawFile('b', content)], { limits: { totalBytes: 10 } })
    expect(total.files.map(({ error }) => error === undefined)).toEqual([true, false])
  })
  it('keeps names of entries as labels only: one that climbs out is refused by the zip reader', async () => {
    const { files } = await read([rawFile('slip.zip', zipOf([{ name: '../../etc/passwd', content }]))])
    expect(files[0]!.error).toContain('damaged')
  })
})

describe('text', () => {
  const utf16 = (bigEndian: boolean, mark: boolean) => {
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text('x'), 'utf16le')
    return bigEndian ? bytes.swap16() : bytes
  }
  it.each([
    ['UTF-8 with mark', Buffer.from(`\ufeff${text('x')}`)],
    ['UTF-16 LE', utf16(false, true)],
    ['UTF-16 BE', utf16(true, true)],
    ['UTF-16 LE without mark', utf16(false, false)],
    ['UTF-16 BE without mark', utf16(true, false)],
  ])('reads %s', async (_, bytes) => {
    const { files } = await read([rawFile('a', bytes)])
    expect(files[0]).toMatchObject({ importer: 'lines', mapped: 1 })
  })
  it('refuses bytes that are no text, with their offset', async () => {
    const { files } = await read([rawFile('a', Buffer.concat([Buffer.from(text('xé')), Buffer.from([0xff, 0x20])]))])
    expect(files[0]!.error).toContain('at 9 ')
    expect(files[0]!.skipped[0]).toMatchObject({ where: ['byte 9'] })
  })
})

describe('large files', () => {
  it('are streamed, hashed on the way and readable twice', async () => {
    const streaming: Importer = {
      ...lines,
      begin: () => ({
        async file(input, report) {
          let bytes = 0
          for await (const chunk of input.stream()) bytes += chunk.length
          for await (const chunk of input.stream()) bytes += chunk.length
          report.mapped(bytes)
        },
        end() {},
      }),
    }
    const content = text('x'.repeat(100_000))
    const held = await read([rawFile('a', content)], { importers: [streaming] })
    const streamed = await read([rawFile('a', content)], { importers: [streaming], limits: { heldBytes: 1000 } })
    expect(streamed.files[0]).toEqual(held.files[0])
    expect(streamed.files[0]!.mapped).toBe(2 * content.length)
  })
})
