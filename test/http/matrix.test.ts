import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { roleNames, type InvitationReply, type NewTokenReply, type Role } from '../../graph/wire-people.ts'
import type { Route } from '../../server/http/route.ts'
import { routes } from '../../server/http/routes.ts'
import { smallBundle, smallKey } from './small-bundle.ts'
import { testServer, type TestServer } from './running-server.ts'

/**
 * Every route × (nobody, each role alone, an analyst limited to one source) × (a thing of his, one of somebody else's
 * source, one that is not there), asked of a running server. Nothing here names a route: a new one is in it by itself.
 */
const askers = ['nobody', ...roleNames, 'limited'] as const
type Asker = (typeof askers)[number]

/** Of a source that the limited analyst may not see. No reply to him may hold this word. */
const HIDDEN = 'quarry'
const hiddenKey = 'aws:key:AKIAEXAMPLEQUARRY0001'
const hiddenBundle = JSON.stringify({
  format: 'keyfall.bundle/1',
  scope: HIDDEN,
  entities: [
    { id: hiddenKey, kind: 'aws.iam_access_key', name: `${HIDDEN}-key` },
    { id: `job:${HIDDEN}`, role: 'workload', name: `${HIDDEN}-crusher` },
    { id: `system:${HIDDEN}`, role: 'system', name: `${HIDDEN}-stones` },
  ],
  relationships: [
    { kind: 'USES_CREDENTIAL', from: `job:${HIDDEN}`, to: hiddenKey },
    { kind: 'DEPENDS_ON', from: `system:${HIDDEN}`, to: `job:${HIDDEN}` },
  ],
})
const own = { id: idOf(smallKey), dependent: idOf('job:nightly'), system: idOf('system:billing'), word: 'harbour-key' }
const hidden = {
  id: idOf(hiddenKey),
  dependent: idOf(`job:${HIDDEN}`),
  system: idOf(`system:${HIDDEN}`),
  word: hiddenKey,
}
type Place = typeof own

/** Queries without which a route answers 400. */
const queryOf = (path: string, { word, system }: Place): string =>
  ({
    '/api/find': `?q=${encodeURIComponent(word)}`,
    '/api/resolve': `?text=${encodeURIComponent(word)}`,
    '/api/reach': `?text=${encodeURIComponent(word)}`,
    '/api/map-cell': `?row=${system}&column=${system}`,
    '/api/blast/{id}/whatif': '?op=revoke&instead=rotate&insteadOverlap=3600',
    '/api/imports/{id}/files': '?name=x',
  })[path] ?? ''

/** Things that the path may name: of the estate for a GET, nothing that is there for a change. */
function pathOf({ method, path }: Route, place: Place): string {
  const isThing = method === 'GET' || path.startsWith('/api/blast')
  const filled = path
    .replace('{dependent}', place.dependent)
    .replace(/\{[a-z]+\}/g, isThing ? place.id : 'n'.repeat(16))
  return filled + queryOf(path, place)
}

let server: TestServer
const headersOf = new Map<Asker, Record<string, string>>()

beforeAll(async () => {
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
  await server.importText('quarry.json', hiddenBundle)
  const scope = server.estate.keeper.scopes().find((one) => !one.scope.includes(HIDDEN))!.scope
  headersOf.set('nobody', { Cookie: '' })
  for (const role of roleNames) headersOf.set(role, await headersFor(role))
  headersOf.set('limited', await headersFor('analyst', [scope]))
})
afterAll(() => server.close())

async function headersFor(role: Role, scopes?: readonly string[]): Promise<Record<string, string>> {
  if (role === 'collector') {
    const made = await server.request('POST', '/api/tokens', { json: { name: 'shipper', role, days: 1 } })
    return { Cookie: '', Authorization: `Bearer ${((await made.json()) as NewTokenReply).secret}` }
  }
  const json = { name: role, roles: [role], ...(scopes && { scopes }) }
  const { url } = (await (await server.request('POST', '/api/people', { json })).json()) as InvitationReply
  const token = url.split('#k=')[1]
  const signedIn = await server.request('POST', '/api/session', { json: { token }, headers: { Cookie: '' } })
  return { Cookie: signedIn.headers.get('set-cookie')!.split(';')[0]! }
}

interface Told {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
}

async function ask(asker: Asker, one: Route, place: Place = own): Promise<Told> {
  const response = await server.request(one.method, pathOf(one, place), {
    headers: { ...headersOf.get(asker), ...(one.upload && { 'X-Keyfall-Upload': '1' }) },
    // Not as described: whoever is let in is told so, and nothing is changed.
    ...(one.body && { json: { n: 'othing' } }),
    ...(one.upload && { body: 'x' }),
  })
  if (response.headers.get('content-type')?.includes('event-stream')) {
    const first = await response.body!.getReader().read()
    return { status: response.status, code: undefined, text: new TextDecoder().decode(first.value) }
  }
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false
  return { status: response.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined, text }
}

function isLetIn(asker: Asker, { roles, limited }: Route): boolean {
  if (roles === 'open') return true
  if (asker === 'nobody') return false
  if (roles === 'signed-in') return true
  return asker === 'limited' ? roles.includes('analyst') && limited === true : roles.includes(asker)
}

/** Routes that take effect without a body that says what: asked only of those who are refused. */
const takesEffect = ({ method, body, upload, path }: Route): boolean =>
  method !== 'GET' && !body && !upload && !path.includes('{')

describe.each(routes.map((one) => [`${one.method} ${one.path}`, one] as const))('%s', (_, one) => {
  it('lets in whom it declares, and refuses everybody else by name of permission', async () => {
    const cells = askers.filter((asker) => !(isLetIn(asker, one) && takesEffect(one)))
    const told = await Promise.all(cells.map(async (asker) => [asker, await ask(asker, one)] as const))
    for (const [asker, { status, code, text }] of told) {
      const cell = `${asker}: ${status} ${text.slice(0, 200)}`
      if (isLetIn(asker, one)) {
        expect(['no-session', 'no-permission'], cell).not.toContain(code)
        expect(status, cell).not.toBe(500)
      } else if (asker === 'nobody') expect([status, code], cell).toEqual([401, 'no-session'])
      else {
        expect([status, code], cell).toEqual([403, 'no-permission'])
        expect(text).toMatch(/the permission [a-z]+\.[a-z]+ \(|the role |of the roles |not limited to sources/)
      }
    }
    // The door is not merely open.
    if (one.roles !== 'open') expect(told.some(([asker]) => !isLetIn(asker, one))).toBe(true)
  })
  if (one.roles !== 'open' && one.roles !== 'signed-in' && one.limited)
    it('shows an analyst of one source nothing of the others', async () => {
      const [his, theirs] = await Promise.all([ask('limited', one, own), ask('limited', one, hidden)])
      expect(his.text.toLowerCase()).not.toContain(HIDDEN)
      // What he typed himself may come back.
      if (!/\/(?:find|resolve|reach)$/.test(one.path)) expect(theirs.text.toLowerCase()).not.toContain(HIDDEN)
      if (one.method === 'GET' && one.path.includes('{id}')) {
        expect(theirs.status).toBe(404)
        // The same words as for what is not there at all.
        const nowhere = await ask('limited', one, { ...hidden, id: 'a'.repeat(16), dependent: 'a'.repeat(16) })
        const words = ({ text }: Told): object => ({
          ...(JSON.parse(text.replace(/\b[a-z2-7]{16}\b/g, 'ID')) as object),
          requestId: '',
        })
        expect(words(theirs)).toEqual(words(nowhere))
      }
    })
})

it('is open to everybody nowhere but here', () => {
  const open = routes.filter(({ roles }) => roles === 'open').map(({ method, path }) => `${method} ${path}`)
  expect(open.sort()).toEqual([
    'GET /api/health',
    'GET /api/oidc/callback',
    'GET /api/oidc/start',
    'GET /api/sign-in',
    'POST /api/session',
  ])
})

it('has a role that is refused, wherever roles are named', () => {
  for (const { roles, path } of routes)
    if (typeof roles !== 'string')
      expect(roleNames.filter((role) => !roles.includes(role)).length, path).toBeGreaterThan(0)
})

it('shows the whole estate to whoever is not limited, so that the word is there to be hidden', async () => {
  const find = routes.find(({ path }) => path === '/api/find')!
  expect((await ask('viewer', find, hidden)).text).toContain(HIDDEN)
  expect((await ask('limited', find, own)).text).toContain('harbour')
  const found = JSON.parse((await ask('limited', find, hidden)).text) as Record<string, unknown>
  expect(Object.values(found).filter((value) => Array.isArray(value) && value.length > 0)).toEqual([])
})

describe('objects of others', () => {
  const asked = async (asker: Asker, method: string, path: string, json?: unknown) =>
    (await server.request(method, path, { headers: headersOf.get(asker)!, ...(json !== undefined && { json }) })).status
  it('imports: own, and all for an analyst; not there for others', async () => {
    const begun = await server.request('POST', '/api/imports', { json: {}, headers: headersOf.get('collector')! })
    const { id } = (await begun.json()) as { id: string }
    const path = `/api/imports/${id}`
    expect(await asked('collector', 'GET', path)).toBe(200)
    expect(await asked('analyst', 'GET', path)).toBe(200)
    expect(await asked('limited', 'GET', path)).toBe(404)
    for (const [method, rest] of [
      ['POST', '/start'],
      ['DELETE', ''],
    ] as const)
      expect(await asked('limited', method, path + rest), method).toBe(404)
    expect(await asked('limited', 'POST', `${path}/commit`, {})).toBe(404)
    const theirs = (await (await server.request('POST', '/api/imports', { json: {} })).json()) as { id: string }
    expect(await asked('collector', 'GET', `/api/imports/${theirs.id}`)).toBe(404)
    expect(await asked('collector', 'DELETE', `/api/imports/${theirs.id}`)).toBe(404)
  })
  it('an import of somebody limited ends when its files are of another source', async () => {
    const as = headersOf.get('limited')!
    const { id } = (await (await server.request('POST', '/api/imports', { json: {}, headers: as })).json()) as {
      id: string
    }
    const upload = { body: hiddenBundle, headers: { ...as, 'X-Keyfall-Upload': '1' } }
    expect((await server.request('PUT', `/api/imports/${id}/files?name=q.json`, upload)).status).toBe(200)
    await server.request('POST', `/api/imports/${id}/start`, { headers: as })
    await server.estate.jobs.find(id)!.settled()
    expect(await asked('limited', 'GET', `/api/imports/${id}`)).toBe(403)
    expect(server.estate.jobs.find(id)!.reply().state).toBe('cancelled')
  })
  it('tokens: own, and all for an admin', async () => {
    const made = await server.request('POST', '/api/tokens', { json: { name: 'a', role: 'viewer', days: 1 } })
    const { token } = (await made.json()) as NewTokenReply
    for (const asker of ['viewer', 'analyst', 'approver', 'auditor'] as const)
      expect(await asked(asker, 'DELETE', `/api/tokens/${token.id}`), asker).toBe(404)
    expect(await asked('admin', 'DELETE', `/api/tokens/${token.id}`)).toBe(200)
  })
  it('somebody limited makes no wider token, and lifts no limit', async () => {
    const json = { name: 'wide', role: 'analyst', days: 1 }
    expect(await asked('limited', 'POST', '/api/tokens', json)).toBe(403)
    expect(await asked('limited', 'POST', '/api/tokens', { ...json, scopes: [`bundle:${HIDDEN}`] })).toBe(403)
    expect(await asked('limited', 'PUT', '/api/people/owner', { scopes: null })).toBe(403)
  })
})
