import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { AuditReply, AuditVerdict } from '../../graph/wire-audit.ts'
import { actionRow, actions } from '../../server/audit/actions.ts'
import { checkpointOf, readCheckpointLines } from '../../server/audit/checkpoints.ts'
import { entriesOf, isExtractWhole } from '../../server/audit/extract.ts'
import { auditPlace, ledgerAt } from '../../server/audit/open.ts'
import { exportLines } from '../../server/audit/export-forms.ts'
import { recordOf, type AuditRecord } from '../../server/audit/record.ts'
import { routes } from '../../server/http/routes.ts'
import type { Route } from '../../server/http/route.ts'
import { smallBundle, smallKey } from './small-bundle.ts'
import { testServer, type TestServer } from './running-server.ts'

let server: TestServer
let outside: string
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'keyfall-outside-'))
  process.env['KEYFALL_AUDIT_SINK'] = join(outside, 'checkpoints.ndjson')
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
  spare = await otherCookie()
})
afterAll(async () => {
  delete process.env['KEYFALL_AUDIT_SINK']
  await server.close()
  rmSync(outside, { recursive: true, force: true })
})

const audited = routes.filter(({ audit }) => audit !== null)
const id = idOf(smallKey)

/** As good as a test that knows no route can ask it; where the shape is wrong, nothing is entered and nothing done. */
const bodies: Record<string, object> = {
  'POST /api/session': { token: 'guess' },
  'POST /api/imports': {},
  'POST /api/imports/{id}/commit': {},
  'PUT /api/connections/{id}': { decision: 'confirmed' },
}
const queries: Record<string, string> = {
  '/api/find': '?q=KEYFALL-CANARY-typed',
  '/api/resolve': '?text=KEYFALL-CANARY-typed',
  '/api/reach': '?text=harbour-key',
  '/api/map-cell': `?row=${id}&column=${id}`,
  '/api/blast/{id}/whatif': '?op=revoke&instead=rotate&insteadOverlap=3600',
  '/api/imports/{id}/files': '?name=KEYFALL-CANARY-name',
}

/** A session of its own, for what ends one. */
async function otherCookie(): Promise<string> {
  const trade = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: server.url },
    body: JSON.stringify({ token: server.link().split('#k=')[1] }),
  })
  return trade.headers.get('set-cookie')!.split(';')[0]!
}
let spare: string

function ask({ method, path, body, upload }: Route): Promise<Response> {
  if (method === 'DELETE' && path === '/api/session')
    return server.request(method, path, { headers: { Cookie: spare } })
  const json = body ? { json: bodies[`${method} ${path}`] ?? {} } : {}
  return server.request(method, path.replaceAll(/\{[a-z]+\}/g, id) + (queries[path] ?? ''), {
    ...json,
    ...(upload && { body: 'x', headers: { 'X-Keyfall-Upload': '1' } }),
  })
}

async function entries(): Promise<AuditRecord[]> {
  const [chain] = await server.estate.store.audit.chains()
  return (await server.estate.store.audit.read(chain!, 0, 100_000)).map(({ body }) => recordOf(body)!)
}

/** Puts something in the place of `append` while `run` runs. */
async function withAppend<T>(append: (go: () => Promise<void>) => Promise<void>, run: () => Promise<T>): Promise<T> {
  const { audit } = server.estate.store
  const real = audit.append
  const put = (value: typeof real): void => void Object.defineProperty(audit, 'append', { configurable: true, value })
  put((...args) => append(() => real(...args)))
  try {
    return await run()
  } finally {
    put(real)
  }
}

it('every route has a code of the table, or shows nothing', () => {
  for (const { audit, method, path } of audited) expect(Object.keys(actions), `${method} ${path}`).toContain(audit)
  const without = routes.filter(({ audit }) => audit === null).map(({ method, path }) => `${method} ${path}`)
  // Docs: decisions/014-audit-and-seal.md lists these.
  expect(without.sort()).toEqual(WITHOUT)
})

describe.each(audited.map((one) => [`${one.method} ${one.path}`, one] as const))('S4: %s', (name, one) => {
  it('does not answer before its entry is on disk, and says how it ended', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((open) => (release = open))
    const isReached = { asked: false }
    const response = await withAppend(
      async (go) => {
        isReached.asked = true
        await gate
        await go()
      },
      async () => {
        const answer = ask(one)
        const first = await Promise.race([
          answer.then(() => 'answered'),
          new Promise((done) => setTimeout(done, 15, 'waits')),
        ])
        // Only what was refused before it was asked anything answers without an entry.
        if (first === 'answered') expect([400, 415, 429]).toContain((await answer).status)
        release()
        return answer
      },
    )
    await response.body?.cancel()
    if (!isReached.asked) return
    const requestId = response.headers.get('x-request-id')
    const own = (await entries()).filter(({ entry }) => entry.detail.requestId === requestId).map(({ entry }) => entry)
    const isChange = actionRow(one.audit!).kind === 'change'
    const ended = response.ok || response.status === 303 ? [one.audit, 'done'] : [`${one.audit}.failed`, 'failed']
    const last = own.at(-1)!
    expect([last.action, last.outcome]).toEqual(ended)
    if (isChange) expect(own[0]).toMatchObject({ action: one.audit, outcome: 'begun', seq: last.detail.of })
    expect(last.detail.route).toBe(name)
    expect(JSON.stringify(own)).not.toContain('CANARY')
  })

  it('answers 503 and does nothing where no entry can be made', async () => {
    if (name === 'DELETE /api/session') spare = await otherCookie()
    const { store, keeper } = server.estate
    const state = async (): Promise<unknown> => ({
      heads: [...(await store.heads())],
      snapshot: keeper.snapshot().id,
      entries: (await entries()).length,
      docs: await Promise.all(['decision', 'override', 'plan', 'person', 'token'].map((kind) => store.docs.list(kind))),
    })
    const before = await state()
    const response = await withAppend(
      () => Promise.reject(new Error('no space')),
      () => ask(one),
    )
    const text = await response.text()
    if (![400, 415, 429].includes(response.status)) {
      expect([response.status, JSON.parse(text)]).toMatchObject([503, { code: 'audit-unavailable' }])
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    expect(await state()).toEqual(before)
  })
})

it('health is red while entries fail, and green again', async () => {
  const health = async (): Promise<unknown> => (await server.json('/api/health')).status
  await withAppend(
    () => Promise.reject(new Error('no space')),
    () => server.request('GET', '/api/home'),
  )
  expect(await health()).toBe('failing')
  await server.request('GET', '/api/home')
  expect(await health()).toBe('ready')
})

describe('reading the audit', () => {
  const read = async (query = ''): Promise<AuditReply> => AuditReply.parse(await server.json(`/api/audit${query}`))

  it('shows who asked what, newest first, enough to ask it again, and that it verifies', async () => {
    await server.request('GET', `/api/blast/${id}?op=rotate&overlap=3600`)
    const { rows, verdict } = await read()
    expect(verdict).toMatchObject({ ok: true, outside: 'delivered' })
    expect(rows[0]).toMatchObject({
      action: 'blast.read',
      object: id,
      objectName: expect.any(String),
      kind: 'read',
      via: 'session',
    })
    expect(rows[0]!.detail).toMatchObject({
      route: 'GET /api/blast/{id}',
      params: { id },
      query: { op: 'rotate', overlap: '3600' },
      snapshot: server.estate.keeper.snapshot().id,
    })
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).sort((a, b) => b - a))
    expect((await read()).rows[0]!.action).toBe('audit.read')
  })
  it('narrows by who, action, object, outcome and time, and goes on at the cursor', async () => {
    expect((await read('?action=blast')).rows.every(({ action }) => action.startsWith('blast.'))).toBe(true)
    expect((await read('?action=import.commit')).rows.length).toBeGreaterThan(0)
    expect((await read(`?object=${id}`)).rows.every((row) => JSON.stringify(row).includes(id))).toBe(true)
    expect((await read('?who=nobody-here')).rows).toEqual([])
    expect((await read('?outcome=failed')).rows.every(({ action }) => action.endsWith('.failed'))).toBe(true)
    expect((await read('?to=2020-01-01')).rows).toEqual([])
    const first = await read('?limit=3')
    const next = await read(`?limit=3&cursor=${first.cursor}`)
    expect(next.rows[0]!.seq).toBe(first.rows[2]!.seq - 1)
  })
  it('is verified, exported with macs and checkpoints, and the key is given out', async () => {
    // What every route was asked above counts towards the limit of that session.
    const headers = { Cookie: await otherCookie() }
    const verdict = await (await server.request('GET', '/api/audit/verify', { headers })).json()
    expect(AuditVerdict.parse(verdict)).toMatchObject({ ok: true, faults: [] })
    const text = await (await server.request('GET', '/api/audit/export', { headers })).text()
    const lines = text.trim().split('\n')
    expect(
      lines.filter((line) => recordOf(line)).length + lines.filter((line) => line.startsWith('{"checkpoint":')).length,
    ).toBe(lines.length)
    expect(text).toContain('{"checkpoint":')
    const { chain } = (await entries())[0]!.entry
    const csv: string[] = []
    for await (const line of exportLines(server.estate.store.audit, { chain, form: 'csv', checkpoints: [] }))
      csv.push(line)
    expect(csv[0]).toMatch(/^seq,ts,actor/)
    expect(csv.length).toBeGreaterThan(100)
    const key = await server.json('/api/audit/key')
    const file = join(outside, 'checkpoints.ndjson')
    expect(readCheckpointLines(file).map((line) => checkpointOf(line)!.key)).toContain(key['id'])
  })
  it('gives the entries of a plan, signed as a whole', async () => {
    const { store } = server.estate
    const place = auditPlace(server.dataDir, process.env)
    const ledger = await ledgerAt(store, place)
    const room = { audit: store.audit, ledger, checkpoints: readCheckpointLines(place.checkpointFile) }
    const extract = await entriesOf(room, { id: 'plan-1', objects: [id] }, '2020-01-01', '2999-01-01')
    expect(extract.lines.length).toBeGreaterThan(0)
    expect(extract.lines.every((line) => line.includes(id))).toBe(true)
    expect(isExtractWhole(extract, ledger.keys.id)).toBe(true)
    expect(isExtractWhole(extract, 'f'.repeat(16))).toBe(false)
    for (const [name, value] of Object.entries({
      lines: extract.lines.slice(1),
      to: '2998-01-01',
      entries: 1,
      sig: `${extract.sig.startsWith('A') ? 'B' : 'A'}${extract.sig.slice(1)}`,
    }))
      expect(isExtractWhole({ ...extract, [name]: value }), name).toBe(false)
    expect((await entriesOf(room, { id: 'plan-1', objects: [id] }, '2999-01-01')).lines).toEqual([])
    await ledger.close()
  })
})

/** Ways in, health, the description of the API: they show nothing of the estate. */
const WITHOUT = ['GET /api/health', 'GET /api/me', 'GET /api/oidc/start', 'GET /api/openapi.json', 'GET /api/sign-in']
