import { fc, test } from '@fast-check/vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { awsServiceLastAccessed } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
const found = await runInMemory(awsServiceLastAccessed, files)
const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`
const seen = found.observations.map(({ from, to, evidence }) => [from, to, evidence.lastSeen, evidence.note])

describe('AWS service last accessed', () => {
  it('claims every reply and accounts for every record', () => {
    expect(found.claimed.sort()).toEqual(Object.keys(files).sort())
    expect(unaccounted(found)).toEqual([])
    expect(found.files.flatMap(({ skipped }) => skipped.map(({ reason }) => reason)).sort()).toEqual([
      'error-response',
      'masked-identifier',
      'unreadable-record',
    ])
  })

  it('is use that was seen, of one service by one principal, and its last time', () => {
    const service = (name: string) => keys.awsService(`${name}.amazonaws.com`)
    expect(seen).toEqual([
      [arn('user/deploy'), service('secretsmanager'), '2026-11-19T11:00:00Z', 'last use'],
      [arn('role/app'), service('secretsmanager'), '2026-11-18T03:10:00Z', 'last use from eu-west-1'],
      [arn('role/app'), service('lambda'), '2026-10-01T00:00:00Z', 'last use; UpdateFunctionCode'],
    ])
    expect(
      found.observations.every(({ kind, evidence }) => kind === 'CAN_ACCESS' && evidence.kind === 'observed'),
    ).toBe(true)
  })

  it('says what was not seen to be used, and since when that can be said', () => {
    const props = (id: string) => found.entities.find((one) => one.id === id && one.props)?.props
    expect(props(arn('role/app'))).toEqual({
      servicesNotUsed: ['s3'],
      serviceUseTrackedFrom: '2025-10-16T08:00:05Z',
      serviceUseTrackedUntil: '2026-11-20T08:00:05Z',
    })
    expect(props(arn('user/old'))).toMatchObject({ servicesNotUsed: ['s3'] })
    expect(found.scopes.every(({ id, complete }) => id === 'aws/111122223333' && !complete)).toBe(true)
  })

  it('takes nothing but the fields it names', () => {
    expect(JSON.stringify(files)).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('does not guess whose a report is', async () => {
    const { Arn: _arn, ...anonymous } = JSON.parse(files['never-used.json']!) as Record<string, unknown>
    const outcome = await runInMemory(awsServiceLastAccessed, { 'x.json': JSON.stringify(anonymous) })
    expect(outcome.files[0]!.skipped.map(({ reason }) => reason)).toEqual(['missing-identifier'])
    expect(outcome.files[0]!.notes[0]).toContain('does not say whose it is')
    expect(outcome.entities).toEqual([])
  })

  test.prop([fc.constantFrom(...Object.keys(files)), fc.nat(), fc.constantFrom('', '0', '"', '{', ']', 'null')])(
    'survives a change at any place',
    async (name, seed, put) => {
      const text = files[name]!
      const at = seed % text.length
      const outcome = await runInMemory(awsServiceLastAccessed, {
        [name]: text.slice(0, at) + put + text.slice(at + 1),
      })
      expect(unaccounted(outcome)).toEqual([])
    },
  )
})
