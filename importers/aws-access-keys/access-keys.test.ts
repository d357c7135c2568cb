import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { awsAccessKeys } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = readdirSync(folder)
  .sort()
  .map((name) => rawFile(name, readFileSync(new URL(name, folder))))
const read = (scopeName?: string) => collect(runImporters(files, { importers: [awsAccessKeys], scopeName }))
const found = await read('111122223333')
const key = keys.awsAccessKey('AKIAEXAMPLEDEPLOYBT1')
const user = 'arn:aws:iam::111122223333:user/deploy-bot'

describe('AWS access keys', () => {
  it('reads several replies of one file, recorded ones too, and accounts for what it leaves out', () => {
    expect(found.files.map(({ read, mapped }) => [read, mapped])).toEqual([
      [1, 1],
      [4, 2],
    ])
    expect(found.files[1]!.skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ['masked-identifier', 1],
      ['error-response', 1],
    ])
    const ids = new Set(found.facts.entities.filter((one) => one.kind === 'aws.iam_access_key').map((one) => one.id))
    expect([...ids]).toEqual([key, keys.awsAccessKey('AKIAEXAMPLEREPORTNG1')])
  })

  it('knows a key by its id, with age, state and last use', () => {
    const props = Object.assign(
      {},
      ...found.facts.entities.filter((one) => one.id === key).map((one) => one.props),
    ) as unknown
    expect(props).toMatchObject({
      createdAt: '2023-04-01T09:00:05Z',
      status: 'Active',
      userArn: user,
      lastUsedAt: '2024-05-02T07:11:00Z',
      lastUsedService: 'sts',
    })
    const recorded = found.facts.entities.find((one) => one.id === keys.awsAccessKey('AKIAEXAMPLEREPORTNG1'))
    expect(recorded?.props?.createdAt).toBe('2022-02-03T04:05:06Z')
  })

  it('finds the user where the account is given, and says how where it is not', async () => {
    const proofs = found.facts.relationships.filter((one) => one.kind === 'AUTHENTICATES_AS' && one.from === key)
    expect(proofs.map((one) => one.to)).toEqual([user])
    const unplaced = await read()
    expect(unplaced.facts.relationships).toEqual([])
    expect(unplaced.files[1]!.notes.join()).toContain('--scope')
  })

  it('never takes one list for the whole account, and lets nothing else through', () => {
    expect(found.scopes.map(({ scope }) => scope.complete)).toEqual([false])
    expect(readFileSync(new URL('list-access-keys.json', folder), 'utf8')).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('does not guess which key a last use is of', async () => {
    const nameless = [{ ...files[0]!, name: 'reply.json' }]
    const { files: reports, facts } = await collect(runImporters(nameless, { importers: [awsAccessKeys] }))
    expect(reports[0]!.skipped[0]!.reason).toBe('missing-identifier')
    expect(facts.entities).toEqual([])
  })
})

describe('other forms of the replies', () => {
  const one = {
    UserName: 'ann',
    AccessKeyId: 'AKIAEXAMPLEEXAMPLE01',
    Status: 'Active',
    CreateDate: '2024-01-01T00:00:00Z',
  }
  const two = { ...one, AccessKeyId: 'AKIAEXAMPLEEXAMPLE02' }
  const used = {
    UserName: 'ann',
    AccessKeyLastUsed: { LastUsedDate: '2024-05-01T00:00:00Z', ServiceName: 's3', Region: 'x' },
  }
  const readText = (text: string) => collect(runImporters([rawFile('k.json', text)], { importers }))
  it.each([
    ['keys alone, as --query leaves them', JSON.stringify([one, two]), 2],
    ['keys alone, one a line', `${JSON.stringify(one)}\n${JSON.stringify(two)}`, 2],
    [
      'behind long metadata',
      JSON.stringify({ ResponseMetadata: { a: 'x'.repeat(600) }, AccessKeyMetadata: [one, two] }),
      2,
    ],
    ['a last use that names its key', JSON.stringify({ ...used, AccessKeyId: one.AccessKeyId }), 1],
  ])('%s', async (_, text, count) => {
    const { files, facts } = await readText(text)
    expect(files[0]).toMatchObject({ importer: 'aws-access-keys', read: count, mapped: count })
    expect(new Set(facts.entities.map(({ id }) => id)).size).toBe(count)
  })
  it('never takes the reply that has the key itself', async () => {
    const { files, facts } = await readText(JSON.stringify({ ...one, SecretAccessKey: 'KEYFALL-CANARY-x' }))
    expect(files[0]!.importer).toBeNull()
    expect(facts.entities).toEqual([])
  })
})
