import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../server/root.ts'
import { routes } from '../../server/http/routes.ts'
import { runCli } from '../cli/run-cli.ts'
import { testServer, type TestServer } from './running-server.ts'

const MARK = 'KEYFALL-CANARY'

/** Every way a value may be written down. Base64 in its three alignments, because it may stand anywhere in a text. */
const forms = new Map<string, string>([
  ['raw', MARK],
  ['hex', Buffer.from(MARK).toString('hex')],
  ['HEX', Buffer.from(MARK).toString('hex').toUpperCase()],
  ['reversed', [...MARK].reverse().join('')],
  ['url', [...MARK].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('')],
  ['url of the dash', MARK.replace('-', '%2D')],
  ['json', [...MARK].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['utf-16', Buffer.from(MARK, 'utf16le').toString('latin1')],
  ...[0, 1, 2].map((shift): [string, string] => {
    const text = Buffer.from('x'.repeat(shift) + MARK).toString('base64')
    // The characters at the edges also hold bits of the neighbours.
    return [`base64 at ${shift}`, text.slice(shift === 0 ? 0 : shift + 1, -4)]
  }),
])

/** Names of the forms in which a canary stands in these bytes. */
function canariesIn(bytes: Uint8Array | string): string[] {
  const text = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : Buffer.from(bytes).toString('latin1')
  return [...forms].filter(([, form]) => text.includes(form)).map(([name]) => name)
}

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesUnder(path)
    else if (entry.isFile()) yield path
  }
}

async function everySegment(server: TestServer): Promise<Uint8Array[]> {
  const { store } = server.estate
  const found: Uint8Array[] = []
  for (const { importId } of (await store.heads()).values()) {
    for await (const { bytes } of store.readSegments(importId)) found.push(bytes)
    found.push(Buffer.from(JSON.stringify(await store.manifest(importId))))
  }
  return found
}

const everyFile = (folder: string): string[] => [...filesUnder(folder)].filter((file) => statSync(file).size > 0)

/** Every GET reply that names things: home, a search for each letter, each thing found, each credential's fall. */
async function everyReply(server: TestServer): Promise<string[]> {
  const replies: string[] = []
  const get = async (path: string): Promise<string> => {
    const text = await (
      await server.request('GET', path, { headers: { Authorization: `Bearer ${token(server)}` } })
    ).text()
    replies.push(text)
    return text
  }
  for (const path of routes.filter(
    ({ method, path, reply }) => method === 'GET' && !path.includes('{') && reply !== 'text/event-stream',
  ))
    await get(`${path.path}?q=a&text=a`)
  const found = JSON.parse(await get('/api/find?q=a&limit=100')) as { hits: { id: string; role: string }[] }
  for (const { id, role } of found.hits.slice(0, 60)) {
    await get(`/api/nodes/${id}`)
    if (role !== 'credential') continue
    for (const op of ['revoke', 'rotate']) await get(`/api/blast/${id}?op=${op}`)
    const items = JSON.parse(await get(`/api/blast/${id}/items`)) as { items?: { id: string }[] }
    for (const item of items.items?.slice(0, 3) ?? []) await get(`/api/blast/${id}/why/${item.id}`)
  }
  return replies
}

const token = ({ dataDir }: TestServer): string =>
  (JSON.parse(readFileSync(join(dataDir, 'api.json'), 'utf8')) as { token: string }).token

describe('the search itself', () => {
  it('finds a canary in each form', () => {
    for (const [name, form] of forms) expect(canariesIn(Buffer.from(`…${form}…`, 'latin1')), name).toContain(name)
    for (const before of ['', 'a', 'ab', 'abc']) {
      const hidden = Buffer.from(`${before}${MARK}-value`).toString('base64')
      expect(
        canariesIn(hidden).some((name) => name.startsWith('base64')),
        before,
      ).toBe(true)
    }
  })
})

describe('values that stand in export files', () => {
  const sample = join(packageRoot(), 'server', 'sample')
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
    const report = await runCli('--data', server.dataDir, 'import', sample, ...fixtures(), '--accept-retire', '0')
    expect(report.code, report.err).not.toBe(2)
    expect(canariesIn(report.out + report.err), 'report').toEqual([])
  })
  afterAll(() => server.close())

  it('are planted', () => {
    const planted = [sample, ...fixtures()]
      .flatMap(everyFile)
      .filter((file) => canariesIn(readFileSync(file)).length > 0)
    expect(planted.length).toBeGreaterThan(3)
  })
  it('are in no file of the data directory, and in no segment', async () => {
    const segments = await everySegment(server)
    expect(segments.length).toBeGreaterThan(255)
    for (const bytes of segments) expect(canariesIn(bytes)).toEqual([])
    for (const file of everyFile(server.dataDir)) expect(canariesIn(readFileSync(file)), file).toEqual([])
  })
  it('are in no reply, and in no line of the log', async () => {
    const replies = await everyReply(server)
    expect(replies.length).toBeGreaterThan(30)
    for (const reply of replies) expect(canariesIn(reply)).toEqual([])
    expect(server.logged.length).toBeGreaterThan(30)
    expect(canariesIn(server.logged.join(''))).toEqual([])
  })
  it('are found in each of those places when put there on purpose', async () => {
    await server.importText(
      'planted.json',
      JSON.stringify({
        format: 'keyfall.bundle/1',
        scope: 'planted',
        entities: [{ id: 'p', role: 'workload', name: `a ${MARK} on purpose` }],
        relationships: [],
      }),
    )
    expect((await everySegment(server)).some((bytes) => canariesIn(bytes).length > 0)).toBe(true)
    expect((await everyReply(server)).some((reply) => canariesIn(reply).includes('raw'))).toBe(true)
  })
})

/** Fixtures of the importers, which plant one in every field that holds a value by nature. */
function fixtures(): string[] {
  const importers = join(packageRoot(), 'importers')
  return readdirSync(importers, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(importers, name, 'fixtures'))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() && everyFile(folder).length > 0)
}
