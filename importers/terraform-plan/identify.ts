import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { isMasked, parseArn } from '../read/arn.ts'

/** What an object of a plan is, as other sources call it. */
export interface Thing {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly role: 'credential' | 'place'
}

/** Where the plan is read. */
export interface Scene {
  readonly cluster: string
  readonly owner: string
  /** Key of what has no name yet but its address. */
  readonly keyOf: (address: string) => string
}

type Attributes = (path: string) => string | undefined
interface Row {
  readonly kind: EntityKind
  readonly role: Thing['role']
  /** Its key where the attributes tell it. */
  readonly key: (attributes: Attributes, scene: Scene) => string | undefined
  readonly title?: string
}

const arn =
  (field = 'arn') =>
  (attributes: Attributes): string | undefined => {
    const value = attributes(field)
    return value !== undefined && parseArn(value) && !isMasked(value) ? value : undefined
  }
const nothing = () => undefined
const credential = (kind: EntityKind, title: string, key: Row['key'] = nothing): Row => ({
  kind,
  role: 'credential',
  key,
  title,
})

const accessKey = credential('aws.iam_access_key', 'access key', (attributes) => {
  const id = attributes('id')
  return id === undefined || isMasked(id) ? undefined : keys.awsAccessKey(id)
})

const masterPassword = (kind: EntityKind): Row =>
  credential(kind, 'password', (attributes) => {
    const database = arn()(attributes)
    return database && keys.awsRdsMasterPassword(database)
  })

const kubernetesSecret: Row = {
  kind: 'k8s.secret_object',
  role: 'place',
  key: (attributes, { cluster }) => {
    const name = attributes('metadata.0.name')
    return name && keys.k8s(cluster, attributes('metadata.0.namespace') ?? 'default', 'secret', name)
  },
}

const github = (make: (repository: string, name: string, attributes: Attributes) => string | undefined): Row => ({
  kind: 'github.actions_secret',
  role: 'place',
  key: (attributes, { owner }) => {
    const [repository, name] = [attributes('repository'), attributes('secret_name')]
    if (name === undefined || repository === undefined) return undefined
    return make(repository.includes('/') ? repository : `${owner}/${repository}`, name, attributes)
  },
})

const place = (kind: EntityKind, key: Row['key']): Row => ({ kind, role: 'place', key })

/** Types that hold a credential or are a place for one; every other change of a plan is not this importer's. */
export const types: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['aws_iam_access_key', accessKey],
  ['aws_db_instance', masterPassword('generic.password')],
  ['aws_rds_cluster', masterPassword('generic.password')],
  ['random_password', credential('generic.password', 'password')],
  ['tls_private_key', credential('generic.credential', 'private key')],
  ['aws_cognito_user_pool_client', credential('generic.credential', 'client secret')],
  ['google_service_account_key', credential('gcp.service_account_key', 'key')],
  [
    'azuread_application_password',
    credential('entra.client_secret', 'client secret', (at) => at('key_id') && keys.entraClientSecret(at('key_id')!)),
  ],
  [
    'azuread_service_principal_password',
    credential('entra.client_secret', 'client secret', (at) => at('key_id') && keys.entraClientSecret(at('key_id')!)),
  ],
  ['kubernetes_secret', kubernetesSecret],
  ['kubernetes_secret_v1', kubernetesSecret],
  ['github_actions_secret', github(keys.githubRepositorySecret)],
  [
    'github_actions_environment_secret',
    github(
      (repository, name, at) => at('environment') && keys.githubEnvironmentSecret(repository, at('environment')!, name),
    ),
  ],
  ['aws_secretsmanager_secret', place('aws.secretsmanager_secret', arn())],
  ['aws_secretsmanager_secret_version', place('aws.secretsmanager_secret', arn('secret_id'))],
  ['aws_ssm_parameter', place('aws.ssm_parameter', arn())],
])

/** The thing that an object of this type is; undefined: a type that holds nothing for us. */
export function identify(type: string, address: string, attributes: Attributes, scene: Scene): Thing | undefined {
  const row = types.get(type)
  if (!row) return undefined
  const isToken = row === kubernetesSecret && attributes('type') === 'kubernetes.io/service-account-token'
  const account = isToken ? attributes('metadata.0.annotations.kubernetes.io/service-account.name') : undefined
  if (account !== undefined) {
    const namespace = attributes('metadata.0.namespace') ?? 'default'
    const id = keys.k8sAccountToken(scene.cluster, namespace, account)
    return { id, kind: 'k8s.sa_token_legacy_secret', name: `token of ${account} in ${namespace}`, role: 'credential' }
  }
  const id = row.key(attributes, scene) ?? scene.keyOf(address)
  const name = attributes('metadata.0.name') ?? attributes('secret_name') ?? attributes('name') ?? address
  return { id, kind: row.kind, role: row.role, name: row.title === undefined ? name : `${row.title} ${address}` }
}
