import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { awsCredentialReport } from './index.ts'

const csv = readFileSync(new URL('./fixtures/report.csv', import.meta.url), 'utf8')
const read = (text: string) => collect(runImporters([rawFile('report', text)], { importers: [awsCredentialReport] }))
const reply = (content: string) =>
  JSON.stringify({ Content: content, ReportFormat: 'text/csv', GeneratedTime: '2024-05-03T00:00:00+00:00' })
const found = await read(csv)
const entity = (id: string) => found.facts.entities.find((one) => one.id === id)

const root = 'arn:aws:iam::111122223333:root'
const bot = 'arn:aws:iam::111122223333:user/ci/deploy-bot'
const auditor = 'arn:aws:iam::111122223333:user/auditor'

describe('AWS credential report', () => {
  it('gives each filled slot a key that authenticates as its user', () => {
    expect(found.files[0]).toMatchObject({ read: 3, mapped: 3, skipped: [] })
    expect(entity(keys.awsKeySlot(bot, 1))).toMatchObject({
      kind: 'aws.iam_access_key',
      name: 'access key 1 of deploy-bot',
      props: {
        status: 'Active',
        createdAt: '2023-04-01T09:00:05Z',
        lastUsedAt: '2024-05-02T07:11:00Z',
        lastUsedService: 'sts',
      },
    })
    const proofs = found.facts.relationships.filter((one) => one.kind === 'AUTHENTICATES_AS' && one.to === bot)
    expect(proofs.map((one) => one.from)).toEqual([
      keys.awsKeySlot(bot, 1),
      keys.awsKeySlot(bot, 2),
      keys.awsCertificateSlot(bot, 1),
    ])
  })

  it('keeps an inactive key, which still takes its slot, and makes none of an empty slot', () => {
    expect(entity(keys.awsKeySlot(bot, 2))?.props).toMatchObject({ status: 'Inactive' })
    expect(entity(keys.awsKeySlot(auditor, 1))).toBeUndefined()
    expect(entity(keys.awsKeySlot(root, 2))).toBeUndefined()
  })

  it('shows the last use as an observation, and says nothing where there is no information', () => {
    const uses = found.facts.observations.filter((one) => one.to === bot)
    expect(uses.map((one) => [one.from, one.evidence.kind, one.evidence.lastSeen])).toEqual([
      [keys.awsKeySlot(bot, 1), 'observed', '2024-05-02T07:11:00Z'],
    ])
    expect(entity(keys.awsPassword(auditor))?.props).not.toHaveProperty('lastUsedAt')
  })

  it('gives the root user its password and its key', () => {
    expect(entity(root)?.kind).toBe('aws.root_user')
    expect(entity(keys.awsPassword(root))?.props).toMatchObject({ mfa: true, lastUsedAt: '2024-03-01T08:00:00Z' })
    expect(entity(keys.awsKeySlot(root, 1))?.props).toMatchObject({ status: 'Active' })
    expect(entity(keys.awsPassword(bot))).toBeUndefined()
  })

  it('lets no other column through', () => {
    expect(csv).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('reads the same from a reply, as text or base64, and takes only that for whole', async () => {
    const text = await read(reply(csv))
    const base64 = await read(reply(Buffer.from(csv).toString('base64')))
    const recorded = await read(JSON.stringify({ status_code: 200, data: JSON.parse(reply(csv)) as unknown }))
    expect(base64.facts).toEqual(text.facts)
    expect(recorded.facts).toEqual(text.facts)
    expect(text.facts.entities.map((one) => one.id)).toEqual(found.facts.entities.map((one) => one.id))
    expect([found, text, base64, recorded].map((one) => one.scopes[0]!.scope.complete)).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  it('does not take a part for the whole', async () => {
    const withoutRoot = csv
      .split('\n')
      .filter((line) => !line.startsWith('<root_account>'))
      .join('\n')
    const part = await read(reply(withoutRoot))
    expect(part.scopes[0]!.scope.complete).toBe(false)
    const cut = await read(csv.slice(0, csv.lastIndexOf(',true,no_information')))
    expect(cut.files[0]).toMatchObject({ mapped: 2, skipped: [{ reason: 'truncated', count: 1, where: ['row 4'] }] })
  })

  it('says that there is no report in a refusal', async () => {
    const refusal = await read('{"status_code": 410, "data": {"Error": {"Code": "ReportNotPresent"}}}')
    expect(refusal.files[0]).toMatchObject({ importer: 'aws-credential-report', read: 1, mapped: 0 })
    expect(refusal.files[0]!.skipped[0]!.reason).toBe('error-response')
  })
})

describe('the table as other tools write it', () => {
  const rows = csv.trimEnd().split('\n')
  const quoted = rows.map((row) => `"${row.split(',').join('","')}"`).join('\r\n')
  const turned = rows.map((row) => {
    const [user, arn, ...rest] = row.split(',')
    return [arn, user, ...rest].join(',')
  })
  it.each([
    ['quoted, as PowerShell does', quoted],
    ['parted by semicolons, as spreadsheets do', csv.replaceAll(',', ';')],
    ['with its columns in another order', turned.join('\n')],
    ['in base64, as `--query Content --output text` prints it', `${Buffer.from(csv).toString('base64')}\n`],
  ])('%s', async (_, text) => {
    const same = await read(text)
    expect(same.files[0]).toMatchObject({ importer: 'aws-credential-report', read: 3, mapped: 3 })
    expect(same.facts.entities).toEqual(found.facts.entities)
  })
})
