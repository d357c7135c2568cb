import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import type { DeliveryMode } from '../../graph/kinds/delivery.ts'
import { keys } from '../../graph/keys.ts'
import { evaluate } from './evaluate.ts'
import { titleOf, type Mapper, type Row } from './map-credentials.ts'
import { accountOf, namespaceOf, owned } from './map-identities.ts'
import { referencesOf, type Reference } from './references.ts'
import { makerOf, rotationOf } from './rotation.ts'
import { entity, given, keyOf, meant, named, relate, remember, type Resource, type Scene } from './scene.ts'
import { textOf } from './value.ts'

/** Attributes of an access key that are no secret: who has them has no key. */
const harmless = new Set([
  'id',
  'user',
  'status',
  'create_date',
  'name',
  'arn',
  'key_fingerprint',
  'public_key_pem',
  'public_key_openssh',
])

/** Joins a place with what is written into it: `HOLDS` a credential, a copy of another place, both as declared. */
function holds(
  scene: Scene,
  resource: Resource,
  from: string,
  what: string,
  references: readonly Reference[],
  confidence?: 'possible',
): void {
  scene.later(() => {
    for (const reference of references) {
      if (harmless.has(reference.attribute)) continue
      const { made, certain } = meant(scene, reference)
      for (const { id, role } of made) {
        if (id === from || (role !== 'credential' && role !== 'secret')) continue
        const note = `${what} is written from ${reference.base.slice(0, 150)}`
        const sure = certain && confidence === undefined ? {} : { confidence: 'possible' as const }
        const fact: Pick<RelationshipFact, 'kind' | 'delivery'> =
          role === 'credential' ? { kind: 'HOLDS' } : { kind: 'SYNCED_FROM', delivery: 'deploy_time' }
        relate(scene, resource, { ...fact, from, to: id, ...sure }, note)
      }
    }
  })
}

/** A secret that Terraform writes: each of its parts is a name with the expression it comes from. */
function place(scene: Scene, resource: Resource, fact: EntityFact, paths: readonly string[]): string {
  const names: string[] = []
  const prints: string[] = []
  const print = (name: string, text: string | undefined) => {
    const told = text === undefined ? undefined : scene.context.fingerprint(text, 'secret')
    if (told !== undefined) prints.push(`${name}=${told}`)
  }
  for (const path of paths) {
    const entries = resource.entries(path)
    for (const [name, expression] of entries) {
      names.push(name)
      print(name, textOf(evaluate(expression, resource.instance.names)))
      holds(scene, resource, fact.id, name, referencesOf(expression, resource.instance))
    }
    if (entries.length > 0) continue
    print(path, resource.text(path))
    holds(scene, resource, fact.id, path, resource.references(path))
  }
  const isRead = resource.type.startsWith('data.')
  const props = {
    ...fact.props,
    ...makerOf(resource),
    ...given({
      managedBy: isRead ? undefined : 'terraform',
      keys: names.slice(0, 200),
      fingerprints: prints.slice(0, 200),
      // The configuration itself gives the value away to whoever reads it.
      valueInConfiguration: prints.length > 0 ? true : undefined,
    }),
  }
  entity(scene, resource, { ...fact, props })
  remember(scene, resource, 'secret', fact.id)
  return fact.id
}

function inNamespace(scene: Scene, from: string, namespace: string): void {
  const to = named(scene, { id: keys.k8sNamespace(scene.cluster, namespace), kind: 'k8s.namespace', name: namespace })
  scene.sink.relationship({ kind: 'CONTAINED_IN', from, to })
}

const kubernetesSecret: Mapper = (scene, resource) => {
  const namespace = namespaceOf(resource)
  if (namespace === undefined) return false
  if (resource.text('type') === 'kubernetes.io/service-account-token') return accountToken(scene, resource, namespace)
  const name = resource.text('metadata.name')
  if (name === undefined) return false
  const { cluster } = scene
  const id = place(
    scene,
    resource,
    {
      id: keys.k8s(cluster, namespace, 'secret', name),
      kind: 'k8s.secret_object',
      name,
      aliases: [`${namespace}/${name}`],
      props: given({ namespace, cluster, type: resource.text('type') }),
    },
    ['data', 'binary_data', 'data_wo'],
  )
  inNamespace(scene, id, namespace)
  return true
}

/**
 * A token that stands in a secret of its own. The credential is the account's: a rotation makes another secret, and the
 * same workloads and pipelines need the new one.
 */
function accountToken(scene: Scene, resource: Resource, namespace: string): boolean {
  const account = resource.value('metadata.annotations')
  const name = account instanceof Map ? textOf(account.get('kubernetes.io/service-account.name')) : undefined
  if (name === undefined) return false
  const { cluster } = scene
  const secret = resource.text('metadata.name')
  const id = keys.k8sAccountToken(cluster, namespace, name)
  entity(scene, resource, {
    id,
    kind: 'k8s.sa_token_legacy_secret',
    name: `token of ${name} in ${namespace}`,
    aliases: secret === undefined ? [] : [keys.k8sSecretToken(cluster, namespace, secret), `${namespace}/${secret}`],
    props: {
      ...given({ namespace, cluster, managedBy: 'terraform', secretName: secret }),
      ...makerOf(resource, true),
      ...rotationOf(resource),
    },
  })
  remember(scene, resource, 'credential', id)
  relate(scene, resource, { kind: 'AUTHENTICATES_AS', from: id, to: accountOf(scene, namespace, name) })
  return true
}

/** A secret that an operator in the cluster copies from a store. */
const copiedSecret: Mapper = (scene, resource) => {
  const name = resource.text('name')
  const namespace = resource.text('namespace')
  if (name === undefined || namespace === undefined) return false
  const id = keys.k8s(scene.cluster, namespace, 'secret', name)
  const aliases = [`${namespace}/${name}`]
  const props = { ...given({ namespace, cluster: scene.cluster }), ...makerOf(resource) }
  entity(scene, resource, { id, kind: 'k8s.secret_object', name, aliases, props })
  remember(scene, resource, 'secret', id)
  inNamespace(scene, id, namespace)
  const seconds = Number(resource.text('seconds') ?? 3600)
  scene.later(() => {
    for (const reference of resource.references('from'))
      for (const { id: to, role } of meant(scene, reference).made)
        if (role === 'secret')
          relate(scene, resource, {
            kind: 'SYNCED_FROM',
            from: id,
            to,
            delivery: 'operator_sync',
            pickup: [0, seconds],
          })
  })
  return true
}

/** GitHub's provider names a repository without its owner. */
function repositoryOf(scene: Scene, resource: Resource): string | undefined {
  const name = resource.text('repository')
  if (name === undefined || name === '') return undefined
  return name.includes('/') ? name : `${scene.owners.get(resource.instance.module.root) ?? '_'}/${name}`
}

const githubValues = ['plaintext_value', 'value', 'encrypted_value']

function githubSecret(scene: Scene, resource: Resource, fact: EntityFact, to: EntityFact): true {
  place(scene, resource, fact, githubValues)
  relate(scene, resource, { kind: 'CONTAINED_IN', from: fact.id, to: named(scene, to) })
  return true
}

const repositorySecret: Mapper = (scene, resource) => {
  const repository = repositoryOf(scene, resource)
  const name = resource.text('secret_name')
  if (repository === undefined || name === undefined) return false
  const id = keys.githubRepositorySecret(repository, name)
  return githubSecret(
    scene,
    resource,
    { id, kind: 'github.actions_secret', name, aliases: [`${repository} ${name}`] },
    { id: keys.githubRepository(repository), kind: 'github.repository', name: repository },
  )
}

const environmentSecret: Mapper = (scene, resource) => {
  const repository = repositoryOf(scene, resource)
  const name = resource.text('secret_name')
  const environment = resource.text('environment')
  if (repository === undefined || name === undefined || environment === undefined) return false
  const id = keys.githubEnvironmentSecret(repository, environment, name)
  const to = keys.githubEnvironment(repository, environment)
  const repositoryId = named(scene, {
    id: keys.githubRepository(repository),
    kind: 'github.repository',
    name: repository,
  })
  scene.sink.relationship({ kind: 'CONTAINED_IN', from: to, to: repositoryId })
  return githubSecret(
    scene,
    resource,
    { id, kind: 'github.actions_secret', name, aliases: [`${repository} ${environment} ${name}`] },
    { id: to, kind: 'github.environment', name: environment },
  )
}

const organizationSecret: Mapper = (scene, resource) => {
  const name = resource.text('secret_name')
  if (name === undefined) return false
  const owner = scene.owners.get(resource.instance.module.root) ?? '_'
  const id = keys.githubOrganizationSecret(owner, name)
  return githubSecret(
    scene,
    resource,
    { id, kind: 'github.actions_secret', name, props: given({ visibility: resource.text('visibility') }) },
    { id: keys.githubOrganization(owner), kind: 'github.organization', name: owner },
  )
}

/** A secret of AWS by region and name, as others call one whose account they do not know; else by its address. */
function awsSecret(scene: Scene, resource: Resource, service: 'secretsmanager' | 'ssm'): EntityFact {
  const name = resource.text('name')
  const region = regionOf(resource)
  const kind = service === 'ssm' ? ('aws.ssm_parameter' as const) : ('aws.secretsmanager_secret' as const)
  const id = name !== undefined && region !== undefined ? `aws:${service}:${region}:${name}` : keyOf(scene, resource)
  return { id, kind, name: name ?? resource.address, ...(name === undefined ? {} : { aliases: [name] }) }
}

/** Where the provider of the root works, if it is one place. */
function regionOf({ instance }: Resource): string | undefined {
  const { module } = instance
  const regions = module.folder.providers
    .filter(({ block }) => block.labels[0] === 'aws' && !block.attributes.has('alias'))
    .map(({ block }) => textOf(evaluate(block.attributes.get('region'), module.top.names)))
  return regions.length === 1 && !instance.declared.block.attributes.has('provider') ? regions[0] : undefined
}

const managedSecret: Mapper = (scene, resource) => {
  owned(scene, resource, place(scene, resource, awsSecret(scene, resource, 'secretsmanager'), []))
  return true
}

const parameter: Mapper = (scene, resource) => {
  const isSecret = resource.text('type') === 'SecureString'
  const writes = ['value', 'insecure_value'].flatMap((path) => resource.references(path))
  if (!isSecret && writes.length === 0) return 'not-relevant'
  owned(
    scene,
    resource,
    place(scene, resource, awsSecret(scene, resource, 'ssm'), ['value', 'insecure_value', 'value_wo']),
  )
  return true
}

const readParameter: Mapper = (scene, resource) => {
  place(scene, resource, awsSecret(scene, resource, 'ssm'), [])
  return true
}

/** A version of a secret that another resource describes: what it writes stands in that one. */
const versionOf =
  (whose: string, ...paths: string[]): Mapper =>
  (scene, resource) => {
    scene.versions.set(resource.base, resource.references(whose))
    scene.later(() => {
      for (const reference of resource.references(whose)) {
        const { made, certain } = meant(scene, reference)
        for (const { id, role } of made)
          if (role === 'secret')
            for (const path of paths)
              holds(scene, resource, id, path, resource.references(path), certain ? undefined : 'possible')
      }
    })
    return true
  }

const googleSecret: Mapper = (scene, resource) => {
  const name = titleOf(resource, 'secret_id')
  place(scene, resource, { id: keyOf(scene, resource), kind: 'gcp.secret_version', name }, [])
  return true
}

const keyVaultSecret: Mapper = (scene, resource) => {
  const props = given({ expiresAt: resource.text('expiration_date') })
  const name = titleOf(resource, 'name')
  place(scene, resource, { id: keyOf(scene, resource), kind: 'azure.keyvault_secret', name, props }, [
    'value',
    'value_wo',
  ])
  return true
}

/** Which Vault it is a configuration seldom says: the name that logs have. */
const vault = 'vault'

const vaultSecret: Mapper = (scene, resource) => {
  const [mount, name, path] = ['mount', 'name', 'path'].map((part) => resource.text(part))
  const whole = mount !== undefined && name !== undefined ? `${mount}/${name}` : path
  if (whole === undefined) return false
  const parts = whole.split('/').filter((part) => part !== '')
  const plain = (parts[1] === 'data' && parts.length > 2 ? [parts[0]!, ...parts.slice(2)] : parts).join('/')
  const kind = resource.type === 'vault_kv_secret_v2' ? 'vault.kv2_secret' : 'vault.secret_path'
  place(scene, resource, { id: keys.vaultSecret(vault, plain), kind, name: plain, aliases: [plain] }, ['data_json'])
  return true
}

const circleciContext: Mapper = (scene, resource) => {
  const variable = resource.text('variable') ?? resource.text('name')
  scene.later(() => {
    for (const path of ['context_id', 'context'])
      for (const reference of resource.references(path))
        for (const { id, role } of meant(scene, reference).made)
          if (role === 'secret') holds(scene, resource, id, variable ?? 'value', resource.references('value'))
  })
  return true
}

const context: Mapper = (scene, resource) => {
  const name = resource.text('name')
  if (name === undefined) return false
  const owner = resource.text('organization') ?? scene.owners.get(resource.instance.module.root) ?? '_'
  const id = keys.circleciContext(owner, name)
  place(scene, resource, { id, kind: 'circleci.context', name, aliases: [`${owner} ${name}`] }, [])
  return true
}

/** A workload whose environment Terraform writes, and what it runs as. */
const workload =
  (
    kind: 'aws.lambda_function' | 'aws.ecs_task' | 'aws.ec2_instance',
    delivery: DeliveryMode,
    names: readonly string[],
    writes: readonly string[],
    roles: readonly string[],
  ): Mapper =>
  (scene, resource) => {
    const name = titleOf(resource, ...names)
    const from = entity(scene, resource, { id: keyOf(scene, resource), kind, name, props: makerOf(resource) })
    remember(scene, resource, 'workload', from)
    owned(scene, resource, from)
    scene.later(() => {
      for (const path of roles)
        for (const reference of resource.references(path))
          for (const { id: to, role } of meant(scene, reference).made)
            if (role === 'identity')
              relate(scene, resource, { kind: 'RUNS_AS', from, to, delivery: 'platform_attached' }, path)
      for (const path of writes)
        for (const reference of resource.references(path)) {
          const { made, certain } = meant(scene, reference)
          for (const { id: to, role } of made) {
            if (role !== 'credential' && role !== 'secret') continue
            if (role === 'credential' && harmless.has(reference.attribute)) continue
            const named = role === 'secret'
            // That a secret's name is given to it does not prove that it asks for it.
            const sure =
              certain && !(named && kind === 'aws.lambda_function') ? {} : { confidence: 'possible' as const }
            const how = named ? ('USES_SECRET' as const) : ('USES_CREDENTIAL' as const)
            relate(scene, resource, { kind: how, from, to, delivery, ...sure }, path)
          }
        }
    })
    return true
  }

export const placeRows: readonly Row[] = [
  ['kubernetes_secret', kubernetesSecret],
  ['kubernetes_secret_v1', kubernetesSecret],
  ['keyfall_copied_secret', copiedSecret],
  ['github_actions_secret', repositorySecret],
  ['github_actions_environment_secret', environmentSecret],
  ['github_actions_organization_secret', organizationSecret],
  ['aws_secretsmanager_secret', managedSecret],
  ['aws_secretsmanager_secret_version', versionOf('secret_id', 'secret_string', 'secret_binary', 'secret_string_wo')],
  ['aws_ssm_parameter', parameter],
  ['data.aws_secretsmanager_secret', managedSecret],
  ['data.aws_secretsmanager_secret_version', versionOf('secret_id')],
  ['data.aws_ssm_parameter', readParameter],
  ['data.kubernetes_secret', kubernetesSecret],
  ['data.kubernetes_secret_v1', kubernetesSecret],
  ['data.vault_generic_secret', vaultSecret],
  ['data.vault_kv_secret_v2', vaultSecret],
  ['google_secret_manager_secret', googleSecret],
  ['google_secret_manager_secret_version', versionOf('secret', 'secret_data', 'secret_data_wo')],
  ['azurerm_key_vault_secret', keyVaultSecret],
  ['vault_generic_secret', vaultSecret],
  ['vault_kv_secret', vaultSecret],
  ['vault_kv_secret_v2', vaultSecret],
  ['circleci_context', context],
  ['circleci_context_environment_variable', circleciContext],
  [
    'aws_lambda_function',
    workload('aws.lambda_function', 'env_at_start', ['function_name'], ['environment'], ['role']),
  ],
  [
    'aws_ecs_task_definition',
    workload(
      'aws.ecs_task',
      'task_start',
      ['family'],
      ['container_definitions'],
      ['task_role_arn', 'execution_role_arn'],
    ),
  ],
  ['aws_instance', workload('aws.ec2_instance', 'baked_image', ['tags.Name'], ['user_data'], ['iam_instance_profile'])],
]
