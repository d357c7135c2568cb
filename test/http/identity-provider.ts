import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const CLIENT = 'keyfall'
export const CLIENT_SECRET = 'KEYFALL-CANARY-client-secret'

export interface TestProvider {
  readonly issuer: string
  /** Who signs in next, without a password. */
  account: string
  /** Authorization requests that arrived, as their parameters. */
  readonly asked: URLSearchParams[]
  /** Registered at the first request: the callback of the server under test. */
  redirectUri: string
  close(): Promise<void>
}

/** `groups` of each account: what the server maps to roles. */
const groups: Record<string, unknown> = {
  ada: ['sre', 'leads'],
  ben: 'sre',
  eve: ['strangers', 7, { admin: true }],
  zoe: undefined,
}

/**
 * A real OpenID provider in this process. It signs `account` in without asking, so that tests need no browser.
 * `inIdToken`: claims are in the id token; else they have to be asked for.
 */
export async function identityProvider({ inIdToken = false } = {}): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let provider: Provider | undefined
  const one: TestProvider = {
    issuer,
    account: 'ada',
    asked: [],
    redirectUri: '',
    close: () => closed(server),
  }
  server.on('request', (request, response) => {
    void (async () => {
      provider ??= new Provider(issuer, configuration(one.redirectUri, inIdToken))
      const url = new URL(request.url!, issuer)
      if (url.pathname === '/auth') one.asked.push(url.searchParams)
      if (!url.pathname.startsWith('/interaction/')) return provider.callback()(request, response)
      const grant = new provider.Grant({ accountId: one.account, clientId: CLIENT })
      grant.addOIDCScope('openid profile email')
      const login = { accountId: one.account, remember: false }
      const consent = { grantId: await grant.save() }
      await provider.interactionFinished(request, response, { login, consent }, { mergeWithLastSubmission: false })
    })().catch(() => response.destroy())
  })
  return one
}

function configuration(redirectUri: string, inIdToken: boolean): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [{ client_id: CLIENT, client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only-for-tests'] },
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
    conformIdTokenClaims: !inIdToken,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the harbour`, groups: groups[id] }),
    }),
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((done) => server.close(() => done()))
}
