import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { agentOf, networkOf } from './caller.ts'
import { cloudtrail } from './index.ts'

const fixture = readFileSync(new URL('./fixtures/events.json', import.meta.url), 'utf8')
const events = (JSON.parse(fixture) as { Records: Record<string, unknown>[] }).Records
const read = (...texts: (string | Uint8Array)[]) =>
  collect(
    runImporters(
      texts.map((text, at) => rawFile(`events-${at}`, text)),
      { importers: [cloudtrail] },
    ),
  )

const found = await read(fixture)
const { entities, observations } = found.facts
const seen = (kind: string, from: string, to: string) =>
  observations.find((one) => one.kind === kind && one.from === from && one.to === to)
const entity = (id: string) => entities.find((one) => one.id === id)

const key = keys.awsAccessKey('AKIAEXAMPLEDEPLOYBT1')
const user = 'arn:aws:iam::111122223333:user/ci/deploy-bot'
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/stripe-AbCdEf'
const cli = keys.caller(key, '203.0.113.0/24', 'aws-cli')

describe('CloudTrail', () => {
  it('accounts for every event', () => {
    const [file] = found.files
    expect(file).toMatchObject({ read: events.length, merged: 1 })
    expect(Object.fromEntries(file!.skipped.map(({ reason, count }) => [reason, count]))).toEqual({
      'masked-identifier': 1,
      'missing-identifier': 1,
      'not-relevant': 1,
    })
  })

  it('shows which caller uses a key: network, client, times, and the last event', () => {
    expect(seen('USES_CREDENTIAL', cli, key)).toMatchObject({
      attributed: false,
      evidence: {
        kind: 'observed',
        firstSeen: '2024-05-01T10:00:00Z',
        lastSeen: '2024-05-01T10:02:00Z',
        record: '00000000-0000-4000-8000-000000000003',
        count: 3,
        note: '1 of 3 denied',
      },
    })
    expect(entity(cli)).toMatchObject({ kind: 'caller', props: { network: '203.0.113.0/24', agent: 'aws-cli' } })
    expect(seen('AUTHENTICATES_AS', key, user)?.evidence.count).toBe(3)
  })

  it('shows which secret was read, by identity and by caller, and none that was denied', () => {
    expect(seen('CAN_ACCESS', user, secret)?.evidence.count).toBe(1)
    expect(seen('USES_SECRET', cli, secret)?.attributed).toBe(false)
    expect(entity(secret)).toMatchObject({ name: 'payments/stripe' })
    expect(entities.some((one) => one.id.includes('payments/denied'))).toBe(false)
  })

  it('makes no thing of a session, and follows it to the key it came from', () => {
    expect(entities.some((one) => one.id.includes('ASIA'))).toBe(false)
    expect(seen('ASSUMES', user, role('deployer'))?.evidence.note).toBe('with AKIAEXAMPLEDEPLOYBT1')
    const terraform = keys.caller(key, '203.0.113.0/24', 'terraform')
    expect(seen('USES_CREDENTIAL', terraform, key)?.evidence.note).toBe('through a session of deployer')
    expect(seen('RUNS_AS', terraform, role('deployer'))?.attributed).toBe(false)
  })

  it('knows a Lambda function and an EC2 instance by the name of their session', () => {
    const fn = 'arn:aws:lambda:eu-west-1:111122223333:function:charge-card'
    expect(seen('RUNS_AS', fn, role('service/charge-card'))).toMatchObject({ evidence: { count: 2 } })
    expect(seen('RUNS_AS', fn, role('service/charge-card'))?.attributed).toBeUndefined()
    const parameter = 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db-url'
    expect(seen('USES_SECRET', fn, parameter)?.evidence.count).toBe(1)
    const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0'
    expect(seen('RUNS_AS', instance, role('batch'))?.evidence.count).toBe(1)
  })

  it('joins who comes through an OIDC provider to the role', () => {
    const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'
    const subject = keys.awsFederated(provider, 'repo:acme/shop:ref:refs/heads/main')
    expect(seen('ASSUMES', subject, role('deployer'))).toBeDefined()
    expect(seen('DEPENDS_ON', subject, provider)).toBeDefined()
  })

  it('learns of a key that was made, and of the root user and a console sign-in', () => {
    expect(entity(keys.awsAccessKey('AKIAEXAMPLEREPORTNG1'))?.props).toMatchObject({
      createdAt: '2024-05-01T11:00:00Z',
      status: 'Active',
    })
    const root = 'arn:aws:iam::111122223333:root'
    expect(seen('AUTHENTICATES_AS', keys.awsPassword(root), root)).toBeDefined()
  })

  it('sees which key encrypts a secret', () => {
    const kms = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
    expect(seen('ENCRYPTED_BY', secret, kms)).toBeDefined()
  })

  it('keeps no mail address, no token, no value', () => {
    expect(fixture).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    expect(fixture).toContain('@example.com')
    expect(JSON.stringify(found)).not.toContain('@example.com')
    expect(found.scopes.flatMap((scope) => scope.defects)).toEqual([])
  })
})

describe('the same events in other forms', () => {
  const lines = (wrap: (event: unknown) => unknown) => events.map((event) => JSON.stringify(wrap(event))).join('\n')
  const forms: Record<string, string | Uint8Array> = {
    'a plain array': JSON.stringify(events),
    'one a line': lines((event) => event),
    'indented, one after the other': events.map((event) => JSON.stringify(event, undefined, 2)).join('\n'),
    'lookup-events': JSON.stringify({
      Events: events.map((event) => ({ EventId: 'x', CloudTrailEvent: JSON.stringify(event) })),
      NextToken: 'n',
    }),
    'lookup-events, one a line': lines((event) => ({ EventName: 'x', CloudTrailEvent: JSON.stringify(event) })),
    'as EventBridge passes them on': lines((event) => ({ version: '0', source: 'aws.iam', detail: event })),
    'as OpenSearch keeps them': JSON.stringify(events.map((event) => ({ aws: { cloudtrail: event } }))),
    'as Logstash writes them': lines((event) => {
      const { eventTime, ...rest } = event as Record<string, unknown>
      return { '@version': '1', ...rest, '@timestamp': String(eventTime).replace('Z', '.000Z') }
    }),
    'with gzip': gzipSync(fixture),
    "texts, as lookup-events --query 'Events[].CloudTrailEvent' prints them": JSON.stringify(
      events.map((event) => JSON.stringify(event)),
      undefined,
      4,
    ),
    "rows of texts, as --query 'Events[].[CloudTrailEvent]' prints them": JSON.stringify(
      events.map((event) => [JSON.stringify(event)]),
    ),
    'texts with tabs between, as --output text prints them': lines((event) => event).replaceAll('\n', '\t'),
    'the answer of a search of OpenSearch': JSON.stringify({
      took: 3,
      hits: { total: { value: events.length }, hits: events.map((event, at) => ({ _id: String(at), _source: event })) },
    }),
    'the items of a table of DynamoDB or of a script': JSON.stringify({ Items: events, Count: events.length }),
  }
  for (const [name, form] of Object.entries(forms))
    it(name, async () => {
      const same = await read(form)
      expect(same.files[0]!.importer).toBe('cloudtrail')
      expect(same.files[0]!.notes).toEqual([])
      expect(same.facts).toEqual(found.facts)
    })

  it('given twice changes nothing', async () => {
    const twice = await read(fixture, JSON.stringify(events))
    expect(twice.facts).toEqual(found.facts)
    expect(twice.files[1]).toMatchObject({ read: events.length, mapped: 0, merged: events.length })
  })
})

describe('damage', () => {
  it('costs the events it touches and no others, and is named with its place', async () => {
    const text = JSON.stringify({ Records: events })
    const second = text.indexOf('{"eventVersion"', 20)
    const broken = text.slice(0, second - 2) + text.slice(second - 1)
    const { files } = await read(broken)
    expect(files[0]!.skipped.find(({ reason }) => reason === 'unreadable-record')?.where).toEqual([
      `byte ${second - 1}`,
    ])
    expect(files[0]!.read).toBe(events.length)
  })

  it('says that a file ends in the middle', async () => {
    const { files } = await read(fixture.slice(0, fixture.length / 2))
    expect(files[0]!.skipped.map(({ reason }) => reason)).toContain('truncated')
    expect(files[0]!.mapped).toBeGreaterThan(3)
  })

  test.prop([
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', '}', '[', '\\', '\n', '0')), {
      minLength: 1,
      maxLength: 5,
    }),
  ])('at any place neither fails the run nor loses count', async (changes) => {
    let text = fixture
    for (const [at, put] of changes) text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)
    const { files } = await read(text)
    expect(files[0]!.error).toBeUndefined()
  })
})

describe('what else looks like it', () => {
  const s3 = {
    Records: [{ eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', userIdentity: {} }],
  }
  it.each([JSON.stringify(s3), '{"Records":[]}', 'eventSource eventName userIdentity .amazonaws.com'])(
    '%s is not its own',
    (text) => expect(cloudtrail.detect({ name: 'x', head: text, whole: true })).toBe(0),
  )
})

describe('callers', () => {
  it.each([
    ['203.0.113.77', undefined, '203.0.113.0/24'],
    ['10.1.2.3', undefined, '10.1.2.3'],
    ['08.1.250.216', undefined, '8.1.250.0/24'],
    ['2001:db8:1:2:3::4', undefined, '2001:db8:1:2::/64'],
    ['203.0.113.77', 'vpce-0a1b2c', 'vpce-0a1b2c'],
    ['lambda.amazonaws.com', undefined, 'service:lambda.amazonaws.com'],
    ['AWS Internal', undefined, 'aws-internal'],
    ['somebody said so', undefined, 'unknown'],
  ])('from %s (%s) are %s', (address, endpoint, network) => expect(networkOf(address, endpoint)).toBe(network))

  it.each([
    ['aws-cli/2.15 Python/3.11 exec-env/CodeBuild', 'aws-cli'],
    ['APN/1.0 HashiCorp/1.0 Terraform/1.7 aws-sdk-go-v2/1.24', 'terraform'],
    ['Boto3/1.34 md/Botocore#1.34', 'boto3'],
    ['console.ec2.amazonaws.com', 'console'],
    ['Mozilla/5.0 (X11)', 'browser'],
    ['billing-sync_0b1c2d3e-0000-4000-8000-000000000000', 'billing-sync'],
    ['', 'unknown'],
  ])('with %s are %s', (userAgent, agent) => expect(agentOf(userAgent)).toBe(agent))
})
