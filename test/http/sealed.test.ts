import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { findLocalDoor, type LocalDoor } from '../../server/auth/local-token.ts'
import { readConfig } from '../../server/config.ts'
import { startServer, type RunningServer } from '../../server/http/start.ts'
import { openLog } from '../../server/log.ts'
import { sealNew } from '../../server/seal/open-sealed.ts'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { smallBundle } from './small-bundle.ts'

const PASSPHRASE = 'four quiet harbour words'
const PLANTED = ['AKIAEXAMPLEHARBOUR01', 'harbour', 'billing', 'blast.read', 'import.commit']

let dataDir: string
let server: RunningServer | undefined
beforeEach(() => {
  buildIfNeeded(['server'])
  dataDir = mkdtempSync(join(tmpdir(), 'keyfall-sealed-'))
})
afterEach(async () => {
  await server?.close()
  server = undefined
  delete process.env['KEYFALL_SEAL']
  delete process.env['KEYFALL_SEAL_KEYFILE']
  rmSync(dataDir, { recursive: true, force: true })
})

const start = (): Promise<RunningServer> =>
  startServer({ config: readConfig({}, { dataDir, port: '0' }), log: openLog('silent'), checkReplies: true })

async function doorOf(before?: LocalDoor): Promise<LocalDoor> {
  await expect
    .poll(() => findLocalDoor(dataDir)?.token !== before?.token && findLocalDoor(dataDir), { timeout: 20_000 })
    .toBeTruthy()
  return findLocalDoor(dataDir)!
}

const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url, ...headers },
    body: JSON.stringify(body),
  })

async function importSmall({ url, token }: LocalDoor, estate: RunningServer['estate']): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` }
  const { id } = (await (await post(url, '/api/imports', {}, headers)).json()) as { id: string }
  await fetch(`${url}/api/imports/${id}/files?name=harbour.json`, {
    method: 'PUT',
    headers: { ...headers, Origin: url, 'X-Keyfall-Upload': '1' },
    body: smallBundle,
  })
  await post(url, `/api/imports/${id}/start`, {}, headers)
  await estate.jobs.find(id)!.settled()
  expect((await post(url, `/api/imports/${id}/commit`, {}, headers)).ok).toBe(true)
}

/** Everything that lies in the data directory, as one text of bytes. */
function raw(): string {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dataDir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')
}

it('P11: with a key file, nothing of the map or the audit can be read in the data directory, and it opens again', async () => {
  const keyFile = join(dataDir, '..', `${dataDir.split('/').at(-1)}.key`)
  writeFileSync(keyFile, 'k'.repeat(40), { mode: 0o600 })
  process.env['KEYFALL_SEAL'] = 'keyfile'
  process.env['KEYFALL_SEAL_KEYFILE'] = keyFile
  server = await start()
  await importSmall(await doorOf(), server.estate)
  const before = server.estate.keeper.snapshot()
  expect(before.entities).toBeGreaterThan(1)
  // With the log of the store still there, and after it was folded in.
  for (const open of [true, false]) {
    if (!open) await server.close()
    const text = raw()
    expect(text.length).toBeGreaterThan(10_000)
    for (const name of PLANTED) expect([open, name, text.includes(name)]).toEqual([open, name, false])
  }
  server = await start()
  expect(server.estate.keeper.snapshot()).toEqual(before)
  await server.close()
  server = undefined
  writeFileSync(keyFile, 'x'.repeat(40), { mode: 0o600 })
  await expect(start()).rejects.toMatchObject({ name: 'WrongSecret' })
  delete process.env['KEYFALL_SEAL']
  rmSync(keyFile)
}, 60_000)

it('the search of that test finds the names in a store that is not sealed', async () => {
  server = await start()
  await importSmall(await doorOf(), server.estate)
  const text = raw()
  expect(PLANTED.filter((name) => text.includes(name)).length).toBeGreaterThan(1)
}, 60_000)

it('until it is unsealed, the server answers health and unseal alone; a wrong passphrase, another page, a used store are refused', async () => {
  const plain = await openEmbeddedStore(dataDir)
  await sealNew(plain, Buffer.from(PASSPHRASE), process.env)
  await plain.close()
  const starting = start()
  const sealed = await doorOf()
  const { url } = sealed
  expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'starting' })
  for (const path of ['/', '/api/home', '/api/openapi.json', '/api/audit']) {
    const response = await fetch(url + path, { headers: { Authorization: `Bearer ${sealed.token}` } })
    expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([path, 503, 'sealed'])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
  expect((await post(url, '/api/unseal', { passphrase: 'five loud harbour words' })).status).toBe(403)
  expect((await post(url, '/api/unseal', { passphrase: PASSPHRASE }, { Origin: 'http://evil.example' })).status).toBe(
    403,
  )
  expect((await post(url, '/api/unseal', {})).status).toBe(400)
  expect(await (await post(url, '/api/unseal', { passphrase: PASSPHRASE })).json()).toEqual({ unsealed: true })
  server = await starting
  const door = await doorOf(sealed)
  expect(await (await fetch(`${door.url}/api/health`)).json()).toMatchObject({ status: 'ready' })
  expect((await fetch(`${door.url}/api/home`, { headers: { Authorization: `Bearer ${door.token}` } })).status).toBe(200)
}, 60_000)

it('a store that was used unsealed is not sealed over: what lies there would stay', async () => {
  server = await start()
  await server.close()
  server = undefined
  const store = await openEmbeddedStore(dataDir)
  await expect(sealNew(store, Buffer.from(PASSPHRASE), process.env)).rejects.toThrow('used unsealed')
  await store.close()
})
