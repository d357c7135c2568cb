import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { isMasked } from '../read/arn.ts'
import { keyOf, textAt, type Resource, type Role, type Scene } from './scene.ts'

interface TypeRow {
  readonly kind: EntityKind
  readonly role: Role
  /** Property that names it, where a template may. */
  readonly name?: string
  /** Service, whether its ARN has a region, and the beginning of its resource. Absent: the physical id is the ARN. */
  readonly arn?: readonly [service: string, regional: boolean, before: string]
  /** The key where it is no ARN. */
  readonly key?: (physicalId: string) => string
}

/** How a resource of a type is known outside its template. */
export const typeRows: ReadonlyMap<string, TypeRow> = new Map<string, TypeRow>([
  ['AWS::IAM::User', { kind: 'aws.iam_user', role: 'identity', name: 'UserName', arn: ['iam', false, 'user'] }],
  ['AWS::IAM::Group', { kind: 'aws.iam_group', role: 'identity', name: 'GroupName', arn: ['iam', false, 'group'] }],
  ['AWS::IAM::Role', { kind: 'aws.iam_role', role: 'identity', name: 'RoleName', arn: ['iam', false, 'role'] }],
  [
    'AWS::IAM::InstanceProfile',
    {
      kind: 'aws.instance_profile',
      role: 'identity',
      name: 'InstanceProfileName',
      arn: ['iam', false, 'instance-profile'],
    },
  ],
  ['AWS::IAM::AccessKey', { kind: 'aws.iam_access_key', role: 'credential', key: keys.awsAccessKey }],
  ['AWS::IAM::OIDCProvider', { kind: 'aws.identity_provider_or_trust_anchor', role: 'identity' }],
  ['AWS::IAM::SAMLProvider', { kind: 'aws.identity_provider_or_trust_anchor', role: 'identity' }],
  [
    'AWS::SecretsManager::Secret',
    { kind: 'aws.secretsmanager_secret', role: 'secret', name: 'Name', arn: ['secretsmanager', true, 'secret:'] },
  ],
  [
    'AWS::SSM::Parameter',
    { kind: 'aws.ssm_parameter', role: 'secret', name: 'Name', arn: ['ssm', true, 'parameter/'] },
  ],
  ['AWS::KMS::Key', { kind: 'aws.kms_key', role: 'resource', arn: ['kms', true, 'key/'] }],
  [
    'AWS::Lambda::Function',
    { kind: 'aws.lambda_function', role: 'workload', name: 'FunctionName', arn: ['lambda', true, 'function:'] },
  ],
  [
    'AWS::Serverless::Function',
    { kind: 'aws.lambda_function', role: 'workload', name: 'FunctionName', arn: ['lambda', true, 'function:'] },
  ],
  ['AWS::ECS::TaskDefinition', { kind: 'aws.ecs_task_definition', role: 'workload' }],
  ['AWS::ECS::Service', { kind: 'aws.ecs_service', role: 'workload' }],
  ['AWS::EC2::Instance', { kind: 'aws.ec2_instance', role: 'workload', arn: ['ec2', true, 'instance/'] }],
  ['AWS::EC2::LaunchTemplate', { kind: 'aws.ec2_instance', role: 'workload' }],
  ['AWS::AutoScaling::LaunchConfiguration', { kind: 'aws.ec2_instance', role: 'workload' }],
  [
    'AWS::CodeBuild::Project',
    { kind: 'aws.codebuild_project', role: 'workload', name: 'Name', arn: ['codebuild', true, 'project/'] },
  ],
  [
    'AWS::RDS::DBInstance',
    { kind: 'aws.rds_instance', role: 'resource', name: 'DBInstanceIdentifier', arn: ['rds', true, 'db:'] },
  ],
  [
    'AWS::RDS::DBCluster',
    { kind: 'aws.rds_instance', role: 'resource', name: 'DBClusterIdentifier', arn: ['rds', true, 'cluster:'] },
  ],
  [
    'AWS::DocDB::DBCluster',
    { kind: 'aws.rds_instance', role: 'resource', name: 'DBClusterIdentifier', arn: ['rds', true, 'cluster:'] },
  ],
  ['AWS::Redshift::Cluster', { kind: 'generic.resource', role: 'resource' }],
  ['AWS::ElastiCache::ReplicationGroup', { kind: 'generic.resource', role: 'resource' }],
  ['AWS::EKS::PodIdentityAssociation', { kind: 'aws.eks_pod_identity_association', role: 'resource' }],
])

/**
 * The key of a resource: its ARN, where the stack or a fixed name says which thing it became; else its place in the
 * template. A name that rests on the default of a parameter is none.
 */
export function idOf(scene: Scene, resource: Resource): string {
  const row = typeRows.get(resource.type)
  const own = keyOf(scene, resource.logicalId)
  if (row === undefined) return own
  const named = row.name === undefined ? undefined : textAt(scene, resource.properties, row.name)
  const physicalId = resource.physicalId ?? named
  if (physicalId === undefined || physicalId === '' || physicalId.length > 1024 || isMasked(physicalId)) return own
  if (physicalId.startsWith('arn:')) return physicalId
  if (row.key !== undefined) return resource.physicalId === undefined ? own : row.key(physicalId)
  if (row.arn === undefined || scene.account === undefined) return own
  const [service, regional, before] = row.arn
  if (regional && scene.region === undefined) return own
  // A generated name of a secret has its ending only in the ARN, which is its physical id.
  const place = `arn:${scene.partition}:${service}:${regional ? scene.region : ''}:${scene.account}:`
  const id = physicalId.startsWith('/') ? physicalId.slice(1) : physicalId
  if (service !== 'iam') return `${place}${before}${id}`
  const path = resource.properties.has('Path') ? textAt(scene, resource.properties, 'Path') : '/'
  return path === undefined ? own : `${place}${before}${path.startsWith('/') ? path : `/${path}`}${id}`
}
