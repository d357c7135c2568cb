import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import type { ImportReply, ItemsReply } from '../../graph/wire.ts'
import type { PeopleReply } from '../../graph/wire-people.ts'
import { smallBundle, smallKey } from '../http/small-bundle.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { freePort } from '../lab/servers/process.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests } from './database.ts'

const START_MILLISECONDS = 180_000
/** A look every two seconds, and as long again for a busy machine. */
const soon = { timeout: 30_000, interval: 100 }
const keyfall = join(import.meta.dirname, '../../server/bin/keyfall.mjs')
const question = `/api/blast/${idOf(smallKey)}/items?op=rotate&overlap=600`

type Ask = (path: string) => Promise<Record<string, unknown>>

describeNeo4j('two servers over one Neo4j', () => {
  let one: TestServer
  let other: TestServer
  const environment = {
    KEYFALL_NEO4J_URI: neo4jForTests.uri,
    KEYFALL_NEO4J_USER: neo4jForTests.user ?? 'neo4j',
    KEYFALL_NEO4J_PASSWORD: neo4jForTests.password ?? '',
  }
  beforeAll(async () => {
    await emptyDatabase()
    one = await testServer({ environment })
    other = await testServer({ environment })
  }, START_MILLISECONDS)
  afterAll(async () => {
    await one?.close()
    await other?.close()
  })

  const answer = async (ask: Ask): Promise<unknown> => ((await ask(question)) as unknown as ItemsReply).items
  const snapshotOf = (server: TestServer): string => server.estate.keeper.snapshot().id
  /** An import read and compared, and the way to make it true. */
  async function planned({ request, estate }: TestServer, text: string): Promise<() => Promise<Response>> {
    const { id } = (await (await request('POST', '/api/imports', { json: {} })).json()) as { id: string }
    const headers = { 'X-Keyfall-Upload': '1' }
    await request('PUT', `/api/imports/${id}/files?name=harbour.json`, { body: text, headers })
    await request('POST', `/api/imports/${id}/start`)
    await estate.jobs.find(id)!.settled()
    return () => request('POST', `/api/imports/${id}/commit`, { json: {} })
  }
  /** The other one shows what this one shows, by itself. */
  async function agree(ask: Ask = other.json): Promise<void> {
    const expected = await answer(one.json)
    await expect.poll(() => answer(ask), soon).toEqual(expected)
  }

  it(
    'an import on one is in the answers of the other',
    async () => {
      expect(await other.json(question)).not.toHaveProperty('items')
      await one.importText('harbour.json', smallBundle)
      await agree()
      expect(snapshotOf(other)).toBe(snapshotOf(one))
    },
    START_MILLISECONDS,
  )

  it(
    'what people say on one changes the answers of the other, also when it is taken back',
    async () => {
      const before = await answer(other.json)
      const { relationships } = one.estate.keeper.estate()
      const use = relationships.find(({ kind }) => kind === 'USES_SECRET')!
      const { from, kind, to } = use
      const set = await one.request('PUT', '/api/overrides', { json: { from, kind, to, pickup: [0, 300] } })
      expect(set.status).toBe(200)
      expect(await answer(one.json)).not.toEqual(before)
      await agree()
      const { overrides } = (await set.json()) as { overrides: { id: string }[] }
      expect((await other.request('DELETE', `/api/overrides/${overrides[0]!.id}`, { json: {} })).status).toBe(200)
      await expect.poll(() => answer(one.json), soon).toEqual(before)
      await agree()
    },
    START_MILLISECONDS,
  )

  it(
    'a session and a person of one count at the other, and so does their end',
    async () => {
      const status = async (): Promise<number> =>
        (await other.request('GET', '/api/people', { headers: { Cookie: one.cookie } })).status
      await expect.poll(status, soon).toBe(200)
      await one.request('POST', '/api/people', { json: { name: 'Ada', roles: ['viewer'] } })
      const named = async (): Promise<string[]> =>
        ((await other.json('/api/people')) as unknown as PeopleReply).people.map(({ name }) => name)
      await expect.poll(named, soon).toContain('Ada')
      const link = one.link().split('#k=')[1]!
      const trade = await one.request('POST', '/api/session', { json: { token: link }, headers: { Cookie: '' } })
      const cookie = trade.headers.get('set-cookie')!.split(';')[0]!
      const asked = async (): Promise<number> =>
        (await other.request('GET', '/api/people', { headers: { Cookie: cookie } })).status
      await expect.poll(asked, soon).toBe(200)
      expect((await one.request('DELETE', '/api/session', { headers: { Cookie: cookie } })).ok).toBe(true)
      await expect.poll(asked, soon).toBe(401)
    },
    START_MILLISECONDS,
  )

  it(
    'of two imports of one scope at once exactly one wins, and both servers say the same',
    async () => {
      const named = (name: string): string => smallBundle.replaceAll('quay-api', name)
      const plans = [await planned(one, named('quay-one')), await planned(other, named('quay-two'))]
      const replies = await Promise.all(plans.map((commit) => commit()))
      const ends = (await Promise.all(replies.map((reply) => reply.json()))) as ImportReply[]
      expect(ends.map(({ state }) => state).sort()).toEqual(['done', 'failed'])
      expect(ends.find(({ state }) => state === 'failed')).toMatchObject({ error: { code: 'scope-moved' } })
      const name = ends[0]!.state === 'done' ? 'quay-one' : 'quay-two'
      await agree()
      expect(JSON.stringify(await answer(other.json))).toContain(name)
    },
    START_MILLISECONDS,
  )

  it(
    'one that was killed comes back with what happened meanwhile; health says how far the labelled graph is',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'keyfall-third-'))
      const port = await freePort()
      const ask: Ask = async (path) =>
        (await (await fetch(`http://localhost:${port}${path}`, { headers: { Cookie: one.cookie } })).json()) as Record<
          string,
          unknown
        >
      let third: ChildProcess | undefined
      const started = async (): Promise<void> => {
        third = spawn(process.execPath, [keyfall, 'serve', '--data', folder, '--port', String(port)], {
          stdio: 'ignore',
          env: { ...process.env, ...environment },
        })
        await expect.poll(() => answer(ask).catch(() => undefined), { timeout: 90_000, interval: 250 }).toBeDefined()
      }
      const killed = async (): Promise<void> => {
        const gone = new Promise((resolve) => third!.on('exit', resolve))
        third!.kill('SIGKILL')
        await gone
      }
      try {
        await started()
        await agree(ask)
        await killed()
        await one.importText('harbour.json', smallBundle.replaceAll('quay-api', 'quay-later'))
        await started()
        await agree(ask)
        expect(JSON.stringify(await answer(ask))).toContain('quay-later')
        const graph = async (): Promise<unknown> => (await ask('/api/health'))['labelledGraph']
        await expect.poll(graph, soon).toEqual({ whole: true, behind: 0, part: 0 })
      } finally {
        if (third?.exitCode === null && third.signalCode === null) await killed()
        await rm(folder, { recursive: true, force: true })
      }
    },
    START_MILLISECONDS,
  )
})
