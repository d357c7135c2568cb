import { request } from 'node:http'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { startServer } from '../../server/http/start.ts'
import { openLinks } from '../../server/auth/links.ts'
import { openSessions } from '../../server/auth/sessions.ts'
import { openLog } from '../../server/log.ts'
import { localToken, testServer, type TestServer } from './running-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

const trade = (token: string) => server.request('POST', '/api/session', { json: { token }, headers: { Cookie: '' } })
const tokenOf = (link: string) => link.split('#k=')[1]!

describe('the link', () => {
  it('has its token in the fragment and works once', async () => {
    const link = server.link()
    expect(new URL(link).search).toBe('')
    const first = await trade(tokenOf(link))
    expect(first.status).toBe(200)
    const cookie = first.headers.get('set-cookie')!
    expect(cookie).toMatch(/^keyfall=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=86400$/)
    expect((await trade(tokenOf(link))).status).toBe(401)
  })
  it('is guessed ten times a minute at most', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await trade(`guess-${i}`)).status)
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
  })
  it('is made anew for a command on this machine, and signs in', async () => {
    const reply = await fetch(`${server.url}/api/links`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${localToken(server)}`,
        Origin: server.url,
        'Content-Type': 'application/json',
      },
    })
    expect(reply.status).toBe(200)
    expect(((await reply.json()) as { url: string }).url).toContain('/#k=')
  })
  it('runs out', () => {
    let now = 0
    const links = openLinks(() => now)
    const [early, late] = [links.make(), links.make()]
    now = 11 * 3600_000
    expect(links.trade(early)).toBe('owner')
    now = 13 * 3600_000
    expect(links.trade(late)).toBeUndefined()
  })
})

describe('the session', () => {
  const hour = 3600_000
  it('ends after 8 h without use and after 24 h in any case, and when the clock goes back', async () => {
    let now = 1_000 * hour
    const sessions = await openSessions(null, () => now)
    const [idle, used] = [await sessions.start('a'), await sessions.start('b')]
    for (let at = 4; at < 24; at += 4) {
      now = (1_000 + at) * hour
      expect(sessions.find(used)).toBeDefined()
    }
    expect(sessions.find(idle)).toBeUndefined()
    now = 1_024 * hour
    expect(sessions.find(used)).toBeUndefined()
    const future = await sessions.start('a')
    now -= 30 * 24 * hour
    expect(sessions.find(future)).toBeUndefined()
  })
  it('is kept as a hash, and outlives a restart on the same data', async () => {
    const own = await testServer()
    const { cookie, dataDir } = own
    const value = cookie.split('=')[1]!
    for (const { id } of await own.estate.store.docs.list('session')) expect(id).not.toBe(value)
    const kept = await own.estate.store.docs.list('session')
    expect(kept).toHaveLength(1)
    // Stopped without removing its folder.
    await own.estate.close()
    const again = await startServer({ config: readConfig({}, { dataDir, port: '0' }), log: openLog('silent') })
    const reply = await fetch(`${again.url}/api/sources`, { headers: { Cookie: cookie } })
    expect(reply.status).toBe(200)
    await again.close()
    await own.close().catch(() => undefined)
  })
  it('is not made by a header that only looks like the local key', async () => {
    for (const token of ['x'.repeat(43), '', 'Basic abc', `${localToken(server)}x`]) {
      const reply = await fetch(`${server.url}/api/home`, { headers: { Authorization: `Bearer ${token}` } })
      expect(reply.status).toBe(401)
    }
  })
})

describe('the name of the host', () => {
  const ask = (host: string, path = '/api/health') =>
    new Promise<number>((resolve, reject) => {
      const { port } = new URL(server.url)
      request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode!)
      })
        .on('error', reject)
        .end()
    })
  it('has to be ours, with our port', async () => {
    const { port } = new URL(server.url)
    for (const name of ['localhost', '127.0.0.1', '[::1]']) expect(await ask(`${name}:${port}`)).toBe(200)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost',
      `localhost:${Number(port) + 1}`,
      `LOCALHOST.:${port}`,
      `127.0.0.1.nip.io:${port}`,
    ]) {
      expect(await ask(host), host).toBe(421)
      expect(await ask(host, '/')).toBe(421)
    }
  })
})

it('keeps its files to their owner', () => {
  expect(statSync(server.dataDir).mode & 0o077).toBe(0)
  for (const file of ['api.json', 'audit-chain', 'store.db'])
    expect(statSync(join(server.dataDir, file)).mode & 0o077, file).toBe(0)
})

it('puts an entry into the audit before it answers, and without one does nothing', async () => {
  const own = await testServer()
  const chain = own.estate.store.audit
  const append = chain.append.bind(chain)
  await own.request('GET', '/api/find?q=KEYFALL-CANARY-audit')
  const { readFileSync } = await import('node:fs')
  const name = readFileSync(join(own.dataDir, 'audit-chain'), 'utf8').trim()
  const bodies = (await chain.read(name, 0, 100)).map(
    ({ body }) => JSON.parse(body) as { action: string; actor: string },
  )
  expect(bodies.map(({ action }) => action)).toContain('find.read')
  expect(JSON.stringify(bodies)).not.toContain('CANARY')
  Object.defineProperty(chain, 'append', { configurable: true, value: () => Promise.reject(new Error('full')) })
  expect((await own.request('GET', '/api/find?q=x')).status).toBe(503)
  const begun = await own.request('POST', '/api/imports', { json: {} })
  expect(begun.status).toBe(503)
  Object.defineProperty(chain, 'append', { configurable: true, value: append })
  await own.close()
})

describe('where it listens', () => {
  it.each(['0.0.0.0', '192.168.1.4', '::', 'example.org', '127.0.0.1,0.0.0.0'])('%s is refused', (address) => {
    expect(() => readConfig({ KEYFALL_LISTEN: address })).toThrow(/KEYFALL_LISTEN/)
  })
  it.each([
    [{ KEYFALL_PORT: 'abc' }, 'KEYFALL_PORT'],
    [{ KEYFALL_PORT: '70000' }, 'KEYFALL_PORT'],
    [{ KEYFALL_NEO4J_URI: 'http://x', KEYFALL_NEO4J_PASSWORD: 'hunter2hunter2' }, 'KEYFALL_NEO4J_URI'],
    [{ KEYFALL_NEO4J_URI: 'bolt://x' }, 'KEYFALL_NEO4J_PASSWORD'],
    [{ KEYFALL_LOG: 'loud' }, 'KEYFALL_LOG'],
  ])('%j names what is wrong', (environment, name) => {
    expect(() => readConfig(environment as Record<string, string>)).toThrow(name)
    try {
      readConfig(environment as Record<string, string>)
    } catch (error) {
      expect((error as Error).message).not.toContain('hunter2')
    }
  })
})
