import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findLocalDoor } from '../../server/auth/local-token.ts'
import { readConfig } from '../../server/config.ts'
import { startServer, type RunningServer } from '../../server/http/start.ts'
import { openLog } from '../../server/log.ts'

const oidc = {
  KEYFALL_OIDC_ISSUER: 'https://id.example',
  KEYFALL_OIDC_CLIENT_ID: 'keyfall',
  KEYFALL_OIDC_ROLE_MAP: 'sre=viewer+analyst,a=b=approver',
}
const named = { KEYFALL_PUBLIC_URL: 'https://keyfall.example.org' }
const tls = { KEYFALL_TLS_CERT: '/cert.pem', KEYFALL_TLS_KEY: '/key.pem' }
const proxy = { KEYFALL_TRUSTED_PROXY: '10.0.0.5, 10.1.0.0/24' }
const listen = { KEYFALL_LISTEN: '0.0.0.0' }
const read = (environment: Record<string, string>) => readConfig(environment, { dataDir: '/nowhere' })

describe('beyond loopback', () => {
  it.each([
    [{ ...listen }, /TLS .* and an identity provider .* and the name/],
    [{ ...listen, ...oidc, ...named }, /needs TLS/],
    [{ ...listen, ...tls, ...named }, /needs an identity provider/],
    [{ ...listen, ...proxy, ...named }, /needs an identity provider/],
    [{ ...listen, ...tls, ...oidc }, /KEYFALL_PUBLIC_URL/],
    [{ ...named }, /KEYFALL_PUBLIC_URL is set: that also needs TLS/],
    [{ KEYFALL_TLS_CERT: '/cert.pem' }, /go together/],
    [{ KEYFALL_OIDC_ISSUER: 'https://id.example' }, /KEYFALL_OIDC_CLIENT_ID/],
    [{ ...oidc, KEYFALL_OIDC_ROLE_MAP: 'sre=king' }, /KEYFALL_OIDC_ROLE_MAP must be like/],
    [{ ...oidc, KEYFALL_OIDC_ISSUER: 'http://id.example' }, /KEYFALL_OIDC_ISSUER must be an https/],
    [{ ...oidc, KEYFALL_OIDC_CLIENT_SECRET_FILE: '/nowhere/secret' }, /KEYFALL_OIDC_CLIENT_SECRET_FILE/],
    [{ KEYFALL_PUBLIC_URL: 'http://keyfall.example.org' }, /KEYFALL_PUBLIC_URL must be like/],
    [{ KEYFALL_PUBLIC_URL: 'https://keyfall.example.org/app' }, /KEYFALL_PUBLIC_URL must be like/],
    [{ KEYFALL_TRUSTED_PROXY: 'everybody' }, /KEYFALL_TRUSTED_PROXY must be addresses/],
  ])('%j does not start, and why is said', (environment, words) => {
    expect(() => read(environment as Record<string, string>)).toThrow(words)
  })
  it.each([
    { ...listen, ...tls, ...oidc, ...named },
    { ...listen, ...proxy, ...oidc, ...named },
  ])('%j does', (given) => {
    const { outside } = read(given)
    expect(outside.publicUrl).toBe('https://keyfall.example.org')
    expect(outside.oidc?.roleMap.get('sre')).toEqual(['viewer', 'analyst'])
    expect(outside.oidc?.roleMap.get('a=b')).toEqual(['approver'])
  })
})

const dir = mkdtempSync(join(tmpdir(), 'keyfall-outside-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function running(data: string, environment: Record<string, string>): Promise<RunningServer> {
  const config = readConfig({ ...oidc, ...named, ...environment }, { dataDir: join(dir, data), port: '0' })
  return startServer({ config, log: openLog('silent'), checkReplies: true })
}

interface Asked {
  readonly host?: string
  readonly headers?: Record<string, string>
  readonly address?: string
  readonly path?: string
}
const statusOf = (send: typeof plainRequest, port: number, asked: Asked): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { host = 'keyfall.example.org', headers = {}, address = '127.0.0.1', path = '/api/health' } = asked
    const options = { host: address, port, path, rejectUnauthorized: false, headers: { host, ...headers } }
    send(options, (response) => {
      response.resume()
      resolve(response)
    })
      .on('error', reject)
      .end()
  })

describe('behind a named proxy', () => {
  it('believes that proxy alone, and only over TLS', async () => {
    const server = await running('proxy', { KEYFALL_TRUSTED_PROXY: '127.0.0.1' })
    const { port } = new URL(findLocalDoor(join(dir, 'proxy'))!.url)
    const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }
    const through = await statusOf(plainRequest, Number(port), { headers: https })
    expect(through.statusCode).toBe(200)
    expect(through.headers['strict-transport-security']).toBe('max-age=31536000')
    expect((await statusOf(plainRequest, Number(port), {})).statusCode).toBe(421)
    expect((await statusOf(plainRequest, Number(port), { headers: { 'x-forwarded-proto': 'http' } })).statusCode).toBe(
      421,
    )
    expect((await statusOf(plainRequest, Number(port), { host: 'evil.example', headers: https })).statusCode).toBe(421)
    const own = await statusOf(plainRequest, Number(port), { host: `localhost:${port}` })
    expect(own.statusCode).toBe(200)
    expect(own.headers['strict-transport-security']).toBeUndefined()
    // The printed link is what people type.
    expect(server.link()).toMatch(/^https:\/\/keyfall\.example\.org\/#k=/)
    await server.close()
    const other = await running('other', { KEYFALL_TRUSTED_PROXY: '10.0.0.5' })
    const door = Number(new URL(findLocalDoor(join(dir, 'other'))!.url).port)
    expect((await statusOf(plainRequest, door, { headers: https })).statusCode).toBe(421)
    await other.close()
  })
  it('gives the cookie the name that no neighbour can set', async () => {
    const server = await running('cookie', { KEYFALL_TRUSTED_PROXY: '127.0.0.1' })
    const { port } = new URL(findLocalDoor(join(dir, 'cookie'))!.url)
    const headers = {
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
      ...{ origin: named.KEYFALL_PUBLIC_URL },
    }
    const trade = (origin: string): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const sent = { ...headers, origin, host: 'keyfall.example.org' }
        const body = JSON.stringify({ token: server.link().split('#k=')[1] })
        plainRequest({ host: '127.0.0.1', port, method: 'POST', path: '/api/session', headers: sent }, (response) => {
          response.resume()
          resolve(response)
        })
          .on('error', reject)
          .end(body)
      })
    expect((await trade('http://keyfall.example.org')).statusCode).toBe(403)
    const signedIn = await trade(named.KEYFALL_PUBLIC_URL)
    const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-keyfall=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=86400; Secure$/)
    const me = (as: string): Promise<IncomingMessage> =>
      statusOf(plainRequest, Number(port), { path: '/api/me', headers: { ...headers, cookie: as } })
    expect((await me(cookie.split(';')[0]!)).statusCode).toBe(200)
    expect((await me(cookie.split(';')[0]!.replace('__Host-', ''))).statusCode).toBe(401)
    await server.close()
  })
})

/** Not one of the names that mean this machine alone (config.ts), and there without a network. */
const address = '127.0.0.2'

function certificate(): { cert: string; key: string } | undefined {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const subject = ['-subj', '/CN=keyfall.example.org', '-days', '1']
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    )
    return { cert, key }
  } catch {
    return undefined
  }
}
const pem = certificate()
if (!pem && process.env.CI) throw new Error('openssl is needed')
if (!pem) console.warn('SKIPPED test/http/outside, TLS: openssl is not there')

describe.skipIf(!pem)('with TLS of its own', () => {
  it('speaks TLS outside and plain HTTP on loopback, for commands alone', async () => {
    const server = await running('tls', {
      KEYFALL_LISTEN: address,
      KEYFALL_TLS_CERT: pem!.cert,
      KEYFALL_TLS_KEY: pem!.key,
    })
    const door = findLocalDoor(join(dir, 'tls'))!
    expect((await fetch(`${door.url}/api/me`, { headers: { Authorization: `Bearer ${door.token}` } })).status).toBe(200)
    const over = await statusOf(tlsRequest as typeof plainRequest, server.port, { address: address })
    expect([over.statusCode, over.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000'])
    const byNumber = await statusOf(tlsRequest as typeof plainRequest, server.port, {
      address: address,
      host: `localhost:${server.port}`,
    })
    expect(byNumber.statusCode).toBe(421)
    await expect(statusOf(plainRequest, server.port, { address: address })).rejects.toThrow()
    await server.close()
  })
})
