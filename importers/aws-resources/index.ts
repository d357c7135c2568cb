import { createHash } from 'node:crypto'
import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { awsReply } from '../read/aws-reply.ts'
import { documentsIn, type Found } from '../read/aws-replies.ts'
import { startRun, type Run } from '../read/aws/scene.ts'
import { replyOf, shapeOf, shapeOfText } from './replies.ts'

/** Replies of the AWS CLI or an SDK about secrets and the workloads that use them. */
export const awsResources: Importer = {
  id: 'aws-resources',
  title: 'AWS secrets and workloads',
  reads:
    'Secrets Manager, SSM, KMS, Lambda, ECS, EC2, CodeBuild, RDS and EKS as `aws … list/describe` prints them (JSON, one or many replies a file)',
  emits: [
    'aws.account',
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
    'aws.iam_role',
    'aws.instance_profile',
    'aws.iam_access_key',
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
    'secrets that code asks for by a name it makes itself',
    'regions and accounts that were not listed',
    'values of secrets, and what they open',
    'environment files, buildspecs, user data and images',
    'policies of secrets, keys, buckets, queues and functions that were not asked for',
    'grants of KMS, access points and lists of S3',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first !== '{' && first !== '[') return 0
  return replyOf(shapeOfText(head), () => head) === undefined ? 0 : 0.9
}

function begin(context: RunContext) {
  const run = startRun('aws-resources', context)
  const seen = new Set<string>()
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      for await (const reply of documentsIn(input)) readReply(reply, { file: input.name, report, run, seen })
    },
    end(): void {
      for (const work of run.atEnd) work()
    },
  }
}

interface Reading {
  readonly file: string
  readonly report: FileReport
  readonly run: Run
  /** Digests of the records read, so that one that is said again (pages that overlap) is counted as such. */
  readonly seen: Set<string>
}

function readReply({ where, value, broken }: Found, { file, report, run, seen }: Reading): void {
  const skip = (reason: SkipReason): void => {
    report.read?.()
    report.skipped(reason, where || '/')
  }
  if (broken !== undefined) return skip(broken)
  const { body, isError } = awsReply(value)
  if (isError) return skip('error-response')
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return skip('unreadable-record')
  const fields = body as Readonly<Record<string, unknown>>
  const reply = replyOf(shapeOf(fields), () => JSON.stringify(body))
  if (reply === undefined) return skip('unknown-type')
  const items = reply.items(fields)
  if (items.length === 0) return skip('empty')
  for (const [pointer, item] of items) {
    const record = `${where}${pointer}` || '/'
    report.read?.()
    const digest = createHash('sha256')
      .update(`${reply.top[0]![0]}\0${JSON.stringify(item)}${reply.byFile === true ? `\0${file}` : ''}`)
      .digest('base64')
    const outcome = seen.has(digest) ? 'merged' : reply.read(item, { file, record }, run)
    if (outcome === 'merged') report.merged()
    else if (outcome === 'mapped') report.mapped()
    else report.skipped(outcome, record)
    if (outcome === 'mapped') seen.add(digest)
  }
}
