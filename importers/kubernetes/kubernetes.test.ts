import { readdirSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { kubernetes } from './index.ts'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { cadenceOf } from './cron.ts'
import { durationSeconds } from './meta.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const texts = Object.fromEntries(
  readdirSync(fixtures).map((name) => [name, readFileSync(new URL(name, fixtures), 'utf8')]),
)
const key = (type: string, name: string, namespace = 'shop') => keys.k8s('prod', namespace, type, name)
const shop = await runInMemory(kubernetes, texts, 'prod')
const between = (kind: string, from: string, to: string) =>
  shop.relationships.filter((r) => r.kind === kind && r.from === from && r.to === to)
const noteOf = (kind: string, from: string, to: string) =>
  between(kind, from, to).flatMap((r) => r.evidence!.map((e) => e.note))

const manifest = (kind: string, rest: string) => `apiVersion: v1\nkind: ${kind}\n${rest}`
const one = (text: string) => runInMemory(kubernetes, { 'a/file.yaml': text })

describe('a shop', () => {
  it('accounts for every record and says it is never complete', () => {
    expect(unaccounted(shop)).toEqual([])
    expect(shop.scopes).toEqual([{ id: 'k8s/prod', title: 'Kubernetes cluster prod', complete: false }])
    const pods = shop.files.find((f) => f.name === 'pods.json')!
    expect({ ...pods, skipped: pods.skipped.map((s) => `${s.reason} ${s.where}`) }).toMatchObject({
      read: 5,
      mapped: 2,
      merged: 1,
      skipped: ['missing-identifier /items/3', 'unreadable-record /items/4'],
    })
  })

  it('lets no value out', () => {
    expect(JSON.stringify(shop)).not.toContain('KEYFALL-CANARY')
    expect(JSON.stringify(shop)).not.toContain('S0VZRkFMTC1DQU5BUl')
  })

  it('keeps names of keys, and fingerprints of values long enough', () => {
    expect(shop.entities.find((e) => e.id === key('secret', 'stripe'))?.props).toMatchObject({
      keys: ['api-key', 'webhook'],
      fingerprints: ['api-key=fp1:test:30', 'webhook=fp1:test:37'],
    })
  })

  it('compares keys, not certificates', () => {
    expect(shop.entities.find((e) => e.id === key('secret', 'web-tls'))?.props).toMatchObject({
      fingerprints: ['tls.key=fp1:test:29'],
    })
  })

  it.each([
    ['stripe', 'env_at_start', [0, 120], undefined],
    ['stripe', 'volume_refresh', undefined, undefined],
    ['database', 'env_at_start', [0, 120], undefined],
    ['flags', 'env_at_start', [0, 120], 'soft'],
    ['pinned', 'file_static', [0, 120], undefined],
    ['registry', 'deploy_time', undefined, undefined],
    ['injected', 'env_at_start', [0, 120], undefined],
  ])('deployment api uses %s by %s', (secret, delivery, pickup, strength) => {
    const found = between('USES_SECRET', key('deployment', 'api'), key('secret', secret)).filter(
      (r) => r.delivery === delivery,
    )
    expect(found.length).toBe(1)
    expect(found[0]).toMatchObject({ from: key('deployment', 'api') })
    expect([found[0]!.pickup, found[0]!.strength]).toEqual([pickup, strength])
  })

  it('gives two deliveries of one secret two ids', () => {
    expect(
      new Set(between('USES_SECRET', key('deployment', 'api'), key('secret', 'stripe')).map((r) => r.id)).size,
    ).toBe(2)
  })

  it('names the variable and the key, never the value', () => {
    expect(noteOf('USES_SECRET', key('deployment', 'api'), key('secret', 'stripe')).join()).toContain(
      'env STRIPE_KEY from key api-key',
    )
  })

  it('folds pods and replica sets into the deployment; an old revision adds nothing', () => {
    expect(shop.entities.map((e) => e.kind)).not.toContain('k8s.replica_set')
    expect(shop.entities.filter((e) => e.kind === 'k8s.pod').map((e) => e.name)).toEqual(['debug'])
    expect(shop.entities.map((e) => e.name)).not.toContain('of-an-older-revision')
  })

  it('a nightly job reads the value at each run', () => {
    const use = between('USES_SECRET', key('cronjob', 'backup'), key('secret', 'backup'))
    expect(use).toMatchObject([{ cadence: 86_400, pickup: [0, 0], delivery: 'env_at_start' }])
    expect(between('RUNS_AS', key('cronjob', 'backup'), key('serviceaccount', 'default'))).toMatchObject([
      { strength: 'soft', cadence: 86_400 },
    ])
  })

  it('an access key id is an identifier: in a secret it is held, in a literal it is hard-coded', () => {
    expect(between('HOLDS', key('secret', 'backup'), 'aws:key:AKIAEXAMPLE000000001').length).toBe(1)
    expect(between('USES_CREDENTIAL', key('deployment', 'api'), 'aws:key:AKIAEXAMPLE000000002')).toMatchObject([
      { delivery: 'hardcoded' },
    ])
  })

  it('a token secret authenticates as its account, a TLS secret holds a certificate, a Helm release is not read', () => {
    expect(between('HOLDS', key('secret', 'ci-token'), `${key('secret', 'ci-token')}#token`).length).toBe(1)
    expect(between('AUTHENTICATES_AS', `${key('secret', 'ci-token')}#token`, key('serviceaccount', 'ci')).length).toBe(
      1,
    )
    expect(between('HOLDS', key('secret', 'web-tls'), `${key('secret', 'web-tls')}#tls`).length).toBe(1)
    expect(between('USES_SECRET', key('ingress', 'web'), key('secret', 'web-tls')).length).toBe(1)
    expect(shop.entities.some((e) => e.id.includes('sh.helm'))).toBe(false)
  })

  it('may read is not does use', () => {
    expect(between('CAN_ACCESS', key('serviceaccount', 'ci'), key('secret', 'stripe'))).toMatchObject([
      { confidence: 'none' },
    ])
    expect(between('ASSUMES', key('serviceaccount', 'api'), 'arn:aws:iam::111122223333:role/shop/api')).toMatchObject([
      { confidence: 'possible' },
    ])
    expect(shop.files.flatMap((f) => f.notes)).toContain('RBAC subjects: 1 ServiceAccount, 1 Group')
  })

  it('takes the system from part-of, else guesses it from the namespace', () => {
    expect(between('DEPENDS_ON', keys.system('webshop'), key('deployment', 'api'))[0]?.confidence).toBeUndefined()
    expect(between('DEPENDS_ON', keys.system('shop'), key('cronjob', 'backup'))).toMatchObject([
      { confidence: 'possible' },
    ])
    expect(between('OWNED_BY', key('deployment', 'api'), keys.team('checkout')).length).toBe(1)
  })

  it('follows an ExternalSecret through its store to the item', () => {
    const store = key('secretstore', 'vault')
    expect(
      between('SYNCED_FROM', key('secret', 'database'), 'vault:vault.example.com/secret/secret/shop/db'),
    ).toMatchObject([{ pickup: [0, 5400], by: [store], delivery: 'operator_sync' }])
    expect(between('RUNS_AS', store, key('serviceaccount', 'eso')).length).toBe(1)
    expect(
      between('ASSUMES', key('serviceaccount', 'eso'), 'vault:vault.example.com/role/auth/kubernetes/eso-shop').length,
    ).toBe(1)
    expect(between('DEPENDS_ON', store, 'vault:vault.example.com').length).toBe(1)
  })

  it('without an interval the default holds, with 0 it never refreshes, a substitution is kept and said', () => {
    const flags = between('SYNCED_FROM', key('secret', 'flags'), 'aws:secretsmanager:eu-west-1:shop/flags')
    expect(flags).toMatchObject([{ pickup: [0, 3600] }])
    expect(flags[0]!.evidence![0]!.note).toContain('default')
    const pinned = between('SYNCED_FROM', key('secret', 'pinned'), 'external:prod/elsewhere/${APP}-pinned')
    expect(pinned).toMatchObject([{ delivery: 'manual' }])
    expect(pinned[0]!.pickup).toBeUndefined()
    expect(pinned[0]!.evidence![0]!.note).toContain('substituted')
    expect(
      between(
        'USES_SECRET',
        keys.k8s('prod', '_cluster', 'clustersecretstore', 'aws'),
        key('secret', 'aws-login', 'operators'),
      ).length,
    ).toBe(1)
  })

  it('a pushed item is the copy', () => {
    expect(
      between('SYNCED_FROM', 'vault:vault.example.com/secret/secret/shop/tls', key('secret', 'web-tls')),
    ).toMatchObject([{ pickup: [0, 600] }])
  })

  it('the Vault Secrets Operator syncs and restarts; the Vault Agent renders', () => {
    expect(
      between('SYNCED_FROM', key('secret', 'mail'), 'vault:vault.example.com/secret/secret/shop/mail'),
    ).toMatchObject([{ pickup: [0, 30] }])
    expect(between('USES_SECRET', key('statefulset', 'mailer'), key('secret', 'mail'))).toMatchObject([
      { pickup: [0, 120] },
    ])
    expect(between('USES_SECRET', key('deployment', 'api'), 'vault:vault/secret/secret/shop/db')).toMatchObject([
      { delivery: 'agent_template' },
    ])
  })
})

describe('files that are not what they seem', () => {
  it('skips templates, broken text and other kinds with a reason and a place', async () => {
    const outcome = await runInMemory(kubernetes, {
      'c/helm.yaml': manifest('Deployment', 'metadata:\n  name: {{ .Values.name }}\n'),
      'c/jinja.yaml': '{% if x %}\n' + manifest('Secret', 'metadata:\n  name: "{{ name }}"\n{% endif %}\n'),
      'c/quoted.yaml': manifest('Secret', 'metadata:\n  name: "{{ name }}"\n'),
      'c/broken.yaml': `${manifest('Secret', 'metadata: {name: ok}')}\n---\n${manifest('Secret', 'metadata:\n\tname: KEYFALL-CANARY-broken\n')}`,
      'c/broken.json': '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"KEYFALL-CANARY-cut',
    })
    const told = outcome.files.flatMap((f) => f.skipped.map((s) => `${f.name} ${s.reason} ${s.where}`))
    expect(told).toEqual([
      'c/broken.json truncated line 1',
      'c/broken.yaml not-yaml line 8',
      'c/helm.yaml template line 1',
      'c/jinja.yaml template line 2',
      'c/quoted.yaml template line 1',
    ])
    expect(unaccounted(outcome)).toEqual([])
    expect(JSON.stringify(outcome)).not.toContain('CANARY')
  })

  it('refuses nesting and aliases beyond the limits', async () => {
    const deep = manifest('Secret', `metadata: ${'['.repeat(200)}${']'.repeat(200)}\n`)
    const bomb = manifest('Secret', `a: &a [1]\nb: [${'*a,'.repeat(150)}]\n`)
    expect(skippedOf(await one(deep), 'too-deep')).toBe(1)
    expect(skippedOf(await one(bomb), 'too-large')).toBe(1)
  })

  it('claims neither audit events nor catalogs, and only objects, not mentions of them', () => {
    const detect = (head: string, name = 'x') => kubernetes.detect({ name, head, whole: true })
    expect(detect('{"kind":"Event","apiVersion":"audit.k8s.io/v1"}')).toBe(0)
    expect(detect('apiVersion: backstage.io/v1alpha1\nkind: Component\n')).toBe(0)
    expect(
      detect('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    backstage.io/kubernetes-id: shop\n'),
    ).toBeGreaterThan(0)
    expect(detect('{"Records":[{"a":{"b":{"apiVersion":"v1","kind":"Pod"}}}]}')).toBe(0)
    expect(detect('name: x\non: push\n')).toBe(0)
    const event = {
      apiVersion: '2016-11-15',
      eventSource: 'ec2.amazonaws.com',
      userIdentity: {},
      requestParameters: { items: [] },
    }
    expect(detect(JSON.stringify(event))).toBe(0)
    expect(detect('{"kind":"PodList","apiVersion":"v1","items":[]}')).toBe(1)
  })

  it('lists every namespace whose secrets an account may all read, and says which CSI classes it lacks', async () => {
    const role = (ns: string) =>
      `${manifest('Role', `metadata: {name: all, namespace: ${ns}}\nrules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]`)}\n---\n` +
      manifest(
        'RoleBinding',
        `metadata: {name: b, namespace: ${ns}}\nroleRef: {kind: Role, name: all}\nsubjects: [{kind: ServiceAccount, name: ci, namespace: tools}]`,
      )
    const csi = '{name: v, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: bank}}}'
    const outcome = await one(
      `${role('x')}\n---\n${role('y')}\n---\n${manifest('Pod', `metadata: {name: p, namespace: x}\nspec: {containers: [], volumes: [${csi}]}`)}`,
    )
    const ci = outcome.entities.find((e) => e.id === keys.k8s('a', 'tools', 'serviceaccount', 'ci'))
    expect(ci?.props).toMatchObject({ mayReadAllSecretsIn: ['x', 'y'] })
    expect(outcome.relationships.filter((r) => r.kind === 'CAN_ACCESS').map((r) => r.to)).toEqual([
      keys.k8s('a', 'x', 'allsecrets', 'all'),
      keys.k8s('a', 'y', 'allsecrets', 'all'),
    ])
    const mounted = outcome.relationships.find((r) => r.kind === 'USES_SECRET')
    expect(mounted?.evidence?.[0]?.note).toContain('CSI class bank, which is not in the export')
  })

  it('takes the namespace of a kustomization, else of the folder above', async () => {
    const outcome = await runInMemory(kubernetes, {
      'exports/repo/app/kustomization.yaml': 'namespace: payments\nresources: [base/secret.yaml]\n',
      'exports/repo/app/base/secret.yaml': manifest('Secret', 'metadata: {name: card}\n'),
    })
    expect(outcome.entities.map((e) => e.id)).toContain(keys.k8s('repo', 'payments', 'secret', 'card'))
  })

  it('a file text never becomes a prototype', async () => {
    const outcome = await one(
      manifest(
        'Secret',
        'metadata: {name: s, labels: {__proto__: {x: y}}}\nstringData: {__proto__: z, constructor: k}\n',
      ),
    )
    expect(({} as { x?: string }).x).toBeUndefined()
    expect(unaccounted(outcome)).toEqual([])
  })

  test.prop([
    fc.nat({ max: 400 }),
    fc.nat({ max: 4000 }),
    fc.constantFrom('{', '}', ': ', '\n---\n', '\t', '*a', '"', '\u0000', '[[['),
  ])('any cut or garbled export is accounted for and lets no value out', async (cut, at, garbage) => {
    for (const name of ['shop.yaml', 'pods.json']) {
      const text = texts[name]!
      const place = at % text.length
      const outcome = await runInMemory(
        kubernetes,
        { [name]: text.slice(0, place) + garbage + text.slice(place + cut) },
        'prod',
      )
      expect(unaccounted(outcome)).toEqual([])
      expect(JSON.stringify(outcome.relationships)).not.toMatch(/KEYFALL-CANARY-(data|string|last|env|pod)/)
    }
  })
})

it.each([
  ['*/15 * * * *', 900],
  ['0 * * * *', 3600],
  ['30 */6 * * *', 21_600],
  ['15 3 * * *', 86_400],
  ['15 3 * * 1', 604_800],
  ['@daily', 86_400],
  ['*/7 * * * *', undefined],
  ['0 9-17 * * *', undefined],
  ['0 3 1 * *', undefined],
  ['nonsense', undefined],
])('schedule %s runs every %s s', (schedule, seconds) => expect(cadenceOf(schedule)).toBe(seconds))

it.each([
  ['1h', 3600],
  ['1h30m', 5400],
  ['0', 0],
  ['0s', 0],
  ['500ms', 0.5],
  ['1 hour', undefined],
  ['', undefined],
])('duration %s is %s s', (text, seconds) => expect(durationSeconds(text)).toBe(seconds))
