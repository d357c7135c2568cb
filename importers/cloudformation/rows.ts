import { attachment, kmsAlias, kmsKey, parameter, rotation, secret, server } from './map-credentials.ts'
import { accessKey, group, instanceProfile, podIdentity, provider, role, user } from './map-identities.ts'
import { buildProject, ecsService, instance, lambda, taskDefinition } from './map-workloads.ts'
import type { Mapper } from './scene.ts'
import { mapOf } from './template.ts'

export const rows = (body: ReadonlyMap<string, unknown>): ReadonlyMap<string, Mapper> =>
  new Map<string, Mapper>([
    ['AWS::IAM::User', user],
    ['AWS::IAM::Group', group],
    ['AWS::IAM::AccessKey', accessKey],
    ['AWS::IAM::Role', role],
    ['AWS::IAM::InstanceProfile', instanceProfile],
    ['AWS::IAM::OIDCProvider', provider],
    ['AWS::IAM::SAMLProvider', provider],
    ['AWS::SecretsManager::Secret', secret],
    ['AWS::SecretsManager::RotationSchedule', rotation],
    ['AWS::SecretsManager::SecretTargetAttachment', attachment],
    ['AWS::SSM::Parameter', parameter],
    ['AWS::KMS::Key', kmsKey],
    ['AWS::KMS::Alias', kmsAlias],
    ['AWS::RDS::DBInstance', server('MasterUsername', 'MasterUserPassword', 'aws.rds_instance')],
    ['AWS::RDS::DBCluster', server('MasterUsername', 'MasterUserPassword', 'aws.rds_instance')],
    ['AWS::DocDB::DBCluster', server('MasterUsername', 'MasterUserPassword', 'aws.rds_instance')],
    ['AWS::Redshift::Cluster', server('MasterUsername', 'MasterUserPassword', 'generic.resource')],
    ['AWS::ElastiCache::ReplicationGroup', server('', 'AuthToken', 'generic.resource')],
    ['AWS::Lambda::Function', lambda()],
    ['AWS::Serverless::Function', lambda(() => mapOf(body.get('Globals') as never))],
    ['AWS::ECS::TaskDefinition', taskDefinition],
    ['AWS::ECS::Service', ecsService],
    ['AWS::EC2::Instance', instance('')],
    ['AWS::EC2::LaunchTemplate', instance('LaunchTemplateData.')],
    ['AWS::AutoScaling::LaunchConfiguration', instance('')],
    ['AWS::CodeBuild::Project', buildProject],
    ['AWS::EKS::PodIdentityAssociation', podIdentity],
  ])
