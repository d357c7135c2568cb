import { keys } from '../../graph/keys.ts'
import type { Taken } from './fields.ts'
import type { Mapper } from './map-aws.ts'
import { credential, entity, given, named, numberOf, relate, secret, type Scene } from './scene.ts'

/** Logs of Vault do not say its address: the same name as there. */
const vault = 'vault'
const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A mount without the slashes around it. */
const mountOf = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .join('/')

function serviceAccountOf(scene: Scene, namespace: string, name: string): string {
  const aliases = [`${namespace}/${name}`, `system:serviceaccount:${namespace}:${name}`]
  const id = keys.k8s(scene.estate.cluster, namespace, 'serviceaccount', name)
  return named(scene, { id, kind: 'k8s.service_account', name, aliases, props: { namespace } })
}

const kubernetesSecret: Mapper = (scene, taken) => {
  const name = taken.text('metadata.0.name')
  const namespace = taken.text('metadata.0.namespace') ?? 'default'
  if (name === undefined) return false
  const { cluster } = scene.estate
  const type = taken.text('type') ?? 'Opaque'
  const id = secret(scene, taken, {
    id: keys.k8s(cluster, namespace, 'secret', name),
    kind: 'k8s.secret_object',
    name,
    aliases: [`${namespace}/${name}`],
    props: { namespace, cluster, type },
  })
  const account = taken.list('metadata.0.annotations').get('kubernetes.io/service-account.name')
  if (type !== 'kubernetes.io/service-account-token') return true
  const token = credential(scene, taken, {
    id: `${id}#token`,
    kind: 'k8s.sa_token_legacy_secret',
    name: `token in ${name}`,
  })
  relate(scene, taken, { kind: 'HOLDS', from: id, to: token }, 'type kubernetes.io/service-account-token')
  if (account !== undefined)
    relate(scene, taken, { kind: 'AUTHENTICATES_AS', from: token, to: serviceAccountOf(scene, namespace, account) })
  return true
}

const kubernetesAccount: Mapper = (scene, taken) => {
  const name = taken.text('metadata.0.name')
  const namespace = taken.text('metadata.0.namespace') ?? 'default'
  if (name === undefined) return false
  const from = serviceAccountOf(scene, namespace, name)
  const role = taken.list('metadata.0.annotations').get('eks.amazonaws.com/role-arn')
  if (role?.startsWith('arn:') !== true) return true
  const to = named(scene, { id: keys.awsArn(role), kind: 'aws.iam_role', name: lastPart(role) })
  relate(scene, taken, { kind: 'ASSUMES', from, to, confidence: 'possible' }, 'annotation eks.amazonaws.com/role-arn')
  return true
}

/** `secret/data/shop/db` of KV v2 is `secret/shop/db`. */
function kvPath(path: string): string {
  const [mount = '', first, ...rest] = path.split('/').filter((part) => part !== '')
  return [mount, ...(first === 'data' && rest.length > 0 ? [] : first === undefined ? [] : [first]), ...rest].join('/')
}

const vaultSecret: Mapper = (scene, taken) => {
  const mount = taken.text('mount')
  const name = taken.text('name')
  const v2 = mount !== undefined && name !== undefined
  const path = v2 ? kvPath(`${mount}/${name}`) : kvPath(taken.text('path') ?? '')
  if (path === '') return false
  const kind = v2 ? ('vault.kv2_secret' as const) : ('vault.secret_path' as const)
  onServer(scene, taken, secret(scene, taken, { id: keys.vaultSecret(vault, path), kind, name: path, aliases: [path] }))
  return true
}

function onServer(scene: Scene, taken: Taken, from: string): void {
  const to = named(scene, { id: keys.vaultServer(vault), kind: 'vault.server', name: vault })
  relate(scene, taken, { kind: 'CONTAINED_IN', from, to })
}

const vaultRole =
  (method: string, field = 'role_name'): Mapper =>
  (scene, taken) => {
    const name = taken.text(field)
    if (name === undefined) return false
    const mount = `auth/${mountOf(taken.text('backend') ?? method)}/`
    const props = given({
      mount,
      policies: [...taken.list('token_policies').values()],
      ttlSeconds: numberOf(taken.text('token_ttl')),
      maxTtlSeconds: numberOf(taken.text('token_max_ttl')),
      periodSeconds: numberOf(taken.text('token_period')),
    })
    const to = entity(scene, taken, { id: keys.vaultRole(vault, mount, name), kind: 'vault.role', name, props })
    for (const namespace of taken.list('bound_service_account_namespaces').values())
      for (const account of taken.list('bound_service_account_names').values()) {
        if (namespace === '*' || account === '*') continue
        const from = serviceAccountOf(scene, namespace, account)
        relate(scene, taken, { kind: 'ASSUMES', from, to, confidence: 'none' }, 'may log in')
      }
    for (const arn of taken.list('bound_iam_principal_arns').values()) {
      if (!arn.startsWith('arn:') || arn.includes('*')) continue
      const kind = arn.includes(':role/') ? 'aws.iam_role' : 'aws.iam_user'
      const from = named(scene, { id: arn, kind, name: lastPart(arn) })
      relate(scene, taken, { kind: 'ASSUMES', from, to, confidence: 'none' }, 'may log in')
    }
    return true
  }

const vaultSecretId: Mapper = (scene, taken) => {
  const accessor = taken.text('accessor')
  const role = taken.text('role_name')
  if (accessor === undefined || role === undefined) return false
  const mount = `auth/${mountOf(taken.text('backend') ?? 'approle')}/`
  const id = keys.vaultSecretId(vault, accessor)
  const from = credential(scene, taken, { id, kind: 'vault.approle_secret_id', name: `secret id of ${role}` })
  const to = named(scene, { id: keys.vaultRole(vault, mount, role), kind: 'vault.role', name: role })
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from, to })
  return true
}

const vaultToken: Mapper = (scene, taken) => {
  const accessor = taken.text('id')
  // Old providers took the token itself for the id.
  if (accessor === undefined || accessor.startsWith('hv') || accessor.startsWith('s.')) return false
  const name = taken.text('display_name') ?? 'token made by Terraform'
  const props = given({ policies: [...taken.list('policies').values()] })
  credential(scene, taken, { id: keys.vaultToken(vault, accessor), kind: 'vault.service_token', name, props })
  return true
}

/** A role of a secrets engine: a path that hands out credentials. */
const issuing =
  (folder: string): Mapper =>
  (scene, taken) => {
    const backend = taken.text('backend')
    const name = taken.text('name')
    if (backend === undefined || name === undefined) return false
    const path = `${mountOf(backend)}/${folder}/${name}`
    const props = given({
      database: taken.text('db_name'),
      userName: taken.text('username'),
      rotationSeconds: numberOf(taken.text('rotation_period')),
      ttlSeconds: numberOf(taken.text('default_ttl')),
      maxTtlSeconds: numberOf(taken.text('max_ttl')),
    })
    const kind = folder === 'static-creds' ? ('vault.db_static_role' as const) : ('vault.secret_path' as const)
    const id = keys.vaultSecret(vault, path)
    onServer(scene, taken, entity(scene, taken, { id, kind, name: path, aliases: [path], props }))
    return true
  }

/** Vault itself logs in to AWS with this key. */
const vaultBackend: Mapper = (scene, taken) => {
  const path = taken.text('path')
  const accessKey = taken.values.find(({ name }) => name === 'access_key')?.accessKeys[0]
  if (path === undefined) return false
  if (accessKey === undefined) return true
  const id = keys.awsAccessKey(accessKey)
  const to = credential(scene, taken, { id, kind: 'aws.iam_access_key', name: accessKey, aliases: [accessKey] })
  const from = named(scene, { id: keys.vaultServer(vault), kind: 'vault.server', name: vault })
  relate(scene, taken, { kind: 'USES_CREDENTIAL', from, to, delivery: 'manual' }, `root of the engine at ${path}`)
  return true
}

/** GitHub's provider names a repository without its owner. */
function repositoryOf({ estate }: Scene, name: string): string {
  if (name.includes('/')) return name
  return `${estate.owners.get(name.toLowerCase()) ?? estate.owners.get('') ?? '_'}/${name}`
}

const times = (taken: Taken) => given({ createdAt: taken.text('created_at'), updatedAt: taken.text('updated_at') })

function githubPlace(scene: Scene, taken: Taken, id: string, name: string, alias: string, to: string): boolean {
  secret(scene, taken, { id, kind: 'github.actions_secret', name, aliases: [alias], props: times(taken) })
  relate(scene, taken, { kind: 'CONTAINED_IN', from: id, to })
  return true
}

const githubSecret: Mapper = (scene, taken) => {
  const short = taken.text('repository')
  const name = taken.text('secret_name')
  if (short === undefined || name === undefined) return false
  const repository = repositoryOf(scene, short)
  const to = named(scene, { id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
  return githubPlace(scene, taken, keys.githubRepositorySecret(repository, name), name, `${repository} ${name}`, to)
}

const githubEnvironmentSecret: Mapper = (scene, taken) => {
  const short = taken.text('repository')
  const place = taken.text('environment')
  const name = taken.text('secret_name')
  if (short === undefined || name === undefined || place === undefined) return false
  const repository = repositoryOf(scene, short)
  const to = named(scene, { id: keys.githubEnvironment(repository, place), kind: 'github.environment', name: place })
  const id = keys.githubEnvironmentSecret(repository, place, name)
  return githubPlace(scene, taken, id, name, `${repository} ${place} ${name}`, to)
}

const githubOrganizationSecret: Mapper = (scene, taken) => {
  const name = taken.text('secret_name')
  if (name === undefined) return false
  const owner = scene.estate.owners.get('') ?? '_'
  const to = named(scene, { id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  return githubPlace(scene, taken, keys.githubOrganizationSecret(owner, name), name, `${owner} ${name}`, to)
}

/** What another resource is given as a password or a key; what it opens that one says. */
const madeHere =
  (kind: 'generic.password' | 'generic.credential', what: string): Mapper =>
  (scene, taken) => {
    const props = given({ algorithm: taken.text('algorithm'), length: numberOf(taken.text('length')) })
    const id = keys.terraformValue(scene.place, taken.address)
    credential(scene, taken, { id, kind, name: `${what} ${taken.address.slice(0, 200)}`, props })
    return true
  }

const googleAccount: Mapper = (scene, taken) => {
  const email = taken.text('email')
  if (email === undefined) return false
  const aliases = [email, ...[taken.text('unique_id') ?? []].flat()]
  const props = given({ project: taken.text('project') })
  entity(scene, taken, { id: `gcp:sa:${email}`, kind: 'gcp.service_account', name: email, aliases, props })
  return true
}

const googleKey: Mapper = (scene, taken) => {
  const parts = (taken.text('name') ?? '').split('/')
  const email = parts[parts.indexOf('serviceAccounts') + 1]
  const key = parts[parts.indexOf('keys') + 1]
  if (parts.length < 6 || email === undefined || key === undefined) return false
  const from = credential(scene, taken, {
    id: keys.gcpServiceAccountKey(email, key),
    kind: 'gcp.service_account_key',
    name: `key ${key} of ${email}`.slice(0, 1024),
    aliases: [key],
    props: given({ createdAt: taken.text('valid_after'), expiresAt: taken.text('valid_before') }),
  })
  const to = named(scene, { id: `gcp:sa:${email}`, kind: 'gcp.service_account', name: email, aliases: [email] })
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from, to })
  return true
}

const googleSecret: Mapper = (scene, taken) => {
  const path = taken.text('secret')
  if (path === undefined) return false
  const props = given({ createdAt: taken.text('create_time'), version: taken.text('version') })
  const aliases = [path, lastPart(path)]
  secret(scene, taken, { id: keys.gcpSecret(path), kind: 'gcp.secret_version', name: lastPart(path), aliases, props })
  return true
}

const entraPassword: Mapper = (scene, taken) => {
  const keyId = taken.text('key_id')
  if (keyId === undefined) return false
  const object =
    taken.text('application_object_id') ?? taken.text('application_id') ?? taken.text('service_principal_id')
  const from = credential(scene, taken, {
    id: keys.entraClientSecret(keyId),
    kind: 'entra.client_secret',
    name: taken.text('display_name') ?? `client secret ${keyId}`,
    aliases: [keyId],
    props: given({ createdAt: taken.text('start_date'), expiresAt: taken.text('end_date') }),
  })
  const client = scene.estate.clientIds.get(lastPart(object ?? ''))
  if (client === undefined) return true
  const to = named(scene, {
    id: `entra:app:${client}`,
    kind: 'entra.service_principal',
    name: client,
    aliases: [client],
  })
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from, to })
  return true
}

const entraApplication: Mapper = (scene, taken) => {
  const client = (taken.text('client_id') ?? taken.text('application_id'))?.toLowerCase()
  if (client === undefined) return false
  const name = taken.text('display_name') ?? client
  entity(scene, taken, { id: `entra:app:${client}`, kind: 'entra.service_principal', name, aliases: [client] })
  return true
}

const keyVaultSecret: Mapper = (scene, taken) => {
  const address = taken.text('versionless_id') ?? taken.text('id')
  const name = taken.text('name')
  if (address === undefined || name === undefined || !URL.canParse(address)) return false
  const props = given({ expiresAt: taken.text('expiration_date') })
  const id = `azure:keyvault:${new URL(address).hostname}/secrets/${name.toLowerCase()}`
  secret(scene, taken, { id, kind: 'azure.keyvault_secret', name, aliases: [name], props })
  return true
}

/** Knows something for others (who owns a repository), and describes nothing itself. */
const told: Mapper = () => true

/** How the types outside AWS are mapped. */
export const otherMappers: readonly (readonly [type: string, mapper: Mapper])[] = [
  ['kubernetes_secret', kubernetesSecret],
  ['kubernetes_secret_v1', kubernetesSecret],
  ['kubernetes_service_account', kubernetesAccount],
  ['kubernetes_service_account_v1', kubernetesAccount],
  ['vault_generic_secret', vaultSecret],
  ['vault_kv_secret', vaultSecret],
  ['vault_kv_secret_v2', vaultSecret],
  ['vault_approle_auth_backend_role', vaultRole('approle')],
  ['vault_kubernetes_auth_backend_role', vaultRole('kubernetes')],
  ['vault_jwt_auth_backend_role', vaultRole('jwt')],
  ['vault_aws_auth_backend_role', vaultRole('aws', 'role')],
  ['vault_approle_auth_backend_role_secret_id', vaultSecretId],
  ['vault_token', vaultToken],
  ['vault_database_secret_backend_role', issuing('creds')],
  ['vault_database_secret_backend_static_role', issuing('static-creds')],
  ['vault_aws_secret_backend', vaultBackend],
  ['vault_aws_secret_backend_role', issuing('creds')],
  ['github_repository', told],
  ['github_actions_secret', githubSecret],
  ['github_actions_environment_secret', githubEnvironmentSecret],
  ['github_actions_organization_secret', githubOrganizationSecret],
  ['random_password', madeHere('generic.password', 'password')],
  ['tls_private_key', madeHere('generic.credential', 'private key')],
  ['google_service_account', googleAccount],
  ['google_service_account_key', googleKey],
  ['google_secret_manager_secret_version', googleSecret],
  ['azuread_application', entraApplication],
  ['azuread_service_principal', entraApplication],
  ['azuread_application_password', entraPassword],
  ['azuread_service_principal_password', entraPassword],
  ['azurerm_key_vault_secret', keyVaultSecret],
]
