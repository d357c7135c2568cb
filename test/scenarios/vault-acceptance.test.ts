import { beforeAll, describe, expect, it } from 'vitest'
import { assessed } from '../../graph/answer/blast.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import type { Operation } from '../../graph/wire.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { scopesOfFiles } from './scopes-of-files.ts'

/**
 * Acceptance tests (b) and (c) of the interoperability page, from the exports a Vault really gives to the answer:
 * deleting a role or disabling an entity breaks nobody at once, because leases live to their end; a static role that
 * is rotated breaks at once whoever read the password at its start, and nobody who reads it again in time.
 */
const address = 'vault.example.com'
const now = '2026-11-20T12:00:00Z'
const secret = (path: string): string => keys.vaultSecret(address, path)

const reply = (path: string, data: unknown): string => JSON.stringify({ path, data })
const config = [
  reply('sys/mounts', {
    'database/': { type: 'database', accessor: 'database_1', config: { default_lease_ttl: 0, max_lease_ttl: 0 } },
    'secret/': { type: 'kv', accessor: 'kv_1', options: { version: '2' }, config: {} },
  }),
  reply('auth/kubernetes/role/shop', {
    bound_service_account_names: ['api'],
    bound_service_account_namespaces: ['shop'],
    token_ttl: 14_400,
    token_max_ttl: 86_400,
    token_policies: ['shop'],
  }),
  reply('database/config/orders-pg', {
    plugin_name: 'postgresql-database-plugin',
    connection_details: { username: 'vault', connection_url: 'postgresql://{{username}}:{{password}}@db:5432/orders' },
  }),
  reply('database/roles/orders', { db_name: 'orders-pg', default_ttl: 3600, max_ttl: 86_400, creation_statements: [] }),
  reply('database/static-roles/batch', { db_name: 'orders-pg', username: 'batch', rotation_period: 86_400 }),
].join('\n')

const entry = (
  type: 'request' | 'response',
  id: string,
  who: { name: string; entity: string },
  path: string,
  mount: string,
  mountType: string,
): string =>
  JSON.stringify({
    time: '2026-11-20T11:00:00Z',
    type,
    auth: {
      accessor: `hmac-sha256:acc-${who.name}`,
      display_name: who.name,
      entity_id: who.entity,
      metadata: { role: 'shop', service_account_name: 'api', service_account_namespace: 'shop' },
      policies: ['default', 'shop'],
      token_ttl: 14_400,
      token_type: 'service',
    },
    request: {
      id,
      operation: 'read',
      path,
      mount_type: mountType,
      mount_point: mount,
      namespace: { id: 'root' },
      remote_address: '10.0.1.7',
      headers: { 'user-agent': ['Vault Agent/1.18.0'] },
    },
    ...(type === 'response' ? { response: {} } : {}),
  })
const leaser = { name: 'kubernetes-shop-api', entity: 'ent-api' }
const reader = { name: 'kubernetes-shop-web', entity: 'ent-web' }
const audit = (['request', 'response'] as const)
  .flatMap((type) => [
    entry(type, 'r1', leaser, 'database/creds/orders', 'database/', 'database'),
    entry(type, 'r2', reader, 'secret/data/shop/mail', 'secret/', 'kv'),
  ])
  .join('\n')

const uses = (from: string, attributes: object): object => ({
  kind: 'USES_SECRET',
  from,
  to: secret('database/static-creds/batch'),
  evidence: [{ source: 'bundle', kind: 'asserted' }],
  ...attributes,
})
const bundle = JSON.stringify({
  format: 'keyfall.bundle/1',
  scope: 'shop',
  entities: ['at-start', 're-reader', 'per-use', 'at-start-with-pool'].map((id) => ({ id, role: 'workload' })),
  relationships: [
    uses('at-start', { delivery: 'env_at_start', session: [0, 0] }),
    uses('at-start-with-pool', { delivery: 'env_at_start', session: [0, 1800] }),
    uses('re-reader', { delivery: 'agent_template', pickup: [0, 300], session: [600, 1800] }),
    uses('per-use', { delivery: 'fetch_per_use', session: [0, 0] }),
  ],
})

let estate: Estate
beforeAll(async () => {
  const files = [rawFile('vault.ndjson', config), rawFile('audit.log', audit), rawFile('shop.json', bundle)]
  const scopes = await scopesOfFiles(files, now, address)
  estate = buildEstate(scopes, { id: 'acceptance', at: now, sample: false })
})

const client = (name: string): string => `${keys.vaultServer(address)}/client/${name}@10.0.1.0/24`
const outcome = (subject: string, op: Operation, dependent: string) => {
  const found = assessed(estate, idOf(subject), { op }, now).dependents.find(
    ({ index }) => estate.entities[index]!.key === dependent,
  )
  return found && { certain: found.certain, possible: found.possible, band: found.band, verdict: found.verdict }
}

describe('(b) what Vault made lives on', () => {
  it('a database role is deleted: nothing at t+0, the break comes at the end of the lease', () => {
    const api = outcome(secret('database/creds/orders'), 'delete', client('kubernetes-shop-api'))
    // The agent renews at two thirds: at least a third of the hour is left, and never more than the hour.
    expect(api?.possible?.[0]).toBeGreaterThanOrEqual(1200)
    expect(api?.certain?.[0]).toBeGreaterThanOrEqual(3600)
    expect(api?.certain?.[0]).toBeLessThanOrEqual(3605)
    expect(api?.band).not.toBe('now')
  })

  it('an auth role is deleted: nothing at t+0, the lease ends when it cannot be renewed', () => {
    const api = outcome(keys.vaultRole(address, 'auth/kubernetes/', 'shop'), 'delete', client('kubernetes-shop-api'))
    expect(api?.possible?.[0]).toBeGreaterThanOrEqual(1200)
    expect(api?.certain ?? api?.possible).not.toBeNull()
    expect(api?.band).not.toBe('now')
  })

  it('an entity is disabled: the leased database credential survives to its end', () => {
    const api = outcome(keys.vaultEntity(address, 'ent-api'), 'disable', client('kubernetes-shop-api'))
    expect(api?.possible?.[0]).toBeGreaterThanOrEqual(1200)
    expect(api?.certain?.[0]).toBeGreaterThanOrEqual(3600)
    // Nobody of another entity is touched.
    const web = outcome(keys.vaultEntity(address, 'ent-api'), 'disable', client('kubernetes-shop-web'))
    expect(web?.possible ?? null).toBeNull()
  })

  it('who only read a value keeps it until it reads again: not certain to break, and not said to be safe', () => {
    const web = outcome(keys.vaultEntity(address, 'ent-web'), 'disable', client('kubernetes-shop-web'))
    expect(web?.certain).toBeNull()
    expect(['unknown', 'breaks', 'steps']).toContain(web?.verdict)
  })

  it('the root credential is revoked: leases that are out go on, none is made again', () => {
    const root = keys.vaultCredential(secret('database/config/orders-pg'), 'root')
    const api = outcome(root, 'revoke', client('kubernetes-shop-api'))
    expect(api?.possible?.[0]).toBeGreaterThanOrEqual(1200)
    expect(api?.band).not.toBe('now')
  })

  it('the leases themselves are revoked: at once', () => {
    const leases = keys.vaultCredential(secret('database/creds/orders'), 'lease')
    const api = outcome(leases, 'revoke', client('kubernetes-shop-api'))
    // A restart takes a new lease, so this one is safe after a step.
    expect(api).toMatchObject({ band: 'now', verdict: 'steps' })
    expect(api?.certain?.[0]).toBeLessThanOrEqual(5)
  })
})

describe('(c) a static role is rotated', () => {
  const password = keys.vaultCredential(secret('database/static-creds/batch'), 'password')
  const rotated = (name: string) => outcome(password, 'rotate', `bundle:shop/${name}`)

  it('who read the password at its start breaks at once', () => {
    const broken = rotated('at-start')
    expect(broken?.certain?.[0]).toBeLessThanOrEqual(5)
    expect(broken).toMatchObject({ band: 'now', certain: [expect.any(Number), null] })
  })

  it('an open pool hides it at most as long as its connections live', () => {
    const pooled = rotated('at-start-with-pool')
    expect(pooled?.certain?.[0]).toBeLessThanOrEqual(1805)
    expect(pooled?.possible?.[0]).toBeLessThanOrEqual(5)
  })

  it('who reads again before its sessions end, or at each use, does not notice', () => {
    for (const name of ['re-reader', 'per-use']) {
      expect(rotated(name), name).toMatchObject({ certain: null, possible: null })
    }
  })
})
