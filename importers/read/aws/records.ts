import { z } from 'zod'
import { AwsTime } from '../aws-reply.ts'
import { AwsTags } from '../aws-tags.ts'

/**
 * The fields of AWS replies that are used; all others are dropped, descriptions, commands and the names of persons
 * among them. Values of environments are looked at by `references.ts` and kept nowhere.
 */
const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const number = z.number().optional().catch(undefined)
const listOf = <T extends z.ZodType>(of: T) =>
  z
    .unknown()
    .default(null)
    .transform((value): readonly z.infer<T>[] =>
      Array.isArray(value) ? value.slice(0, 10_000).flatMap((item) => parsed(of, item)) : [],
    )

function parsed<T extends z.ZodType>(shape: T, value: unknown): z.infer<T>[] {
  const read = shape.safeParse(value)
  return read.success ? [read.data] : []
}

/** Labels of all versions of a secret: `{"version id": ["AWSCURRENT"]}`. */
const Stages = z
  .unknown()
  .default(null)
  .transform((value) => {
    const lists = typeof value === 'object' && value !== null ? Object.values(value) : []
    const labels = lists.flatMap((list) => (Array.isArray(list) ? list : []))
    return {
      versions: lists.length,
      stages: [...new Set(labels.filter((label): label is string => typeof label === 'string'))].sort().slice(0, 50),
    }
  })

/** `secretsmanager list-secrets` (`SecretVersionsToStages`) and `describe-secret` (`VersionIdsToStages`). */
export const Secret = z.object({
  ARN: text,
  Name: maybe,
  KmsKeyId: maybe,
  RotationEnabled: flag,
  RotationLambdaARN: maybe,
  RotationRules: z
    .object({ AutomaticallyAfterDays: number, ScheduleExpression: maybe, Duration: maybe })
    .optional()
    .catch(undefined),
  CreatedDate: AwsTime,
  LastChangedDate: AwsTime,
  LastAccessedDate: AwsTime,
  LastRotatedDate: AwsTime,
  NextRotationDate: AwsTime,
  DeletedDate: AwsTime,
  OwningService: maybe,
  PrimaryRegion: maybe,
  ReplicationStatus: listOf(z.object({ Region: text, KmsKeyId: maybe, Status: maybe })),
  SecretVersionsToStages: Stages,
  VersionIdsToStages: Stages,
  Tags: AwsTags,
})
export type Secret = z.infer<typeof Secret>

/** `ssm describe-parameters`; older replies have no ARN, then account and region have to be given. */
export const Parameter = z.object({
  Name: text,
  ARN: maybe,
  Type: z.enum(['String', 'StringList', 'SecureString']),
  KeyId: maybe,
  LastModifiedDate: AwsTime,
  Version: number,
  Tier: maybe,
  Policies: listOf(z.object({ PolicyType: maybe, PolicyText: maybe })),
})
export type Parameter = z.infer<typeof Parameter>

/** Attributes of an `Expiration` policy, which is JSON in a text. */
export const Expiration = z.object({ Attributes: z.object({ Timestamp: AwsTime }) })

export const KmsKey = z.object({
  Arn: text,
  KeyId: maybe,
  KeyState: maybe,
  KeyManager: maybe,
  Origin: maybe,
  Enabled: flag,
  MultiRegion: flag,
  CreationDate: AwsTime,
  DeletionDate: AwsTime,
})
export type KmsKey = z.infer<typeof KmsKey>
export const KmsKeyEntry = z.object({ KeyArn: text })
export const KmsAlias = z.object({ AliasArn: text, AliasName: text, TargetKeyId: maybe })

/** Names and values of an environment: `{NAME: value}`. */
const Variables = z
  .unknown()
  .default(null)
  .transform((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
      : [],
  )

/** One function of `lambda list-functions`, `get-function-configuration`, or `get-function` (which adds tags). */
export const LambdaFunction = z.object({
  FunctionArn: text,
  Role: maybe,
  KMSKeyArn: maybe,
  Runtime: maybe,
  Version: maybe,
  State: maybe,
  LastModified: AwsTime,
  Environment: z.object({ Variables }).optional().catch(undefined),
  Layers: listOf(z.object({ Arn: text })),
  Tags: AwsTags,
})

const NamedValue = z.object({ name: text, value: z.string() })
const NamedSource = z.object({ name: text, valueFrom: text })

const Container = z.object({
  name: maybe,
  environment: listOf(NamedValue),
  secrets: listOf(NamedSource),
  environmentFiles: listOf(z.object({ value: text })),
  repositoryCredentials: z.object({ credentialsParameter: text }).optional().catch(undefined),
  logConfiguration: z
    .object({ secretOptions: listOf(NamedSource) })
    .optional()
    .catch(undefined),
})

export const TaskDefinition = z.object({
  taskDefinitionArn: text,
  family: maybe,
  status: maybe,
  taskRoleArn: maybe,
  executionRoleArn: maybe,
  registeredAt: AwsTime,
  containerDefinitions: listOf(Container),
  tags: AwsTags,
})

export const EcsService = z.object({
  serviceArn: text,
  serviceName: maybe,
  clusterArn: maybe,
  taskDefinition: maybe,
  status: maybe,
  desiredCount: number,
  createdAt: AwsTime,
  deployments: listOf(z.object({ taskDefinition: text })),
  tags: AwsTags,
})

/** An instance of `ec2 describe-instances`, with the owner of its reservation. */
export const Instance = z.object({
  InstanceId: text,
  OwnerId: maybe,
  Placement: z.object({ AvailabilityZone: maybe }).optional().catch(undefined),
  State: z.object({ Name: maybe }).optional().catch(undefined),
  IamInstanceProfile: z.object({ Arn: text }).optional().catch(undefined),
  LaunchTime: AwsTime,
  PrivateIpAddress: maybe,
  PublicIpAddress: maybe,
  Tags: AwsTags,
})

export const CodebuildProject = z.object({
  arn: text,
  name: maybe,
  serviceRole: maybe,
  encryptionKey: maybe,
  source: z
    .object({
      type: maybe,
      location: maybe,
      auth: z.object({ type: maybe, resource: maybe }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  environment: z
    .object({
      environmentVariables: listOf(NamedValue.extend({ type: maybe })),
      registryCredential: z.object({ credential: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  created: AwsTime,
  lastModified: AwsTime,
  tags: AwsTags,
})

const MasterUserSecret = z.object({ SecretArn: text, KmsKeyId: maybe }).optional().catch(undefined)

/** `rds describe-db-instances` and `describe-db-clusters`, brought to one form. */
export const Database = z
  .object({
    DBInstanceArn: maybe,
    DBClusterArn: maybe,
    DBInstanceIdentifier: maybe,
    DBClusterIdentifier: maybe,
    DBInstanceStatus: maybe,
    Status: maybe,
    Engine: maybe,
    MasterUsername: maybe,
    MasterUserSecret,
    KmsKeyId: maybe,
    IAMDatabaseAuthenticationEnabled: flag,
    InstanceCreateTime: AwsTime,
    ClusterCreateTime: AwsTime,
    Endpoint: z
      .union([text, z.object({ Address: text }).transform((endpoint) => endpoint.Address)])
      .optional()
      .catch(undefined),
    TagList: AwsTags,
  })
  .transform((db) => ({
    arn: db.DBInstanceArn ?? db.DBClusterArn,
    name: db.DBInstanceIdentifier ?? db.DBClusterIdentifier,
    /** Of an instance that is part of a cluster: the cluster has the master user. */
    cluster: db.DBInstanceArn === undefined ? undefined : db.DBClusterIdentifier,
    engine: db.Engine,
    status: db.DBInstanceStatus ?? db.Status,
    masterUser: db.MasterUsername,
    masterSecret: db.MasterUserSecret,
    key: db.KmsKeyId,
    iamLogin: db.IAMDatabaseAuthenticationEnabled,
    createdAt: db.InstanceCreateTime ?? db.ClusterCreateTime,
    host: db.Endpoint,
    tags: db.TagList,
  }))

export const PodIdentity = z.object({
  associationArn: text,
  associationId: maybe,
  clusterName: text,
  namespace: text,
  serviceAccount: text,
  roleArn: maybe,
  targetRoleArn: maybe,
  createdAt: AwsTime,
  tags: AwsTags,
})

export const EksCluster = z.object({
  arn: text,
  name: text,
  roleArn: maybe,
  status: maybe,
  createdAt: AwsTime,
  identity: z
    .object({ oidc: z.object({ issuer: text }) })
    .optional()
    .catch(undefined),
  encryptionConfig: listOf(z.object({ provider: z.object({ keyArn: text }) })),
  tags: AwsTags,
})

const policy = z.string().max(100_000)

/** `secretsmanager get-resource-policy`. The text of a policy is read by `graph/access` and kept as far as it goes. */
export const SecretPolicy = z.object({ ARN: text, Name: maybe, ResourcePolicy: policy })
/** `kms get-key-policy`, perhaps with the id of the key added. */
export const KeyPolicy = z.object({ Policy: policy, KeyId: maybe })
/** `s3api get-bucket-policy`, with the account of the bucket added. */
export const BucketPolicy = z.object({ Policy: policy, Account: text })
/** `lambda get-policy`. */
export const FunctionPolicy = z.object({ Policy: policy })
/** `sqs get-queue-attributes --attribute-names All`. */
export const QueueAttributes = z.object({
  QueueArn: text,
  Policy: policy.optional().catch(undefined),
  KmsMasterKeyId: maybe,
})
/** `sns get-topic-attributes`. */
export const TopicAttributes = z.object({
  TopicArn: text,
  Policy: policy.optional().catch(undefined),
  KmsMasterKeyId: maybe,
})
