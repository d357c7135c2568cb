import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cloudtrail } from './index.ts'

const ACCOUNT = '111122223333'
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const key = 'AKIAEXAMPLEDEPLOYBT1'
let count = 0
const event = (userIdentity: unknown, call: string, fields: object = {}) => ({
  eventVersion: '1.09',
  userIdentity,
  eventTime: '2024-05-01T10:00:00Z',
  eventSource: `${call.split(':')[0]!}.amazonaws.com`,
  eventName: call.split(':')[1]!,
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.10',
  userAgent: 'aws-cli/2.15',
  eventID: `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
  eventType: 'AwsApiCall',
  recipientAccountId: ACCOUNT,
  ...fields,
})
const user = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE00001',
  arn: `arn:aws:iam::${ACCOUNT}:user/ci`,
  accountId: ACCOUNT,
  accessKeyId: key,
  userName: 'ci',
}
const session = (name: string, of: string, accessKeyId: string, more: object = {}) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE00001:${name}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${of}/${name}`,
  accountId: ACCOUNT,
  accessKeyId,
  sessionContext: { sessionIssuer: { type: 'Role', arn: role(of) }, attributes: {} },
  ...more,
})
const assume = (by: unknown, of: string, made: string, fields: object = {}) =>
  event(by, 'sts:AssumeRole', {
    requestParameters: { roleArn: role(of), roleSessionName: 'x' },
    responseElements: { credentials: { accessKeyId: made, sessionToken: 'KEYFALL-CANARY' } },
    ...fields,
  })
const read = async (...files: (readonly unknown[])[]) => {
  const raw = files.map((events, at) => rawFile(`part-${at}.json`, JSON.stringify({ Records: events })))
  const { facts } = await collect(runImporters(raw, { importers: [cloudtrail] }))
  return {
    ...facts,
    seen: (kind: string, from: string, to: string) =>
      facts.observations.filter((one) => one.kind === kind && one.from === from && one.to === to),
    thing: (id: string) => facts.entities.find((one) => one.id === id),
  }
}
const uses = (found: Awaited<ReturnType<typeof read>>, to: string) =>
  found.observations.filter((one) => one.kind === 'USES_CREDENTIAL' && one.to === to)

describe('what stands behind a session', () => {
  it('is the key at the begin of a chain of roles, told in another file and later', async () => {
    const first = assume(user, 'one', 'ASIAEXAMPLE00000001')
    const second = assume(session('x', 'one', 'ASIAEXAMPLE00000001'), 'two', 'ASIAEXAMPLE00000002')
    const use = event(session('x', 'two', 'ASIAEXAMPLE00000002'), 's3:ListBuckets')
    const caller = keys.caller(keys.awsAccessKey(key), '203.0.113.0/24', 'aws-cli')
    const [forth, back] = [await read([first, second, use]), await read([use], [second], [first])]
    for (const found of [forth, back]) {
      expect(found.seen('RUNS_AS', caller, role('two'))).toHaveLength(1)
      expect(found.seen('ASSUMES', role('one'), role('two'))[0]?.evidence.note).toBe(`with ${key}`)
      expect(uses(found, keys.awsAccessKey(key))[0]?.evidence.count).toBe(3)
      expect(JSON.stringify(found)).not.toMatch(/KEYFALL-CANARY|ASIA/)
    }
    const plain = ({ observations }: typeof forth) =>
      observations.map(({ evidence: { file: _file, ...rest }, ...one }) => ({ ...one, rest }))
    expect(plain(back)).toEqual(plain(forth))
  })

  it('is the repository of an OIDC subject, and the pods of a service account', async () => {
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`
    const subject = 'repo:acme/shop:environment:prod'
    const mint = event(
      { type: 'WebIdentityUser', userName: subject, identityProvider: provider },
      'sts:AssumeRoleWithWebIdentity',
      {
        requestParameters: { roleArn: role('deploy'), roleSessionName: 'GitHubActions' },
        responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE00000001' } },
      },
    )
    const found = await read([
      mint,
      event(session('GitHubActions', 'deploy', 'ASIAEXAMPLE00000001'), 'ecs:UpdateService'),
    ])
    const workload = keys.caller(keys.awsFederated(provider, subject), 'github-actions', '')
    expect(found.seen('RUNS_AS', workload, role('deploy'))[0]).not.toHaveProperty('attributed')
    expect(found.relationships.find((one) => one.kind === 'DEFINED_IN')).toMatchObject({
      from: workload,
      to: keys.githubRepository('acme/shop'),
    })
    const tags = {
      'eks-cluster-name': 'prod',
      'kubernetes-namespace': 'shop',
      'kubernetes-service-account': 'web',
      secret: 'KEYFALL-CANARY',
    }
    const lent = assume({ type: 'AWSService', invokedBy: 'pods.eks.amazonaws.com' }, 'web', 'ASIAEXAMPLE00000003', {
      requestParameters: {
        roleArn: role('web'),
        roleSessionName: 'eks-prod-web-1',
        tags: Object.entries(tags).map(([name, value]) => ({ key: name, value })),
      },
    })
    const pods = await read([lent, event(session('eks-prod-web-1', 'web', 'ASIAEXAMPLE00000003'), 's3:ListBuckets')])
    const account = keys.k8s('prod', 'shop', 'serviceaccount', 'web')
    expect(pods.seen('RUNS_AS', `${account}/pods`, role('web'))[0]?.evidence.count).toBe(2)
    expect(JSON.stringify(pods)).not.toContain('KEYFALL-CANARY')
  })

  it('is what the platform gave the credentials to, whatever the session is called', async () => {
    const fn = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:charge`
    const inScopeOf = { issuerType: 'AWS::Lambda::Function', credentialsIssuedTo: fn }
    const found = await read([
      event(session('somebody', 'app', 'ASIAEXAMPLE00000001', { inScopeOf }), 's3:ListBuckets'),
    ])
    expect(found.seen('RUNS_AS', fn, role('app'))).toHaveLength(1)
  })

  it('is no instance where somebody with a key named a session like one', async () => {
    const name = 'i-0123456789abcdef0'
    const use = event(session(name, 'app', 'ASIAEXAMPLE00000001'), 's3:ListBuckets')
    expect((await read([use])).entities.some((one) => one.kind === 'aws.ec2_instance')).toBe(true)
    const found = await read([use, assume(user, 'app', 'ASIAEXAMPLE00000001')])
    expect(found.entities.some((one) => one.kind === 'aws.ec2_instance')).toBe(false)
  })
})

describe('what a call proves', () => {
  it('where it was refused: that somebody still holds the key, not that it works', async () => {
    const found = await read([
      event(user, 's3:ListBuckets', { errorCode: 'InvalidClientTokenId', errorMessage: 'KEYFALL-CANARY' }),
    ])
    const [use, ...others] = uses(found, keys.awsAccessKey(key))
    expect(others).toEqual([])
    expect(use).toMatchObject({ attributed: false, evidence: { kind: 'inferred', count: 1 } })
    expect(found.observations.some((one) => one.kind === 'CAN_ACCESS')).toBe(false)
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('over days: a rhythm', async () => {
    const nightly = [1, 2, 3, 4, 5, 6].map((day) =>
      event(user, 's3:ListBuckets', { eventTime: `2024-05-0${day}T02:00:0${day}Z` }),
    )
    expect(uses(await read(nightly), keys.awsAccessKey(key))[0]?.cadence).toBe(86_400)
    expect(uses(await read(nightly.slice(0, 3)), keys.awsAccessKey(key))[0]?.cadence).toBeUndefined()
  })

  it('of a change: what became of the key and the secret, the latest word counting', async () => {
    const change = (status: string, eventTime: string) =>
      event(user, 'iam:UpdateAccessKey', { eventTime, requestParameters: { accessKeyId: key, status, userName: 'ci' } })
    const secret = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/db-AbCdEf`
    const moved = event(user, 'secretsmanager:UpdateSecretVersionStage', {
      requestParameters: { secretId: secret, versionStage: 'AWSCURRENT' },
    })
    const found = await read([
      change('Inactive', '2024-05-03T10:00:00Z'),
      change('Active', '2024-05-02T10:00:00Z'),
      moved,
    ])
    expect(found.thing(keys.awsAccessKey(key))?.props).toMatchObject({
      status: 'Inactive',
      statusChangedAt: '2024-05-03T10:00:00Z',
    })
    expect(found.thing(keys.awsAccessKey(key))?.props?.history).toHaveLength(2)
    expect(found.thing(secret)?.props).toMatchObject({ lastRotatedAt: '2024-05-01T10:00:00Z' })
  })

  it('in the trail of another account: the same use, once, by the principal that its own trail names', async () => {
    const own = assume(user, 'shared', 'ASIAEXAMPLE00000001')
    const other = assume(
      { type: 'AWSAccount', principalId: 'AIDAEXAMPLE00001', accountId: ACCOUNT },
      'shared',
      'ASIAEXAMPLE00000001',
      { recipientAccountId: '444455556666' },
    )
    const found = await read([other, own])
    expect(found.seen('ASSUMES', user.arn, role('shared'))).toHaveLength(1)
    expect(found.entities.some((one) => one.id.startsWith('aws:principal:'))).toBe(false)
  })
})
