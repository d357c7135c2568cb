import { keys } from '../../graph/keys.ts'
import { parseArn } from '../read/arn.ts'
import { lastPart, type Session, type Thing } from './identity.ts'

/**
 * A workload that stands behind calls. Some have a name but no region (a function calls services of every region): then
 * `named`, and the key is made when all calls are known. A build is known by its number until an event names its project.
 */
export type Workload =
  | { readonly thing: Thing; readonly definedIn?: string; readonly identity?: Thing }
  | { readonly named: 'aws.lambda_function' | 'aws.ec2_instance'; readonly account: string; readonly name: string }
  | { readonly build: string; readonly otherwise: Thing }

const isInstanceId = (name: string): boolean => /^i-[0-9a-f]{8,17}$/i.test(name)
const isFunctionName = (name: string): boolean => /^[\w-]{1,64}$/.test(name)
const isTaskId = (name: string): boolean =>
  /^[0-9a-f]{32}$/.test(name) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)
const buildOf = (name: string): string | undefined => (name.startsWith('AWSCodeBuild-') ? name.slice(13) : undefined)

/** Does this name of a session say which workload it is, whatever the client? Then no letter of it may be lost. */
export const isExact = (name: string): boolean => isInstanceId(name) || isTaskId(name) || buildOf(name) !== undefined

/** By whom a role was lent to a session, and what the session's name then says. */
const hosts = new Map<string, (role: Thing, name: string) => Workload | undefined>([
  [
    'lambda.amazonaws.com',
    (role, name) => (isFunctionName(name) ? named('aws.lambda_function', role, name) : undefined),
  ],
  ['ec2.amazonaws.com', (role, name) => (isInstanceId(name) ? named('aws.ec2_instance', role, name) : undefined)],
  ['ecs-tasks.amazonaws.com', (role) => ({ thing: tasksOf(role) })],
  ['codebuild.amazonaws.com', (role, name) => buildsOf(role, name)],
])

/** The workload to which this service lends a role, known from the service's own call. */
export function workloadLentTo(host: string, role: Thing, session: string): Workload | undefined {
  return hosts.get(host)?.(role, session)
}

/** What runs the SDK says in its user agent, and by whom such a session is made. */
const hostOfRuntime = new Map<string, string>([
  ['lambda', 'lambda.amazonaws.com'],
  ['ecs', 'ecs-tasks.amazonaws.com'],
  ['codebuild', 'codebuild.amazonaws.com'],
])

/**
 * The workload behind a session of a role, as far as the event itself says: for certain by what the platform gave the
 * credentials to; else by the name of the session, which whoever assumes the role may choose (so a source that is known
 * to be a key or an OIDC subject outweighs it).
 */
export function workloadOf(role: Thing, session: Session, runtime: string | undefined): Workload | undefined {
  const issued = session.issuedTo === undefined ? undefined : workloadIssuedTo(session.issuedTo, role)
  if (issued !== undefined) return issued
  const { name } = session
  if (name === undefined) return undefined
  if (isInstanceId(name)) return named('aws.ec2_instance', role, name)
  if (buildOf(name) !== undefined) return buildsOf(role, name)
  const host = runtime === undefined ? undefined : hostOfRuntime.get(runtime)
  if (host === 'ecs-tasks.amazonaws.com' && !isTaskId(name)) return undefined
  return host === undefined ? undefined : workloadLentTo(host, role, name)
}

/** Is it the platform's word, not a name somebody chose? */
export const isCertain = (session: Session): boolean => session.issuedTo !== undefined

function workloadIssuedTo(arn: string, role: Thing): Workload | undefined {
  const parsed = parseArn(arn)
  if (parsed === undefined) return undefined
  const { service, resource } = parsed
  if (service === 'lambda' && resource.startsWith('function:')) {
    const name = resource.split(':')[1]!
    const key = arn.split(':').slice(0, 7).join(':')
    return { thing: { key, kind: 'aws.lambda_function', name, aliases: [name] } }
  }
  if (service === 'ec2' && resource.startsWith('instance/'))
    return { thing: { key: arn, kind: 'aws.ec2_instance', name: lastPart(arn), aliases: [lastPart(arn)] } }
  if (service === 'ecs' && resource.startsWith('task-definition/'))
    return { thing: { key: arn, kind: 'aws.ecs_task_definition', name: lastPart(arn) } }
  if (service === 'ecs') return { thing: tasksOf(role) }
  if (service === 'codebuild' && resource.startsWith('project/'))
    return { thing: { key: arn, kind: 'aws.codebuild_project', name: lastPart(arn), aliases: [lastPart(arn)] } }
  return undefined
}

function named(kind: 'aws.lambda_function' | 'aws.ec2_instance', role: Thing, name: string): Workload | undefined {
  const account = parseArn(role.key)?.account ?? ''
  return account === '' ? undefined : { named: kind, account, name }
}

/** Tasks come and go; which definition they are of, the log does not say. So all tasks of one role are one thing. */
function tasksOf(role: Thing): Thing {
  return {
    key: keys.awsWorkloadsOf('ecs-tasks', role.key),
    kind: 'aws.ecs_task',
    name: `ECS tasks that run as ${role.name}`,
    props: { runtime: 'ecs' },
  }
}

function buildsOf(role: Thing, session: string): Workload {
  const otherwise: Thing = {
    key: keys.awsWorkloadsOf('codebuild', role.key),
    kind: 'aws.codebuild_project',
    name: `CodeBuild projects that run as ${role.name}`,
    props: { runtime: 'codebuild' },
  }
  const build = buildOf(session)
  return build === undefined ? { thing: otherwise } : { build, otherwise }
}

/** `arn:aws:codebuild:eu-west-1:111122223333:build/shop-release:0b1c…`: number of the build, and its project. */
export function buildNamed(arn: string): { readonly build: string; readonly project: Thing } | undefined {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'codebuild' || !parsed.resource.startsWith('build/')) return undefined
  const colon = parsed.resource.lastIndexOf(':')
  const name = parsed.resource.slice('build/'.length, colon)
  const build = parsed.resource.slice(colon + 1)
  if (colon < 0 || name === '' || build === '') return undefined
  const key = `arn:${parsed.partition}:codebuild:${parsed.region}:${parsed.account}:project/${name}`
  return { build, project: { key, kind: 'aws.codebuild_project', name, aliases: [name] } }
}

/** Pods of one Kubernetes service account, as EKS names them when it asks for the role of a pod. */
export function podsOf(cluster: string, namespace: string, serviceAccount: string): Workload {
  const account: Thing = {
    key: keys.k8s(cluster, namespace, 'serviceaccount', serviceAccount),
    kind: 'k8s.service_account',
    name: serviceAccount,
    aliases: [`${namespace}/${serviceAccount}`],
  }
  const thing: Thing = {
    key: `${account.key}/pods`,
    kind: 'generic.workload',
    name: `pods of ${namespace}/${serviceAccount} in ${cluster}`,
    props: { namespace, serviceAccount, cluster, runtime: 'eks' },
  }
  return { thing, identity: account }
}

/** What the subject of an OIDC token names, by how it begins. Source: the platforms' pages on their OIDC claims. */
const subjects: readonly {
  readonly prefix: string
  readonly read: (rest: string, key: (part: string) => string) => Workload | undefined
}[] = [
  { prefix: 'repo:', read: githubActions },
  { prefix: 'system:serviceaccount:', read: pods },
  { prefix: 'project_path:', read: gitlab },
  { prefix: 'organization:', read: terraformCloud },
]

/** The workload that an OIDC subject names. The subject is part of the key: what it may do was granted to the subject. */
export function workloadOfSubject(subject: string, subjectKey: string): Workload | undefined {
  const row = subjects.find(({ prefix }) => subject.startsWith(prefix))
  return row?.read(subject.slice(row.prefix.length), (part) => keys.caller(subjectKey, part, ''))
}

function githubActions(rest: string, key: (part: string) => string): Workload | undefined {
  const repository = rest.split(':')[0]!
  const [owner, name, ...more] = repository.split('/')
  if (!owner || !name || more.length > 0) return undefined
  const condition = rest.slice(repository.length + 1)
  return {
    thing: {
      key: key('github-actions'),
      kind: 'generic.workload',
      name: `GitHub Actions of ${repository}${condition === '' ? '' : ` (${condition})`}`,
      props: { repository, runtime: 'github-actions' },
    },
    definedIn: repository,
  }
}

function pods(rest: string, key: (part: string) => string): Workload | undefined {
  const [namespace, serviceAccount, ...more] = rest.split(':')
  if (!namespace || !serviceAccount || more.length > 0) return undefined
  return {
    thing: {
      key: key('pods'),
      kind: 'generic.workload',
      name: `pods of ${namespace}/${serviceAccount}`,
      props: { namespace, serviceAccount, runtime: 'eks' },
    },
  }
}

function gitlab(rest: string, key: (part: string) => string): Workload | undefined {
  const [project = '', ...claims] = rest.split(':')
  if (project === '') return undefined
  const name = `GitLab CI of ${project}${claims.length === 0 ? '' : ` (${claims.join(':')})`}`
  return { thing: { key: key('gitlab-ci'), kind: 'generic.workload', name, props: { project, runtime: 'gitlab-ci' } } }
}

function terraformCloud(rest: string, key: (part: string) => string): Workload | undefined {
  const parts = rest.split(':')
  const workspace = parts[parts.indexOf('workspace') + 1]
  if (!parts.includes('workspace') || !workspace) return undefined
  const name = `HCP Terraform workspace ${parts[0]!}/${workspace}`
  return { thing: { key: key('hcp-terraform'), kind: 'generic.workload', name, props: { runtime: 'hcp-terraform' } } }
}
