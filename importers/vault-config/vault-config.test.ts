import { readdirSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { pathOfName } from './replies.ts'
import { vaultConfig } from './index.ts'

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const address = 'vault.example.com'
const texts = { 'vault.ndjson': read('vault.ndjson'), 'aws__creds__legacy.json': read('aws__creds__legacy.json') }
const found = await runInMemory(vaultConfig, texts, address)

const secret = (path: string): string => keys.vaultSecret(address, path)
const role = (mount: string, name: string): string => keys.vaultRole(address, mount, name)
const entity = (id: string, outcome: Outcome = found) => {
  const said = outcome.entities.filter((one) => one.id === id)
  return {
    kinds: [...new Set(said.map((one) => one.kind))],
    props: Object.assign({}, ...said.map((one) => one.props)) as object,
  }
}
const related = (kind: string, from: string, to: string, outcome: Outcome = found) =>
  outcome.relationships.filter((one) => one.kind === kind && one.from === from && one.to === to)
const heads = (kind: string, from: string, outcome: Outcome = found) =>
  [...new Set(outcome.relationships.filter((one) => one.kind === kind && one.from === from).map(({ to }) => to))].sort()

describe('recorded replies', () => {
  it('accounts for each, and names what it skipped', () => {
    expect(unaccounted(found)).toEqual([])
    const file = found.files.find(({ name }) => name === 'vault.ndjson')!
    expect(file.skipped.map(({ reason, where }) => `${reason} ${where}`).sort()).toEqual([
      'error-response line 34',
      'not-json line 35',
      'not-relevant line 33',
    ])
    expect([file.read, file.mapped]).toEqual([35, 32])
    expect(file.notes).toEqual([
      '1 policies are named and not in the export (missing-policy): what they allow is not known',
    ])
    expect(found.scopes.map(({ id, complete }) => [id, complete])).toEqual([[`vault/${address}`, false]])
  })

  it('lets no value out', () => expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY'))

  it('a Kubernetes role: who may log in, for how long, and what its policies let it read', () => {
    const id = role('auth/kubernetes/', 'shop-api')
    expect(entity(id).props).toMatchObject({
      boundServiceAccounts: ['shop/api'],
      ttlSeconds: 1200,
      maxTtlSeconds: 7200,
      policies: ['no-payroll', 'shop-read'],
    })
    // payroll is denied by the more specific rule; the database role by name.
    expect(heads('CAN_ACCESS', id)).toEqual(
      [secret('database/creds/orders'), secret('secret/shop/db'), secret('secret/shop/mail')].sort(),
    )
    expect(related('CAN_ACCESS', id, secret('secret/shop/db'))).toMatchObject([
      { confidence: 'none', props: { policy: keys.vaultPolicy(address, 'shop-read'), capability: 'read' } },
    ])
  })

  it('a template decides: may, and said so', () => {
    const [access] = related('CAN_ACCESS', role('auth/approle/', 'ci'), secret('secret/shop/db'))
    expect(access?.props).toMatchObject({ conditions: ['template'] })
  })

  it('an AppRole with its SecretID, a JWT role with its repository, a token that somebody keeps', () => {
    expect(
      related('AUTHENTICATES_AS', keys.vaultSecretId(address, 'sid-acc-1'), role('auth/approle/', 'ci')).length,
    ).toBe(1)
    const subject = keys.vaultSubject(address, 'auth/github-ci/', 'repository:acme/shop')
    expect(related('ASSUMES', subject, role('auth/github-ci/', 'deploy'))).toMatchObject([{ confidence: 'none' }])
    expect(related('DEFINED_IN', subject, keys.githubRepository('acme/shop')).length).toBe(1)
    expect(entity(keys.vaultToken(address, 'tok-acc-1'))).toMatchObject({
      kinds: ['vault.periodic_token'],
      props: { periodSeconds: 86400, expiresAt: '2026-12-01T00:00:00Z' },
    })
  })

  it('a database: root credential, leases with the TTL of the mount, a static role with its rotation', () => {
    const lease = keys.vaultCredential(secret('database/creds/orders'), 'lease')
    const root = keys.vaultCredential(secret('database/config/orders-pg'), 'root')
    expect(entity(lease)).toMatchObject({
      kinds: ['vault.db_dynamic_lease'],
      props: { ttlSeconds: 3600, maxTtlSeconds: 86400, engine: 'postgresql' },
    })
    expect(related('ISSUED_BY', lease, root)).toMatchObject([{ pickup: [0, 0] }])
    expect(entity(root)).toMatchObject({
      kinds: ['db.postgres_password'],
      props: { username: 'vault_root', host: 'orders-db.example.com:5432' },
    })
    const password = keys.vaultCredential(secret('database/static-creds/orders-batch'), 'password')
    expect(entity(password)).toMatchObject({
      kinds: ['db.postgres_password'],
      props: { rotationSeconds: 86400, lastRotatedAt: '2026-11-01T00:00:00Z' },
    })
    expect(heads('AUTHENTICATES_AS', password)).toEqual(['db:orders-db.example.com:5432/user/orders_batch'])
    expect(entity(secret('database/creds/orders')).props).toMatchObject({
      leases: 1,
      leasesEndLast: '2026-11-20T11:00:00Z',
    })
  })

  it('AWS: a session where a role is assumed, a key where a user is made', () => {
    const leases = (name: string) => entity(keys.vaultCredential(secret(`aws/creds/${name}`), 'lease')).kinds
    expect(leases('deploy')).toEqual(['vault.cloud_lease_sts_or_oauth'])
    expect(leases('legacy')).toEqual(['vault.cloud_lease_key'])
    expect(heads('AUTHENTICATES_AS', keys.vaultCredential(secret('aws/creds/deploy'), 'lease'))).toEqual([
      'arn:aws:iam::111122223333:role/deploy',
    ])
    expect(heads('HOLDS', secret('aws/config/root'))).toEqual([keys.awsAccessKey('AKIAEXAMPLEVAULTROOT')])
  })

  it('KV of both versions: keys and fingerprints, never values', () => {
    expect(entity(secret('secret/shop/db'))).toMatchObject({
      kinds: ['vault.kv2_secret'],
      props: { version: 3, customMetadata: ['team=orders'] },
    })
    expect(entity(secret('legacy/shop/ftp'))).toMatchObject({
      kinds: ['vault.secret_path'],
      props: { keys: ['password', 'user'] },
    })
    expect(entity(secret('secret/shop/mail')).props).toMatchObject({
      keys: ['password'],
      fingerprints: [expect.stringMatching(/^password=fp1:/)],
    })
  })

  it('PKI: certificates of a role are issued by its issuer; transit: one key, whatever is done with it', () => {
    const issuer = keys.vaultCredential(secret('pki/issuer/iss-1'), 'issuer')
    expect(heads('ISSUED_BY', keys.vaultCredential(secret('pki/issue/web'), 'lease'))).toEqual([issuer])
    expect(entity(keys.vaultCredential(secret('transit/keys/orders'), 'key'))).toMatchObject({
      kinds: ['vault.transit_key'],
      props: { rotationSeconds: 2592000 },
    })
  })

  it('secrets sync: the copy under the name that its own platform has for it', () => {
    const aws = 'aws:secretsmanager:eu-west-1:vault/kv_1/shop/db'
    expect(related('SYNCED_FROM', aws, secret('secret/shop/db'))).toMatchObject([
      { delivery: 'operator_sync', pickup: [0, 60] },
    ])
    const github = keys.githubRepositorySecret('acme/shop', 'SHOP_MAIL')
    expect(related('SYNCED_FROM', github, secret('secret/shop/mail')).length).toBe(1)
  })

  it('entities and groups', () => {
    expect(entity(keys.vaultEntity(address, 'ent-1')).props).toMatchObject({ serviceAccounts: ['shop/api'] })
    expect(heads('MEMBER_OF', keys.vaultEntity(address, 'ent-1'))).toEqual([keys.vaultGroup(address, 'grp-1')])
    expect(heads('CAN_ACCESS', keys.vaultEntity(address, 'ent-1'))).toContain(secret('secret/shop/payroll'))
  })
})

describe('definitions as code', () => {
  it('policies in files, by the name of the file', async () => {
    const outcome = await runInMemory(vaultConfig, {
      'shop-read.hcl': read('shop-read.hcl'),
      'deny.json': read('deny.json'),
    })
    const rules = outcome.entities.flatMap((one) => (one.props?.['rules'] as string[] | undefined) ?? [])
    expect(rules).toEqual(['deny secret/data/shop/payroll', 'read secret/data/shop/*', 'deny secret/data/shop/payroll'])
  })

  it('objects of the Vault config operator', async () => {
    const outcome = await runInMemory(vaultConfig, { 'operator.yaml': read('operator.yaml') })
    expect(unaccounted(outcome)).toEqual([])
    expect(outcome.files[0]!.skipped).toEqual([{ reason: 'unknown-type', where: 'document 5', count: 1 }])
    const till = role('auth/kubernetes/', 'till')
    expect(entity(till, outcome).props).toMatchObject({
      boundServiceAccounts: ['shop/till'],
      ttlSeconds: 1200,
      maxTtlSeconds: 3600,
    })
    expect(heads('CAN_ACCESS', till, outcome)).toEqual([secret('database/creds/till')])
    const root = keys.vaultCredential(secret('database/config/till-db'), 'root')
    expect(entity(root, outcome)).toMatchObject({
      kinds: ['db.mysql_password'],
      props: { host: 'till-db.example.com:3306' },
    })
    expect(JSON.stringify(outcome)).not.toContain('KEYFALL-CANARY')
  })

  it('bank-vaults', async () => {
    const outcome = await runInMemory(vaultConfig, { 'bank-vaults.yaml': read('bank-vaults.yaml') }, address)
    const shop = role('auth/cluster-a/', 'shop')
    expect(entity(shop, outcome).props).toMatchObject({
      boundServiceAccounts: ['shop-test/shop', 'shop/shop'],
      ttlSeconds: 1800,
    })
    expect(heads('CAN_ACCESS', shop, outcome)).toEqual([secret('secret/shop/boot')])
    expect(entity(keys.vaultCredential(secret('database/creds/shop'), 'lease'), outcome).props).toMatchObject({
      ttlSeconds: 3600,
    })
    expect(JSON.stringify(outcome)).not.toContain('KEYFALL-CANARY')
  })

  it('vault-manager: files that name each other, on the instance they name', async () => {
    const folder = new URL('./fixtures/manager/', import.meta.url)
    const files = Object.fromEntries(readdirSync(folder).map((name) => [`manager/${name}`, read(`manager/${name}`)]))
    const outcome = await runInMemory(vaultConfig, files)
    expect(outcome.scopes.map(({ id }) => id)).toEqual(['vault/primary.example.com'])
    const builder = keys.vaultRole('primary.example.com', 'auth/approle/', 'builder')
    expect(entity(builder, outcome).props).toMatchObject({ policies: ['reader'], secretIdTtlSeconds: 'none' })
    const written = keys.vaultSecret('primary.example.com', 'app/builder-approle')
    expect(heads('HOLDS', written, outcome)).toEqual([
      keys.vaultLogin('primary.example.com', 'approle', 'auth/approle/', 'builder'),
    ])
  })
})

it.each([
  ['vault/auth/kubernetes/role/shop.json', 'auth/kubernetes/role/shop'],
  ['export.zip!/dump/sys/policies/acl/x.json', 'sys/policies/acl/x'],
  ['auth__approle__role__ci.json', 'auth/approle/role/ci'],
  ['dump/database/roles/app.json', 'database/roles/app'],
  ['aws__creds__legacy.json', 'aws/creds/legacy'],
])('%s is the reply of %s', (name, path) => expect(pathOfName(name)).toBe(path))

test.prop(
  [
    fc.constantFrom(...Object.keys(texts), 'operator.yaml', 'bank-vaults.yaml', 'shop-read.hcl'),
    fc.nat(),
    fc.nat({ max: 400 }),
    fc.constantFrom('{', '}', '"', '\n', '[[', '\u0000', '{{', '---\n'),
  ],
  { numRuns: 60 },
)('any cut or garbled file is accounted for and lets no value out', async (name, at, cut, garbage) => {
  const text = read(name)
  const place = at % text.length
  const outcome = await runInMemory(vaultConfig, { [name]: text.slice(0, place) + garbage + text.slice(place + cut) })
  expect(unaccounted(outcome)).toEqual([])
  expect(JSON.stringify(outcome)).not.toMatch(/KEYFALL-CANARY-(rootpw|jwt|sql|kv1|kv2|startup|bank|secretkey)/)
})
