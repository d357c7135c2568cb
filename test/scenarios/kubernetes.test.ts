import { describe, expect, it } from 'vitest'
import { answerBlast } from '../../graph/answer/blast.ts'
import { answerItems } from '../../graph/answer/items.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import { canReach } from '../../graph/reach/reach.ts'
import type { BlastQuery, Dependent } from '../../graph/wire.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { scopesOfFiles } from './scopes-of-files.ts'

/** What Kubernetes exports come to, from files through importers and estate to the answer. */
const now = '2026-11-20T04:00:00Z'

async function estateOf(files: Record<string, string>): Promise<Estate> {
  const raw = Object.entries(files).map(([name, text]) => rawFile(`prod/${name}`, text))
  return buildEstate(await scopesOfFiles(raw, now), { id: 'test', at: now, sample: false })
}
const dependents = (estate: Estate, key: string, query: BlastQuery): Map<string, Dependent> =>
  new Map(answerItems(estate, idOf(key), query, now).items.map((one) => [one.name, one]))
const key = (type: string, name: string, namespace = 'shop') => keys.k8s('prod', namespace, type, name)
const value = (secret: string) => `value-of:${key('secret', secret)}`

const workload = (name: string, pod: string, meta = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop${meta} }
spec: { template: { spec: ${pod} } }
---`
const consumers = [
  workload('by-env', '{ containers: [{ name: c, envFrom: [{ secretRef: { name: db } }] }] }'),
  workload(
    'reloaded',
    '{ containers: [{ name: c, envFrom: [{ secretRef: { name: db } }] }] }',
    ", annotations: { reloader.stakater.com/auto: 'true' }",
  ),
  workload(
    'by-volume',
    '{ containers: [{ name: c, volumeMounts: [{ name: v }] }], volumes: [{ name: v, secret: { secretName: db } }] }',
  ),
  workload(
    'by-sub-path',
    '{ containers: [{ name: c, volumeMounts: [{ name: v, subPath: x }] }], volumes: [{ name: v, secret: { secretName: db } }] }',
  ),
  workload('optional', '{ containers: [{ name: c, envFrom: [{ secretRef: { name: db, optional: true } }] }] }'),
].join('')
const reloader = workload('reloader', '{ containers: [{ name: reloader }] }')

describe('a value in a secret is replaced', () => {
  it('volumes and restarted pods take it in time, environments and subPath mounts never', async () => {
    const estate = await estateOf({ 'shop.yaml': consumers + reloader })
    const found = dependents(estate, value('db'), { op: 'rotate-in-place' })
    expect(found.get('by-volume')!.possible).toEqual([0, 65])
    expect(found.get('reloaded')!.possible).toEqual([0, 120])
    expect(found.get('by-env')!.possible![1]).toBeNull()
    expect(found.get('by-sub-path')!.possible![1]).toBeNull()
    expect(found.get('optional')?.verdict).not.toBe('breaks')
  })

  it('an annotation of Reloader restarts nothing where no export shows that Reloader runs', async () => {
    const estate = await estateOf({ 'shop.yaml': consumers })
    const found = dependents(estate, value('db'), { op: 'rotate-in-place' })
    expect(found.get('reloaded')!.possible![1]).toBeNull()
  })
})

const issuing = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: letters, namespace: shop }
spec: { acme: { privateKeySecretRef: { name: account }, solvers: [] } }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web, namespace: shop }
spec: { secretName: web-tls, duration: 240h, renewBefore: 24h, issuerRef: { name: letters } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec: { tls: [{ secretName: web-tls }] }
`

it('without its issuer a certificate serves on for as long as it is good: a day at least', async () => {
  const web = dependents(await estateOf({ 'tls.yaml': issuing }), value('account'), { op: 'revoke' }).get('web')!
  expect(web.possible![0]).toBe(86_400)
  expect(web.verdict).not.toBe('keeps')
})

const token = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: ci, namespace: shop }
---
apiVersion: v1
kind: Secret
metadata: { name: ci-token, namespace: shop, annotations: { kubernetes.io/service-account.name: ci } }
type: kubernetes.io/service-account-token
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: all, namespace: shop }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [list] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: all, namespace: shop }
roleRef: { kind: Role, name: all }
subjects: [{ kind: ServiceAccount, name: ci }]
---
apiVersion: v1
kind: Secret
metadata: { name: stripe, namespace: shop }
`
const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: '1',
  stage: 'ResponseComplete',
  verb: 'list',
  user: { username: 'system:serviceaccount:shop:ci' },
  sourceIPs: ['203.0.113.9'],
  userAgent: 'kubectl/v1.31',
  objectRef: { resource: 'pods', namespace: 'shop' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-11-19T03:00:00Z',
  annotations: { 'authentication.k8s.io/legacy-token-manual-secret': 'ci-token' },
}
const credential = `${key('secret', 'ci-token')}#token`

describe('a long-lived token that nothing in the cluster mounts', () => {
  it('is not called unused without the audit log', async () => {
    const estate = await estateOf({ 'token.yaml': token })
    expect(answerBlast(estate, idOf(credential), { op: 'revoke' }, now).verdict).toBe('cannot-say')
  })

  it('breaks whoever the audit log saw with it, from outside', async () => {
    const estate = await estateOf({ 'token.yaml': token, 'audit.log': JSON.stringify(event) })
    const reply = answerBlast(estate, idOf(credential), { op: 'revoke' }, now)
    expect(['not-safe', 'cannot-say']).toContain(reply.verdict)
    expect(dependents(estate, credential, { op: 'revoke' }).get('kubectl from 203.0.113.0/24')).toBeDefined()
  })
})

it('a right over all secrets reaches each of them and carries no outage', async () => {
  const estate = await estateOf({ 'token.yaml': token })
  const number = (name: string) => estate.indexOf.get(idOf(name))!
  expect(canReach(estate, number(credential)).has(number(key('secret', 'stripe')))).toBe(true)
  const items = answerItems(estate, idOf(value('stripe')), { op: 'revoke' }, now).items
  expect(items.filter((one) => one.name === 'ci')).toEqual([])
})
