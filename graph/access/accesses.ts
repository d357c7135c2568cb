import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'

/** A permission that matters: what it opens, and by which actions. */
export interface AccessRow {
  readonly id: string
  /** Reads after "may": "may read its value". */
  readonly words: string
  readonly kind: Extract<RelationshipKind, 'CAN_ACCESS' | 'CAN_MANAGE' | 'ASSUMES' | 'CAN_ESCALATE_TO'>
  /** Kind of the things it is about. */
  readonly on: EntityKind
  /** Any one of them is enough. */
  readonly actions: readonly string[]
  /** The action is about what is in it (objects of a bucket), not about the thing itself. */
  readonly inside?: true
  /** What it lets itself do, which must not be denied to it all the same. */
  readonly then?: string
  /** Nothing comes out unless the key that encrypts it may be used too. */
  readonly decrypts?: true
}

/**
 * Every permission that is worked out (AWS Service Authorization Reference). Reading carries compromise; changing and
 * switching off does not: whoever may rotate a secret holds no value of it.
 */
export const accesses = [
  {
    id: 'read-secret',
    words: 'read its value',
    kind: 'CAN_ACCESS',
    on: 'aws.secretsmanager_secret',
    actions: ['secretsmanager:GetSecretValue'],
    decrypts: true,
  },
  {
    id: 'open-secret',
    words: 'let itself read it, by its resource policy',
    kind: 'CAN_ACCESS',
    on: 'aws.secretsmanager_secret',
    actions: ['secretsmanager:PutResourcePolicy'],
    then: 'secretsmanager:GetSecretValue',
    decrypts: true,
  },
  {
    id: 'change-secret',
    words: 'replace, rotate or delete it',
    kind: 'CAN_MANAGE',
    on: 'aws.secretsmanager_secret',
    actions: [
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecret',
      'secretsmanager:RotateSecret',
      'secretsmanager:DeleteSecret',
    ],
  },
  {
    id: 'read-parameter',
    words: 'read its value',
    kind: 'CAN_ACCESS',
    on: 'aws.ssm_parameter',
    actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParameterHistory', 'ssm:GetParametersByPath'],
    decrypts: true,
  },
  {
    id: 'change-parameter',
    words: 'replace or delete it',
    kind: 'CAN_MANAGE',
    on: 'aws.ssm_parameter',
    actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
  },
  { id: 'decrypt', words: 'decrypt with it', kind: 'CAN_ACCESS', on: 'aws.kms_key', actions: ['kms:Decrypt'] },
  {
    id: 'open-key',
    words: 'let itself decrypt, by key policy or grant',
    kind: 'CAN_ACCESS',
    on: 'aws.kms_key',
    actions: ['kms:PutKeyPolicy', 'kms:CreateGrant'],
    then: 'kms:Decrypt',
  },
  {
    id: 'stop-key',
    words: 'disable or delete it',
    kind: 'CAN_MANAGE',
    on: 'aws.kms_key',
    actions: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
  },
  {
    id: 'read-bucket',
    words: 'read objects in it',
    kind: 'CAN_ACCESS',
    on: 'aws.s3_bucket',
    actions: ['s3:GetObject'],
    inside: true,
  },
  {
    id: 'open-bucket',
    words: 'let itself in, by the bucket policy',
    kind: 'CAN_ACCESS',
    on: 'aws.s3_bucket',
    actions: ['s3:PutBucketPolicy'],
    then: 's3:GetObject',
  },
  {
    id: 'change-bucket',
    words: 'replace objects in it',
    kind: 'CAN_MANAGE',
    on: 'aws.s3_bucket',
    actions: ['s3:PutObject'],
    inside: true,
  },
  {
    id: 'receive',
    words: 'receive its messages',
    kind: 'CAN_ACCESS',
    on: 'aws.sqs_queue',
    actions: ['sqs:ReceiveMessage'],
  },
  {
    id: 'send',
    words: 'send messages to it',
    kind: 'CAN_MANAGE',
    on: 'aws.sqs_queue',
    actions: ['sqs:SendMessage'],
  },
  { id: 'subscribe', words: 'subscribe to it', kind: 'CAN_ACCESS', on: 'aws.sns_topic', actions: ['sns:Subscribe'] },
  { id: 'publish', words: 'publish to it', kind: 'CAN_MANAGE', on: 'aws.sns_topic', actions: ['sns:Publish'] },
  {
    id: 'read-environment',
    words: 'read its environment',
    kind: 'CAN_ACCESS',
    on: 'aws.lambda_function',
    actions: ['lambda:GetFunctionConfiguration', 'lambda:GetFunction'],
  },
  {
    id: 'rotate-keys',
    words: 'create, switch off and delete its access keys',
    kind: 'CAN_MANAGE',
    on: 'aws.iam_user',
    actions: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
  },
] as const satisfies readonly AccessRow[]

/** Who may act as a role, once the role agrees. */
export const assuming: AccessRow = {
  id: 'assume',
  words: 'assume it',
  kind: 'ASSUMES',
  on: 'aws.iam_role',
  actions: ['sts:AssumeRole'],
}
