import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import type { ItemsReply, WhyReply } from '../../graph/wire.ts'
import type { OverridesReply } from '../../graph/wire-overrides.ts'
import { testServer, type TestServer } from './running-server.ts'
import { smallBundle, smallKey } from './small-bundle.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
})
afterAll(() => server.close())

const key = idOf(smallKey)
const send = async (method: 'PUT' | 'DELETE', path: string, body: object = {}) => {
  const response = await server.request(method, path, { json: body })
  return { status: response.status, reply: (await response.json()) as OverridesReply & { message?: string } }
}
const ofQuay = async () => {
  const { items } = (await server.json(`/api/blast/${key}/items?op=rotate&overlap=600`)) as ItemsReply
  return items.find(({ name }) => name === 'quay-api')!
}

describe('times that people set', () => {
  it('change the answer, are shown as set, outlive another import, and can be taken back', async () => {
    const ids = await findIds()
    expect((await ofQuay()).verdict).toBe('unknown')
    const { reply, status } = await send('PUT', '/api/overrides', {
      kind: 'USES_SECRET',
      ...ids,
      pickup: [0, 300],
      note: 'polls every five minutes',
    })
    expect(status).toBe(200)
    expect(reply.overrides).toMatchObject([{ inForce: true, pickup: [0, 300], note: 'polls every five minutes' }])
    expect(reply.overrides[0]!.sentence).toBe('quay-api uses secret/quay: takes a new value within 5 min (set by you)')
    expect((await ofQuay()).verdict).toBe('keeps')
    const why = (await server.json(`/api/blast/${key}/why/${ids.from}?op=rotate&overlap=600`)) as WhyReply
    expect(JSON.stringify(why.paths)).toContain('pickup set by owner of this server: polls every five minutes')

    await server.importText('harbour.json', smallBundle.replace('"nightly-invoices"', '"nightly-bills"'))
    expect((await ofQuay()).verdict).toBe('keeps')

    const gone = await send('DELETE', `/api/overrides/${reply.overrides[0]!.id}`)
    expect(gone.reply.overrides).toEqual([])
    expect((await ofQuay()).verdict).toBe('unknown')
  })

  it('may say how long the platform takes', async () => {
    const { reply } = await send('PUT', '/api/overrides', { from: key, lag: [0, 7200] })
    const blast = (await server.json(`/api/blast/${key}?op=disable`)) as { change: { lag: number[]; words: string } }
    expect(blast.change).toMatchObject({ lag: [0, 7200], words: 'disabled now; refused everywhere within 2 h' })
    await send('DELETE', `/api/overrides/${reply.overrides[0]!.id}`)
  })

  it('are refused where they make no sense', async () => {
    const ids = await findIds()
    const refused = async (body: object) => (await send('PUT', '/api/overrides', body)).status
    expect(await refused({ kind: 'USES_SECRET', ...ids })).toBe(422)
    expect(await refused({ kind: 'USES_SECRET', ...ids, pickup: [300, 0] })).toBe(400)
    expect(await refused({ kind: 'USES_SECRET', ...ids, pickup: [-1, 0] })).toBe(400)
    expect(await refused({ kind: 'RUNS_AS', ...ids, pickup: [0, 1] })).toBe(404)
    expect(await refused({ from: key, pickup: [0, 1] })).toBe(422)
    expect(await refused({ from: idOf('nothing'), lag: [0, 1] })).toBe(404)
    expect((await send('DELETE', `/api/overrides/${idOf('nothing')}`)).status).toBe(404)
  })
})

/** Ids of the consumer and of the place it reads, as the server knows them. */
async function findIds(): Promise<{ from: string; to: string }> {
  const find = async (q: string) =>
    ((await server.json(`/api/find?q=${encodeURIComponent(q)}`)) as { hits: { id: string; name: string }[] }).hits.find(
      ({ name }) => name === q,
    )!.id
  return { from: await find('quay-api'), to: await find('secret/quay') }
}
