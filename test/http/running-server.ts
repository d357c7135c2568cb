import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { findLocalDoor } from '../../server/auth/local-token.ts'
import { readConfig } from '../../server/config.ts'
import { startServer, type RunningServer } from '../../server/http/start.ts'
import { openLog } from '../../server/log.ts'

export interface TestServer extends RunningServer {
  readonly dataDir: string
  readonly cookie: string
  /** Lines that were logged, at trace level. */
  readonly logged: string[]
  /** With the session and as a page of ours, unless headers say otherwise. */
  request(
    method: string,
    path: string,
    sent?: { json?: unknown; body?: string; headers?: Record<string, string> },
  ): Promise<Response>
  json(path: string): Promise<Record<string, unknown>>
  importText(name: string, text: string): Promise<void>
}

/** A server on a free port and a fresh data directory, with one session. Replies are checked against their shapes. */
export async function testServer({
  clientDir,
  environment = {},
}: { clientDir?: string; environment?: Record<string, string> } = {}): Promise<TestServer> {
  buildIfNeeded(['server'])
  const dataDir = mkdtempSync(join(tmpdir(), 'keyfall-http-'))
  const logged: string[] = []
  const config = { ...readConfig(environment, { dataDir, port: '0' }), logLevel: 'trace' as const }
  const log = openLog('trace', { write: (line: string) => void logged.push(line) })
  const server = await startServer({ config, log, checkReplies: true, ...(clientDir && { clientDir }) })
  const trade = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url },
    body: JSON.stringify({ token: server.link().split('#k=')[1] }),
  })
  const cookie = trade.headers.get('set-cookie')!.split(';')[0]!
  const request: TestServer['request'] = (method, path, { json, body, headers = {} } = {}) =>
    fetch(server.url + path, {
      method,
      headers: {
        Cookie: cookie,
        ...(method !== 'GET' && { Origin: server.url }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined && { body }),
    })
  return {
    ...server,
    dataDir,
    cookie,
    logged,
    request,
    json: async (path) => (await (await request('GET', path)).json()) as Record<string, unknown>,
    async importText(name, text) {
      const { id } = (await (await request('POST', '/api/imports', { json: {} })).json()) as { id: string }
      await request('PUT', `/api/imports/${id}/files?name=${encodeURIComponent(name)}`, {
        body: text,
        headers: { 'X-Keyfall-Upload': '1' },
      })
      await request('POST', `/api/imports/${id}/start`)
      const job = server.estate.jobs.find(id)!
      await job.settled()
      const done = await request('POST', `/api/imports/${id}/commit`, { json: {} })
      if (!done.ok) throw new Error(`import of ${name}: ${await done.text()}`)
    },
    async close() {
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The bearer token of commands on this machine. */
export function localToken({ dataDir }: TestServer): string {
  return findLocalDoor(dataDir)!.token
}
