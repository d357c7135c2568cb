import { keys } from '../../graph/keys.ts'
import { evaluate } from './evaluate.ts'
import { encryptedBy } from './map-credentials.ts'
import { nameOf, owned, runsAs } from './map-identities.ts'
import {
  keyOf,
  relate,
  shownAt,
  targetsOf,
  tell,
  textAt,
  textThrough,
  valueAt,
  type Mapper,
  type Resource,
  type Scene,
} from './scene.ts'
import { dynamicOf, parameter, readVariable, secretCalled, usesSecret, type Environment } from './secrets.ts'
import { at } from './scene.ts'
import { listOf, mapOf, type Node } from './template.ts'

const empty = (): Environment => ({ names: [], fingerprints: [] })
const propsOf = ({ names, fingerprints }: Environment) => ({
  ...(names.length === 0 ? {} : { environmentNames: [...new Set(names)].slice(0, 200) }),
  ...(fingerprints.length === 0 ? {} : { fingerprints: [...new Set(fingerprints)].slice(0, 200) }),
})

function definedIn(scene: Scene, resource: Resource, from: string): void {
  if (scene.repository === undefined) return
  const to = keys.githubRepository(scene.repository)
  scene.sink.entity({ id: to, kind: 'github.repository', name: scene.repository })
  relate(scene, resource, { kind: 'DEFINED_IN', from, to }, { note: 'template' })
}

const secretsExtension = ':layer:AWS-Parameters-and-Secrets-Lambda-Extension'

/** @param globals what SAM gives all functions */
export const lambda =
  (globals: (scene: Scene) => Node | undefined = () => undefined): Mapper =>
  (scene, resource, id) => {
    const { properties, logicalId, type } = resource
    const name = nameOf(scene, resource, 'FunctionName')
    const layers = listOf(properties.get('Layers')).map((one) => textThrough(scene, evaluate(one, scene.names)) ?? '')
    const cached = layers.some((one) => one.includes(secretsExtension))
    const environment = empty()
    const variables = [
      ...mapOf(at(globals(scene), 'Function.Environment.Variables')),
      ...mapOf(at(properties, 'Environment.Variables')),
    ]
    for (const [variable, node] of new Map(variables))
      readVariable(
        scene,
        resource,
        id,
        [variable, evaluate(node, scene.names)],
        {
          literal: { delivery: 'env_at_start' },
          fetched: cached ? { delivery: 'fetch_cached', pickup: [0, 300] } : { delivery: 'fetch_cached' },
        },
        environment,
      )
    const runtime = shownAt(scene, properties, 'Runtime') ?? shownAt(scene, globals(scene), 'Function.Runtime')
    const props = { ...owned(scene, resource, id), ...propsOf(environment), ...(runtime && { runtime }) }
    tell(scene, resource, { id, kind: 'aws.lambda_function', name, aliases: [name], props })
    const role = properties.get('Role') ?? at(globals(scene), 'Function.Role')
    if (role !== undefined) runsAs(scene, resource, id, evaluate(role, scene.names), 'execution role')
    else if (type === 'AWS::Serverless::Function') {
      // SAM makes a role for it, under this logical id and without a path.
      const made = scene.stack?.resources.get(`${logicalId}Role`)?.physicalId
      const to =
        made === undefined || scene.account === undefined
          ? keyOf(scene, `${logicalId}Role`)
          : `arn:${scene.partition}:iam::${scene.account}:role/${made}`
      scene.sink.entity({ id: to, kind: 'aws.iam_role', name: `role of ${name}` })
      relate(
        scene,
        resource,
        { kind: 'RUNS_AS', from: id, to, delivery: 'platform_attached' },
        { note: 'execution role' },
      )
    }
    encryptedBy(scene, resource, id, valueAt(scene, properties, 'KmsKeyArn'))
    definedIn(scene, resource, id)
    return 'mapped'
  }

/** A secret or parameter as ECS and CodeBuild name it: ARN with what `:` adds, or a name. */
function useNamed(
  scene: Scene,
  resource: Resource,
  from: string,
  [node, place]: readonly [Node | undefined, string],
  { isSecret, delivery }: { readonly isSecret: boolean; readonly delivery: 'task_start' | 'ci_run_start' },
): void {
  const value = evaluate(node, scene.names)
  const text = textThrough(scene, value)
  if (text !== undefined && text !== '') {
    const certain = !value.assumed
    const isArn = text.startsWith('arn:')
    const [name = '', first, second, third] = isArn ? [text] : text.split(':')
    const named = isArn
      ? secretCalled(scene, text, certain)
      : isSecret
        ? { ...secretCalled(scene, name, certain), key: first, version: third ?? second }
        : parameter(scene, name, first, certain)
    return usesSecret(scene, resource, from, named, { delivery }, place)
  }
  // `!Sub '${Secret}:password::'`: what follows the secret says which part of it.
  const rest = value.parts.filter((one) => typeof one === 'string').join('')
  const [key, stage, version] = rest.startsWith(':') ? rest.slice(1).split(':') : []
  for (const one of targetsOf(scene, value))
    if (one.role === 'secret' || one.role === 'credential')
      usesSecret(
        scene,
        resource,
        from,
        {
          ...one,
          key: key || undefined,
          version: version || (stage === 'AWSCURRENT' ? undefined : stage) || undefined,
        },
        { delivery },
        place,
      )
}

export const taskDefinition: Mapper = (scene, resource, id) => {
  const { properties } = resource
  const environment = empty()
  for (const container of listOf(properties.get('ContainerDefinitions'))) {
    const where = `container ${shownAt(scene, container, 'Name') ?? ''}`.trim().slice(0, 120)
    const options = { isSecret: false, delivery: 'task_start' } as const
    for (const path of ['Secrets', 'LogConfiguration.SecretOptions'])
      for (const one of listOf(at(container, path))) {
        const name = shownAt(scene, one, 'Name') ?? ''
        environment.names.push(name.slice(0, 253))
        useNamed(scene, resource, id, [at(one, 'ValueFrom'), `${where}, ${name}`], options)
      }
    const registry = at(container, 'RepositoryCredentials.CredentialsParameter')
    useNamed(scene, resource, id, [registry, `${where}, pulls its image`], { ...options, isSecret: true })
    const variables = listOf(at(container, 'Environment')).map(
      (one) => [shownAt(scene, one, 'Name') ?? '', valueAt(scene, one, 'Value')] as const,
    )
    const how = { literal: { delivery: 'deploy_time' }, fetched: { delivery: 'fetch_cached' } } as const
    for (const variable of variables) readVariable(scene, resource, id, variable, how, environment)
  }
  const family = shownAt(scene, properties, 'Family') ?? resource.logicalId
  const name = resource.physicalId?.split('task-definition/')[1] ?? family
  tell(scene, resource, {
    id,
    kind: 'aws.ecs_task_definition',
    name,
    aliases: [name],
    props: { ...owned(scene, resource, id), ...propsOf(environment) },
  })
  runsAs(scene, resource, id, valueAt(scene, properties, 'TaskRoleArn'), 'task role')
  definedIn(scene, resource, id)
  return 'mapped'
}

export const ecsService: Mapper = (scene, resource, id) => {
  const name = shownAt(scene, resource.properties, 'ServiceName') ?? resource.logicalId
  tell(scene, resource, { id, kind: 'aws.ecs_service', name, aliases: [name], props: owned(scene, resource, id) })
  for (const { id: to, kind, certain } of targetsOf(scene, valueAt(scene, resource.properties, 'TaskDefinition')))
    if (kind === 'aws.ecs_task_definition')
      relate(scene, resource, { kind: 'DEPENDS_ON', from: id, to }, { note: 'runs tasks of it', certain })
  return 'mapped'
}

/** An instance, or what instances are launched from: the profile it lends its role through. */
export const instance =
  (path: string): Mapper =>
  (scene, resource, id) => {
    const profile = at(resource.properties, `${path}IamInstanceProfile`)
    const values = [profile, at(profile, 'Arn'), at(profile, 'Name')].map((one) => evaluate(one, scene.names))
    const profiles = values.flatMap((one) => targetsOf(scene, one)).filter(({ role }) => role === 'identity')
    const dynamic = dynamicOf(scene, valueAt(scene, resource.properties, `${path}UserData`))
    if (resource.type !== 'AWS::EC2::Instance' && profiles.length + dynamic.length === 0) return 'not-relevant'
    const name = resource.physicalId ?? resource.logicalId
    const told = resource.type === 'AWS::EC2::Instance' ? name : `instances of ${name}`
    tell(scene, resource, {
      id,
      kind: 'aws.ec2_instance',
      name: told.slice(0, 1024),
      props: owned(scene, resource, id),
    })
    const seen = new Set<string>()
    for (const { id: to, certain } of profiles) {
      if (seen.has(to)) continue
      seen.add(to)
      const fact = { kind: 'RUNS_AS', from: id, to, delivery: 'platform_attached' } as const
      relate(scene, resource, fact, { note: 'instance profile', certain })
    }
    for (const one of dynamic) usesSecret(scene, resource, id, one, { delivery: 'deploy_time' }, 'user data')
    return 'mapped'
  }

export const buildProject: Mapper = (scene, resource, id) => {
  const { properties } = resource
  const environment = empty()
  for (const one of listOf(at(properties, 'Environment.EnvironmentVariables'))) {
    const variable = shownAt(scene, one, 'Name') ?? ''
    const type = textAt(scene, one, 'Type') ?? 'PLAINTEXT'
    if (type === 'PLAINTEXT') {
      const how = { literal: { delivery: 'manual' }, fetched: { delivery: 'ci_run_start' } } as const
      readVariable(scene, resource, id, [variable, valueAt(scene, one, 'Value')], how, environment)
      continue
    }
    environment.names.push(variable.slice(0, 253))
    const options = { isSecret: type === 'SECRETS_MANAGER', delivery: 'ci_run_start' } as const
    useNamed(scene, resource, id, [at(one, 'Value'), `variable ${variable}`], options)
  }
  const asSecret = { isSecret: true, delivery: 'ci_run_start' } as const
  useNamed(
    scene,
    resource,
    id,
    [at(properties, 'Environment.RegistryCredential.Credential'), 'pulls its image'],
    asSecret,
  )
  const name = nameOf(scene, resource, 'Name')
  const props = { ...owned(scene, resource, id), ...propsOf(environment) }
  tell(scene, resource, { id, kind: 'aws.codebuild_project', name, aliases: [name], props })
  runsAs(scene, resource, id, valueAt(scene, properties, 'ServiceRole'), 'service role')
  encryptedBy(scene, resource, id, valueAt(scene, properties, 'EncryptionKey'))
  definedIn(scene, resource, id)
  return 'mapped'
}
