import { keys } from '../../../graph/keys.ts'
import { isMasked, parseArn, partitionOf } from '../arn.ts'
import {
  arnBeside,
  describe,
  encryptedBy,
  evidenceOf,
  lastPart,
  roleIn,
  runsAs,
  sceneOf,
  type Origin,
  type Run,
  type Scene,
} from './scene.ts'
import type { Outcome } from './map-secrets.ts'
import {
  CodebuildProject,
  EcsService,
  EksCluster,
  Instance,
  LambdaFunction,
  PodIdentity,
  TaskDefinition,
} from './records.ts'
import { parameterNamed, readEnvironment, secretNamed, usesSecret, type Reference } from './references.ts'

/** The layer by which a function reads secrets through a local cache of 300 s (change-semantics.md 2.6). */
const secretsExtension = ':layer:AWS-Parameters-and-Secrets-Lambda-Extension'

/** A function: its role, what its environment names and holds, and the key that encrypts it. */
export function readFunction(item: unknown, origin: Origin, run: Run): Outcome {
  const read = LambdaFunction.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { FunctionArn, Version, ...lambda } = read.data
  const scene = sceneOf(FunctionArn, origin, run)
  if (typeof scene === 'string') return scene
  const [what, name = ''] = scene.arn.resource.split(':')
  if (what !== 'function' || name === '') return 'missing-identifier'
  // A published version is the same function: what it says in addition may still run.
  const id = arnBeside(scene, 'lambda', `function:${name}`)
  const published = Version !== undefined && Version !== '$LATEST'
  const cached = lambda.Layers.some(({ Arn }) => Arn.includes(secretsExtension))
  const environment = readEnvironment(scene, id, {
    variables: lambda.Environment?.Variables ?? [],
    literal: 'env_at_start',
    fetched: cached ? { delivery: 'fetch_cached', pickup: [0, 300] } : { delivery: 'fetch_cached' },
  })
  describe(scene, {
    id,
    kind: 'aws.lambda_function',
    name,
    aliases: [name],
    tags: lambda.Tags,
    props: {
      runtime: lambda.Runtime,
      state: lambda.State,
      lastChangedAt: published ? undefined : lambda.LastModified,
      publishedVersions: published ? [Version] : undefined,
      ...environment,
    },
  })
  runsAs(scene, id, lambda.Role, published ? `execution role of version ${Version}` : 'execution role')
  encryptedBy(scene, id, lambda.KMSKeyArn, 'environment encrypted with this key')
  return 'mapped'
}

/** A task definition: secrets are put into its containers when a task starts, by the execution role. */
export function readTaskDefinition(item: unknown, origin: Origin, run: Run): Outcome {
  const read = TaskDefinition.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const task = read.data
  const scene = sceneOf(task.taskDefinitionArn, origin, run)
  if (typeof scene === 'string') return scene
  const id = task.taskDefinitionArn
  const retired = task.status === 'INACTIVE'
  const uses = new Map<string, Reference>()
  const names: string[] = []
  const fingerprints: string[] = []
  for (const container of task.containerDefinitions) {
    const where = `container ${container.name ?? ''}`.trim()
    const sources = [
      ...container.secrets.map((one) => [one.valueFrom, `${where}, ${one.name}`] as const),
      ...(container.logConfiguration?.secretOptions ?? []).map(
        (one) => [one.valueFrom, `${where}, log option ${one.name}`] as const,
      ),
    ]
    const credentials = container.repositoryCredentials?.credentialsParameter
    for (const [text, place] of sources) use(parameterNamed(text, scene), place)
    // Registry credentials are always a secret, called by ARN or name.
    if (credentials !== undefined) use(secretNamed(credentials, scene), `${where}, pulls its image`)
    const variables = container.environment.map(({ name, value }) => [name, value] as const)
    const environment = readEnvironment(scene, id, {
      variables,
      literal: 'deploy_time',
      fetched: { delivery: 'fetch_cached' },
    })
    names.push(...environment.environmentNames, ...container.secrets.map(({ name }) => name))
    fingerprints.push(...environment.fingerprints)
  }
  function use(reference: Reference | undefined, place: string): void {
    if (reference === undefined) return
    uses.set(reference.arn, reference)
    usesSecret(
      scene as Scene,
      id,
      reference,
      { delivery: 'task_start', ...(retired ? { confidence: 'possible' } : {}) },
      place,
    )
  }
  const execution = roleIn(task.executionRoleArn)
  const short = scene.arn.resource.slice('task-definition/'.length)
  describe(scene, {
    id,
    kind: 'aws.ecs_task_definition',
    name: short,
    aliases: [short],
    tags: task.tags,
    props: {
      createdAt: task.registeredAt,
      status: task.status,
      family: task.family,
      executionRole: execution,
      environmentNames: [...new Set(names)].slice(0, 200),
      fingerprints: [...new Set(fingerprints)].slice(0, 200),
      // What is in these files is not here: they lie in S3.
      environmentFiles: task.containerDefinitions
        .flatMap((one) => one.environmentFiles.map(({ value }) => value))
        .slice(0, 50),
    },
  })
  runsAs(scene, id, task.taskRoleArn, 'task role')
  if (execution === undefined) return 'mapped'
  scene.sink.entity({ id: execution, kind: 'aws.iam_role', name: lastPart(execution) })
  for (const to of uses.keys())
    scene.sink.relationship({
      kind: 'CAN_ACCESS',
      from: execution,
      to,
      confidence: 'none',
      evidence: evidenceOf(scene, 'execution role: fetches it when a task starts'),
    })
  return 'mapped'
}

/** A service runs tasks of its definition, and during a deployment of the one before. */
export function readService(item: unknown, origin: Origin, run: Run): Outcome {
  const read = EcsService.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const service = read.data
  const id = service.serviceArn
  const scene = sceneOf(id, origin, run)
  if (typeof scene === 'string') return scene
  const name = service.serviceName ?? lastPart(id)
  const cluster = service.clusterArn === undefined ? undefined : lastPart(service.clusterArn)
  describe(scene, {
    id,
    kind: 'aws.ecs_service',
    name,
    aliases: cluster === undefined ? [name] : [name, `${cluster}/${name}`],
    tags: service.tags,
    props: { createdAt: service.createdAt, status: service.status, cluster, desiredCount: service.desiredCount },
  })
  const current = service.taskDefinition
  for (const text of new Set([
    ...(current === undefined ? [] : [current]),
    ...service.deployments.map((one) => one.taskDefinition),
  ])) {
    if (isMasked(text)) continue
    const to = text.startsWith('arn:') ? text : arnBeside(scene, 'ecs', `task-definition/${text}`)
    scene.sink.entity({
      id: to,
      kind: 'aws.ecs_task_definition',
      name: lastPart(to.replace(/:(\d+)$/, '|$1')).replace('|', ':'),
    })
    const note = text === current ? 'runs tasks of it' : 'a deployment that is not finished runs tasks of it'
    scene.sink.relationship({ kind: 'DEPENDS_ON', from: id, to, evidence: evidenceOf(scene, note) })
  }
  return 'mapped'
}

/** An instance that lends the role of its profile to whatever runs on it; its addresses tell callers of a log apart. */
export function readInstance(item: unknown, origin: Origin, run: Run): Outcome {
  const read = Instance.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const instance = read.data
  const profile = instance.IamInstanceProfile?.Arn
  const account = instance.OwnerId ?? (profile === undefined ? undefined : parseArn(profile)?.account)
  const region = regionOf(instance.Placement?.AvailabilityZone)
  if (instance.State?.Name === 'terminated') return 'not-relevant'
  if (account === undefined || region === undefined) return 'missing-identifier'
  const id = `arn:${partitionOf(region)}:ec2:${region}:${account}:instance/${instance.InstanceId}`
  const scene = sceneOf(id, origin, run)
  if (typeof scene === 'string') return scene
  describe(scene, {
    id,
    kind: 'aws.ec2_instance',
    name: instance.InstanceId,
    aliases: [instance.InstanceId, instance.Tags.get('displayName')].filter((alias) => alias !== undefined),
    tags: instance.Tags,
    props: {
      launchedAt: instance.LaunchTime,
      state: instance.State?.Name,
      privateAddress: instance.PrivateIpAddress,
      publicAddress: instance.PublicIpAddress,
    },
  })
  if (profile === undefined || isMasked(profile) || parseArn(profile) === undefined) return 'mapped'
  scene.sink.entity({ id: profile, kind: 'aws.instance_profile', name: lastPart(profile) })
  const evidence = evidenceOf(scene, 'instance profile')
  scene.sink.relationship({ kind: 'RUNS_AS', from: id, to: profile, delivery: 'platform_attached', evidence })
  return 'mapped'
}

/** `us-east-1` of the zone `us-east-1a` or of the local zone `us-west-2-lax-1a`. */
function regionOf(zone: string | undefined): string | undefined {
  if (zone === undefined || zone.length > 64) return undefined
  const digit = zone.search(/\d/)
  if (digit < 4 || zone[digit - 1] !== '-') return undefined
  let end = digit
  while (end < zone.length && zone[end]! >= '0' && zone[end]! <= '9') end++
  return zone.slice(0, end)
}

/** How a variable of a build gets its value, by its type; anything else stands in the project itself. */
const buildSources = new Map([
  ['SECRETS_MANAGER', secretNamed],
  ['PARAMETER_STORE', parameterNamed],
])

export function readProject(item: unknown, origin: Origin, run: Run): Outcome {
  if (typeof item === 'string') return 'missing-identifier'
  const read = CodebuildProject.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const project = read.data
  const scene = sceneOf(project.arn, origin, run)
  if (typeof scene === 'string') return scene
  const id = project.arn
  const variables = project.environment?.environmentVariables ?? []
  const named = variables.filter(({ type }) => buildSources.has(type ?? ''))
  const environment = readEnvironment(scene, id, {
    variables: variables.filter((one) => !named.includes(one)).map(({ name, value }) => [name, value] as const),
    literal: 'manual',
    fetched: { delivery: 'ci_run_start' },
  })
  const use = (reference: Reference | undefined, place: string): void => {
    if (reference !== undefined) usesSecret(scene, id, reference, { delivery: 'ci_run_start' }, place)
  }
  for (const { name, value, type } of named) use(buildSources.get(type!)!(value, scene), `variable ${name}`)
  const { source } = project
  const registry = project.environment?.registryCredential?.credential
  if (registry !== undefined) use(secretNamed(registry, scene), 'pulls its image')
  if (source?.auth?.type === 'SECRETS_MANAGER' && source.auth.resource !== undefined)
    use(secretNamed(source.auth.resource, scene), 'fetches its source')
  const name = project.name ?? lastPart(id)
  describe(scene, {
    id,
    kind: 'aws.codebuild_project',
    name,
    aliases: [name],
    tags: project.tags,
    props: {
      createdAt: project.created,
      lastChangedAt: project.lastModified,
      fingerprints: environment.fingerprints,
      environmentNames: variables.map((one) => one.name).slice(0, 200),
    },
  })
  runsAs(scene, id, project.serviceRole, 'service role')
  encryptedBy(scene, id, project.encryptionKey, 'artifacts encrypted with this key')
  const repository = githubRepository(source?.location)
  if (repository === undefined) return 'mapped'
  scene.sink.entity({ id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
  const evidence = evidenceOf(scene, 'source')
  scene.sink.relationship({ kind: 'DEFINED_IN', from: id, to: keys.githubRepository(repository), evidence })
  return 'mapped'
}

function githubRepository(location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location)) return undefined
  const url = new URL(location)
  const [, owner = '', name = '', ...rest] = url.pathname.replace(/\.git$/, '').split('/')
  return url.hostname === 'github.com' && owner !== '' && name !== '' && rest.length === 0
    ? `${owner}/${name}`
    : undefined
}

/** A pod identity association lends a role to a service account. `list-…` names no role: only `describe-…` does. */
export function readPodIdentity(item: unknown, origin: Origin, run: Run): Outcome {
  const read = PodIdentity.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const one = read.data
  const id = one.associationArn
  const scene = sceneOf(id, origin, run)
  if (typeof scene === 'string') return scene
  const { clusterName: cluster, namespace, serviceAccount } = one
  const account = keys.k8s(cluster, namespace, 'serviceaccount', serviceAccount)
  describe(scene, {
    id,
    kind: 'aws.eks_pod_identity_association',
    name: `${cluster}: ${namespace}/${serviceAccount}`,
    aliases: one.associationId === undefined ? [] : [one.associationId],
    tags: one.tags,
    props: { createdAt: one.createdAt, cluster, namespace, serviceAccount, role: roleIn(one.roleArn) },
  })
  scene.sink.entity({
    id: account,
    kind: 'k8s.service_account',
    name: serviceAccount,
    aliases: [`${namespace}/${serviceAccount}`],
  })
  for (const role of [roleIn(one.roleArn), roleIn(one.targetRoleArn)]) {
    if (role === undefined) continue
    scene.sink.entity({ id: role, kind: 'aws.iam_role', name: lastPart(role) })
    const evidence = evidenceOf(scene, 'pod identity association')
    scene.sink.relationship({ kind: 'ASSUMES', from: account, to: role, confidence: 'possible', evidence })
  }
  return 'mapped'
}

export function readCluster(item: unknown, origin: Origin, run: Run): Outcome {
  const read = EksCluster.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const cluster = read.data
  const scene = sceneOf(cluster.arn, origin, run)
  if (typeof scene === 'string') return scene
  if (scene.arn.service !== 'eks') return 'unknown-type'
  const id = keys.k8sCluster(cluster.name)
  const oidcIssuer = cluster.identity?.oidc.issuer
  const { createdAt, status } = cluster
  const props = { createdAt, status, oidcIssuer, role: roleIn(cluster.roleArn) }
  describe(scene, { id, kind: 'k8s.cluster', name: cluster.name, aliases: [cluster.arn], tags: cluster.tags, props })
  for (const { provider } of cluster.encryptionConfig)
    encryptedBy(scene, id, provider.keyArn, 'its secrets are encrypted with this key')
  return 'mapped'
}
