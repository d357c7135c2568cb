import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { vaultAudit } from './index.ts'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { networkOf, subjectOf } from './map-paths.ts'

const log = readFileSync(new URL('./fixtures/audit.log', import.meta.url), 'utf8')
const audit = await runInMemory(vaultAudit, { 'audit.log': log }, 'vault.example.com')
const server = 'vault:vault.example.com'
const client = (who: string) => `${server}/client/${who}`
const seen = (kind: string, from: string, to: string, outcome: Outcome = audit) =>
  outcome.observations.filter((o) => o.kind === kind && o.from === from && o.to === to).map((o) => o.evidence)
const related = (kind: string, from: string, to: string) =>
  audit.relationships.filter((r) => r.kind === kind && r.from === from && r.to === to)

describe('a day of a Vault', () => {
  const api = client('kubernetes-shop-api@10.0.1.0/24')
  const ci = client('approle@10.0.2.0/24')

  it('accounts for every record, and names what it skipped', () => {
    expect(unaccounted(audit)).toEqual([])
    const [file] = audit.files
    expect(file!.skipped.map((s) => `${s.reason} ${s.where}`)).toEqual([
      'not-json line 5',
      'not-relevant line 17',
      'truncated line 20',
      'truncated line 26',
    ])
    expect([file!.read, file!.mapped, file!.merged]).toEqual([17, 12, 1])
    expect(file!.notes).toEqual([
      '1 requests were denied: counted, and taken as no use',
      '1 answers name nobody (display name, role and entity absent or masked)',
    ])
    expect(audit.scopes).toMatchObject([{ id: 'vault/vault.example.com', complete: false }])
  })

  it('lets no value out', () => expect(JSON.stringify(audit)).not.toContain('KEYFALL-CANARY'))

  it('joins request and answer, strips data/, and counts over entries and networks', () => {
    expect(seen('USES_SECRET', api, `${server}/secret/secret/shop/db`)).toMatchObject([
      {
        kind: 'observed',
        count: 2,
        firstSeen: '2026-03-01T08:00:03Z',
        lastSeen: '2026-03-02T08:00:03Z',
        record: 'line 4',
      },
    ])
    expect(audit.entities.find((e) => e.id === `${server}/secret/secret/shop/db`)?.kind).toBe('vault.kv2_secret')
    expect(related('USES_SECRET', api, `${server}/secret/secret/shop/db`)).toMatchObject([
      { delivery: 'agent_template' },
    ])
  })

  it('knows the role, its mount, the entity and the service account', () => {
    const role = `${server}/role/auth/kubernetes/shop`
    expect(seen('RUNS_AS', api, role).length).toBe(1)
    expect(seen('RUNS_AS', api, `${server}/entity/ent-1`).length).toBe(1)
    expect(seen('CAN_ACCESS', role, `${server}/secret/secret/shop/db`)).toMatchObject([{ count: 2 }])
    expect(audit.entities.find((e) => e.id === api)).toMatchObject({
      aliases: ['kubernetes-shop-api', 'system:serviceaccount:shop:api'],
      props: { kubernetesServiceAccount: 'shop/api', accessors: ['acc-1'] },
    })
  })

  it('an AppRole login uses a kept credential; database credentials are leases', () => {
    const login = `${server}/approle/auth/approle/ci`
    expect(seen('USES_CREDENTIAL', ci, login).length).toBe(1)
    expect(related('AUTHENTICATES_AS', login, `${server}/role/auth/approle/ci`).length).toBe(1)
    expect(
      related('HOLDS', `${server}/secret/database/creds/reports`, `${server}/secret/database/creds/reports#lease`)
        .length,
    ).toBe(1)
  })

  it('a denied read is no use', () => expect(seen('USES_SECRET', ci, `${server}/secret/secret/payroll`)).toEqual([]))

  it('keeps a node for root and made tokens, none for those of a login', () => {
    const tokens = audit.entities.filter((e) => e.kind === 'vault.service_token').map((e) => e.id)
    expect(tokens.sort()).toEqual([`${server}/token/acc-10`, `${server}/token/acc-9`])
    expect(related('ISSUED_BY', `${server}/token/acc-10`, `${server}/token/acc-9`).length).toBe(1)
    expect(seen('USES_CREDENTIAL', client('root@2001:db8:0:0::/64'), `${server}/token/acc-9`).length).toBe(1)
  })

  it('takes a request whose answer is missing, and says so', () => {
    expect(
      seen('USES_SECRET', client('userpass-auditor@10.0.3.0/24'), `${server}/secret/secret/shop/mail`),
    ).toMatchObject([{ count: 1, note: 'its answer is not in the log' }])
  })

  test.prop([fc.nat(), fc.nat({ max: 300 }), fc.constantFrom('{', '}', '"', '\n', '\\', '[[', '\u0000', '\n{')])(
    'any cut or garbled log is accounted for and lets no value out',
    async (at, cut, garbage) => {
      const place = at % log.length
      const outcome = await runInMemory(vaultAudit, { 'a.log': log.slice(0, place) + garbage + log.slice(place + cut) })
      expect(unaccounted(outcome)).toEqual([])
      expect(JSON.stringify(outcome)).not.toMatch(/KEYFALL-CANARY-(jwt|token|response|secret|child|garbage)/)
    },
  )
})

it('reads an array of entries, one a line', async () => {
  const entries = log.split('\n').slice(0, 4)
  const outcome = await runInMemory(vaultAudit, { 'a.json': `[${entries.join(',\n')}]` })
  expect(outcome.files[0]).toMatchObject({ read: 4, mapped: 4, skipped: [] })
})

it.each([
  ['read', 'secret/data/a/b', 'kv', 'secret/', 'secret/a/b vault.kv2_secret'],
  ['read', 'kv1/a', 'kv', 'kv1/', 'kv1/a vault.secret_path'],
  ['read', 'secret/data/a', undefined, undefined, 'secret/a vault.kv2_secret'],
  ['list', 'secret/metadata/a', 'kv', 'secret/', undefined],
  ['read', 'secret/config', 'kv', 'secret/', undefined],
  ['create', 'secret/data/a', 'kv', 'secret/', undefined],
  ['read', 'db/static-creds/app', 'database', 'db/', 'db/static-creds/app vault.db_static_role'],
  ['read', 'db/roles/app', 'database', 'db/', undefined],
  ['read', 'pki/cert/ca', 'pki', 'pki/', undefined],
  ['update', 'pki/issue/web', 'pki', 'pki/', 'pki/issue/web vault.secret_path'],
  ['read', 'sys/mounts', 'system', 'sys/', undefined],
  ['read', 'auth/kubernetes/role/x', 'kubernetes', 'auth/kubernetes/', undefined],
])('%s %s of a %s mount at %s', (operation, path, mount_type, mount_point, expected) => {
  const subject = subjectOf({ operation, path, mount_type, mount_point })
  expect(subject.what === 'read' ? `${subject.path} ${subject.kind}` : undefined).toBe(expected)
})

it.each([
  ['10.1.2.3', '10.1.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['nowhere', 'unknown network'],
])('%s is of %s', (address, network) => expect(networkOf(address)).toBe(network))

it('claims audit logs only', () => {
  const detect = (head: string) => vaultAudit.detect({ name: 'x.log', head, whole: false })
  expect(detect(log)).toBe(1)
  expect(detect('{"type":"request","request":"GET /"}')).toBe(0)
  expect(detect('{"Records":[]}')).toBe(0)
})

describe('what a log store wrote round the entries', () => {
  const lines = log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}') && line.includes('"request"'))
    .slice(0, 4)
  const entries = lines.map((line) => JSON.parse(line) as unknown)
  it.each([
    ['CloudWatch', { events: lines.map((message) => ({ timestamp: 1, message })), searchedLogStreams: [] }],
    [
      'CloudWatch, to a subscriber',
      { messageType: 'DATA_MESSAGE', logEvents: lines.map((message) => ({ id: '1', message })) },
    ],
    ['Google Cloud Logging, objects', entries.map((jsonPayload) => ({ insertId: 'x', jsonPayload }))],
    ['Google Cloud Logging, texts', lines.map((textPayload) => ({ insertId: 'x', textPayload }))],
    [
      'Loki',
      {
        status: 'success',
        data: { resultType: 'streams', result: [{ stream: {}, values: lines.map((line) => ['1', line]) }] },
      },
    ],
    ['a search of Elastic', { took: 1, hits: { total: 4, hits: entries.map((_source) => ({ _id: 'x', _source })) } }],
  ])('%s', async (_, answer) => {
    for (const text of [JSON.stringify(answer), JSON.stringify(answer, null, 2)]) {
      const found = await runInMemory(vaultAudit, { 'a.json': text })
      const plain = await runInMemory(vaultAudit, { 'a.json': lines.join('\n') })
      expect(found.files[0]).toMatchObject({ read: 4, mapped: plain.files[0]!.mapped })
      expect(found.observations.length).toBe(plain.observations.length)
    }
  })
})
