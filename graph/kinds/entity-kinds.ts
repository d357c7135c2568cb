import { changeKinds } from './change-kinds.ts'
import type { Plane } from './planes.ts'
import type { Role } from './roles.ts'

export interface EntityRow {
  /** What a person calls it, singular, sentence case. */
  readonly title: string
  /** Neo4j label. */
  readonly label: string
  readonly role: Role
  readonly plane: Plane
}

/** Kinds that have no change semantics of their own. Those that have stand in `change-kinds.ts`. */
const plainKinds = {
  // What a bundle says with a role alone, and what nothing better is known of.
  'generic.credential': { title: 'Credential', label: 'GenericCredential', role: 'credential', plane: 'unknown' },
  'generic.identity': { title: 'Identity', label: 'GenericIdentity', role: 'identity', plane: 'unknown' },
  'generic.secret': { title: 'Secret', label: 'GenericSecret', role: 'secret', plane: 'unknown' },
  'generic.workload': { title: 'Workload', label: 'GenericWorkload', role: 'workload', plane: 'unknown' },
  'generic.system': { title: 'System', label: 'GenericSystem', role: 'system', plane: 'business' },
  'generic.resource': { title: 'Resource', label: 'GenericResource', role: 'resource', plane: 'unknown' },
  'generic.other': { title: 'Thing', label: 'GenericOther', role: 'other', plane: 'unknown' },
  /** Whatever value stands in a secret whose content no source names (graph/estate/implied). */
  'generic.stored_value': { title: 'Stored value', label: 'StoredValue', role: 'credential', plane: 'unknown' },
  'generic.password': { title: 'Password', label: 'Password', role: 'credential', plane: 'unknown' },

  'aws.account': { title: 'AWS account', label: 'AwsAccount', role: 'other', plane: 'aws' },
  'aws.iam_group': { title: 'AWS IAM group', label: 'AwsIamGroup', role: 'identity', plane: 'aws' },
  'aws.root_user': { title: 'AWS root user', label: 'AwsRootUser', role: 'identity', plane: 'aws' },
  'aws.iam_policy': { title: 'AWS IAM policy', label: 'AwsIamPolicy', role: 'other', plane: 'aws' },
  'aws.instance_profile': {
    title: 'EC2 instance profile',
    label: 'AwsInstanceProfile',
    role: 'identity',
    plane: 'aws',
  },
  'aws.console_password': {
    title: 'AWS console password',
    label: 'AwsConsolePassword',
    role: 'credential',
    plane: 'aws',
  },
  'aws.signing_certificate': {
    title: 'AWS signing certificate',
    label: 'AwsSigningCertificate',
    role: 'credential',
    plane: 'aws',
  },
  'aws.service_principal': { title: 'AWS service', label: 'AwsServicePrincipal', role: 'identity', plane: 'aws' },
  'aws.federated_principal': {
    title: 'Federated principal',
    label: 'AwsFederatedPrincipal',
    role: 'identity',
    plane: 'aws',
  },
  'aws.external_principal': {
    title: 'Principal of another account',
    label: 'AwsExternalPrincipal',
    role: 'identity',
    plane: 'aws',
  },
  /** Who comes with a certificate of IAM Roles Anywhere may take the roles that a profile lists. */
  'aws.roles_anywhere_profile': {
    title: 'Roles Anywhere profile',
    label: 'AwsRolesAnywhereProfile',
    role: 'identity',
    plane: 'aws',
  },
  'aws.organization': { title: 'AWS organization', label: 'AwsOrganization', role: 'other', plane: 'aws' },
  'aws.organizational_unit': {
    title: 'AWS organizational unit',
    label: 'AwsOrganizationalUnit',
    role: 'other',
    plane: 'aws',
  },
  'aws.organization_policy': {
    title: 'AWS organization policy',
    label: 'AwsOrganizationPolicy',
    role: 'other',
    plane: 'aws',
  },
  /** Stands for many things at once that a permission opens together, so that a wildcard is one relationship. */
  'aws.resource_set': { title: 'Set of AWS resources', label: 'AwsResourceSet', role: 'other', plane: 'aws' },
  'aws.s3_bucket': { title: 'S3 bucket', label: 'AwsS3Bucket', role: 'resource', plane: 'aws' },
  'aws.sqs_queue': { title: 'SQS queue', label: 'AwsSqsQueue', role: 'resource', plane: 'aws' },
  'aws.sns_topic': { title: 'SNS topic', label: 'AwsSnsTopic', role: 'resource', plane: 'aws' },
  'aws.lambda_function': { title: 'Lambda function', label: 'AwsLambdaFunction', role: 'workload', plane: 'aws' },
  'aws.ec2_instance': { title: 'EC2 instance', label: 'AwsEc2Instance', role: 'workload', plane: 'aws' },
  'aws.ecs_task': { title: 'ECS task', label: 'AwsEcsTask', role: 'workload', plane: 'aws' },
  'aws.ecs_task_definition': {
    title: 'ECS task definition',
    label: 'AwsEcsTaskDefinition',
    role: 'workload',
    plane: 'aws',
  },
  'aws.ecs_service': { title: 'ECS service', label: 'AwsEcsService', role: 'workload', plane: 'aws' },
  'aws.codebuild_project': {
    title: 'CodeBuild project',
    label: 'AwsCodebuildProject',
    role: 'workload',
    plane: 'aws',
  },
  'aws.rds_instance': { title: 'RDS database', label: 'AwsRdsInstance', role: 'resource', plane: 'aws' },
  /** Who a database lets in: the master user of an instance, a role of a server. */
  'db.user': { title: 'Database user', label: 'DbUser', role: 'identity', plane: 'database' },
  'aws.service': { title: 'AWS service API', label: 'AwsService', role: 'resource', plane: 'aws' },
  'aws.ssm_parameter': { title: 'SSM parameter', label: 'AwsSsmParameter', role: 'secret', plane: 'aws' },
  /** Who used a credential, where a log shows an address and an agent but no workload of ours is known there. */
  caller: { title: 'Unattributed caller', label: 'Caller', role: 'workload', plane: 'unknown' },

  'k8s.cluster': { title: 'Kubernetes cluster', label: 'K8sCluster', role: 'other', plane: 'kubernetes' },
  'k8s.namespace': { title: 'Namespace', label: 'K8sNamespace', role: 'other', plane: 'kubernetes' },
  'k8s.deployment': { title: 'Deployment', label: 'K8sDeployment', role: 'workload', plane: 'kubernetes' },
  'k8s.stateful_set': { title: 'StatefulSet', label: 'K8sStatefulSet', role: 'workload', plane: 'kubernetes' },
  'k8s.daemon_set': { title: 'DaemonSet', label: 'K8sDaemonSet', role: 'workload', plane: 'kubernetes' },
  'k8s.replica_set': { title: 'ReplicaSet', label: 'K8sReplicaSet', role: 'workload', plane: 'kubernetes' },
  'k8s.replication_controller': {
    title: 'ReplicationController',
    label: 'K8sReplicationController',
    role: 'workload',
    plane: 'kubernetes',
  },
  'k8s.job': { title: 'Job', label: 'K8sJob', role: 'workload', plane: 'kubernetes' },
  'k8s.cron_job': { title: 'CronJob', label: 'K8sCronJob', role: 'workload', plane: 'kubernetes' },
  'k8s.pod': { title: 'Pod', label: 'K8sPod', role: 'workload', plane: 'kubernetes' },
  'k8s.ingress': { title: 'Ingress', label: 'K8sIngress', role: 'workload', plane: 'kubernetes' },
  'k8s.external_secret': { title: 'ExternalSecret', label: 'K8sExternalSecret', role: 'other', plane: 'kubernetes' },
  'k8s.secret_store': { title: 'SecretStore', label: 'K8sSecretStore', role: 'workload', plane: 'kubernetes' },
  /** An object of an operator that itself uses secrets: a monitor, a repository of Flux, a database cluster. */
  'k8s.custom_resource': {
    title: 'Custom resource',
    label: 'K8sCustomResource',
    role: 'workload',
    plane: 'kubernetes',
  },
  'k8s.issuer': { title: 'Certificate issuer', label: 'K8sIssuer', role: 'workload', plane: 'kubernetes' },
  'k8s.user': { title: 'Kubernetes user', label: 'K8sUser', role: 'identity', plane: 'kubernetes' },
  'k8s.group': { title: 'Kubernetes group', label: 'K8sGroup', role: 'identity', plane: 'kubernetes' },
  /** What a right without names is over, of a namespace or of a cluster: one end instead of an arrow to each. */
  'k8s.all_secrets': {
    title: 'All secrets of a namespace or cluster',
    label: 'K8sAllSecrets',
    role: 'other',
    plane: 'kubernetes',
  },
  'k8s.all_service_accounts': {
    title: 'All service accounts of a namespace or cluster',
    label: 'K8sAllServiceAccounts',
    role: 'other',
    plane: 'kubernetes',
  },
  'k8s.all_workloads': {
    title: 'All workloads of a namespace or cluster',
    label: 'K8sAllWorkloads',
    role: 'other',
    plane: 'kubernetes',
  },
  'k8s.role': { title: 'Kubernetes role', label: 'K8sRole', role: 'other', plane: 'kubernetes' },
  'external.secret': {
    title: 'Secret in an external store',
    label: 'ExternalSecretItem',
    role: 'secret',
    plane: 'unknown',
  },
  'external.store': { title: 'External secret store', label: 'ExternalStore', role: 'workload', plane: 'unknown' },

  'vault.server': { title: 'Vault', label: 'VaultServer', role: 'workload', plane: 'vault' },
  'vault.mount': { title: 'Vault mount', label: 'VaultMount', role: 'other', plane: 'vault' },
  'vault.client': { title: 'Vault client', label: 'VaultClient', role: 'workload', plane: 'vault' },
  'vault.policy': { title: 'Vault policy', label: 'VaultPolicy', role: 'other', plane: 'vault' },
  /** Who an outside issuer vouches for: a subject or the claims that a JWT role asks for. */
  'vault.subject': { title: 'Federated subject', label: 'VaultSubject', role: 'identity', plane: 'vault' },
  'vault.group': { title: 'Vault group', label: 'VaultGroup', role: 'identity', plane: 'vault' },
  'vault.transit_key': { title: 'Vault transit key', label: 'VaultTransitKey', role: 'credential', plane: 'vault' },

  'github.organization': { title: 'GitHub organization', label: 'GithubOrganization', role: 'other', plane: 'github' },
  'github.repository': { title: 'Repository', label: 'GithubRepository', role: 'other', plane: 'github' },
  'github.environment': { title: 'GitHub environment', label: 'GithubEnvironment', role: 'other', plane: 'github' },
  'github.workflow': { title: 'GitHub workflow', label: 'GithubWorkflow', role: 'workload', plane: 'github' },
  'github.job': { title: 'GitHub job', label: 'GithubJob', role: 'workload', plane: 'github' },
  /** All secrets a workflow may see at once: `secrets: inherit`, `toJSON(secrets)`. */
  'github.secret_scope': { title: 'All secrets in scope', label: 'GithubSecretScope', role: 'secret', plane: 'github' },

  'github.dependabot_secret': {
    title: 'Dependabot secret',
    label: 'GithubDependabotSecret',
    role: 'secret',
    plane: 'github',
  },
  'github.codespaces_secret': {
    title: 'Codespaces secret',
    label: 'GithubCodespacesSecret',
    role: 'secret',
    plane: 'github',
  },
  /** What a webhook signs with; its receiver knows it too. */
  'github.webhook_secret': { title: 'Webhook secret', label: 'GithubWebhookSecret', role: 'secret', plane: 'github' },
  'github.app': { title: 'GitHub App', label: 'GithubApp', role: 'identity', plane: 'github' },
  'github.user': { title: 'GitHub account', label: 'GithubUser', role: 'identity', plane: 'github' },
  'github.runner': { title: 'Self-hosted runner', label: 'GithubRunner', role: 'workload', plane: 'github' },
  'github.runner_group': { title: 'Runner group', label: 'GithubRunnerGroup', role: 'other', plane: 'github' },

  /** A file that keeps, in clear, the values of whatever Terraform made. */
  'terraform.state': { title: 'Terraform state', label: 'TerraformState', role: 'secret', plane: 'ci' },

  'circleci.workflow': { title: 'CircleCI workflow', label: 'CircleciWorkflow', role: 'workload', plane: 'ci' },
  'circleci.job': { title: 'CircleCI job', label: 'CircleciJob', role: 'workload', plane: 'ci' },
  /** Which values stand in it no configuration says. */
  'circleci.context': { title: 'CircleCI context', label: 'CircleciContext', role: 'secret', plane: 'ci' },
  /** One value in a context or a project, by its name; nobody gets to see it. */
  'circleci.variable': { title: 'CircleCI variable', label: 'CircleciVariable', role: 'secret', plane: 'ci' },
  'circleci.project_variables': {
    title: 'CircleCI project variables',
    label: 'CircleciProjectVariables',
    role: 'secret',
    plane: 'ci',
  },

  'business.system': { title: 'System', label: 'System', role: 'system', plane: 'business' },
  'business.team': { title: 'Team', label: 'Team', role: 'other', plane: 'business' },
  'business.person': { title: 'Person', label: 'Person', role: 'other', plane: 'business' },
  'business.vendor': { title: 'Vendor', label: 'Vendor', role: 'other', plane: 'business' },
  'ai.agent': { title: 'AI agent', label: 'AiAgent', role: 'workload', plane: 'vendor' },
} as const satisfies Record<string, EntityRow>

export type PlainKind = keyof typeof plainKinds
export type EntityKind = PlainKind | keyof typeof changeKinds

export const entityKinds: Readonly<Record<EntityKind, EntityRow>> = { ...plainKinds, ...changeKinds }
export const entityKindNames = Object.keys(entityKinds) as readonly EntityKind[]

/** Is this one of our kinds? Files say what they like. */
export function isEntityKind(kind: string): kind is EntityKind {
  return Object.hasOwn(entityKinds, kind)
}

/** The kind of a thing of which only the role is known. */
export function genericKind(role: Role): EntityKind {
  return `generic.${role}`
}
