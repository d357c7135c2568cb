import { describe, expect, it } from 'vitest'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { cloudtrail } from './index.ts'

const key = 'AKIAEXAMPLEDEPLOYBT1'
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf'
const event = (id: number) => ({
  eventVersion: '1.08',
  userIdentity: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::111122223333:user/ci',
    accountId: '111122223333',
    accessKeyId: key,
    userName: 'ci',
  },
  eventTime: '2026-05-01T10:00:00Z',
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: 'GetSecretValue',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.15',
  requestParameters: { secretId: secret, canary: 'KEYFALL-CANARY' },
  eventID: `00000000-0000-4000-8000-00000000000${id}`,
  recipientAccountId: '111122223333',
})
const text = (id: number): string => JSON.stringify(event(id))
const columns = (id: number) => {
  const { userIdentity: user, requestParameters, ...rest } = event(id)
  const words = (fields: object) =>
    `{${Object.entries(fields)
      .map(([name, value]) => `${name.toLowerCase()}=${String(value)}`)
      .join(', ')}}`
  const all = { ...rest, eventTime: '2026-05-01 10:00:00.000', userIdentity: words(user), requestParameters: `{secretId=${requestParameters.secretId}}` } // prettier-ignore
  return Object.entries(all).map(([name, value]) => ({ [name]: value }))
}
const page = (...rows: unknown[]) => JSON.stringify({ QueryStatus: 'FINISHED', QueryResultRows: rows })

/** Shapes in which exports of others come; each holds the one event. */
const shapes: Record<string, string> = {
  'lake, columns of events': page(columns(1)),
  'lake, whole events': page([{ eventJson: text(1) }]),
  'logs insights': JSON.stringify({ results: [[{ field: '@timestamp', value: 'x' }, { field: '@message', value: text(1) }]] }), // prettier-ignore
  'eventbridge, a list': JSON.stringify([{ 'detail-type': 'AWS API Call via CloudTrail', detail: event(1) }]),
  'splunk, a line an event': JSON.stringify({ preview: false, result: { _raw: text(1) } }),
  'a queue': JSON.stringify({ Messages: [{ MessageId: '1', Body: JSON.stringify({ detail: event(1) }) }] }),
  'elastic, the original beside its own fields': JSON.stringify({ _source: { aws: { cloudtrail: { user_identity: {} } }, event: { original: text(1) } } }), // prettier-ignore
  'log events': JSON.stringify({ logEvents: [{ id: '1', message: text(1) }] }),
  'records over lines': `{"Records":[\n${text(1)}\n]}\n`,
}

describe('events in what others wrote round them', () => {
  it.each(Object.entries(shapes))('%s', async (name, content) => {
    const found = await runInMemory(cloudtrail, { [`${name.replaceAll(' ', '-')}.json`]: content })
    expect(unaccounted(found)).toEqual([])
    expect(found.files.map(({ read, mapped }) => [read, mapped])).toEqual([[1, 1]])
    const uses = found.observations.filter(({ kind }) => kind.startsWith('USES_')).map(({ kind, to }) => [kind, to])
    expect(uses.sort()).toEqual([
      ['USES_CREDENTIAL', `aws:key:${key}`],
      ['USES_SECRET', secret],
    ])
    expect(found.observations[0]!.evidence.lastSeen).toBe('2026-05-01T10:00:00Z')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('a table with a column for a part of the identity', async () => {
    const table = `eventtime,useridentity.arn,useridentity.accesskeyid,eventsource,eventname,eventid\n2026-05-01T10:00:00Z,arn:aws:iam::111122223333:user/ci,${key},s3.amazonaws.com,ListBuckets,e1\n`
    const found = await runInMemory(cloudtrail, { 'athena.csv': table })
    expect(found.observations.map(({ kind }) => kind)).toContain('USES_CREDENTIAL')
  })

  it('the table of the console names no account: --scope does; what a session was it does not say', async () => {
    const table = `User name,AWS access key,Event time,Event source,Event name,Event ID\nci,${key},"May 01, 2026, 12:00:00 (UTC+02:00)",s3.amazonaws.com,ListBuckets,e1\nrun-7,ASIAEXAMPLEAAAAAAAA1,"May 01, 2026, 12:00:00 (UTC+02:00)",s3.amazonaws.com,ListBuckets,e2\n`
    const without = await runInMemory(cloudtrail, { 'event_history.csv': table })
    expect(skippedOf(without, 'missing-identifier')).toBe(2)
    const found = await runInMemory(cloudtrail, { 'event_history.csv': table }, '111122223333')
    const used = found.observations.filter(({ kind }) => kind === 'USES_CREDENTIAL')
    expect(used.map(({ to, evidence }) => [to, evidence.lastSeen])).toEqual([
      [`aws:key:${key}`, '2026-05-01T10:00:00Z'],
    ])
  })

  it('damage has a place', async () => {
    const cut = page(columns(1), [{ eventName: 'x' }], 7).slice(0, -1)
    const found = await runInMemory(cloudtrail, {
      'cut.json': cut,
      'odd.json': page(columns(1), [{ eventName: 'x' }], 7),
    })
    expect(unaccounted(found)).toEqual([])
    expect(skippedOf(found)).toBeGreaterThanOrEqual(3)
  })
})
