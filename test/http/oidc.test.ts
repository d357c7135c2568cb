import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CLIENT, CLIENT_SECRET, identityProvider, type TestProvider } from './identity-provider.ts'
import { testServer, type TestServer } from './running-server.ts'

let provider: TestProvider
let server: TestServer

beforeAll(async () => {
  // The provider tells at every start that it is not for production.
  for (const way of ['info', 'warn'] as const) vi.spyOn(console, way).mockImplementation(() => undefined)
  provider = await identityProvider()
  server = await serverFor(provider)
})
afterAll(async () => {
  await server.close()
  await provider.close()
})

async function serverFor(one: TestProvider): Promise<TestServer> {
  const made = await testServer({
    environment: {
      KEYFALL_OIDC_ISSUER: one.issuer,
      KEYFALL_OIDC_CLIENT_ID: CLIENT,
      KEYFALL_OIDC_CLIENT_SECRET: CLIENT_SECRET,
      KEYFALL_OIDC_NAME: 'Harbour ID',
      KEYFALL_OIDC_ROLE_MAP: 'sre=viewer+analyst,leads=approver',
    },
  })
  one.redirectUri = `${made.url}/api/oidc/callback`
  return made
}

/** A browser without a screen: follows redirects and keeps cookies of both sides. */
class Browser {
  readonly jars = new Map<string, Map<string, string>>()

  jar(url: URL): Map<string, string> {
    const jar = this.jars.get(url.port) ?? new Map<string, string>()
    this.jars.set(url.port, jar)
    return jar
  }

  async get(address: string): Promise<{ response: Response; next: string | undefined }> {
    const url = new URL(address)
    const cookie = [...this.jar(url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, 'sec-fetch-site': 'cross-site' } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.jar(url).set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get('location')
    return { response, next: location === null ? undefined : new URL(location, url).href }
  }

  /** The address of the callback, with what the provider says. */
  async toCallback(from = server): Promise<string> {
    const begun = await fetch(`${from.url}/api/oidc/start`, { redirect: 'manual' })
    expect(begun.status).toBe(303)
    const ticket = begun.headers.getSetCookie()[0]!.split(';')[0]!
    const at = ticket.indexOf('=')
    this.jar(new URL(from.url)).set(ticket.slice(0, at), ticket.slice(at + 1))
    let next = begun.headers.get('location')!
    for (let hops = 0; hops < 10 && !next.startsWith(from.url); hops++) next = (await this.get(next)).next!
    return next
  }

  async me(from = server): Promise<{ status: number; body: Record<string, unknown> }> {
    const value = this.jar(new URL(from.url)).get('keyfall')
    const response = await fetch(`${from.url}/api/me`, { headers: { cookie: `keyfall=${value ?? ''}` } })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
}

async function signedIn(account: string, from = server, at = provider): Promise<Browser> {
  at.account = account
  const browser = new Browser()
  const { response, next } = await browser.get(await browser.toCallback(from))
  expect(response.status).toBe(303)
  expect(next).toBe(`${from.url}/`)
  return browser
}

describe('signing in at an identity provider', () => {
  it('is offered, and asks with PKCE, state and nonce', async () => {
    expect(await server.json('/api/sign-in')).toEqual({ oidc: 'Harbour ID' })
    await signedIn('ada')
    const asked = Object.fromEntries(provider.asked.at(-1)!)
    expect(asked).toMatchObject({
      client_id: CLIENT,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${server.url}/api/oidc/callback`,
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{40,}$/)
  })
  it.each([
    ['ada', ['viewer', 'analyst', 'approver']],
    ['ben', ['viewer', 'analyst']],
    ['eve', []],
    ['zoe', []],
  ])('%s has the roles of the map: %j', async (account, roles) => {
    const browser = await signedIn(account)
    const { body } = await browser.me()
    expect(body.roles).toEqual(roles)
    expect(body.name).toBe(`${account} of the harbour`)
    const cookie = `keyfall=${browser.jar(new URL(server.url)).get('keyfall')!}`
    const home = await fetch(`${server.url}/api/home`, { headers: { cookie } })
    expect(home.status).toBe(roles.length > 0 ? 200 : 403)
  })
  it('takes claims out of the id token too', async () => {
    const other = await identityProvider({ inIdToken: true })
    const own = await serverFor(other)
    try {
      expect((await (await signedIn('ben', own, other)).me(own)).body.roles).toEqual(['viewer', 'analyst'])
    } finally {
      await own.close()
      await other.close()
    }
  })
  it('is one person at each sign-in, and none once he is disabled here', async () => {
    const [first, second] = [await signedIn('ben'), await signedIn('ben')]
    const { id } = (await first.me()).body
    expect((await second.me()).body.id).toBe(id)
    const change = (disabled: boolean) => server.request('PUT', `/api/people/${id as string}`, { json: { disabled } })
    expect((await change(true)).status).toBe(200)
    expect((await first.me()).status).toBe(401)
    const browser = new Browser()
    provider.account = 'ben'
    const { response } = await browser.get(await browser.toCallback())
    expect(response.status).toBe(403)
    expect((await browser.me()).status).toBe(401)
    await change(false)
    expect((await first.me()).status).toBe(401)
    expect((await (await signedIn('ben')).me()).status).toBe(200)
    // His roles are the provider's.
    expect((await server.request('PUT', `/api/people/${id as string}`, { json: { roles: ['admin'] } })).status).toBe(
      409,
    )
  })
})

describe('what comes back is refused', () => {
  const tampered: Record<string, (callback: URL, browser: Browser) => void> = {
    'without the cookie of the browser that began': (_callback, browser) => browser.jars.clear(),
    'with the cookie of another sign-in': (callback, browser) =>
      browser.jar(callback).set('keyfall-sign-in', 'x'.repeat(43)),
    'with another state': (callback) => callback.searchParams.set('state', 'x'.repeat(43)),
    'without a state': (callback) => callback.searchParams.delete('state'),
    'with another code': (callback) => callback.searchParams.set('code', 'KEYFALL-CANARY-code'),
    'from another issuer': (callback) => callback.searchParams.set('iss', 'https://evil.example'),
    'as an error': (callback) => {
      callback.searchParams.delete('code')
      callback.searchParams.set('error', 'access_denied')
      callback.searchParams.set('error_description', 'KEYFALL-CANARY-words')
    },
  }
  it.each(Object.keys(tampered))('%s', async (name) => {
    const browser = new Browser()
    const callback = new URL(await browser.toCallback())
    tampered[name]!(callback, browser)
    const { response } = await browser.get(callback.href)
    expect(response.status).toBe(403)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'sign-in-refused' })
    expect(text + server.logged.join('')).not.toContain('CANARY')
    expect((await browser.me()).status).toBe(401)
  })
  it('a second time', async () => {
    const browser = new Browser()
    const callback = await browser.toCallback()
    expect((await browser.get(callback)).response.status).toBe(303)
    expect((await browser.get(callback)).response.status).toBe(403)
  })
  it('where the provider is away, which is said, and found again when it is back', async () => {
    const own = await testServer({
      environment: {
        KEYFALL_OIDC_ISSUER: 'http://127.0.0.1:9',
        KEYFALL_OIDC_CLIENT_ID: CLIENT,
        KEYFALL_OIDC_ROLE_MAP: 'sre=viewer',
      },
    })
    const response = await fetch(`${own.url}/api/oidc/start`, { redirect: 'manual' })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'provider-away' })
    await own.close()
  })
})

it('is not there where none is set', async () => {
  const own = await testServer()
  for (const path of ['/api/oidc/start', '/api/oidc/callback?code=x&state=y'])
    expect((await fetch(own.url + path)).status).toBe(404)
  expect(await own.json('/api/sign-in')).toEqual({ oidc: null })
  await own.close()
})
