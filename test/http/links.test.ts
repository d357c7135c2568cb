import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import type { LinksReply } from '../../graph/wire-links.ts'
import { testServer, type TestServer } from './running-server.ts'

const bundle = (extra: object[] = []) =>
  JSON.stringify({
    format: 'keyfall.bundle/1',
    scope: 'links',
    entities: [
      { id: 'system:checkout', kind: 'business.system', name: 'Checkout' },
      { id: 'k8s:prod/shop/deployment/checkout', kind: 'k8s.deployment', name: 'checkout' },
      { id: 'aws:key:one', kind: 'aws.iam_access_key', name: 'one' },
      { id: 'caller:one|10.0.0.8|boto3', kind: 'caller', name: '10.0.0.8 with boto3' },
      ...extra,
    ],
    relationships: [
      {
        kind: 'USES_CREDENTIAL',
        from: 'caller:one|10.0.0.8|boto3',
        to: 'aws:key:one',
        evidence: [{ source: 'test', kind: 'observed' }],
      },
    ],
  })

let server: TestServer
beforeAll(async () => {
  server = await testServer()
  await server.importText('links.json', bundle())
})
afterAll(() => server.close())

const get = async () => (await server.json('/api/connections')) as LinksReply
const send = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body: object = {}) => {
  const response = await server.request(method, path, { json: body })
  return { status: response.status, reply: (await response.json()) as LinksReply & { message?: string } }
}

describe('links', () => {
  it('are suggested, confirmed, outlive another import, and can be taken back', async () => {
    const [suggested] = (await get()).open
    expect(suggested).toMatchObject({ kind: 'DEPENDS_ON', sentence: 'Checkout depends on checkout' })
    const before = (await get()).snapshot.id

    const { reply } = await send('PUT', `/api/connections/${suggested!.id}`, {
      decision: 'confirmed',
      note: 'asked the team',
    })
    expect(reply.open).toEqual([])
    expect(reply.decided).toMatchObject([{ decision: 'confirmed', inForce: true, note: 'asked the team' }])
    expect(reply.snapshot.id).not.toBe(before)

    await server.importText('links.json', bundle([{ id: 'team:a', kind: 'business.team', name: 'a' }]))
    expect((await get()).decided).toMatchObject([{ decision: 'confirmed', inForce: true }])

    const after = await send('DELETE', `/api/connections/${suggested!.id}`)
    expect(after.reply.decided).toEqual([])
    expect(after.reply.open.map(({ id }) => id)).toEqual([suggested!.id])
  })

  it('can be stated where no source shows one: a caller gets a name', async () => {
    const ends = { from: idOf('caller:one|10.0.0.8|boto3'), to: idOf('k8s:prod/shop/deployment/checkout') }
    const { status, reply } = await send('POST', '/api/connections', { kind: 'SAME', ...ends })
    expect(status).toBe(201)
    expect(reply.decided).toMatchObject([{ kind: 'SAME', inForce: true, from: { name: '10.0.0.8 with boto3' } }])
    const blast = (await server.json(`/api/blast/${idOf('aws:key:one')}/items?op=revoke`)) as {
      items: { name: string }[]
    }
    expect(blast.items.map(({ name }) => name)).toContain('checkout')
  })

  it('are refused where they make no sense or do not exist', async () => {
    const [system, key] = [idOf('system:checkout'), idOf('aws:key:one')]
    const wrong = await send('POST', '/api/connections', { kind: 'HOLDS', from: system, to: key })
    expect([wrong.status, wrong.reply.message]).toEqual([
      422,
      'Checkout (System) holds one (AWS access key) makes no sense',
    ])
    expect((await send('PUT', `/api/connections/${idOf('nothing')}`, { decision: 'rejected' })).status).toBe(404)
    expect((await send('DELETE', `/api/connections/${idOf('nothing')}`)).status).toBe(404)
  })
})
