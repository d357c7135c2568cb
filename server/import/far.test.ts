import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeAll, expect, it } from 'vitest'
import type { ImportReply } from '../../graph/wire.ts'
import { buildIfNeeded } from '../bin/build.mjs'
import { readConfig } from '../config.ts'
import { bundleLines } from '../estate/bundle-lines.ts'
import { problemOf } from '../http/problem.ts'
import { openEstate, type OpenEstate, type OpenEstateOptions } from '../open-estate.ts'

beforeAll(() => buildIfNeeded(['server']))

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-far-'))
  folders.push(folder)
  return folder
}

type Given = Pick<OpenEstateOptions, 'farFrom'> & { readonly environment?: Record<string, string> }

function open(folder: string, { farFrom, environment = {} }: Given): Promise<OpenEstate> {
  const config = readConfig(environment, { dataDir: folder })
  return openEstate({ config, farFrom, problemOf: (error) => problemOf(error, 'test').problem })
}

/** A bundle of one key and workloads that use it; `partial`: its end line says that something is missing. */
function harbour(workloads: readonly string[], { partial = false, name = '' } = {}): string {
  const lines = [
    { format: 'keyfall.bundle/1', scope: 'harbour' },
    { entity: { id: 'key:harbour', kind: 'generic.api_key', name: `harbour key ${name}` } },
    ...workloads.map((one) => ({ relationship: { kind: 'USES_CREDENTIAL', from: `job:${one}`, to: 'key:harbour' } })),
    { end: { entities: partial ? 2 : 1, relationships: workloads.length } },
  ]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}

async function imported({ jobs }: OpenEstate, text: string, importer?: string): Promise<ImportReply> {
  const job = jobs.create()
  job.start([{ name: 'harbour.ndjson', size: text.length, importer, open: () => Readable.from([Buffer.from(text)]) }])
  const read = await job.settled()
  return read.state === 'preview' ? job.commit(read.guard?.retired) : read
}

const steps = [
  harbour(['a', 'b', 'c', 'd', 'e', 'f']),
  harbour(['a', 'b', 'c', 'd', 'e', 'f']),
  harbour(['b', 'c', 'd', 'e', 'f', 'g'], { name: 'renamed' }),
  harbour(['h'], { partial: true }),
]

it('is the same import where nothing but heads is loaded', async () => {
  const told = []
  const known = []
  for (const farFrom of [0, undefined]) {
    const folder = dataDir()
    const replies = []
    for (const text of steps) {
      const estate = await open(folder, { farFrom })
      expect(estate.keeper.isFar?.()).toBe(farFrom === 0)
      const { state, scopes, after } = await imported(estate, text)
      replies.push({ state, scopes, snapshot: after?.id })
      await estate.close()
    }
    const estate = await open(folder, {})
    known.push([...bundleLines(estate.keeper.facts())].sort())
    await estate.close()
    told.push(replies)
  }
  expect(told[0]).toEqual(told[1])
  expect(known[0]).toEqual(known[1])
  expect(told[0]!.map(({ scopes }) => scopes[0]!.relationships)).toEqual([
    { added: 6, changed: 0, retired: 0 },
    { added: 0, changed: 0, retired: 0 },
    // Those that stay stand in other lines of the file now.
    { added: 1, changed: 5, retired: 1 },
    { added: 1, changed: 0, retired: 0 },
  ])
})

it('is not read again where it is the same file of the same name, and is where anything differs', async () => {
  const folder = dataDir()
  const estate = await open(folder, { farFrom: 0 })
  const first = await imported(estate, steps[0]!)
  const again = await imported(estate, steps[0]!)
  // No file was begun.
  expect([first.progress.filesDone, again.progress.filesDone]).toEqual([1, 0])
  const { unchanged: _unchanged, ...said } = again.files[0]!
  expect([said, again.scopes[0]!.changed, again.after]).toEqual([first.files[0], false, first.after])
  expect(again.files[0]!.unchanged).toBe(true)
  const other = steps[0]!.replace('harbour key', 'harbour KEY')
  expect((await imported(estate, other)).scopes[0]).toMatchObject({ changed: true, entities: { changed: 1 } })
  expect((await imported(estate, steps[0]!)).scopes[0]).toMatchObject({ changed: true, entities: { changed: 1 } })
  await estate.close()
})

it('is read again where it was read by an importer that somebody chose, and nobody chooses one now', async () => {
  const estate = await open(dataDir(), { farFrom: 0 })
  const filesRead = async (importer?: string): Promise<number> =>
    (await imported(estate, steps[0]!, importer)).progress.filesDone
  expect([await filesRead('bundle'), await filesRead('bundle'), await filesRead(), await filesRead('bundle')]).toEqual([
    1, 0, 1, 0,
  ])
  await estate.close()
})

it('ends over the memory that it may take, names the setting, and leaves nothing', async () => {
  const estate = await open(dataDir(), { environment: { KEYFALL_IMPORT_MB: '1' } })
  const { state, error } = await imported(estate, steps[0]!)
  expect([state, JSON.stringify(error)]).toEqual(['failed', expect.stringContaining('KEYFALL_IMPORT_MB')])
  expect(await estate.store.heads()).toEqual(new Map())
  await estate.close()
})
