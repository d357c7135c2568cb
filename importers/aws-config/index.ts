import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, ImporterRun, InputFile, RunContext } from '../importer.ts'
import { firstName } from '../read/aws-replies.ts'
import { startRun, type Origin } from '../read/aws/scene.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { identityRows, keepIdentity, tellIdentities, type Identities } from './accounts.ts'
import { fieldsOf, itemFields, itemOf, type Item } from './item.ts'
import { rows, unmappedTypes } from './rows.ts'

/** AWS Config: what it recorded of an account, in snapshots, histories and replies. */
export const awsConfig: Importer = {
  id: 'aws-config',
  title: 'AWS Config',
  reads:
    'AWS Config: snapshots and histories of S3, replies of `get-resource-config-history`, `batch-get-…` and `select-…` (JSON)',
  collect: 'aws configservice deliver-config-snapshot --delivery-channel-name default',
  emits: [
    'aws.account',
    'aws.iam_user',
    'aws.iam_group',
    'aws.iam_role',
    'aws.iam_policy',
    'aws.iam_access_key',
    'aws.instance_profile',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.identity_provider_or_trust_anchor',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.kms_key',
    'aws.lambda_function',
    'aws.ecs_task_definition',
    'aws.ecs_service',
    'aws.ec2_instance',
    'aws.codebuild_project',
    'aws.rds_instance',
    'aws.eks_pod_identity_association',
    'aws.s3_bucket',
    'aws.sqs_queue',
    'aws.sns_topic',
    'db.user',
    'db.postgres_password',
    'db.mysql_password',
    'db.mssql_login',
    'db.oracle_password',
    'generic.password',
    'k8s.cluster',
    'k8s.service_account',
    'github.repository',
    'business.team',
    'business.system',
  ],
  blindTo: [
    'use: a configuration says what may be read, a log says what is',
    'types, accounts and regions that the recorder leaves out',
    'variables of Lambda functions, which AWS Config does not record',
    'access keys, console passwords and parameters of SSM, which AWS Config does not record',
    'policies that AWS manages, and service control policies',
    'stages and last reads of secrets, sessions of roles and their last use',
    'what changed since the last capture',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

const lists = ['configurationItems', 'baseConfigurationItems', 'BaseConfigurationItems']
/** What a file of AWS Config may begin with. */
const firsts = new Set([
  ...lists,
  'fileVersion',
  'configSnapshotId',
  'unprocessedResourceKeys',
  'UnprocessedResourceIdentifiers',
  'nextToken',
  'Results',
  'QueryInfo',
  'ConfigurationItem',
  'configurationItem',
  'configurationItemDiff',
])

function detect(head: string): number {
  const first = firstName(head)
  if (first === undefined || head.includes('"eventVersion"')) return 0
  if (firsts.has(first)) {
    if (lists.some((name) => head.includes(`"${name}"`))) return 0.95
    return /resourceType\\?":|onfigurationItem"/.test(head) ? 0.9 : 0
  }
  return head.includes('"configurationItemCaptureTime"') && head.includes('"resourceType"') ? 0.85 : 0
}

/** Longest item: a role with many policies stays far below. */
const ITEM_BYTES = 16 * 1024 * 1024

interface Kept {
  readonly item: Item
  readonly origin: Origin
  readonly report: FileReport
}

function begin(context: RunContext): ImporterRun {
  const run = startRun('aws-config', context)
  const identities: Identities = { of: new Map() }
  /** The newest item of each thing: histories tell of it many times, and what it was is not what it is. */
  const newest = new Map<string, Kept>()
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const others = new Map<string, number>()
      for await (const pieces of jsonObjects(input.stream(), { lists, maxBytes: ITEM_BYTES }))
        for (const piece of pieces) {
          const where = `byte ${piece.at}`
          if ('broken' in piece) {
            report.read?.()
            report.skipped(piece.broken, where)
          } else readPiece(piece.text, where, { file: input.name, report, newest, others })
        }
      for (const [type, times] of [...others].slice(0, 50))
        report.note(`${times} × ${type}: may hold or use credentials, and is not read`)
    },
    end(): void {
      for (const { item, origin, report } of newest.values()) {
        if (item.isGone) {
          report.skipped('not-relevant', origin.record)
          continue
        }
        const outcome = identityRows.has(item.type)
          ? keepIdentity(item, origin, run, identities)
          : rows.get(item.type)!(item, origin, run)
        if (outcome === 'mapped') report.mapped()
        else report.skipped(outcome, origin.record)
      }
      tellIdentities(identities, run)
      for (const work of run.atEnd) work()
    },
  }
}

interface Reading {
  readonly file: string
  readonly report: FileReport
  readonly newest: Map<string, Kept>
  /** How often a type was met that may matter and has no row. */
  readonly others: Map<string, number>
}

function readPiece(text: string, where: string, reading: Reading): void {
  const document = parsed(text)
  const results = fieldsOf(document)['Results']
  if (!Array.isArray(results)) return readItem(document, where, reading)
  // A query prints each result as a text of its own.
  if (results.length === 0) readItem(undefined, `${where}/Results`, reading, 'empty')
  results.forEach((one, at) => readItem(typeof one === 'string' ? parsed(one) : one, `${where}/Results/${at}`, reading))
}

function readItem(value: unknown, record: string, reading: Reading, reason?: SkipReason): void {
  const { report, newest, file, others } = reading
  report.read?.()
  const skip = (why: SkipReason): void => report.skipped(why, record)
  if (reason !== undefined) return skip(reason)
  const fields = itemFields(value)
  if (fields === undefined) return skip('unreadable-record')
  const type = String(fields['resourceType'])
  if (!rows.has(type) && !identityRows.has(type)) {
    if (!unmappedTypes.has(type)) return skip('not-relevant')
    others.set(type, (others.get(type) ?? 0) + 1)
    return skip('unknown-type')
  }
  const item = itemOf(fields)
  if (item === undefined) return skip('missing-identifier')
  // A query that asked for other columns: that nothing is said is not that nothing is there.
  if (!item.isGone && Object.keys(item.configuration).length === 0) return skip('empty')
  // IAM is of no region, and recorded in each that records global types.
  const region = identityRows.has(type) ? '' : item.region
  const name = [item.account, region, type, item.id].join('\0')
  const known = newest.get(name)
  const origin = { file, record, seen: item.captured === '' ? undefined : item.captured }
  if (known !== undefined && known.item.captured >= item.captured) return report.merged()
  if (known !== undefined) known.report.merged()
  newest.set(name, { item, origin, report })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
