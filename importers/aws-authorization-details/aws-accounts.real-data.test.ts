import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildEstate } from '../../graph/estate/build.ts'
import { startMerge } from '../../graph/merge.ts'
import { awsAccessKeys } from '../aws-access-keys/index.ts'
import { awsCredentialReport } from '../aws-credential-report/index.ts'
import { collect, type Collected } from '../read/collect.ts'
import { runImporters } from '../read/run-importers.ts'
import { awsAuthorizationDetails } from './index.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(data)
if (!present) process.stderr.write('SKIPPED: ../shared/data is absent: AWS accounts are not compared with its counts\n')

const importers = [awsAuthorizationDetails, awsCredentialReport, awsAccessKeys]

function run(folder: string, keep: (name: string) => boolean = () => true): Promise<Collected> {
  const files = readdirSync(data + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && keep(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((path) => ({ name: relative(data, path), stream: () => createReadStream(path) }))
  return collect(runImporters(files, { importers }))
}

const count = (found: Collected, kind: string) =>
  new Set(found.facts.entities.filter((one) => one.kind === kind).map((one) => one.id)).size
const ids = (found: Collected, kind: string) =>
  found.facts.entities.filter((one) => one.kind === kind).map((one) => one.id)
const policies = (found: Collected, managedBy: string) =>
  found.facts.entities.filter((one) => one.props?.managedBy === managedBy).length
const related = (found: Collected, kind: string) => found.facts.relationships.filter((one) => one.kind === kind)
const withProp = (found: Collected, prop: string) =>
  found.facts.entities.filter((one) => one.props?.[prop] !== undefined).length
const claimed = (found: Collected) => found.files.filter((file) => file.importer !== null)

/** What the policies of an export come to: relationships of the estate, as names. */
function comesTo(found: Collected, kind: string): string[] {
  const merge = startMerge()
  found.facts.entities.forEach(merge.entity)
  found.facts.relationships.forEach(merge.relationship)
  const scope = {
    scope: 'x',
    title: 'x',
    importer: 'aws-authorization-details',
    importerTitle: 'x',
    nature: 'snapshot' as const,
    complete: false,
    at: '2026-11-20T04:00:00Z',
    files: [],
    blindTo: [],
    facts: merge.finish(),
  }
  const estate = buildEstate([scope], { id: 'x', at: null, sample: false })
  const name = (id: string): string => estate.entities[estate.indexOf.get(id)!]!.name
  return estate.relationships
    .filter((one) => one.kind === kind)
    .map(({ from, to, props }) => `${name(from)} > ${name(to)} ${String(props?.['verdict'])}`)
    .sort()
}

it('has real data on CI', () => expect(present || process.env.CI !== 'true').toBe(true))

describe.runIf(present)('AWS accounts on real data', () => {
  it('aws-gaad-cloudsplaining: 3 users, 2 groups, 3 roles, 32 policies, 3 memberships, 6 inline, 1 instance profile', async () => {
    const found = await run('aws-gaad-cloudsplaining', (name) => name === 'example-authz-details.json')
    expect(found.files[0]).toMatchObject({ read: 40, mapped: 40 })
    expect(count(found, 'aws.iam_user')).toBe(3)
    expect(count(found, 'aws.iam_group')).toBe(2)
    expect(count(found, 'aws.iam_role')).toBe(3)
    expect(policies(found, 'customer')).toBe(2)
    expect(policies(found, 'customer') + policies(found, 'aws')).toBe(32)
    expect(policies(found, 'inline')).toBe(6)
    expect(count(found, 'aws.instance_profile')).toBe(1)
    expect(related(found, 'MEMBER_OF').length).toBe(3)
    expect(related(found, 'ASSUMES').filter((one) => one.from.startsWith('aws:service-principal:')).length).toBe(3)
    expect(found.scopes.map(({ scope }) => [scope.id, scope.complete])).toEqual([['aws/012345678901', false]])
  })

  it('aws-gaad-cloudsplaining: a policy that the list lacks is noted, a list of policies is refused', async () => {
    const lacking = await run('aws-gaad-cloudsplaining', (name) => name === 'managed_policy_mismatch.json')
    expect(lacking.files[0]!.notes.join()).toContain(
      'attaches the policy AWSLambdaReadOnlyAccess, which the file lacks',
    )
    expect(lacking.files[0]).toMatchObject({ read: 2, mapped: 2 })
    const list = await run('aws-gaad-cloudsplaining', (name) => name.startsWith('test_authorization_file_details'))
    expect(list.files[0]).toMatchObject({ read: 4, mapped: 0 })
    expect(list.facts.entities).toEqual([])
  })

  it('aws-fixinventory: 3 users, 1 group, 2 roles, 4 policies, 2 boundaries, 1 role with last use', async () => {
    const found = await run('aws-fixinventory', (name) => name.startsWith('get-account-authorization-details'))
    expect(count(found, 'aws.iam_user')).toBe(3)
    expect(count(found, 'aws.iam_group')).toBe(1)
    expect(count(found, 'aws.iam_role')).toBe(2)
    expect(policies(found, 'customer')).toBe(4)
    expect(withProp(found, 'permissionsBoundary')).toBe(2)
    expect(withProp(found, 'lastUsedAt')).toBe(1)
  })

  it('aws-fixinventory: two access keys, one of them with its last use, and a report with rows that repeat an ARN', async () => {
    const found = await run('aws-fixinventory')
    expect(
      ids(found, 'aws.iam_access_key')
        .filter((id) => id.startsWith('aws:key:'))
        .sort(),
    ).toEqual(['aws:key:ak_test', 'aws:key:ak_test', 'aws:key:ak_test2'])
    expect(claimed(found).map(({ read, mapped, merged }) => [read, mapped, merged])).toEqual([
      [1, 1, 0],
      [10, 10, 0],
      [5, 3, 2],
      [2, 2, 0],
    ])
  })

  it('aws-cloudmapper-demo: 2 users, 1 group, 4 roles, 2 policies, 1 role that anyone may assume', async () => {
    const details = await run('aws-cloudmapper-demo', (name) =>
      name.startsWith('iam-get-account-authorization-details'),
    )
    expect(count(details, 'aws.iam_user')).toBe(2)
    expect(count(details, 'aws.iam_group')).toBe(1)
    expect(count(details, 'aws.iam_role')).toBe(4)
    expect(details.files[0]).toMatchObject({ read: 9, mapped: 9 })
    expect(withProp(details, 'assumableByAnyone')).toBe(1)
    const report = await run('aws-cloudmapper-demo', (name) => name.startsWith('iam-get-credential-report'))
    expect(report.files[0]).toMatchObject({ read: 3, mapped: 3 })
    expect(count(report, 'aws.root_user')).toBe(1)
    expect(count(report, 'aws.iam_access_key')).toBe(4)
  })

  it('aws-cloud-custodian: five credential reports (two not there yet), the access keys of all lists', async () => {
    const found = await run('aws-cloud-custodian')
    const reports = claimed(found).filter((file) => file.importer === 'aws-credential-report')
    expect(reports.length).toBe(5)
    expect(reports.filter((file) => file.skipped[0]?.reason === 'error-response').length).toBe(2)
    const listed = new Set(ids(found, 'aws.iam_access_key').filter((id) => id.startsWith('aws:key:AKIA')))
    expect(listed.size).toBe(6)
  })

  it('aws-localstack-snapshots: placeholders become nothing', async () => {
    const found = await run('aws-localstack-snapshots')
    expect(found.facts.entities).toEqual([])
    const forced = await collect(
      runImporters(
        [
          {
            name: 'keys',
            stream: () => createReadStream(`${data}aws-localstack-snapshots/iam/test_iam.snapshot.json`),
          },
        ],
        {
          importers: importers.map((importer) => ({ ...importer, detect: () => 1 })),
        },
      ),
    )
    expect(forced.facts.entities).toEqual([])
    expect(forced.files[0]!.error).toBeUndefined()
  })

  it('every account of every folder comes to its permissions, none of them certain without its organization', async () => {
    const folders = [
      'aws-gaad-cloudsplaining',
      'aws-fixinventory',
      'aws-cloudmapper-demo',
      'aws-cloud-custodian',
      'aws-localstack-snapshots',
    ]
    for (const folder of folders) {
      const found = await run(folder)
      for (const kind of ['CAN_ACCESS', 'CAN_MANAGE', 'CAN_ESCALATE_TO'])
        for (const one of comesTo(found, kind)) expect(one).toMatch(/ possible$/)
    }
  })

  it('aws-gaad-cloudsplaining: 3 may take over the account, 1 role all 3 users', async () => {
    const found = await run('aws-gaad-cloudsplaining', (name) => name === 'example-authz-details.json')
    const ways = comesTo(found, 'CAN_ESCALATE_TO')
    // Read by hand: AdministratorAccess of one user and one group, a member of that group; one role makes keys of 3 users.
    expect(ways.filter((one) => one.includes('> 012345678901 ')).length).toBe(3)
    expect(new Set(ways.filter((one) => !one.includes('> 012345678901 ')).map((one) => one.split(' > ')[0])).size).toBe(
      1,
    )
    expect(ways.length).toBe(6)
  })
})
