import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { kubernetes } from './index.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const texts = Object.fromEntries(
  ['platform.yaml', 'kustomization.yaml'].map((name) => [name, readFileSync(new URL(name, fixtures), 'utf8')]),
)
const bank = await runInMemory(kubernetes, texts, 'prod')
const key = (type: string, name: string, namespace = 'bank') => keys.k8s('prod', namespace, type, name)
const secret = (name: string, namespace?: string) => key('secret', name, namespace)
const entity = (id: string) => bank.entities.find((e) => e.id === id)
const between = (kind: string, from: string, to: string) =>
  bank.relationships.filter((r) => r.kind === kind && r.from === from && r.to === to)
const noteOf = (kind: string, from: string, to: string) =>
  between(kind, from, to)
    .flatMap((r) => r.evidence!.map((e) => e.note ?? ''))
    .join('\n')

describe('a platform with its operators', () => {
  it('is read to the last record, and no value comes out', () => {
    expect(unaccounted(bank)).toEqual([])
    expect(skippedOf(bank)).toBe(0)
    expect(JSON.stringify(bank)).not.toContain('CANARY')
    expect(JSON.stringify(bank)).not.toContain('S0VZRkFM')
    expect(readdirSync(fixtures).length).toBeGreaterThan(3)
  })

  it('a Rollout is a workload: what Reloader lists is picked up, a checksum is not', () => {
    const ledger = key('rollout', 'ledger')
    expect(entity(ledger)).toMatchObject({ kind: 'k8s.custom_resource', props: { state: 'scaled to zero' } })
    expect(between('USES_SECRET', ledger, secret('ledger-db'))).toMatchObject([
      { delivery: 'env_at_start', pickup: [0, 120] },
    ])
    const queue = between('USES_SECRET', ledger, secret('ledger-queue'))
    expect(queue.map((r) => r.pickup)).toEqual([undefined])
    expect(noteOf('USES_SECRET', ledger, secret('ledger-queue'))).toContain('checksum/secret')
    expect(noteOf('USES_SECRET', ledger, secret('ledger-queue'))).toContain('scaled to zero')
  })

  it('one volume mounted whole and by subPath is delivered in both ways', () => {
    const uses = between('USES_SECRET', key('rollout', 'ledger'), secret('ledger-mixed'))
    expect(uses.map((r) => r.delivery).sort()).toEqual(['file_static', 'volume_refresh'])
    expect(between('USES_SECRET', key('rollout', 'ledger'), secret('ledger-share'))).toMatchObject([
      { delivery: 'deploy_time' },
    ])
  })

  it('a projected token is a credential of the account, for one audience', () => {
    const token = `${key('serviceaccount', 'ledger')}#token-for:vault`
    expect(entity(token)).toMatchObject({
      kind: 'k8s.sa_token_bound',
      props: { audience: 'vault', lifetimeSeconds: 600 },
    })
    expect(between('AUTHENTICATES_AS', token, key('serviceaccount', 'ledger')).length).toBe(1)
    expect(between('USES_CREDENTIAL', key('rollout', 'ledger'), token)).toMatchObject([{ delivery: 'file_refresh' }])
  })

  it('a Secrets Store class leads to its items; without rotation in the export nothing is refreshed', () => {
    const item = 'aws:secretsmanager:eu-west-1:bank/ledger'
    expect(between('USES_SECRET', key('rollout', 'ledger'), item)).toMatchObject([{ delivery: 'file_static' }])
    expect(between('SYNCED_FROM', secret('ledger-copy'), item)).toMatchObject([
      { delivery: 'manual', confidence: 'possible' },
    ])
    const other = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:bank/other-AbCdEf'
    expect(between('USES_SECRET', key('rollout', 'ledger'), other).length).toBe(1)
  })

  it('pods are folded into controllers that the export lacks, by the names Kubernetes gives', () => {
    expect(between('USES_SECRET', key('deployment', 'teller'), secret('teller')).length).toBe(1)
    expect(noteOf('USES_SECRET', key('deployment', 'teller'), secret('teller'))).toContain('hash')
    expect(between('USES_SECRET', key('cronjob', 'report'), secret('report'))).toMatchObject([
      { cadence: 604_800, pickup: [0, 0] },
    ])
    expect(entity(key('cronjob', 'report'))?.props).toMatchObject({ timeZone: 'Europe/Madrid', state: 'suspended' })
    expect(bank.entities.map((e) => e.kind)).not.toContain('k8s.pod')
  })

  it('objects of operators use what they name; what only their operator knows is possible', () => {
    expect(
      between('USES_SECRET', key('kafkaconnect', 'connect'), secret('connect-user'))[0]?.confidence,
    ).toBeUndefined()
    expect(between('USES_SECRET', key('robot', 'robby'), secret('robot-login'))).toMatchObject([
      { confidence: 'possible' },
    ])
    expect(between('USES_SECRET', key('robot', 'robby'), secret('robot-arm'))).toMatchObject([
      { confidence: 'possible', delivery: 'env_at_start' },
    ])
    expect(between('USES_SECRET', key('helmrelease', 'chart'), secret('chart-values'))).toMatchObject([
      { delivery: 'fetch_per_use' },
    ])
    expect(between('USES_SECRET', key('helmrelease', 'chart'), secret('chart-db'))).toMatchObject([
      { confidence: 'possible' },
    ])
    expect(between('USES_SECRET', key('kustomization', 'apps'), secret('sops-age')).length).toBe(1)
    expect(between('USES_SECRET', key('servicemonitor', 'ledger'), secret('scrape')).length).toBe(1)
    expect(entity(secret('chart-config'))).toBeUndefined()
  })

  it('a certificate outlives its issuer until it expires, the issuer needs its keys', () => {
    const issuer = keys.k8s('prod', '_cluster', 'clusterissuer', 'letters')
    expect(between('ISSUED_BY', `${secret('bank-tls')}#tls`, issuer)).toMatchObject([
      { tolerance: [1_296_000, 7_776_000] },
    ])
    expect(between('USES_SECRET', issuer, secret('acme-account', 'cert-manager')).length).toBe(1)
    expect(between('USES_SECRET', issuer, secret('route53', 'cert-manager')).length).toBe(1)
    expect(between('USES_SECRET', key('gateway', 'edge'), secret('bank-tls')).length).toBe(1)
    expect(between('USES_SECRET', key('gateway', 'edge'), secret('shared-tls', 'edge')).length).toBe(1)
  })

  it('the sealing key opens what is sealed, and carries no outage', () => {
    expect(entity(secret('sealed'))?.props).toMatchObject({ sealed: true, keys: ['password'] })
    expect(between('CONTAINED_IN', secret('sealed'), secret('sealing-key', 'kube-system')).length).toBe(1)
  })

  it('of a pull secret the hosts are kept, of any secret when its values were last written', () => {
    expect(entity(secret('pull'))?.props).toMatchObject({
      registries: ['registry.example.com', 'ghcr.io'],
      fingerprints: ['registry.example.com=fp1:test:28', 'ghcr.io=fp1:test:26'],
      createdAt: '2025-01-02T03:04:05Z',
      changedAt: '2026-02-03T04:05:06Z',
    })
    const argo = keys.k8s('prod', 'argocd', 'argocd', 'argo-cd')
    expect(between('USES_SECRET', argo, secret('repo', 'argocd')).length).toBe(1)
    expect(entity(secret('generated'))?.props).toMatchObject({
      keys: ['password', 'user', 'tls.key'],
      namedByContent: true,
    })
  })

  it('selectors, generators and Google items of External Secrets', () => {
    expect(between('SYNCED_FROM', secret('shared'), 'gcp:secret:projects/bank-prod/secrets/shared-key')).toMatchObject([
      { pickup: [0, 3600] },
    ])
    const store = keys.k8s('prod', '_cluster', 'clustersecretstore', 'cloud')
    expect(between('USES_SECRET', store, secret('gcp-login'))).toMatchObject([{ confidence: 'possible' }])
    const made = `external:${key('ecrauthorizationtoken', 'ecr')}`
    expect(between('SYNCED_FROM', secret('registry-token'), made)).toMatchObject([{ delivery: 'manual' }])
    expect(between('RUNS_AS', key('ecrauthorizationtoken', 'ecr'), key('serviceaccount', 'ecr-puller')).length).toBe(1)
  })

  it('the Vault operator logs in by a secret and fetches certificates', () => {
    const auth = key('vaultauth', 'app')
    expect(between('USES_SECRET', auth, secret('approle-id')).length).toBe(1)
    expect(between('SYNCED_FROM', secret('inner-tls'), 'vault:vault/secret/pki/issue/inner')).toMatchObject([
      { by: [auth, 'vault:vault'], pickup: [0, 86_400] },
    ])
    expect(between('ASSUMES', key('serviceaccount', 'ledger'), 'arn:aws:iam::111122223333:role/ledger')).toMatchObject([
      { confidence: 'possible' },
    ])
  })

  it('EKS lets IAM roles in as users and groups', () => {
    const dev = 'arn:aws:iam::111122223333:role/dev'
    for (const [type, name] of [
      ['user', 'dev-lead'],
      ['group', 'developers'],
    ] as const)
      expect(between('ASSUMES', dev, keys.k8s('prod', '_cluster', type, name))).toMatchObject([
        { confidence: 'possible' },
      ])
    expect(bank.relationships.filter((r) => r.from.endsWith(':role/nodes'))).toEqual([])
  })

  it('a copy follows its origin; an annotation asks for a certificate; a token tells its last use', () => {
    expect(between('SYNCED_FROM', secret('copied'), secret('origin', 'shared')).length).toBe(1)
    const issuer = keys.k8s('prod', '_cluster', 'clusterissuer', 'letters')
    expect(between('ISSUED_BY', `${secret('shop-tls')}#tls`, issuer)).toMatchObject([
      { tolerance: [2_592_000, 7_776_000] },
    ])
    expect(entity(`${secret('robot')}#token`)?.props).toMatchObject({ lastUsedAt: '2026-10-01' })
  })

  it('rights without names lead to one thing that stands for all, aggregated roles included', () => {
    const op = key('serviceaccount', 'op', 'tools')
    const all = keys.k8s('prod', '_cluster', 'allsecrets', 'all')
    expect(between('CAN_ACCESS', op, all)).toMatchObject([{ confidence: 'none' }])
    expect(between('CAN_ACCESS', op, key('serviceaccount', 'ledger'))).toMatchObject([{ confidence: 'none' }])
    expect(between('CONTAINED_IN', secret('pull'), all).length).toBe(1)
    const workloads = key('allworkloads', 'all')
    for (const [type, name] of [
      ['group', 'system:serviceaccounts:bank'],
      ['user', 'dev-lead'],
    ] as const)
      expect(between('CAN_ACCESS', keys.k8s('prod', '_cluster', type, name), workloads).length).toBe(1)
    expect(between('CONTAINED_IN', key('rollout', 'ledger'), workloads).length).toBe(1)
    expect(
      between(
        'MEMBER_OF',
        key('serviceaccount', 'ledger'),
        keys.k8s('prod', '_cluster', 'group', 'system:serviceaccounts:bank'),
      ),
    ).toMatchObject([{ confidence: 'none' }])
    // May read is not does use, and never an outage.
    expect(bank.relationships.filter((r) => r.kind === 'CAN_ACCESS' && r.confidence !== 'none')).toEqual([])
  })
})

const certificate = `-----BEGIN CERTIFICATE-----
MIIB3jCCAYSgAwIBAgIUYLtGwULDO4JmO3MKx8xBqc1+ZcswCgYIKoZIzj0EAwIw
LTEQMA4GA1UECgwHRXhhbXBsZTEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTAe
Fw0yNjExMjIxMTE5MzRaFw0zNjExMTkxMTE5MzRaMC0xEDAOBgNVBAoMB0V4YW1w
bGUxGTAXBgNVBAMMEHNob3AuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATWrL/lcqmJe8J93KmKBecq++yKCjMQkLQtiU3+36WTAGVZNGJn3sM1
Zj5p2vUKHl617u1OiXKeylS+1X8NbbA6o4GBMH8wHQYDVR0OBBYEFP9Y6sffVxnF
bYtHHneecBXzT+72MB8GA1UdIwQYMBaAFP9Y6sffVxnFbYtHHneecBXzT+72MA8G
A1UdEwEB/wQFMAMBAf8wLAYDVR0RBCUwI4IQc2hvcC5leGFtcGxlLmNvbYIPd3d3
LmV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIDaWT+HKTdv7rINn4Z2BMzuh
rIJICVZ3gKy8DuvHrD5WAiEA0kBAwKi8pzWee1tapA6+OP8ttLM0iSIMse/3Us/5
dFc=
-----END CERTIFICATE-----
`

it('the public certificate says until when it is good; the key beside it is not looked at', async () => {
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'web', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': btoa(certificate), 'tls.key': btoa('KEYFALL-CANARY-key-0123456789') },
  })
  const outcome = await runInMemory(kubernetes, { 'a/web.json': text })
  expect(outcome.entities.find((e) => e.kind === 'tls.certificate')?.props).toMatchObject({
    subject: 'O=Example, CN=shop.example.com',
    dnsNames: ['shop.example.com', 'www.example.com'],
    expiresAt: '2036-11-19T11:19:34.000Z',
  })
  expect(JSON.stringify(outcome)).not.toContain('CANARY')
})

it('a use that lives on beside one that is over is not over', async () => {
  const pod = (name: string, phase: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'x', ownerReferences: [{ kind: 'Job', name: 'import', controller: true }] },
      spec: { containers: [{ name: 'c', envFrom: [{ secretRef: { name: 's' } }] }] },
      status: { phase },
    })
  const job = JSON.stringify({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'import', namespace: 'x' },
    spec: { template: { spec: { containers: [{ name: 'c', envFrom: [{ secretRef: { name: 's' } }] }] } } },
    status: { completionTime: '2026-01-01T00:00:00Z' },
  })
  const over = await runInMemory(kubernetes, { 'a/x.json': job + pod('p', 'Succeeded') })
  expect(over.relationships.filter((r) => r.kind === 'USES_SECRET').map((r) => r.confidence)).toEqual(['none'])
  const alone = await runInMemory(kubernetes, { 'a/x.json': pod('p', 'Succeeded') + pod('q', 'Running') })
  expect(alone.relationships.filter((r) => r.kind === 'USES_SECRET').map((r) => r.confidence)).toEqual([undefined])
})

it('an immutable secret is never refreshed in a pod; cert-manager keeps its keys where it runs', async () => {
  const text = [
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: x}\nimmutable: true\n',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: x}\nspec: {containers: [{name: c, volumeMounts: [{name: v}]}], volumes: [{name: v, secret: {secretName: s}}]}\n',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cert-manager, namespace: tls}\nspec: {template: {spec: {containers: []}}}\n',
    'apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: i}\nspec: {ca: {secretName: root}}\n',
  ].join('---\n')
  const uses = (await runInMemory(kubernetes, { 'a/x.yaml': text })).relationships.filter(
    (r) => r.kind === 'USES_SECRET',
  )
  expect(uses.map((r) => [r.to, r.delivery])).toEqual([
    ['k8s:a/x/secret/s', 'file_static'],
    ['k8s:a/tls/secret/root', 'fetch_per_use'],
  ])
})
