import { existsSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { useKernels } from '../read/kernel.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cloudtrail } from './index.ts'
import { startRun } from './run.ts'
import { eventScan } from './scan-event.ts'

useKernels((name) => {
  const path = `dist/kernels/${name}.wasm`
  return existsSync(path) ? readFileSync(path) : undefined
})

/** The importer whose every event becomes an object: slow, and right by construction. */
const exact = {
  ...cloudtrail,
  begin: (context: Parameters<typeof startRun>[0]) => startRun(context, true),
}
/** The fast way without the kernel. */
const scripted = {
  ...cloudtrail,
  begin: (context: Parameters<typeof startRun>[0]) => startRun(context, false, eventScan),
}
const run = async (importer: typeof cloudtrail, texts: readonly string[]) => {
  const found = await collect(
    runImporters(
      texts.map((text, at) => rawFile(`part-${at}`, text)),
      { importers: [{ ...importer, detect: () => 1 }] },
    ),
  )
  return {
    facts: found.facts,
    files: found.files.map(({ skipped, ...file }) => ({
      ...file,
      skipped: ordered(skipped),
    })),
  }
}
const ordered = <T extends { reason: string; where: string[] }>(skipped: readonly T[]) =>
  skipped.map((one) => ({ ...one, where: [...one.where].sort() })).sort((a, b) => (a.reason < b.reason ? -1 : 1))

const ACCOUNT = '111122223333'
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`
const secret = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/db-AbCdEf`
const sessionKeys = ['ASIAEXAMPLE00000001', 'ASIAEXAMPLE00000002', 'ASIAEXAMPLE00000003', 'ASIA***', '']
const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const session = fc.record({
  type: one('AssumedRole', 'Role', 'Unknown'),
  principalId: one(
    'AROAEXAMPLE00001:worker',
    'AROAEXAMPLE00001:botocore-session-1718000001',
    'AROAEXAMPLE00001:botocore-session-1718000002',
    'AROAEXAMPLE00001:i-0123456789abcdef0',
    'AROAEXAMPLE00001:report-20240101',
    'AROAEXAMPLE00001:report-20240102',
    'AROAEXAMPLE00001:AWSCodeBuild-0b1c2d3e-0000-4000-8000-000000000001',
    'AROAEXAMPLE00001:0123456789abcdef0123456789abcdef',
    'AROAEXAMPLE00002:someone@example.com',
    'AROAEXAMPLE00002:',
  ),
  arn: maybe(one(`arn:aws:sts::${ACCOUNT}:assumed-role/app/worker`, `arn:aws:sts::${ACCOUNT}:assumed-role/app/***`)),
  accountId: fc.constant(ACCOUNT),
  accessKeyId: one<unknown>(...sessionKeys),
  sessionContext: fc.record(
    {
      sessionIssuer: one<unknown>(
        { type: 'Role', arn: role('app') },
        { arn: role('path/other') },
        { arn: '' },
        {},
        null,
        7,
      ),
      attributes: one<unknown>({ creationDate: '2024-05-01T10:00:00Z' }, {}, { creationDate: 5 }),
    },
    { requiredKeys: [] },
  ),
  inScopeOf: maybe(
    one({
      issuerType: 'AWS::Lambda::Function',
      credentialsIssuedTo: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:charge`,
    }),
  ),
})
const user = fc.record(
  {
    type: one<unknown>('IAMUser', 'Root', 'FederatedUser', 'AWSAccount', 'Directory', 'Nobody', 3, null),
    principalId: one('AIDAEXAMPLE00001', 'AROAEXAMPLE00001:x', 'AIDAEXAMPLE00002'),
    arn: one(`arn:aws:iam::${ACCOUNT}:user/ci/deploy`, `arn:aws:iam::${ACCOUNT}:root`, 'nonsense'),
    accountId: one(ACCOUNT, '444455556666'),
    accessKeyId: one('AKIAEXAMPLE000000001', 'AKIAEXAMPLE000000002', ...sessionKeys),
    userName: one('deploy', 'déployé', '***'),
    sessionContext: one<unknown>({ attributes: { creationDate: 'x' } }, {}, []),
  },
  { requiredKeys: ['type'] },
)
const service = fc.record({
  type: one('AWSService', undefined),
  invokedBy: one('lambda.amazonaws.com', 'ec2.amazonaws.com', 'x'),
})
const subject = fc.record({
  type: fc.constant('WebIdentityUser'),
  identityProvider: fc.constant(`arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`),
  userName: one('repo:acme/shop:ref:refs/heads/main', 'system:serviceaccount:shop:web', 'x'),
})
const uuid = fc.nat({ max: 60 }).map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)

const parameters = one<unknown>(
  null,
  {},
  [],
  { secretId: secret },
  { secretId: 'shop/db', versionStage: 'AWSCURRENT' },
  { name: '/shop/url' },
  { name: 'a\\b"c' },
  { names: ['/shop/url', 'plain', 4] },
  { path: '/shop' },
  { roleArn: role('app'), roleSessionName: 'worker' },
  {
    roleArn: role('app'),
    roleSessionName: 'charge-card',
    tags: [{ key: 'kubernetes-namespace', value: 'x' }],
  },
  {
    keyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`,
    encryptionContext: { SecretARN: secret },
  },
  {
    encryptionContext: {
      PARAMETER_ARN: `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/shop/url`,
    },
  },
  {
    userName: 'other',
    accessKeyId: 'AKIAEXAMPLE000000002',
    status: 'Inactive',
  },
)
const event = fc.record(
  {
    eventVersion: fc.constant('1.09'),
    userIdentity: fc.oneof(
      { weight: 4, arbitrary: session },
      { weight: 3, arbitrary: user },
      service,
      subject,
      one<unknown>(null, [], 'x'),
    ),
    eventTime: one<unknown>(
      '2024-05-01T10:00:00Z',
      '2024-05-01T10:00:01Z',
      '2024-05-02T23:59:59Z',
      '2024-05-01T10:00:00.250Z',
      '2024-13-01T10:00:00Z',
      '2024-05-01T25:00:00Z',
      'soon',
      7,
    ),
    '@timestamp': maybe(one('2024-05-01T10:00:00.000Z')),
    eventSource: one('ec2', 'secretsmanager', 'ssm', 'kms', 'sts', 'iam', 'signin').map(
      (name) => `${name}.amazonaws.com`,
    ),
    eventName: one(
      'DescribeInstances',
      'GetSecretValue',
      'GetParameters',
      'GetParametersByPath',
      'Decrypt',
      'AssumeRole',
      'AssumeRoleWithWebIdentity',
      'GetSessionToken',
      'UpdateAccessKey',
      'ConsoleLogin',
      'RotateSecret',
    ),
    awsRegion: one('eu-west-1', 'us-east-1', 'cn-north-1'),
    sourceIPAddress: one('203.0.113.10', '203.0.113.99', '10.1.2.3', 'lambda.amazonaws.com', '2001:db8::1'),
    vpcEndpointId: maybe(one('vpce-1', '')),
    userAgent: one(
      'aws-cli/2.15',
      'aws-cli/2.16',
      'Boto3/1.34 exec-env/AWS_Lambda_python3.12',
      'x exec-env/AWS_ECS_FARGATE',
      'console.amazonaws.com',
      'quo"ted',
    ),
    errorCode: maybe(one('AccessDenied', 'Client.UnauthorizedOperation', 'ExpiredToken', 'ThrottlingException')),
    requestParameters: parameters,
    responseElements: fc.oneof(
      one<unknown>(null, {}, [], { ConsoleLogin: 'Failure' }, { credentials: null }),
      one(...sessionKeys).map((accessKeyId) => ({
        credentials: { sessionToken: 'KEYFALL-CANARY', accessKeyId },
      })),
    ),
    resources: maybe(one<unknown>([{ ARN: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1` }], [{ ARN: secret }], {}, null)),
    eventID: fc.oneof({ weight: 9, arbitrary: uuid }, one('1', '***')),
    eventType: one('AwsApiCall', 'AwsServiceEvent'),
    recipientAccountId: maybe(one(ACCOUNT, '444455556666', '')),
    nested: maybe(fc.jsonValue({ maxDepth: 3 })),
  },
  { requiredKeys: ['eventSource', 'eventName', 'eventID', 'userIdentity'] },
)

/** JSON in another order, with blanks, and with letters written as escapes. */
function written(value: unknown, { turn, blank, escape }: { turn: number; blank: string; escape: boolean }): string {
  if (Array.isArray(value))
    return `[${blank}${value.map((item) => written(item, { turn, blank, escape })).join(`${blank},`)}]`
  if (typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value) ?? 'null'
    return escape && text.startsWith('"s') ? `"\\u0073${text.slice(2)}` : text
  }
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  const shift = fields.length === 0 ? 0 : turn % fields.length
  const turned = [...fields.slice(shift), ...fields.slice(0, shift)]
  return `{${blank}${turned.map(([key, item]) => `${JSON.stringify(key)}${blank}:${blank}${written(item, { turn, blank, escape })}`).join(`${blank},`)}}`
}
const style = fc.record({
  turn: fc.nat({ max: 9 }),
  blank: one('', ' ', '\n  '),
  escape: fc.boolean(),
})
const styled = fc.tuple(event, style).map(([value, how]) => written(value, how))

describe('the fast way gives what the exact way gives', () => {
  test.prop([fc.array(styled, { minLength: 1, maxLength: 30 }), fc.boolean()], {
    numRuns: 40,
  })('of any events', async (events, wrapped) => {
    const half = events.length >> 1
    const write = (list: readonly string[]) => (wrapped ? `{"Records":[${list.join(',')}]}` : list.join('\n'))
    const texts = [write(events.slice(0, half)), write(events.slice(half))]
    const slow = await run(exact, texts)
    expect(await run(cloudtrail, texts)).toEqual(slow)
    expect(await run(scripted, texts)).toEqual(slow)
  })

  test.prop(
    [
      fc.array(styled, { minLength: 1, maxLength: 6 }),
      fc.array(
        fc.tuple(fc.nat(), one('', '"', '{', '}', '[', ']', ',', ':', '\\', '\n', '0', '-', 'e', 't', '\u0001', 'é')),
        { minLength: 1, maxLength: 4 },
      ),
    ],
    { numRuns: 40 },
  )('of damaged files', async (events, changes) => {
    let text = `{"Records":[${events.join(',')}]}`
    for (const [at, put] of changes) text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)
    const slow = await run(exact, [text])
    expect(await run(cloudtrail, [text])).toEqual(slow)
    expect(await run(scripted, [text])).toEqual(slow)
  })

  test.prop(
    [
      fc.uniqueArray(event, {
        minLength: 2,
        maxLength: 20,
        selector: ({ eventID }) => eventID,
      }),
    ],
    {
      numRuns: 60,
    },
  )('in any order of files', async (events) => {
    const texts = events.filter(({ eventID }) => eventID.length === 36).map((value) => JSON.stringify(value))
    const facts = async (list: readonly string[]) => (await run(cloudtrail, [list.join('\n')])).facts
    expect(await facts([...texts].reverse())).toEqual(await facts(texts))
  })

  it('in either order of a principal that events give to two accounts', async () => {
    const of = (account: string, second: number) =>
      JSON.stringify({
        ...{ eventVersion: '1.09', eventTime: `2024-05-01T10:00:0${second}Z`, eventSource: 'sts.amazonaws.com' },
        ...{ eventName: 'GetCallerIdentity', awsRegion: 'us-east-1', eventType: 'AwsApiCall' },
        userIdentity: { type: 'AWSAccount', principalId: 'AIDAEXAMPLE00002', accountId: account },
        ...{ eventID: `00000000-0000-4000-8000-00000000000${second}`, recipientAccountId: '222233334444' },
      })
    const texts = [of('111122223333', 1), of('444455556666', 2)]
    const [one, other] = await Promise.all(
      [texts, [...texts].reverse()].map(async (list) => (await run(cloudtrail, [list.join('\n')])).facts),
    )
    expect(other).toEqual(one)
    expect(JSON.stringify(one)).toContain('principal AIDAEXAMPLE00002 of account 111122223333')
  })

  it('takes nearly all events the fast way', () => {
    const text = JSON.stringify({
      eventVersion: '1.09',
      eventName: 'x',
      requestParameters: { deep: [1, { a: null }] },
    })
    const bytes = Buffer.from(text)
    const scan = eventScan(['Records'], 2048)
    expect(scan.scan(bytes, 0, bytes.length, 0)).toBe(bytes.length)
    expect(scan.scan(bytes, 0, bytes.length - 1, 0)).toBe(-1)
  })
})
