import type { EntityKind } from '../kinds/entity-kinds.ts'

/**
 * What is taken over:
 * `passed` a role that trusts `service`; `self` the whole account, by giving oneself more; any other: things of that
 * kind on which the first action is allowed.
 */
export type Taken = 'passed' | 'self' | 'group-of-self' | 'policy-of-self' | 'role-of-self' | 'account' | EntityKind

/** A known way of privilege escalation. */
export interface EscalationRow {
  readonly id: string
  /** Reads after "can": "can create a Lambda function that runs as it, and invoke it". */
  readonly words: string
  readonly takes: Taken
  /** Service that has to be trusted by a role for it to be passed on. */
  readonly service?: string
  /** Any one of them, on what is taken. */
  readonly on: readonly string[]
  /** Of each list any one, on anything. */
  readonly with?: readonly (readonly string[])[]
  /** What else has to hold and no export shows. */
  readonly if?: string
}

/** Passing a role to a service that then runs what one tells it to (`iam:PassRole` and `with`). */
const passing = (
  id: string,
  service: string,
  words: string,
  actions: readonly (readonly string[])[],
): EscalationRow => ({
  id: `pass-role-${id}`,
  words,
  takes: 'passed',
  service: `${service}.amazonaws.com`,
  on: ['iam:PassRole'],
  with: actions,
})

/**
 * Known ways (the lists of Rhino Security Labs 2018, Bishop Fox 2021 and pathfinding collections since), each by the
 * actions it needs. Ways that start from a thing no source here lists (a running Glue endpoint, a notebook, a stack) are
 * left out; the README of the importer says so.
 */
export const escalations: readonly EscalationRow[] = [
  // By changing who one is.
  { id: 'put-user-policy', words: 'write itself an inline policy', takes: 'self', on: ['iam:PutUserPolicy'] },
  { id: 'attach-user-policy', words: 'attach any policy to itself', takes: 'self', on: ['iam:AttachUserPolicy'] },
  { id: 'put-role-policy', words: 'write itself an inline policy', takes: 'self', on: ['iam:PutRolePolicy'] },
  { id: 'attach-role-policy', words: 'attach any policy to itself', takes: 'self', on: ['iam:AttachRolePolicy'] },
  {
    id: 'put-group-policy',
    words: 'write an inline policy into its own group',
    takes: 'group-of-self',
    on: ['iam:PutGroupPolicy'],
  },
  {
    id: 'attach-group-policy',
    words: 'attach any policy to its own group',
    takes: 'group-of-self',
    on: ['iam:AttachGroupPolicy'],
  },
  {
    id: 'create-policy-version',
    words: 'make a new version of a policy that it has',
    takes: 'policy-of-self',
    on: ['iam:CreatePolicyVersion'],
  },
  {
    id: 'set-default-policy-version',
    words: 'go back to an older version of a policy that it has',
    takes: 'policy-of-self',
    on: ['iam:SetDefaultPolicyVersion'],
    if: 'an older version of the policy allows more',
  },
  {
    id: 'extend-assumable-role',
    words: 'give more to a role that it can assume',
    takes: 'role-of-self',
    on: ['iam:AttachRolePolicy', 'iam:PutRolePolicy'],
  },
  {
    id: 'create-role',
    words: 'make a role, give it any policy and assume it',
    takes: 'account',
    on: ['iam:CreateRole'],
    with: [['iam:AttachRolePolicy', 'iam:PutRolePolicy']],
  },
  {
    id: 'create-user',
    words: 'make a user with any policy and a key',
    takes: 'account',
    on: ['iam:CreateUser'],
    with: [['iam:AttachUserPolicy', 'iam:PutUserPolicy'], ['iam:CreateAccessKey']],
  },
  { id: 'add-user-to-group', words: 'join it', takes: 'aws.iam_group', on: ['iam:AddUserToGroup'] },
  // By taking credentials of others.
  {
    id: 'create-access-key',
    words: 'make itself an access key of it',
    takes: 'aws.iam_user',
    on: ['iam:CreateAccessKey'],
  },
  {
    id: 'create-login-profile',
    words: 'give it a console password',
    takes: 'aws.iam_user',
    on: ['iam:CreateLoginProfile'],
    if: 'it has no console password yet',
  },
  {
    id: 'update-login-profile',
    words: 'replace its console password',
    takes: 'aws.iam_user',
    on: ['iam:UpdateLoginProfile'],
    if: 'it has a console password',
  },
  {
    id: 'service-specific-credential',
    words: 'make or reset its credential for CodeCommit, Keyspaces or Bedrock',
    takes: 'aws.iam_user',
    on: ['iam:CreateServiceSpecificCredential', 'iam:ResetServiceSpecificCredential'],
    if: 'it may use the service of that credential',
  },
  {
    id: 'change-trust',
    words: 'rewrite whom it trusts, and assume it',
    takes: 'aws.iam_role',
    on: ['iam:UpdateAssumeRolePolicy'],
  },
  // By giving a role to a service.
  passing('lambda', 'lambda', 'run a new Lambda function as it', [
    ['lambda:CreateFunction'],
    [
      'lambda:InvokeFunction',
      'lambda:AddPermission',
      'lambda:CreateEventSourceMapping',
      'lambda:CreateFunctionUrlConfig',
    ],
  ]),
  passing('lambda-update', 'lambda', 'make an existing Lambda function run as it, with other code', [
    ['lambda:UpdateFunctionConfiguration'],
    ['lambda:UpdateFunctionCode'],
  ]),
  passing('ec2', 'ec2', 'start an EC2 instance that has it', [['ec2:RunInstances']]),
  passing('ec2-associate', 'ec2', 'put it on an instance it can log in to', [
    ['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
    ['ssm:StartSession', 'ssm:SendCommand', 'ec2-instance-connect:SendSSHPublicKey'],
  ]),
  passing('autoscaling', 'ec2', 'let an Auto Scaling group start instances that have it', [
    ['autoscaling:CreateLaunchConfiguration', 'ec2:CreateLaunchTemplate'],
    ['autoscaling:CreateAutoScalingGroup', 'autoscaling:UpdateAutoScalingGroup'],
  ]),
  passing('ecs-run', 'ecs-tasks', 'run an ECS task as it', [
    ['ecs:RegisterTaskDefinition', 'ecs:RunTask'],
    ['ecs:RunTask', 'ecs:StartTask', 'ecs:CreateService', 'ecs:UpdateService'],
  ]),
  passing('glue-endpoint', 'glue', 'open a Glue development endpoint as it', [['glue:CreateDevEndpoint']]),
  passing('glue-job', 'glue', 'run a Glue job as it', [
    ['glue:CreateJob', 'glue:UpdateJob'],
    ['glue:StartJobRun', 'glue:CreateTrigger'],
  ]),
  passing('glue-session', 'glue', 'run statements in a Glue session as it', [
    ['glue:CreateSession'],
    ['glue:RunStatement'],
  ]),
  passing('cloudformation', 'cloudformation', 'let a CloudFormation stack do anything it may', [
    ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:CreateChangeSet'],
  ]),
  passing('codebuild', 'codebuild', 'run a CodeBuild project as it', [
    ['codebuild:CreateProject', 'codebuild:UpdateProject'],
    ['codebuild:StartBuild', 'codebuild:StartBuildBatch'],
  ]),
  passing('sagemaker-notebook', 'sagemaker', 'open a SageMaker notebook as it', [
    ['sagemaker:CreateNotebookInstance'],
    ['sagemaker:CreatePresignedNotebookInstanceUrl'],
  ]),
  passing('sagemaker-job', 'sagemaker', 'run a SageMaker job as it', [
    ['sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob'],
  ]),
  passing('data-pipeline', 'datapipeline', 'run a data pipeline as it', [
    ['datapipeline:CreatePipeline'],
    ['datapipeline:PutPipelineDefinition'],
    ['datapipeline:ActivatePipeline'],
  ]),
  passing('ssm-automation', 'ssm', 'run an SSM automation as it', [
    ['ssm:StartAutomationExecution', 'ssm:CreateAssociation'],
  ]),
  passing('step-functions', 'states', 'run a state machine as it', [
    ['states:CreateStateMachine', 'states:UpdateStateMachine'],
    ['states:StartExecution'],
  ]),
  passing('scheduler', 'scheduler', 'let a schedule call AWS as it', [['scheduler:CreateSchedule']]),
  passing('batch', 'ecs-tasks', 'run a Batch job as it', [['batch:RegisterJobDefinition'], ['batch:SubmitJob']]),
  passing('app-runner', 'tasks.apprunner', 'run an App Runner service as it', [
    ['apprunner:CreateService', 'apprunner:UpdateService'],
  ]),
  passing('emr', 'ec2', 'start an EMR cluster whose instances have it', [['elasticmapreduce:RunJobFlow']]),
  passing('eks-pod-identity', 'pods.eks', 'lend it to a pod of a cluster', [['eks:CreatePodIdentityAssociation']]),
  passing('roles-anywhere', 'rolesanywhere', 'list it in a profile and come with a certificate of a trust anchor', [
    ['rolesanywhere:CreateProfile', 'rolesanywhere:UpdateProfile'],
  ]),
  // By changing what runs.
  {
    id: 'update-function-code',
    words: 'replace its code',
    takes: 'aws.lambda_function',
    on: ['lambda:UpdateFunctionCode'],
  },
  {
    id: 'update-function-configuration',
    words: 'put a layer or environment of its own into it',
    takes: 'aws.lambda_function',
    on: ['lambda:UpdateFunctionConfiguration'],
  },
  {
    id: 'ssm-command',
    words: 'run commands on it, or open a session',
    takes: 'aws.ec2_instance',
    on: ['ssm:SendCommand', 'ssm:StartSession'],
    if: 'the SSM agent runs on it',
  },
  {
    id: 'instance-connect',
    words: 'log in to it with a key of its own',
    takes: 'aws.ec2_instance',
    on: ['ec2-instance-connect:SendSSHPublicKey', 'ec2-instance-connect:SendSerialConsoleSSHPublicKey'],
    if: 'the network lets it reach the instance',
  },
  {
    id: 'user-data',
    words: 'replace its user data and restart it',
    takes: 'aws.ec2_instance',
    on: ['ec2:ModifyInstanceAttribute'],
    with: [['ec2:StopInstances'], ['ec2:StartInstances']],
  },
  {
    id: 'ecs-exec',
    words: 'run commands in its tasks',
    takes: 'aws.ecs_service',
    on: ['ecs:ExecuteCommand'],
    if: 'exec is switched on for it',
  },
  {
    id: 'start-build',
    words: 'build with a buildspec of its own',
    takes: 'aws.codebuild_project',
    on: ['codebuild:StartBuild', 'codebuild:StartBuildBatch'],
  },
  {
    id: 'update-project',
    words: 'replace what it builds',
    takes: 'aws.codebuild_project',
    on: ['codebuild:UpdateProject'],
    with: [['codebuild:StartBuild', 'codebuild:StartBuildBatch']],
  },
  {
    id: 'update-saml-provider',
    words: 'replace whose logins it vouches for',
    takes: 'aws.identity_provider_or_trust_anchor',
    on: ['iam:UpdateSAMLProvider', 'rolesanywhere:UpdateTrustAnchor'],
  },
]
