import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ImportReply } from '../../graph/wire.ts'
import { buildIfNeeded } from '../bin/build.mjs'
import { readConfig } from '../config.ts'
import { bundleLines } from '../estate/bundle-lines.ts'
import { problemOf } from '../http/problem.ts'
import { openEstate, type OpenEstate } from '../open-estate.ts'
import type { Source } from './read-files.ts'

beforeAll(() => buildIfNeeded(['server']))

const opened: { estate: OpenEstate; dataDir: string }[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const { estate, dataDir } of opened.splice(0)) {
    await estate.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

async function freshEstate(): Promise<OpenEstate & { dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyfall-job-'))
  const config = readConfig({}, { dataDir })
  const estate = await openEstate({ config, problemOf: (error) => problemOf(error, 'test').problem })
  opened.push({ estate, dataDir })
  return { ...estate, dataDir }
}

type Files = Record<string, string>
const sourcesOf = (files: Files): Source[] =>
  Object.entries(files).map(([name, text]) => ({
    name,
    size: text.length,
    open: () => Readable.from([Buffer.from(text)]),
  }))

async function preview(estate: OpenEstate, files: Files) {
  const job = estate.jobs.create()
  job.start(sourcesOf(files))
  return { job, reply: await job.settled() }
}

async function imported(estate: OpenEstate, files: Files, acceptRetire?: number): Promise<ImportReply> {
  const { job } = await preview(estate, files)
  return job.commit(acceptRetire)
}

const known = (estate: OpenEstate): string[] => [...bundleLines(estate.keeper.facts())].sort()

/** How often each relationship was seen in use, and until when: whoever the witnesses are. */
const uses = (estate: OpenEstate): string[] =>
  [...estate.keeper.facts().relationships.values()]
    .map(({ id, evidence = [] }) => {
      const seen = evidence.map(({ lastSeen = '' }) => lastSeen).sort()
      return `${id} ${evidence.reduce((sum, { count = 0 }) => sum + count, 0)} ${seen.at(-1)}`
    })
    .sort()

/** A bundle of one key and workloads that use it. */
function harbour(workloads: readonly string[], note = 'from the catalogue'): string {
  return JSON.stringify({
    format: 'keyfall.bundle/1',
    scope: 'harbour',
    entities: [
      { id: 'key:harbour', kind: 'generic.api_key', name: 'harbour key', props: { note } },
      ...workloads.map((name) => ({ id: `job:${name}`, role: 'workload', name })),
    ],
    relationships: workloads.map((name) => ({ kind: 'USES_CREDENTIAL', from: `job:${name}`, to: 'key:harbour' })),
  })
}
const ten = Array.from({ length: 10 }, (_, i) => `w${i}`)

/** CloudTrail as S3 delivers it. */
function trail(...events: { id: string; hour: number }[]): string {
  return JSON.stringify({
    Records: events.map(({ id, hour }) => ({
      eventVersion: '1.08',
      eventID: id,
      eventTime: `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`,
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '10.1.2.3',
      userAgent: 'aws-sdk-go/1.44',
      recipientAccountId: '111122223333',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLEHARBOUR01',
        arn: 'arn:aws:iam::111122223333:user/harbour',
        accountId: '111122223333',
        accessKeyId: 'AKIAEXAMPLEHARBOUR01',
        userName: 'harbour',
      },
    })),
  })
}

const secret = (name: string, app: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: quay\n  labels:\n    app: ${app}\ntype: Opaque\n`

describe('an import', () => {
  it('can be undone: what was believed before is believed again, and it can be made again', async () => {
    const estate = await freshEstate()
    const first = await imported(estate, { 'harbour.json': harbour(ten), 'secret.yaml': secret('db', 'shop') })
    const before = { facts: known(estate), snapshot: estate.keeper.snapshot() }
    const { job } = await preview(estate, { 'harbour.json': harbour(ten.slice(1), 'other') })
    const done = await job.commit()
    expect(done.totals).toContainEqual({ title: 'Workloads', before: 10, after: 9, share: false })
    expect((await job.undo()).state).toBe('undone')
    expect(known(estate)).toEqual(before.facts)
    expect(estate.keeper.snapshot().id).toBe(before.snapshot.id)
    expect(estate.keeper.estate().sources.map(({ at }) => at)).toEqual(first.scopes.map(() => expect.any(String)))
    await expect(job.undo()).rejects.toMatchObject({ code: 'wrong-state' })
    expect((await imported(estate, { 'harbour.json': harbour(ten.slice(1), 'other') })).state).toBe('done')
  })

  it('of a scope that was not known leaves no source behind when it is undone', async () => {
    const estate = await freshEstate()
    const { job } = await preview(estate, { 'harbour.json': harbour(ten) })
    const done = await job.commit()
    expect(done.moved?.items[0]).toMatchObject({ thing: { name: 'harbour key' }, before: null })
    await job.undo()
    expect(estate.keeper.estate().sources).toEqual([])
    expect(estate.keeper.estate().entities).toEqual([])
    expect((await imported(estate, { 'harbour.json': harbour(ten) })).after!.entities).toBe(done.after!.entities)
  })

  it('cannot be undone once its scope was imported again, and then nothing of it is', async () => {
    const estate = await freshEstate()
    const { job } = await preview(estate, { 'harbour.json': harbour(ten), 'secret.yaml': secret('db', 'shop') })
    await job.commit()
    await imported(estate, { 'harbour.json': harbour(['w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8']) })
    const now = known(estate)
    await expect(job.undo()).rejects.toMatchObject({ code: 'wrong-state', message: expect.stringContaining('again') })
    expect(known(estate)).toEqual(now)
    expect(job.reply().state).toBe('done')
  })

  it('reads a file with the importer that a person chose', async () => {
    const estate = await freshEstate()
    const job = estate.jobs.create()
    const text = harbour(ten).replace('"keyfall.bundle/1"', '"x"')
    await job.addFile('notes.txt', Readable.from([Buffer.from(text)]), 'vault-audit')
    job.start()
    const { files } = await job.settled()
    expect(files[0]).toMatchObject({ importer: { id: 'vault-audit' }, mapped: 0 })
    const other = estate.jobs.create()
    await expect(other.addFile('a', Readable.from([Buffer.from('{}')]), 'no-such')).rejects.toThrow('no such importer')
  })

  it('of the same bytes changes nothing', async () => {
    const estate = await freshEstate()
    const files = {
      'harbour.json': harbour(ten),
      'trail.json': trail({ id: 'e1', hour: 1 }),
      'secret.yaml': secret('db', 'shop'),
    }
    const first = await imported(estate, files)
    expect(first.scopes.length).toBeGreaterThan(2)
    expect(first.scopes.every(({ changed }) => changed)).toBe(true)
    const before = known(estate)
    const second = await imported(estate, files)
    expect(second.state).toBe('done')
    expect(second.scopes.map(({ changed }) => changed)).toEqual(first.scopes.map(() => false))
    expect(second.files.map(({ unchanged }) => unchanged)).toEqual(first.files.map(() => true))
    expect(second.after!.id).toBe(first.after!.id)
    expect(known(estate)).toEqual(before)
    for (const { scope } of first.scopes) expect(await estate.store.imports(scope)).toHaveLength(1)
  })

  it('of many scopes names its files once: a plan comes from another thread, which copies what it is given', async () => {
    const estate = await freshEstate()
    const staged = vi.spyOn(estate.store, 'stage')
    const pier = harbour(ten).replace('"scope":"harbour"', '"scope":"pier"')
    await imported(estate, { 'harbour.json': harbour(ten), 'pier.json': pier })
    const [one, other] = staged.mock.calls.map(([draft]) => draft)
    expect([one?.scope, other?.scope]).toEqual([expect.stringMatching(/harbour$/), expect.stringMatching(/pier$/)])
    expect(one!.files.map(({ name }) => name).sort()).toEqual(['harbour.json', 'pier.json'])
    expect(other!.files).toBe(one!.files)
  })

  it('of a listing made later that says the same is as of then; of the same bytes it is not', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-02T08:00:00Z') })
    const estate = await freshEstate()
    const files = {
      'harbour.json': harbour(ten),
      'trail.json': trail({ id: 'e1', hour: 1 }),
      'secret.yaml': secret('db', 'shop'),
    }
    const later = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, `${text}\n`]))
    await imported(estate, files)
    const [id, facts] = [estate.keeper.snapshot().id, known(estate)]
    const ages = () =>
      estate.keeper
        .estate()
        .sources.map(({ importer, at }) => `${importer} ${at.slice(0, 10)}`)
        .sort()
    vi.setSystemTime(new Date('2026-03-09T08:00:00Z'))
    expect((await imported(estate, files)).scopes.some(({ changed }) => changed)).toBe(false)
    expect(ages().every((age) => age.endsWith('2026-03-02'))).toBe(true)
    const { 'trail.json': _log, ...listings } = later
    const { job } = await preview(estate, listings)
    await job.commit()
    expect(ages().filter((age) => age.endsWith('2026-03-09'))).toEqual(ages().filter((age) => !age.includes('trail')))
    expect([estate.keeper.snapshot().id, known(estate)]).toEqual([id, facts])
    await job.undo()
    expect(known(estate)).toEqual(facts)
  })

  it('changes nothing until it is committed, and nothing when it is given up', async () => {
    const estate = await freshEstate()
    const { job, reply } = await preview(estate, { 'harbour.json': harbour(ten) })
    expect(reply).toMatchObject({ state: 'preview', after: null, scopes: [{ entities: { added: 11, retired: 0 } }] })
    expect(estate.keeper.snapshot().id).toBe('empty')
    await job.cancel()
    await expect(job.commit()).rejects.toMatchObject({ code: 'wrong-state' })
    expect((await estate.store.heads()).size).toBe(0)
  })
  it('retires beyond the guard only with the number it showed', async () => {
    const estate = await freshEstate()
    await imported(estate, { 'harbour.json': harbour(ten) })
    const { job, reply } = await preview(estate, { 'harbour.json': harbour(ten.slice(0, 5)) })
    expect(reply.guard).toMatchObject({ retired: 5, of: 11 })
    for (const wrong of [undefined, 0, 4, 6])
      await expect(job.commit(wrong)).rejects.toMatchObject({ code: 'needs-yes' })
    expect(estate.keeper.snapshot().entities).toBe(11)
    expect((await job.commit(5)).after!.entities).toBe(6)
    const few = await preview(estate, { 'harbour.json': harbour(ten.slice(0, 4)) })
    expect(few.reply.guard).toBeNull()
  })
  it('takes the good files and reports the broken one', async () => {
    const estate = await freshEstate()
    const broken = `${harbour(['x']).replace('harbour"', 'quay"').slice(0, -40)} KEYFALL-CANARY-broken`
    const reply = await imported(estate, { 'a.json': harbour(ten), 'b.json': broken, 'c.bin': '\u0001\u0002' })
    expect(reply.state).toBe('done')
    expect(reply.files.map(({ name }) => name)).toEqual(['a.json', 'b.json', 'c.bin'])
    const [good, bad, unknown] = reply.files
    expect(good).toMatchObject({ mapped: good!.read })
    expect(bad!.error !== undefined || bad!.skipped.length > 0).toBe(true)
    expect(unknown!.importer).toBeNull()
    expect(JSON.stringify(reply)).not.toContain('CANARY')
    expect(estate.keeper.snapshot().entities).toBeGreaterThanOrEqual(11)
  })
  it('gives way to another one of the same scope, and loses nothing of it', async () => {
    const estate = await freshEstate()
    const slow = await preview(estate, { 'harbour.json': harbour(ten) })
    const quick = await imported(estate, { 'harbour.json': harbour(['only']) })
    expect(quick.state).toBe('done')
    const reply = await slow.job.commit()
    expect(reply).toMatchObject({ state: 'failed', error: { code: 'scope-moved' } })
    expect(estate.keeper.snapshot().entities).toBe(2)
  })
  it('keeps uploaded files to their owner and no longer than needed', async () => {
    const estate = await freshEstate()
    const spool = join(estate.dataDir, 'spool')
    const job = estate.jobs.create()
    await job.addFile('../../harbour.json', Readable.from([Buffer.from(harbour(ten))]))
    const [folder] = readdirSync(spool)
    expect(readdirSync(join(spool, folder!))).toHaveLength(1)
    expect(readdirSync(join(spool, folder!))[0]).not.toContain('harbour')
    job.start()
    const reply = await job.settled()
    expect(reply.files[0]!.mapped).toBeGreaterThan(0)
    expect(existsSync(join(spool, folder!))).toBe(false)
    const given = estate.jobs.create()
    await given.addFile('x', Readable.from(['x']))
    await given.cancel()
    expect(readdirSync(spool)).toEqual([])
  })
})

describe('a log', () => {
  const [one, two] = [trail({ id: 'e1', hour: 1 }, { id: 'e2', hour: 2 }), trail({ id: 'e3', hour: 3 })]
  it('adds to what is known, each file once, in whatever company it comes', async () => {
    const whole = await freshEstate()
    await imported(whole, { '1.json': one, '2.json': two })
    const apart = await freshEstate()
    await imported(apart, { '1.json': one })
    const later = await imported(apart, { '1.json': one, '2.json': two })
    expect(later.files.map(({ unchanged }) => unchanged ?? false)).toEqual([true, false])
    expect(uses(apart)).toEqual(uses(whole))
    await imported(apart, { '2.json': two })
    expect(uses(apart)).toEqual(uses(whole))
    expect(uses(whole).filter((line) => line.includes(' 3 ')).length).toBeGreaterThan(0)
  })
  it('keeps the days it spoke on when something without a time is added', async () => {
    const estate = await freshEstate()
    await imported(estate, { '1.json': one })
    const days = () => [...estate.keeper.kept!().values()].map(({ manifest }) => manifest.coverage.days)
    const before = days()
    expect(before).toEqual([[[20_513, 20_513]]])
    const timeless = trail({ id: 'e9', hour: 9 }).replace('2026-03-01', '1970-01-01')
    const done = await imported(estate, { '9.json': timeless })
    expect(done.scopes[0]!.relationships).not.toEqual({ added: 0, changed: 0, retired: 0 })
    expect(days()).toEqual(before)
  })
  it('retires nothing', async () => {
    const estate = await freshEstate()
    await imported(estate, { '1.json': one })
    const { reply } = await preview(estate, { '2.json': two })
    expect(reply.guard).toBeNull()
    expect(reply.scopes.every(({ entities, relationships }) => entities.retired + relationships.retired === 0)).toBe(
      true,
    )
  })
})

describe('a snapshot that is not whole', () => {
  it('keeps what was lost of a file until that is read anew', async () => {
    const estate = await freshEstate()
    const lost = () => estate.keeper.estate().sources.map(({ loss }) => loss!.files + loss!.records)
    await imported(estate, { 'db.yaml': secret('db', 'shop') })
    const [id, facts] = [estate.keeper.snapshot().id, known(estate)]
    expect(lost()).toEqual([0])
    const broken = { 'db.yaml': `${secret('db', 'shop')}---\nx: [\n` }
    expect((await imported(estate, broken)).scopes.map(({ changed }) => changed)).toEqual([true])
    expect(known(estate)).toEqual(facts)
    expect(lost()).toEqual([1])
    expect(estate.keeper.snapshot().id).not.toBe(id)
    await imported(estate, { 'mail.yaml': secret('mail', 'shop') })
    expect(lost()).toEqual([1])
    await imported(estate, { 'db.yaml': secret('db', 'shop'), 'mail.yaml': secret('mail', 'shop') })
    expect(lost()).toEqual([0])
  })
  it('keeps what it does not mention, and is believed in what it says', async () => {
    const estate = await freshEstate()
    await imported(estate, { 'db.yaml': secret('db', 'shop') })
    const second = await imported(estate, { 'mail.yaml': secret('mail', 'shop') })
    expect(second.scopes.every(({ entities }) => entities.retired === 0)).toBe(true)
    const names = [...estate.keeper.facts().entities.values()].map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['db', 'mail']))
    const both = known(estate)
    await imported(estate, { 'db.yaml': secret('db', 'shop') })
    expect(known(estate)).toEqual(both)
  })
})
