import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallBundle } from './small-bundle.ts'
import { testServer, type TestServer } from './running-server.ts'

const clientDir = mkdtempSync(join(tmpdir(), 'keyfall-screen-'))
let server: TestServer
beforeAll(async () => {
  mkdirSync(join(clientDir, 'assets'))
  writeFileSync(join(clientDir, 'index.html'), '<!doctype html><title>Keyfall</title>')
  writeFileSync(join(clientDir, 'assets', 'main-abc123.js'), 'export {}')
  writeFileSync(join(clientDir, '.env'), 'KEYFALL-CANARY')
  server = await testServer({ clientDir })
})
afterAll(async () => {
  await server.close()
  rmSync(clientDir, { recursive: true, force: true })
})

describe('the screen', () => {
  it.each(['/', '/b/abcdefghijklmnop', '/n/abcdefghijklmnop', '/i', '/map'])(
    '%s is the page, asked for anew each time',
    async (path) => {
      const response = await server.request('GET', path, { headers: { Cookie: '' } })
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('<title>Keyfall')
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )
  it('files with a hash in their name are kept', async () => {
    const response = await server.request('GET', '/assets/main-abc123.js')
    expect(response.headers.get('content-type')).toContain('javascript')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })
  it.each([
    '/.env',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets',
    '/assets/',
    '/package.json',
  ])('%s is not served', async (path) => {
    expect(await (await server.request('GET', path)).text()).not.toMatch(/CANARY|"name"/)
  })
})

describe('events', () => {
  it('tell the snapshot at once, and again when an import changed it', async () => {
    const stop = new AbortController()
    const response = await fetch(`${server.url}/api/events`, {
      headers: { Cookie: server.cookie },
      signal: stop.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    let heard = ''
    const listening = (async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>)
        heard += chunk
    })().catch(() => undefined)
    await expect.poll(() => heard).toContain('"id":"empty"')
    await server.importText('harbour.json', smallBundle)
    await expect.poll(() => heard.split('event: snapshot').length).toBe(3)
    expect(heard).toContain('event: import')
    expect(heard).toContain('"entities":5')
    stop.abort()
    await listening
  })
  it('are not for pages of others', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const response = await server.request('GET', '/api/events', { headers: { 'Sec-Fetch-Site': site } })
      expect(response.status).toBe(403)
    }
  })
})

describe('an import over HTTP', () => {
  it('goes from files to a report, and knows what it may do next', async () => {
    const { id, state } = (await (await server.request('POST', '/api/imports', { json: {} })).json()) as {
      id: string
      state: string
    }
    expect(state).toBe('collecting')
    const upload = { body: smallBundle, headers: { 'X-Keyfall-Upload': '1' } }
    expect((await server.request('PUT', `/api/imports/${id}/files?name=a.json`, { body: 'x' })).status).toBe(415)
    expect((await server.request('PUT', `/api/imports/${id}/files`, upload)).status).toBe(400)
    expect((await server.request('POST', `/api/imports/${id}/commit`, { json: {} })).status).toBe(409)
    expect((await server.request('PUT', `/api/imports/${id}/files?name=a.json`, upload)).status).toBe(200)
    expect((await server.request('POST', `/api/imports/${id}/start`)).status).toBe(200)
    expect((await server.request('PUT', `/api/imports/${id}/files?name=b.json`, upload)).status).toBe(409)
    await expect.poll(async () => (await server.json(`/api/imports/${id}`)).state, { timeout: 20_000 }).toBe('preview')
    const done = (await (await server.request('POST', `/api/imports/${id}/commit`, { json: {} })).json()) as {
      state: string
    }
    expect(done.state).toBe('done')
    expect((await server.request('DELETE', `/api/imports/${id}`)).status).toBe(200)
    expect((await server.json(`/api/imports/${id}`)).state).toBe('undone')
  })
})
