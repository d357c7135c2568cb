import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cloudtrail } from './index.ts'
import { looseJson } from './loose-value.ts'

const read = (text: string) => collect(runImporters([rawFile('rows.csv', text)], { importers: [cloudtrail] }))
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
const key = 'AKIAEXAMPLEDEPLOYBT1'
const used = (found: Awaited<ReturnType<typeof read>>) =>
  found.facts.observations.filter((one) => one.kind === 'USES_CREDENTIAL').map((one) => one.to)

describe('tables of events', () => {
  it('of Athena, whose keys are in lower case', async () => {
    const identity = `{type=IAMUser, principalid=AIDAEXAMPLE, arn=arn:aws:iam::111122223333:user/ci, accountid=111122223333, accesskeyid=${key}, username=ci, sessioncontext=null}`
    const text = [
      'eventid,eventtime,eventsource,eventname,useridentity,recipientaccountid,sourceipaddress,requestparameters',
      [
        '00000000-0000-4000-8000-000000000001',
        '2024-05-01T10:00:00Z',
        'secretsmanager.amazonaws.com',
        'GetSecretValue',
        quoted(identity),
        '111122223333',
        '203.0.113.9',
        quoted(
          '{"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf","versionId":"KEYFALL-CANARY"}',
        ),
      ].join(','),
    ].join('\n')
    const found = await read(text)
    expect(found.files[0]).toMatchObject({ importer: 'cloudtrail', read: 1, mapped: 1 })
    expect(used(found)).toEqual([`aws:key:${key}`])
    expect(found.facts.observations.some((one) => one.kind === 'USES_SECRET')).toBe(true)
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('of scripts, with dictionaries in cells; broken cells are named by their row', async () => {
    const identity = `{'type': 'IAMUser', 'arn': 'arn:aws:iam::111122223333:user/o\\'hara', 'accountId': '111122223333', 'accessKeyId': '${key}', 'x': None, 'mfa': True}`
    const row = (n: number, cell: string) =>
      `AwsApiCall,ListObjects,${quoted(cell)},"{'bucketName': 'shop'}",00000000-0000-4000-8000-00000000000${n},2024-05-01T10:00:00Z,203.0.113.9`
    const text = `Event Type,Event Name,User ID,Request Parameters,Event ID,Event DateTime,Source IP\n${row(1, identity)}\n${row(2, '{oops')}\n`
    const found = await read(text)
    expect(found.files[0]).toMatchObject({ importer: 'cloudtrail', read: 2, mapped: 1 })
    expect(found.files[0]!.skipped).toEqual([{ reason: 'missing-identifier', count: 1, where: ['row 3'] }])
    expect(used(found)).toEqual([`aws:key:${key}`])
  })
})

it('of the console name no account: what to do about it is said', async () => {
  const text = `Event name,Event time,User name,AWS access key,Event ID,Event source\nListUsers,2024-05-01T10:00:00Z,ann,${key},e1,iam.amazonaws.com\n`
  const found = await read(text)
  expect(found.files[0]).toMatchObject({ importer: 'cloudtrail', read: 1, mapped: 0 })
  expect(found.files[0]!.notes.join()).toContain('--scope')
})

describe('values of cells', () => {
  const same = (name: string) => name
  test.prop([fc.jsonValue({ maxDepth: 4, noUnicodeString: true }).map((value) => JSON.stringify(value))])(
    'that are anything neither throw nor hang',
    (json) => {
      const read = looseJson(json.slice(0, json.length - 1), same)
      expect(read === undefined || typeof JSON.parse(read) !== 'undefined').toBe(true)
    },
  )
  it.each([
    ['{a=1, b={c=null}, d=[x, y]}', { a: '1', b: { c: null }, d: ['x', 'y'] }],
    ["{'a': 'b', \"c\": [True, None]}", { a: 'b', c: [true, null] }],
    ['{}', {}],
  ])('%s', (text, value) => expect(JSON.parse(looseJson(text, same)!)).toEqual(value))
  it.each(['{', '{a}', '{a=1', 'x}', '['.repeat(30)])('%s is none', (text) =>
    expect(looseJson(text, same)).toBeUndefined(),
  )
})
