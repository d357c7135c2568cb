import type { Importer } from '../importer.ts'
import { isQueryResult } from './query-rows.ts'
import { isTable } from './rows.ts'
import { startRun } from './run.ts'

/** CloudTrail events: which key or role called what, from where and with which client, and when last. */
export const cloudtrail: Importer = {
  id: 'cloudtrail',
  title: 'AWS CloudTrail',
  reads: 'event files as delivered to S3, lookup-events output, one event a line (JSON, .gz)',
  collect: 'aws s3 sync s3://BUCKET/AWSLogs/ cloudtrail/',
  emits: [
    'aws.account',
    'aws.iam_access_key',
    'aws.console_password',
    'aws.iam_user',
    'aws.root_user',
    'aws.iam_role',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.identity_provider_or_trust_anchor',
    'aws.lambda_function',
    'aws.ec2_instance',
    'aws.ecs_task',
    'aws.ecs_task_definition',
    'aws.codebuild_project',
    'generic.workload',
    'github.repository',
    'k8s.service_account',
    'aws.service',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.kms_key',
    'caller',
  ],
  blindTo: [
    'use before the first or after the last event given',
    'regions and accounts whose trail is not among the files',
    'data events (S3 objects, Lambda invocations, DynamoDB items), which trails leave out unless told otherwise',
    'S3 requests that failed authentication: callers of a disabled key may leave no trace',
    'use of a copy outside AWS',
    'what stands behind an address, where neither the session nor its origin names a workload',
    'which parameters a GetParametersByPath returned, unless they were decrypted',
    'what is read from a cache instead of AWS: a secret that is in use may not be read for weeks',
  ],
  nature: 'log',
  detect: ({ head }) => detect(head),
  begin: (context) => startRun(context),
}

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first !== '{' && first !== '[') return isTable(head) ? 0.8 : 0
  if (head.includes('"QueryResultRows"')) return isQueryResult(head) ? 0.95 : 0
  // Without amazonaws.com it may be a notification of S3, which has fields of the same names.
  if (!head.includes('.amazonaws.com')) return 0
  if (head.includes('"CloudTrailEvent"') && head.includes('\\"userIdentity\\"')) return 0.95
  const plain = ['"userIdentity"', '"eventSource"', '"eventName"'].every((field) => head.includes(field))
  const inText = ['\\"userIdentity\\"', '\\"eventSource\\"', '\\"eventName\\"'].every((field) => head.includes(field))
  return plain || inText ? 0.9 : 0
}
