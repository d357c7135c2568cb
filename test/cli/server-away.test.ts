import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ImportReply } from '../../graph/wire.ts'
import { openLocalDoor } from '../../server/auth/local-token.ts'
import { runCli } from './run-cli.ts'

/** What a server says at each step of an import; a step that gives nothing breaks the connection off. */
let says: Partial<Record<'create' | 'upload' | 'start' | 'commit' | 'look', () => object | number | undefined>>
let server: Server
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyfall-away-'))
  writeFileSync(join(folder, 'a.json'), '{}')
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  openLocalDoor(join(folder, 'data'), `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a-token')
  return () => rmSync(folder, { recursive: true, force: true })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _ of request);
  const { method, url = '' } = request
  const step = url.endsWith('/commit')
    ? 'commit'
    : url.endsWith('/start')
      ? 'start'
      : method === 'PUT'
        ? 'upload'
        : method === 'POST'
          ? 'create'
          : 'look'
  const said = url === '/api/health' ? {} : (says[step] ?? (() => reply({ state: 'preview' })))()
  if (said === undefined) return void request.socket.destroy()
  if (typeof said === 'number') return void response.writeHead(said).end('<html>Bad gateway</html>')
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said))
}

function reply(more: Partial<ImportReply>): ImportReply {
  const progress = { file: '', files: 0, filesDone: 0, bytes: 0, totalBytes: null, records: 0 }
  const [startedAt, nothing] = ['2026-11-20T04:00:00Z', { files: [], scopes: [], guard: null }]
  return {
    id: 'one',
    state: 'preview',
    startedAt,
    progress,
    ...nothing,
    before: null,
    after: null,
    error: null,
    ...more,
  }
}

const imported = () => runCli('import', join(folder, 'a.json'), '--data', join(folder, 'data'), '--json')

it('says what the server said that failed, what to do, and how to find it in the log', async () => {
  const error = { code: 'store-unavailable', message: 'the store does not answer', hint: 'start it', requestId: 'r-17' }
  says = { start: () => reply({ state: 'failed', error }) }
  const { code, err } = await imported()
  expect(code).toBe(1)
  expect(err).toContain('the store does not answer (requestId r-17)')
  expect(err).toContain('start it')
  expect(err).not.toContain('something went wrong')
})

it('says which server went away in the middle, and that repeating is safe', async () => {
  says = { start: () => undefined }
  const { code, err } = await imported()
  expect(code).toBe(1)
  expect(err).toMatch(/the server at http:\/\/127\.0\.0\.1:\d+ did not answer \(\w+\)/)
  expect(err).toContain('changes nothing twice')
})

it('says so where something else answers in its place', async () => {
  says = { upload: () => 502 }
  const { code, err } = await imported()
  expect(code).toBe(1)
  expect(err).toContain('answered 502')
})

it('waits for a commit whose connection broke off, as one that takes longer than a client waits', async () => {
  let looks = 0
  says = {
    commit: () => undefined,
    look: () => reply({ state: looks++ < 3 ? 'committing' : 'done' }),
  }
  const { out } = await imported()
  expect(looks).toBe(4)
  expect((JSON.parse(out) as ImportReply).state).toBe('done')
})

it('does not take a commit that never arrived for one that is done', async () => {
  says = { commit: () => undefined }
  const { code, out, err } = await imported()
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain('Nothing was imported')
})
