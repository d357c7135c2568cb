import { request as rawRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { Problem } from '../../graph/wire.ts'
import { createApp } from '../../server/http/app.ts'
import { routes } from '../../server/http/routes.ts'
import { smallBundle, smallKey } from './small-bundle.ts'
import { localToken, testServer, type TestServer } from './running-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
})
afterAll(() => server.close())

/** A request that each route answers without an error of its own, by `METHOD path`. */
function pathOf(path: string): string {
  return path
    .replace('{dependent}', idOf('job:nightly'))
    .replace('/api/imports/{id}', '/api/imports/none')
    .replace('{id}', idOf(smallKey))
}
const query: Record<string, string> = {
  '/api/find': '?q=harbour',
  '/api/resolve': '?text=harbour-key',
  '/api/reach': '?text=harbour-key',
  '/api/map-cell': `?row=${idOf('system:billing')}&column=${idOf('system:billing')}`,
  '/api/blast/{id}/whatif': '?op=revoke&instead=rotate&insteadOverlap=3600',
  '/api/imports/{id}/files': '?name=x',
}

describe('the list of routes', () => {
  it('is what the router has', () => {
    const app = createApp({ originOf: () => undefined, proxies: [], clientDir: '/nowhere' } as never, routes)
    const stack = (
      app as unknown as { router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] } }
    ).router.stack
    const routed = stack.flatMap(({ route }) =>
      route
        ? Object.keys(route.methods).map(
            (method) => `${method.toUpperCase()} ${route.path.replaceAll(/:([a-z]+)/g, '{$1}')}`,
          )
        : [],
    )
    expect(routed.length).toBeGreaterThan(15)
    expect(routed.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
  })
  it('is what the document describes', async () => {
    const { paths, openapi } = (await server.json('/api/openapi.json')) as {
      openapi: string
      paths: Record<string, object>
    }
    expect(openapi).toBe('3.1.0')
    const described = Object.entries(paths).flatMap(([path, one]) =>
      Object.keys(one).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
  })
  it('names every shape that the document refers to', async () => {
    const text = await (await server.request('GET', '/api/openapi.json')).text()
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } }
    const named = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(10)
    for (const name of named) expect(components.schemas).toHaveProperty(name)
    expect(text).not.toContain('#/$defs')
  })
})

describe.each(routes.map((one) => [`${one.method} ${one.path}`, one] as const))('%s', (_, one) => {
  const path = pathOf(one.path) + (query[one.path] ?? '')
  it('carries the security headers, also when it refuses', async () => {
    // Signing out would end the session that the others use.
    const isSigningOut = one.audit === 'session.end'
    for (const headers of isSigningOut ? [{ Cookie: '' }] : [{}, { Cookie: '' }]) {
      const response = await server.request(one.method, path, { headers })
      expectSecurityHeaders(response)
      expect(response.headers.get('cache-control')).toBe('no-store')
      await response.body?.cancel()
    }
  })
  if (one.roles !== 'open')
    it('answers nobody without a session', async () => {
      const response = await server.request(one.method, path, { headers: { Cookie: 'keyfall=guess' } })
      expect(response.status).toBe(401)
      await expectProblem(response, 'no-session')
    })
  if (one.method === 'GET' && !/imports|oidc|(plans|scenarios).\{id/.test(one.path))
    it('answers', async () => {
      const response = await server.request('GET', path)
      expect(response.status).toBe(200)
      await response.body?.cancel()
    })
  if (one.method !== 'GET')
    it('refuses what another page sends', async () => {
      const foreign: Record<string, string>[] = [
        { Origin: 'http://evil.example' },
        { Origin: 'null' },
        { Origin: '' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none' },
        { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://evil.example' },
        { Origin: server.url.replace('http:', 'https:') },
      ]
      for (const headers of foreign) {
        const response = await server.request(one.method, path, { headers, ...(one.body && { json: {} }) })
        expect(response.status, JSON.stringify(headers)).toBe(403)
        await expectProblem(response, 'foreign-origin')
      }
    })
  if (one.method !== 'GET')
    it('does not answer to another name, nor to a form of another page', async () => {
      const { port } = new URL(server.url)
      for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, 'localhost:1'])
        expect(await statusWith(one.method, path, { host, origin: `http://${host}` }), host).toBe(421)
      const type = 'application/x-www-form-urlencoded'
      for (const origin of ['http://evil.example', 'null'])
        expect(await statusWith(one.method, path, { origin, 'content-type': type }), origin).toBe(403)
      expect(await statusWith(one.method, path, { 'content-type': 'text/plain' })).toBe(403)
    })
  if (one.body)
    it('takes JSON alone', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const response = await server.request(one.method, path, { body: 'token=1', headers: { 'Content-Type': type } })
        await expectProblem(response, 'not-json')
      }
      const broken = await server.request(one.method, path, {
        body: '{"KEYFALL-CANARY"',
        headers: { 'Content-Type': 'application/json' },
      })
      expect(JSON.stringify(await expectProblem(broken, 'bad-json'))).not.toContain('CANARY')
    })
})

/** With the session and a Host that fetch would not send. */
function statusWith(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { port, host } = new URL(server.url)
  const sent = { host, cookie: server.cookie, ...headers }
  return new Promise((resolve, reject) => {
    rawRequest({ host: '127.0.0.1', port, method, path, headers: sent }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

describe('a limit', () => {
  it('is each one’s own', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const response = await server.request('GET', '/api/export')
        await response.body?.cancel()
        return response.status
      }),
    )
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2)
    const headers = { Cookie: '', Authorization: `Bearer ${localToken(server)}` }
    const other = await server.request('GET', '/api/export', { headers })
    expect(other.status).toBe(200)
    await other.body?.cancel()
  })
})

it('a websocket is not spoken', async () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    origin: 'http://evil.example',
  }
  const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'sec-fetch-site': 'cross-site' }
  expect(await statusWith('GET', '/api/events', { ...upgrade, ...key })).toBe(403)
})

describe('what does not exist', () => {
  it.each([
    '/api',
    '/api/',
    '/api/none',
    '/api/blast',
    '/API/home',
    '/api/nodes/a/b',
    '/assets/none.js',
    '/none.txt',
    '/%',
  ])('%s is a problem like any other', async (path) => {
    const response = await server.request('GET', path)
    expectSecurityHeaders(response)
    await expectProblem(response, 'not-found')
    expect(response.status).toBe(404)
  })
  it('an id that is not known, and one that is none', async () => {
    for (const id of ['a'.repeat(16), '__proto__', '..%2f..']) {
      const response = await server.request('GET', `/api/nodes/${id}`)
      expect(response.status).toBe(404)
      await expectProblem(response, 'not-found')
    }
  })
  it('wrong methods', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect((await server.request(method, '/api/home')).status).toBe(404)
    }
  })
})

describe('a request that is not as described', () => {
  it('is told which field, never what was in it', async () => {
    const response = await server.request('GET', `/api/find?q=${'KEYFALL-CANARY'.repeat(50)}`)
    expect(response.status).toBe(400)
    const problem = await expectProblem(response, 'bad-request')
    expect(problem.message).toContain('q')
    expect(JSON.stringify(problem)).not.toContain('CANARY')
  })
  it('is refused when too large', async () => {
    const json = { scope: 'x'.repeat(2 << 20) }
    await expectProblem(await server.request('POST', '/api/imports', { json }), 'too-large')
  })
  it('is answered as a question about a thing that is no credential', async () => {
    const response = await server.request('GET', `/api/blast/${idOf('app:quay')}`)
    expect(response.status).toBe(422)
    await expectProblem(response, 'wrong-kind')
  })
})

it('logs patterns, never what was asked', async () => {
  await server.request('GET', '/api/find?q=KEYFALL-CANARY-asked')
  await server.request('GET', '/KEYFALL-CANARY-path')
  const log = server.logged.join('')
  expect(log).toContain('/api/find')
  expect(log).not.toContain('CANARY')
})

function expectSecurityHeaders({ headers }: Response): void {
  const policy = headers.get('content-security-policy')!
  expect(policy.split(';').sort()).toEqual(
    [
      "base-uri 'none'", "connect-src 'self'", "default-src 'none'", "font-src 'self'", "form-action 'self'",
      "frame-ancestors 'none'", "img-src 'self' data: blob:", "require-trusted-types-for 'script'", "script-src 'self'",
      "style-src 'self'", 'trusted-types keyfall-worker', "worker-src 'self'",
    ].sort(), // prettier-ignore
  )
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  })
  expect(headers.get('permissions-policy')).toContain('camera=()')
  for (const absent of ['x-powered-by', 'strict-transport-security', 'access-control-allow-origin', 'server']) {
    expect(headers.has(absent), absent).toBe(false)
  }
}

async function expectProblem(response: Response, code: string): Promise<{ code: string; message: string }> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = Problem.parse(await response.json())
  expect(problem.code).toBe(code)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  expect(JSON.stringify(problem)).not.toMatch(/\.ts:|\.js:|node_modules|at Object/)
  return problem
}
