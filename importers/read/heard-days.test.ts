import { describe, expect, it } from 'vitest'
import { dateOf, MS_A_DAY } from '../../graph/log-days.ts'
import type { ScopeSink } from '../importer.ts'
import { importers } from '../registry.ts'
import { collect } from './collect.ts'
import { heardDays } from './heard-days.ts'
import { runImporters } from './run-importers.ts'

const encoder = new TextEncoder()

const cloudtrail = (at: string) => ({
  eventVersion: '1.09',
  eventID: `id ${at}`,
  eventTime: at,
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.10',
  userAgent: 'aws-cli/2',
  recipientAccountId: '111122223333',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE00000000001',
    arn: 'arn:aws:iam::111122223333:user/deploy-bot',
    accountId: '111122223333',
    accessKeyId: 'AKIAEXAMPLE000000001',
    userName: 'deploy-bot',
  },
})
const vault = (at: string) => ({
  time: at,
  type: 'response',
  auth: { client_token: 'hmac-sha256:00', accessor: 'hmac-sha256:01', display_name: 'approle', policies: ['default'] },
  request: { id: `id ${at}`, operation: 'read', path: 'kv/data/orders/db', mount_type: 'kv' },
})
const github = (at: string) => ({
  '@timestamp': Date.parse(at),
  _document_id: `id ${at}`,
  action: 'git.clone',
  org: 'umbral',
  actor: 'orders-bot',
  hashed_token: 'aGFzaA==',
  token_id: 7,
  programmatic_access_type: 'Fine-grained personal access token',
})
const kubernetes = (at: string) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: `id ${at}`,
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/orders/secrets/db',
  verb: 'get',
  user: { username: 'system:serviceaccount:orders:api' },
  objectRef: { resource: 'secrets', namespace: 'orders', name: 'db', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: at,
  stageTimestamp: at,
})

const lines = (events: readonly object[]) => events.map((event) => JSON.stringify(event)).join('\n')
/** Each log as one file of events. */
const logs: Record<string, (times: readonly string[]) => string> = {
  cloudtrail: (times) => JSON.stringify({ Records: times.map(cloudtrail) }),
  'vault-audit': (times) => lines(times.map(vault)),
  'github-audit': (times) => lines(times.map(github)),
  'kubernetes-audit': (times) => lines(times.map(kubernetes)),
}

/** Days of the scopes that these texts are of. */
async function daysOf(texts: readonly string[]) {
  const files = texts.map((text, at) => {
    const bytes = encoder.encode(text)
    return {
      name: `log-${at}.json`,
      size: bytes.length,
      stream: async function* () {
        yield bytes
      },
    }
  })
  const { scopes } = await collect(runImporters(files, { importers, fingerprintKey: new Uint8Array(32).fill(7) }))
  return scopes.map(({ scope, days = [] }) => ({
    importer: scope.importer,
    days: days.map(([from, to]) => `${dateOf(from)} ${dateOf(to)}`),
  }))
}

describe('the days on which a log speaks', () => {
  for (const [importer, log] of Object.entries(logs))
    it(`are told of ${importer}, over all of its files`, async () => {
      const first = log(['2026-09-01T10:00:00Z', '2026-09-01T23:59:59Z', '2026-09-02T00:00:00Z'])
      const second = log(['2026-09-30T08:00:00Z', '2026-09-03T08:00:00Z'])
      expect(await daysOf([first, second])).toEqual([
        { importer, days: ['2026-09-01 2026-09-03', '2026-09-30 2026-09-30'] },
      ])
    })
})

it('a moment with an offset does not speak for those of another day', () => {
  const days = heardDays()
  const heard: number[] = []
  for (const at of ['2026-09-02T01:00:00+05:00', '2026-09-02T01:30:00Z', '2026-09-02T01:40:00Z']) days.text(at)
  days.tell({ heard: (time: number) => void heard.push(time / MS_A_DAY) } as ScopeSink)
  expect(heard.map(dateOf)).toEqual(['2026-09-01', '2026-09-02'])
})
