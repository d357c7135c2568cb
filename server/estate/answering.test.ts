import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { answerLinks } from '../../graph/answer/links.ts'
import { answerSources } from '../../graph/answer/sources.ts'
import { linkId } from '../../graph/estate/links.ts'
import { buildIfNeeded } from '../bin/build.mjs'
import { readConfig } from '../config.ts'
import { askedOfEstate } from '../http/asked-of-estate.ts'
import { problemOf } from '../http/problem.ts'
import { openEstate, type OpenEstate } from '../open-estate.ts'
import { packageRoot } from '../root.ts'
import { bundleChunks } from './bundle-apart.ts'
import { bundleLines } from './bundle-lines.ts'
import { listLinks } from './decide-links.ts'
import { askInside } from './inside-questions.ts'
import { limitedKeepers } from './limited-keeper.ts'
import { listOverrides } from './set-overrides.ts'

const sample = join(packageRoot(), 'server', 'sample')
const opened: { estate: OpenEstate; dataDir: string }[] = []

async function withSample(apartFrom?: number): Promise<OpenEstate> {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyfall-apart-'))
  const config = readConfig({}, { dataDir })
  const estate = await openEstate({ config, problemOf: (error) => problemOf(error, 'test').problem, apartFrom })
  opened.push({ estate, dataDir })
  const job = estate.jobs.create()
  job.start([{ path: sample }])
  expect((await job.settled()).error).toBeNull()
  const reply = await job.commit()
  expect(reply.error).toBeNull()
  expect(reply.totals?.[0]?.after).toBeGreaterThan(0)
  return estate
}

describe('an estate in a thread of its own', () => {
  let here: OpenEstate
  let apart: OpenEstate
  beforeAll(async () => {
    buildIfNeeded(['server'])
    here = await withSample()
    apart = await withSample(0)
  }, 120_000)
  afterAll(async () => {
    for (const { estate, dataDir } of opened) {
      await estate.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
  const now = '2026-11-20T04:00:00Z'
  const ask = async (route: string, params = {}, query: unknown = {}) => {
    const bytes = await apart.keeper.answering!()!.ask({ route, params, query, body: undefined, now })
    return bytes && Buffer.from(bytes).toString('utf8')
  }

  it('is the same as here: one import, one snapshot, one answer', async () => {
    expect(here.keeper.answering!()).toBeUndefined()
    expect(apart.keeper.snapshot()).toEqual({ ...here.keeper.snapshot(), at: apart.keeper.snapshot().at })
    const { entities } = here.keeper.estate()
    const credential = entities.find(({ kind }) => kind === 'aws.iam_access_key')!
    const reply = JSON.parse((await ask('GET /api/nodes/{id}', { id: credential.id }))!) as { thing?: { name: string } }
    expect(JSON.stringify(reply)).toContain(credential.name)
    expect(apart.keeper.estate().relationships).toEqual(here.keeper.estate().relationships)
  })

  it('refuses what is refused here, in the same words', async () => {
    await expect(ask('GET /api/blast/{id}', { id: 'aaaaaaaaaaaaaaaa' })).rejects.toMatchObject({
      name: 'QuestionError',
      code: 'not-found',
    })
  })

  it('gives the very bytes that the same estate gives here, question by question', async () => {
    const estate = apart.keeper.estate()
    const house = { keeper: { estate: () => estate }, now: () => now } as never
    const subjects = ['aws.iam_access_key', 'db.postgres_password', 'vault.approle_secret_id'].flatMap(
      (kind) => estate.entities.find((one) => one.kind === kind) ?? [],
    )
    const ofOne = subjects.flatMap(({ id }) => [
      ...(['revoke', 'rotate', 'disable'] as const).flatMap((op) => [
        { route: 'GET /api/blast/{id}', params: { id }, query: { op } },
        { route: 'GET /api/blast/{id}/items', params: { id }, query: { op } },
      ]),
      { route: 'GET /api/reach/{id}', params: { id }, query: {} },
      { route: 'GET /api/runbook/{id}', params: { id }, query: {} },
    ])
    const ofAll = ['home', 'rank', 'forecast', 'estate', 'findings'].map((name) => ({
      ...{ route: `GET /api/${name}`, params: {}, query: { days: 90 } },
    }))
    expect(subjects.length).toBeGreaterThan(1)
    for (const { route, params, query } of [...ofOne, ...ofAll]) {
      const answer = async (): Promise<string> =>
        JSON.stringify(await askedOfEstate.get(route)!.answer(house, { params, query } as never))
      const words = (error: unknown): string => (error as Error).message
      const [there, local] = [await ask(route, params, query).catch(words), await answer().catch(words)]
      expect([route, query, there === local]).toEqual([route, query, true])
    }
  }, 60_000)

  it('is asked by the server too, which builds none for itself', async () => {
    const estate = apart.keeper.estate()
    const keeper = {
      ...apart.keeper,
      estate: () => {
        throw new Error('built in the main thread')
      },
    }
    const room = { keeper, now: () => now }
    const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    expect(await askInside(keeper, 'sources', null, now)).toEqual(asJson(answerSources(estate, now)))
    expect((await listLinks(room)).open).toEqual(asJson(answerLinks(estate, []).open))
    expect((await listOverrides(room)).overrides).toEqual([])
    const [link] = estate.suggestions.open
    expect(link).toBeDefined()
    expect(await askInside(keeper, 'open link', linkId(link!), now)).toMatchObject({ ...link })
    expect(await askInside(keeper, 'open link', 'aaaaaaaaaaaaaaaa', now)).toBeNull()
    const two = { kind: 'SAME' as const, from: estate.entities[0]!.id, to: estate.entities[0]!.id }
    await expect(askInside(keeper, 'own link', two, now)).rejects.toThrow('makes no sense')
  })

  it('leaves the bundle to a thread of its own, which says the same', async () => {
    const facts = vi.fn(() => apart.keeper.facts())
    const pieces: Buffer[] = []
    for await (const piece of await bundleChunks({ ...apart.keeper, facts })) pieces.push(Buffer.from(piece))
    expect(facts).not.toHaveBeenCalled()
    expect(Buffer.concat(pieces).toString()).toBe([...bundleLines(apart.keeper.facts())].join(''))
  })

  it('is never asked for somebody who is limited to sources: his estate is his own', () => {
    const scope = apart.keeper.scopes()[0]!.scope
    const limited = limitedKeepers(apart.keeper)([scope])
    expect(limited.answering).toBeUndefined()
    expect(limited.estate().sources).toHaveLength(1)
    expect(limited.estate().entities.length).toBeLessThan(apart.keeper.estate().entities.length)
  })

  it('is built again where its thread dies', async () => {
    const said = vi.spyOn(Worker.prototype, 'postMessage')
    const lost = apart.keeper.answering!()!
    expect(await ask('GET /api/estate')).toContain('"')
    const [thread] = said.mock.contexts as Worker[]
    said.mockRestore()
    await thread!.terminate()
    expect(lost.isLost()).toBe(true)
    await expect.poll(() => ask('GET /api/estate').then(String, () => 'gone'), { timeout: 60_000 }).toContain('"')
    expect(apart.keeper.answering!()).not.toBe(lost)
    expect(apart.keeper.snapshot()).toEqual({ ...here.keeper.snapshot(), at: apart.keeper.snapshot().at })
  }, 90_000)

  it('answers on while the next one is built, and until whoever holds it lets go', async () => {
    const answering = apart.keeper.answering!()!
    const release = answering.hold()
    answering.retire()
    expect(await ask('GET /api/estate')).toContain('"')
    release()
    await expect.poll(() => ask('GET /api/estate').then(String, () => 'gone'), { timeout: 20_000 }).toBe('gone')
  })
})
