import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { kubernetesAudit } from './index.ts'
import { controllerOf, networkOf } from './who.ts'

const text = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const log = await runInMemory(
  kubernetesAudit,
  { 'audit.log': text('audit.log'), 'list.json': text('list.json') },
  'prod',
)
const key = (type: string, name: string, namespace = 'shop') => keys.k8s('prod', namespace, type, name)
const account = (name: string) => key('serviceaccount', name)
const seen = (kind: string, from: string, to: string) =>
  log.observations.filter((o) => o.kind === kind && o.from === from && o.to === to)

describe('an audit log', () => {
  it('accounts for every event, and lets no body, URI or message out', () => {
    expect(unaccounted(log)).toEqual([])
    expect(JSON.stringify(log)).not.toContain('CANARY')
    expect(log.scopes).toEqual([{ id: 'k8s/prod', title: 'Kubernetes cluster prod', complete: false }])
    const { read, mapped, merged, skipped } = log.files.find((f) => f.name === 'audit.log')!
    expect([read, mapped, merged]).toEqual([15, 7, 1])
    expect(skipped.map((s) => s.reason)).toEqual([
      'not-relevant',
      'not-relevant',
      'not-relevant',
      'not-relevant',
      'unsupported-version',
      'unreadable-record',
      'unknown-type',
    ])
    expect(skipped.every((s) => /^byte \d+$/.test(s.where))).toBe(true)
  })

  it('a secret that was read was used by the account, and the account by the pod’s controller', () => {
    const read = seen('CAN_ACCESS', account('api'), key('secret', 'stripe'))
    expect(read.map((o) => o.evidence)).toMatchObject([
      { kind: 'observed', count: 4, firstSeen: '2026-03-02T10:00:00.123Z', lastSeen: '2026-04-01T09:00:00.500Z' },
    ])
    expect(seen('RUNS_AS', key('deployment', 'api'), account('api'))).toMatchObject([{ evidence: { count: 2 } }])
    expect(seen('RUNS_AS', key('statefulset', 'mailer'), account('mailer')).length).toBe(1)
    expect(seen('RUNS_AS', key('cronjob', 'batch'), account('batch')).length).toBe(1)
  })

  it('a long-lived token is seen in use from outside, by the name of its secret', () => {
    const caller = keys.caller(account('ci'), '203.0.113.0/24', 'kubectl')
    expect(seen('USES_CREDENTIAL', caller, `${key('secret', 'ci-token')}#token`)).toMatchObject([{ attributed: false }])
    expect(seen('RUNS_AS', caller, account('ci'))).toMatchObject([{ attributed: false }])
  })

  it('a person behind EKS: the role, the access key, and all secrets of a namespace', () => {
    const user = key('user', 'dev-lead', '_cluster')
    expect(seen('ASSUMES', 'arn:aws:iam::111122223333:role/dev', user).length).toBe(1)
    const caller = keys.caller(user, '198.51.100.0/24', 'kubectl')
    expect(seen('USES_CREDENTIAL', caller, 'aws:key:AKIAEXAMPLE000000009').length).toBe(1)
    expect(seen('CAN_ACCESS', user, key('allsecrets', 'all')).length).toBe(1)
    expect(seen('ASSUMES', user, account('api')).length).toBe(1)
    expect(seen('CAN_ACCESS', key('serviceaccount', 'deployer', 'tools'), account('api')).length).toBe(1)
  })

  it('kubelets, controllers and refused requests are no uses; what they tell is a note', () => {
    const names = log.entities.map((e) => e.name)
    expect(names).not.toContain('system:node:n1')
    expect(names).not.toContain('namespace-controller')
    const notes = log.files.flatMap((f) => f.notes).join('\n')
    expect(notes).toContain('1 × refused with 403: get secrets')
    expect(notes).toContain('should have read again')
  })

  it('claims events, not the policy that makes them', () => {
    const detect = (head: string) => kubernetesAudit.detect({ name: 'x', head, whole: true })
    expect(detect('{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1"}')).toBe(1)
    expect(detect('{"kind":"Policy","apiVersion":"audit.k8s.io/v1","rules":[]}')).toBe(0)
    expect(detect('apiVersion: audit.k8s.io/v1\nkind: Policy\n')).toBe(0)
  })
})

it.each([
  ['api-6c5d8f7b9-x2kzq', 'deployment', 'api'],
  ['db-0', 'statefulset', 'db'],
  ['report-28391234-x2kzq', 'cronjob', 'report'],
  ['agent-x2kzq', undefined, undefined],
  ['my-worker-pool', undefined, undefined],
])('pod %s belongs to %s %s', (pod, type, name) => {
  const found = controllerOf(pod)
  expect([found?.type, found?.name]).toEqual([type, name])
})

it.each([
  ['10.1.2.3', '10.1.2.0/24'],
  ['::ffff:10.1.2.3', '10.1.2.0/24'],
  ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
  ['::1', 'the control plane itself'],
  ['nonsense', 'unknown'],
])('%s is of network %s', (address, network) => expect(networkOf(address)).toBe(network))

describe('an event in what a platform wrote round it', () => {
  const lines = text('audit.log').split('\n')
  const event = lines.find((line) => line.includes('"ResponseComplete"') && line.includes('"secrets"'))!
  it.each([
    ['Azure, a line', JSON.stringify({ category: 'kube-audit', properties: { log: event, stream: 'stdout' } })],
    ['Azure, records', JSON.stringify({ records: [{ category: 'kube-audit', properties: { log: event } }] })],
    ['Google Cloud Logging, an object', JSON.stringify([{ insertId: 'x', jsonPayload: JSON.parse(event) as unknown }])],
    ['Google Cloud Logging, a text', JSON.stringify([{ insertId: 'x', textPayload: event }])],
    ['Splunk', JSON.stringify({ preview: false, result: { _raw: event } })],
    ['Elastic, beside a message of its own', JSON.stringify({ message: 'x', _source: JSON.parse(event) as unknown })],
  ])('%s', async (_, wrapped) => {
    const found = await runInMemory(kubernetesAudit, { 'a.json': wrapped }, 'prod')
    expect(found.files[0]).toMatchObject({ read: 1, mapped: 1 })
  })
})
