import { partitionOf } from '../read/arn.ts'
import {
  readFunctionPolicy,
  readKeyPolicy,
  readQueue,
  readSecretPolicy,
  readTopic,
  tellBucket,
} from '../read/aws/map-policies.ts'
import { readAlias, readDatabase, readKey, readParameter, readSecret, type Outcome } from '../read/aws/map-secrets.ts'
import {
  readCluster,
  readFunction,
  readInstance,
  readPodIdentity,
  readProject,
  readService,
  readTaskDefinition,
} from '../read/aws/map-workloads.ts'
import { sceneOf, type Origin, type Run } from '../read/aws/scene.ts'
import { recased } from './casing.ts'
import { fieldsOf, type Fields, type Item } from './item.ts'

type Reader = (item: unknown, origin: Origin, run: Run) => Outcome
type Mapper = (item: Item, origin: Origin, run: Run) => Outcome

/** How a type is read: the same mapping as of the service's own replies, after its fields are called as there. */
export const rows: ReadonlyMap<string, Mapper> = new Map<string, Mapper>([
  ['AWS::SecretsManager::Secret', secret],
  ['AWS::SSM::Parameter', service('upper', readParameter, ({ arn }) => ({ ARN: arn }))],
  ['AWS::KMS::Key', key],
  ['AWS::KMS::Alias', service('upper', readAlias, ({ arn, name }) => ({ AliasArn: arn, AliasName: name }))],
  ['AWS::Lambda::Function', lambda],
  ['AWS::ECS::TaskDefinition', service('lower', readTaskDefinition, ({ arn }) => ({ taskDefinitionArn: arn }))],
  ['AWS::ECS::Service', service('lower', readService, clusterOf)],
  ['AWS::EC2::Instance', service('upper', readInstance, placed)],
  ['AWS::CodeBuild::Project', service('lower', readProject, ({ arn }) => ({ arn }))],
  ['AWS::RDS::DBInstance', service('upper', readDatabase, ({ arn }) => ({ DBInstanceArn: arn }))],
  ['AWS::RDS::DBCluster', service('upper', readDatabase, ({ arn }) => ({ DBClusterArn: arn }))],
  ['AWS::EKS::Cluster', service('lower', readCluster, issuerOf)],
  ['AWS::EKS::PodIdentityAssociation', service('lower', readPodIdentity, ({ arn }) => ({ associationArn: arn }))],
  ['AWS::S3::Bucket', bucket],
  [
    'AWS::SQS::Queue',
    service('upper', readQueue, ({ arn }, fields) => ({ QueueArn: arn, Policy: textOf(fields['Policy']) })),
  ],
  [
    'AWS::SNS::Topic',
    service('upper', readTopic, ({ arn }, fields) => ({ TopicArn: arn, Policy: textOf(fields['Policy']) })),
  ],
])

/** Types that may run as a role or hold a credential and have no row: they are counted, not passed over. */
export const unmappedTypes: ReadonlySet<string> = new Set([
  'AWS::ACM::Certificate',
  'AWS::ACMPCA::CertificateAuthority',
  'AWS::AmazonMQ::Broker',
  'AWS::ApiGateway::RestApi',
  'AWS::AppRunner::Service',
  'AWS::AutoScaling::LaunchConfiguration',
  'AWS::Batch::ComputeEnvironment',
  'AWS::Cognito::UserPoolClient',
  'AWS::DMS::Endpoint',
  'AWS::EC2::LaunchTemplate',
  'AWS::Glue::Job',
  'AWS::IAM::ServerCertificate',
  'AWS::Redshift::Cluster',
  'AWS::SageMaker::NotebookInstance',
  'AWS::StepFunctions::StateMachine',
])

/** @param more what the reply of the service has and the item keeps elsewhere, or not as a text */
function service(
  first: 'upper' | 'lower',
  read: Reader,
  more: (item: Item, fields: Fields) => Fields = () => ({}),
): Mapper {
  return (item, origin, run) => {
    const fields = recased(item.configuration, first)
    const added = Object.entries(more(item, fields)).filter(
      ([name, value]) => value !== undefined && typeof fields[name] !== 'string',
    )
    const tags = first === 'upper' ? 'Tags' : 'tags'
    return read({ ...fields, ...Object.fromEntries(added), [tags]: fields[tags] ?? item.tags }, origin, run)
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined

/** The policy of a thing, which Config keeps beside its configuration: as text, or in `policy` or `policyText`. */
function policyBeside({ supplementary }: Item, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = supplementary[name]
    const inner = fieldsOf(value)
    const text = textOf(inner['policyText'] ?? inner['policy'] ?? inner['Policy'] ?? value)
    if (text !== undefined && text.includes('"Statement"')) return text
  }
  return undefined
}

function secret(item: Item, origin: Origin, run: Run): Outcome {
  const fields = recased(item.configuration, 'upper')
  const rules = fieldsOf(fields['RotationRules'])
  const read = {
    ...fields,
    ARN: fields['ARN'] ?? item.arn ?? item.id,
    KmsKeyId: fields['KmsKeyId'] ?? fields['KMSKeyId'],
    RotationRules: {
      AutomaticallyAfterDays: rules['AutomaticallyAfterDays'],
      ScheduleExpression: rules['ScheduleExpression'] ?? rules['RotationScheduleExpression'],
      Duration: rules['Duration'] ?? rules['RotationDuration'],
    },
    // That it is to be deleted is said; since when is not: at the latest when Config saw it so.
    DeletedDate: fields['DeletedDate'] ?? (fields['Deleted'] === true ? item.captured : undefined),
    Tags: fields['Tags'] ?? item.tags,
  }
  const outcome = readSecret(read, origin, run)
  const policy = policyBeside(item, 'ResourcePolicy', 'Policy')
  if (outcome === 'mapped' && policy !== undefined) readSecretPolicy({ ...read, ResourcePolicy: policy }, origin, run)
  return outcome
}

function key(item: Item, origin: Origin, run: Run): Outcome {
  const fields = recased(item.configuration, 'upper')
  const arn = fields['Arn'] ?? item.arn
  const outcome = readKey({ ...fields, Arn: arn }, origin, run)
  const policy = policyBeside(item, 'Policy', 'KeyPolicy')
  if (outcome === 'mapped' && policy !== undefined) readKeyPolicy({ Policy: policy, KeyId: arn }, origin, run)
  return outcome
}

function lambda(item: Item, origin: Origin, run: Run): Outcome {
  const fields = recased(item.configuration, 'upper')
  const read = {
    ...fields,
    FunctionArn: fields['FunctionArn'] ?? item.arn,
    KMSKeyArn: fields['KMSKeyArn'] ?? fields['KmskeyArn'] ?? fields['KmsKeyArn'],
    State: fieldsOf(fields['State'])['Value'] ?? fields['State'],
    Tags: fields['Tags'] ?? item.tags,
  }
  const outcome = readFunction(read, origin, run)
  const policy = policyBeside(item, 'Policy')
  if (outcome === 'mapped' && policy !== undefined) readFunctionPolicy({ Policy: policy }, origin, run)
  return outcome
}

function clusterOf({ arn }: Item, fields: Fields): Fields {
  return { serviceArn: arn, clusterArn: fields['cluster'] }
}

function placed({ account, zone, region, id }: Item): Fields {
  return { InstanceId: id, OwnerId: account, Placement: { AvailabilityZone: zone ?? `${region}a` } }
}

function issuerOf({ arn }: Item, fields: Fields): Fields {
  const issuer = fields['openIdConnectIssuerUrl']
  return { arn, ...(typeof issuer === 'string' ? { identity: { oidc: { issuer } } } : {}) }
}

function bucket(item: Item, origin: Origin, run: Run): Outcome {
  const name = item.name ?? item.id
  if (!/^[a-z0-9][a-z0-9.-]{1,62}$/.test(name)) return 'missing-identifier'
  const arn = `arn:${partitionOf(item.region)}:s3:::${name}`
  const scene = sceneOf(arn.replace(':::', `::${item.account}:`), origin, run)
  if (typeof scene === 'string') return scene
  return tellBucket(scene, arn, policyBeside(item, 'BucketPolicy'))
}
