import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InvitationReply, NewTokenReply, PeopleReply, Role, TokensReply } from '../../graph/wire-people.ts'
import { openPeople } from '../../server/auth/people.ts'
import { openTokens } from '../../server/auth/tokens.ts'
import { memoryStore } from '../store/memory-store.ts'
import { smallBundle } from './small-bundle.ts'
import { testServer, type TestServer } from './running-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

type Ask = (method: string, path: string, json?: unknown) => Promise<Response>

const as =
  (headers: Record<string, string>): Ask =>
  (method, path, json) =>
    server.request(method, path, { headers: { Cookie: '', ...headers }, ...(json !== undefined && { json }) })
const owner: Ask = (method, path, json) => server.request(method, path, json === undefined ? {} : { json })
const bodyOf = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T

/** Invites somebody, opens the link, and asks as him. */
async function somebody(...roles: Role[]): Promise<{ id: string; ask: Ask; url: string; cookie: string }> {
  const { person, url } = await bodyOf<InvitationReply>(owner('POST', '/api/people', { name: 'Ada', roles }))
  const cookie = await trade(url)
  return { id: person.id, url, cookie: cookie!, ask: as({ Cookie: cookie! }) }
}

async function trade(url: string): Promise<string | undefined> {
  const token = url.split('#k=')[1]
  const response = await as({})('POST', '/api/session', { token })
  return response.status === 200 ? response.headers.get('set-cookie')!.split(';')[0]! : undefined
}

describe('an invitation', () => {
  it('is a link with a fragment that works once, kept as a hash', async () => {
    const { url, ask, id } = await somebody('viewer')
    expect(new URL(url).search).toBe('')
    const secret = url.split('#k=')[1]!
    const doc = await server.estate.store.docs.get('user', id)
    expect(new TextDecoder().decode(doc!.bytes)).not.toContain(secret)
    expect(await trade(url)).toBeUndefined()
    expect(await bodyOf(ask('GET', '/api/me'))).toMatchObject({ id, name: 'Ada', roles: ['viewer'], via: 'session' })
  })
  it('is opened by one of two at once', async () => {
    const { url } = await bodyOf<InvitationReply>(owner('POST', '/api/people', { name: 'Two', roles: ['viewer'] }))
    const cookies = await Promise.all([trade(url), trade(url), trade(url)])
    expect(cookies.filter(Boolean)).toHaveLength(1)
  })
  it('runs out, and a newer one ends it', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    const people = await openPeople(await memoryStore().open(), () => now)
    const first = await people.invite('owner', { name: 'Ben', roles: ['viewer'] })
    const second = await people.inviteAgain(first.id)
    expect(await people.redeem(first.token)).toBeUndefined()
    now += 25 * 3600_000
    expect(await people.redeem(second.token)).toBeUndefined()
    const third = await people.inviteAgain(first.id)
    expect(people.person(first.id, 'session')).toBeUndefined()
    expect(await people.redeem(third.token)).toBe(first.id)
    expect(people.person(first.id, 'session')?.roles).toEqual(['viewer'])
  })
})

describe('a person', () => {
  it('counts as he is now: roles, disabled, sessions ended', async () => {
    const { id, ask } = await somebody('viewer')
    expect((await ask('GET', '/api/home')).status).toBe(200)
    await owner('PUT', `/api/people/${id}`, { roles: ['auditor'] })
    const refused = await ask('GET', '/api/home')
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({
      code: 'no-permission',
      message: 'this needs the permission map.read (one of the roles viewer, analyst, approver)',
    })
    await owner('DELETE', `/api/people/${id}/sessions`)
    expect((await ask('GET', '/api/me')).status).toBe(401)
    const { url } = await bodyOf<InvitationReply>(owner('POST', `/api/people/${id}/invite`))
    const again = as({ Cookie: (await trade(url))! })
    expect((await again('GET', '/api/me')).status).toBe(200)
    await owner('PUT', `/api/people/${id}`, { disabled: true })
    expect((await again('GET', '/api/me')).status).toBe(401)
    expect((await owner('POST', `/api/people/${id}/invite`)).status).toBe(409)
  })
  it('hears nothing of imports of others, unless he is an analyst', async () => {
    const heard = async (...roles: Role[]): Promise<string> => {
      const { cookie } = await somebody(...roles)
      const stop = new AbortController()
      const response = await fetch(`${server.url}/api/events`, { headers: { Cookie: cookie }, signal: stop.signal })
      let text = ''
      const listening = (async () => {
        for await (const chunk of response.body!.pipeThrough(
          new TextDecoderStream(),
        ) as unknown as AsyncIterable<string>)
          text += chunk
      })().catch(() => undefined)
      const name = `pier-${roles.join('-')}`
      const bundle = { ...(JSON.parse(smallBundle) as object), scope: name }
      await server.importText(`${name}.json`, JSON.stringify(bundle))
      await expect.poll(() => text.split('event: snapshot').length).toBe(3)
      stop.abort()
      await listening
      return text
    }
    expect(await heard('analyst')).toContain('event: import')
    const collector = await heard('viewer', 'collector')
    expect([collector.includes('event: import'), collector.includes('.json')]).toEqual([false, false])
  })
  it.each([
    ['sessions are ended', (id: string) => owner('DELETE', `/api/people/${id}/sessions`)],
    ['roles are fewer', (id: string) => owner('PUT', `/api/people/${id}`, { roles: ['viewer'] })],
  ])('is gone from events when his %s', async (_when, demote) => {
    const { id, cookie } = await somebody('viewer', 'analyst')
    const response = await fetch(`${server.url}/api/events`, { headers: { Cookie: cookie } })
    const reader = response.body!.getReader()
    await reader.read()
    await demote(id)
    await server.importText('harbour.json', smallBundle)
    await expect(reader.read()).rejects.toThrow()
  })
  it('signs out on the server, and gets a fresh cookie at each sign-in', async () => {
    const { ask, cookie } = await somebody('viewer')
    const { url } = await bodyOf<{ url: string }>(ask('POST', '/api/links'))
    const token = url.split('#k=')[1]
    const renewed = await ask('POST', '/api/session', { token })
    const next = renewed.headers.get('set-cookie')!.split(';')[0]!
    expect(next).not.toBe(cookie)
    // The session that this browser had is over.
    expect((await ask('GET', '/api/me')).status).toBe(401)
    const out = await as({ Cookie: next })('DELETE', '/api/session')
    expect(out.headers.get('set-cookie')).toMatch(/^keyfall=; .*Max-Age=0/)
    expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect((await as({ Cookie: next })('GET', '/api/me')).status).toBe(401)
  })
  it('is the owner on the command line and in the browser, and the owner stays', async () => {
    const { people } = await bodyOf<PeopleReply>(owner('GET', '/api/people'))
    expect(people[0]).toMatchObject({ id: 'owner', from: 'owner' })
    expect((await owner('PUT', '/api/people/owner', { roles: [] })).status).toBe(409)
    expect((await owner('PUT', '/api/people/nobody', { roles: [] })).status).toBe(404)
  })
  it('is still there after a restart of the store’s documents', async () => {
    const store = await memoryStore().open()
    const people = await openPeople(store)
    const { id, token } = await people.invite('owner', { name: 'Cleo', roles: ['approver'], scopes: ['a'] })
    await people.redeem(token)
    const again = await openPeople(store)
    expect(again.person(id, 'session')).toEqual({
      id,
      name: 'Cleo',
      roles: ['approver'],
      scopes: ['a'],
      via: 'session',
    })
  })
})

describe('a token', () => {
  const make = (ask: Ask, role: string, days = 30) =>
    bodyOf<NewTokenReply>(ask('POST', '/api/tokens', { name: 'ci', role, days }))
  it('acts in the name of whoever made it, with one role, while he has it', async () => {
    const { id, ask } = await somebody('viewer', 'analyst', 'admin')
    const { secret, token } = await make(ask, 'viewer')
    const doc = await server.estate.store.docs.get('token', token.id)
    expect(new TextDecoder().decode(doc!.bytes)).not.toContain(secret)
    const bearer = as({ Authorization: `Bearer ${secret}` })
    expect(await bodyOf(bearer('GET', '/api/me'))).toMatchObject({
      id,
      roles: ['viewer'],
      via: 'token',
      until: token.until,
    })
    expect((await bearer('GET', '/api/home')).status).toBe(200)
    expect((await bearer('GET', '/api/people')).status).toBe(403)
    expect((await bearer('POST', '/api/links')).status).toBe(403)
    expect((await bearer('POST', '/api/tokens', { name: 'x', role: 'viewer', days: 1 })).status).toBe(403)
    await owner('PUT', `/api/people/${id}`, { roles: ['analyst'] })
    expect((await bearer('GET', '/api/home')).status).toBe(401)
  })
  it('of a collector uploads and sees its own, nothing else; the guard is not its to confirm', async () => {
    const { secret } = await make(owner, 'collector')
    const bearer = as({ Authorization: `Bearer ${secret}` })
    const { id } = await bodyOf<{ id: string }>(bearer('POST', '/api/imports', {}))
    await server.request('PUT', `/api/imports/${id}/files?name=harbour.json`, {
      body: smallBundle,
      headers: { Cookie: '', Authorization: `Bearer ${secret}`, 'X-Keyfall-Upload': '1' },
    })
    await bearer('POST', `/api/imports/${id}/start`)
    await server.estate.jobs.find(id)!.settled()
    expect((await bearer('POST', `/api/imports/${id}/commit`, { acceptRetire: 0 })).status).toBe(403)
    const done = await bodyOf<Record<string, unknown>>(bearer('POST', `/api/imports/${id}/commit`, {}))
    expect(done).toMatchObject({ state: 'done', before: null, after: null })
    const theirs = await bodyOf<{ id: string }>(owner('POST', '/api/imports', {}))
    expect((await bearer('GET', `/api/imports/${theirs.id}`)).status).toBe(404)
    expect((await bearer('DELETE', `/api/imports/${theirs.id}`)).status).toBe(404)
    expect((await bearer('GET', '/api/home')).status).toBe(403)
  })
  it('is made by whoever may, of roles he has, for at most 90 days, and revoked at once', async () => {
    const { ask } = await somebody('viewer')
    expect((await ask('POST', '/api/tokens', { name: 'x', role: 'analyst', days: 1 })).status).toBe(403)
    expect((await ask('POST', '/api/tokens', { name: 'x', role: 'collector', days: 1 })).status).toBe(403)
    expect((await ask('POST', '/api/tokens', { name: 'x', role: 'viewer', days: 91 })).status).toBe(400)
    expect((await owner('POST', '/api/tokens', { name: 'x', role: 'approver', days: 1 })).status).toBe(400)
    const { token, secret } = await make(ask, 'viewer')
    const others = await make(owner, 'viewer')
    const own = await bodyOf<TokensReply>(ask('GET', '/api/tokens'))
    expect(own.tokens.map(({ id }) => id)).toEqual([token.id])
    expect((await ask('DELETE', `/api/tokens/${others.token.id}`)).status).toBe(404)
    await ask('DELETE', `/api/tokens/${token.id}`)
    expect((await as({ Authorization: `Bearer ${secret}` })('GET', '/api/me')).status).toBe(401)
  })
  it('runs out, and rests when its maker was not vouched for lately', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    const day = 24 * 3600_000
    const store = await memoryStore().open()
    const people = await openPeople(store, () => now)
    const tokens = await openTokens(store, people, () => now)
    const said = { issuer: 'https://id.example', subject: 'ada', name: 'Ada', roles: ['viewer' as const] }
    const id = (await people.vouched(said))!
    const { secret } = await tokens.make(people.person(id, 'session')!, { name: 'x', role: 'viewer', days: 90 })
    now += 29 * day
    expect(tokens.find(secret)?.person.id).toBe(id)
    now += 3 * day
    expect(tokens.find(secret)).toBeUndefined()
    await people.vouched(said)
    expect(tokens.find(secret)?.person.id).toBe(id)
    now += 60 * day
    await people.vouched(said)
    expect(tokens.find(secret)).toBeUndefined()
    expect(tokens.rows()[0]!.state).toBe('expired')
  })
})
