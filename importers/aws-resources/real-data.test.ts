import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collect, type Collected } from '../read/collect.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(data)
if (!present)
  process.stderr.write('SKIPPED: ../shared/data is absent: AWS resources are not compared with its counts\n')

/** With all importers, as a user would: each file has to find its own. */
function run(folder: string): Promise<Collected> {
  const files = readdirSync(data + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((path) => ({ name: relative(data, path), stream: () => createReadStream(path) }))
  return collect(runImporters(files, { importers, fingerprintKey: new Uint8Array(32).fill(1) }))
}

const mine = (found: Collected) => found.files.filter((file) => file.importer === 'aws-resources')
const factsOf = (found: Collected) =>
  [...found.byScope.values()].filter(({ scope }) => scope.importer === 'aws-resources').map(({ facts }) => facts)
/** Things of a kind that a reply describes, without those it only mentions. */
const described = (found: Collected, kind: string) =>
  new Set(
    factsOf(found)
      .flatMap(({ entities }) => entities)
      .filter((one) => one.kind === kind && one.evidence !== undefined)
      .map((one) => one.id),
  )
const related = (found: Collected, kind: string) =>
  new Set(
    factsOf(found)
      .flatMap(({ relationships }) => relationships)
      .filter((one) => one.kind === kind)
      .map(({ from, to }) => `${from} > ${to}`),
  )
const skipped = (found: Collected) =>
  mine(found)
    .flatMap((file) => file.skipped)
    .reduce((sum, { reason, count }) => sum.set(reason, (sum.get(reason) ?? 0) + count), new Map<string, number>())
const sum = (found: Collected, what: 'read' | 'mapped' | 'merged') =>
  mine(found).reduce((total, file) => total + file[what], 0)

it('has real data on CI', () => expect(present || process.env.CI !== 'true').toBe(true))

describe.runIf(present)('AWS resources on real data', () => {
  it('aws-fixinventory: 2 secrets (one more has no ARN), 2 functions, 1 task definition, 2 keys, 1 cluster', async () => {
    const found = await run('aws-fixinventory')
    expect(found.files.filter(({ error }) => error !== undefined)).toEqual([])
    expect(described(found, 'aws.secretsmanager_secret').size).toBe(2)
    expect(described(found, 'aws.lambda_function').size).toBe(2)
    expect(described(found, 'aws.ecs_task_definition').size).toBe(1)
    expect(described(found, 'aws.kms_key').size).toBe(2)
    expect(described(found, 'k8s.cluster').size).toBe(1)
    expect(related(found, 'RUNS_AS').size).toBe(2)
    // Two secrets and a service that are called by a name where an ARN belongs.
    expect([...skipped(found)]).toEqual([['missing-identifier', 3]])
    // With the policy of a function.
    expect([sum(found, 'read'), sum(found, 'mapped'), sum(found, 'merged')]).toEqual([14, 11, 0])
  })

  it('aws-cloudmapper-demo: 1 secret, 1 function with its role, 3 instances without a profile, 1 PostgreSQL instance', async () => {
    const found = await run('aws-cloudmapper-demo')
    expect(described(found, 'aws.secretsmanager_secret').size).toBe(1)
    expect(described(found, 'aws.lambda_function').size).toBe(1)
    expect(described(found, 'aws.ec2_instance').size).toBe(3)
    expect(described(found, 'aws.rds_instance').size).toBe(1)
    expect(described(found, 'db.postgres_password').size).toBe(1)
    expect(related(found, 'RUNS_AS').size).toBe(1)
    expect(related(found, 'ENCRYPTED_BY').size).toBe(1)
    expect(skipped(found).size).toBe(0)
  })

  it('aws-cloud-custodian: 9 secrets, 16 functions, 3 task definitions, 2 keys, 1 build; one replica, one rotation', async () => {
    const found = await run('aws-cloud-custodian')
    expect(described(found, 'aws.secretsmanager_secret').size).toBe(9)
    expect(described(found, 'aws.lambda_function').size).toBe(16)
    expect(described(found, 'aws.ecs_task_definition').size).toBe(3)
    expect(described(found, 'aws.kms_key').size).toBe(2)
    expect(described(found, 'aws.codebuild_project').size).toBe(1)
    expect(related(found, 'SYNCED_FROM').size).toBe(1)
    // The build reads a parameter, the rotation function its secret.
    expect(related(found, 'USES_SECRET').size).toBe(2)
    // Of 6 parameters one is a SecureString, in a reply that names no account.
    expect([...skipped(found)].sort()).toEqual([
      ['missing-identifier', 1],
      ['not-relevant', 5],
    ])
  })

  it('aws-localstack-snapshots: many recordings in one file are no reply', async () => {
    expect(mine(await run('aws-localstack-snapshots'))).toEqual([])
  })
})
