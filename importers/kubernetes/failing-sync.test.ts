import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory } from '../read/in-memory.ts'
import { kubernetes } from './index.ts'

const list = (status: object | undefined) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: 'db', namespace: 'shop' },
        spec: {
          refreshInterval: '1h',
          secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
          data: [{ secretKey: 'password', remoteRef: { key: 'shop/db' } }],
        },
        ...(status && { status }),
      },
    ],
  })

async function syncOf(status: object | undefined) {
  const { relationships } = await runInMemory(kubernetes, { 'shop.json': list(status) }, 'prod')
  const from = keys.k8s('prod', 'shop', 'secret', 'db')
  return relationships.filter((one) => one.kind === 'SYNCED_FROM' && one.from === from)
}

describe('an ExternalSecret that does not refresh', () => {
  it('promises no new value, whatever its interval says', async () => {
    const failing = { conditions: [{ type: 'Ready', status: 'False', reason: 'SecretSyncedError' }] }
    const [sync] = await syncOf(failing)
    expect(sync).toMatchObject({ delivery: 'manual' })
    expect(sync!.pickup).toBeUndefined()
    expect(sync!.evidence![0]!.note).toContain('Ready is False')
  })

  it.each([undefined, {}, { conditions: 'odd' }, { conditions: [{ type: 'Ready', status: 'True' }] }])(
    'keeps its interval with status %j',
    async (status) => expect(await syncOf(status)).toMatchObject([{ delivery: 'operator_sync', pickup: [0, 3600] }]),
  )
})
