import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { makerOf, rotationOf } from './rotation.ts'
import { entity, generators, given, keyOf, meant, relate, remember, take, type Resource, type Scene } from './scene.ts'

/** Maps one resource; false: it does not say which thing it is. */
export type Mapper = (scene: Scene, resource: Resource) => boolean | 'not-relevant'
export type Row = readonly [type: string, mapper: Mapper]

/** What a person calls it: its name where that is known, else its address. */
export const titleOf = (resource: Resource, ...paths: string[]): string =>
  paths.map((path) => resource.text(path)).find((text) => text !== undefined) ?? resource.address

/** A credential that only its address names. */
export function made(
  scene: Scene,
  resource: Resource,
  fact: { readonly kind: EntityKind; readonly name: string; readonly aliases?: string[]; readonly id?: string },
  props: ReturnType<typeof given> = {},
): string {
  const id = entity(scene, resource, {
    ...fact,
    id: fact.id ?? keyOf(scene, resource),
    props: { ...given({ managedBy: 'terraform' }), ...makerOf(resource, true), ...rotationOf(resource), ...props },
  })
  remember(scene, resource, 'credential', id)
  return id
}

/** Whom a credential proves: the identity that this attribute takes its value from. */
export function proves(scene: Scene, resource: Resource, from: string, ...paths: string[]): void {
  scene.later(() => {
    for (const path of paths)
      for (const reference of resource.references(path)) {
        const { made, certain } = meant(scene, reference)
        for (const { id, role } of made)
          if (role === 'identity') {
            const confidence = certain ? {} : { confidence: 'possible' as const }
            relate(scene, resource, { kind: 'AUTHENTICATES_AS', from, to: id, ...confidence }, path)
          }
      }
  })
}

const accessKey: Mapper = (scene, resource) => {
  const user = resource.text('user')
  const name = `access key of ${user ?? resource.address}`
  const status = resource.text('status')
  const id = made(scene, resource, { kind: 'aws.iam_access_key', name }, given({ userName: user, status }))
  proves(scene, resource, id, 'user')
  return true
}

/** A credential of somebody whom another resource describes. */
const credentialOf =
  (kind: EntityKind, what: string, ...whose: string[]): Mapper =>
  (scene, resource) => {
    const name = `${what} of ${titleOf(resource, 'display_name', 'name', 'account_id')}`
    const expiresAt = resource.text('end_date')
    proves(scene, resource, made(scene, resource, { kind, name }, given({ expiresAt })), ...whose)
    return true
  }

const cognitoClient: Mapper = (scene, resource) => {
  // Without a secret it is a public client: its id is all there is.
  if (resource.text('generate_secret') !== 'true') return 'not-relevant'
  made(scene, resource, { kind: 'generic.credential', name: `client secret of ${titleOf(resource, 'name')}` })
  return true
}

/** What a generator made. Where another resource takes the value it is that one's, and told there. */
const generated =
  (kind: EntityKind, what: string): Mapper =>
  (scene, resource) => {
    if (!generators.has(resource.type)) {
      made(scene, resource, { kind, name: `${what} ${resource.address}` })
      return true
    }
    if (scene.takers.has(resource.base)) return true
    made(scene, resource, { kind, name: `${what} ${resource.address}` })
    return true
  }

/** Kinds of password by the beginning of the engine's name. */
const engines: readonly (readonly [string, EntityKind])[] = [
  ['postgres', 'db.postgres_password'],
  ['aurora-postgres', 'db.postgres_password'],
  ['mysql', 'db.mysql_password'],
  ['mariadb', 'db.mysql_password'],
  ['aurora', 'db.mysql_password'],
  ['sqlserver', 'db.mssql_login'],
  ['oracle', 'db.oracle_password'],
]

/** A server with a password that the configuration sets. */
const server =
  (path: string, kind?: EntityKind): Mapper =>
  (scene, resource) => {
    const engine = resource.text('engine') ?? ''
    const name = titleOf(resource, 'identifier', 'cluster_identifier', 'replication_group_id', 'name')
    const { block } = resource.instance.declared
    const isDatabase = resource.type === 'aws_db_instance' || resource.type === 'aws_rds_cluster'
    const props = given({ engine: engine || undefined, ...makerOf(resource) })
    if (isDatabase)
      entity(scene, resource, { id: `${keyOf(scene, resource)}/server`, kind: 'aws.rds_instance', name, props })
    // A replica has no password of its own, and a managed one stands in Secrets Manager.
    if (!block.attributes.has(path)) return isDatabase
    const passwordKind = kind ?? engines.find(([prefix]) => engine.startsWith(prefix))?.[1] ?? 'generic.password'
    const id = made(scene, resource, { kind: passwordKind, name: `password of ${name}` })
    take(scene, resource, path, id)
    if (isDatabase) {
      const login = `${keyOf(scene, resource)}/login`
      scene.sink.entity({ id: login, kind: 'db.user', name: `master user of ${name}`.slice(0, 1024) })
      relate(scene, resource, { kind: 'AUTHENTICATES_AS', from: id, to: login })
      const to = `${keyOf(scene, resource)}/server`
      relate(scene, resource, { kind: 'CAN_ACCESS', from: login, to, confidence: 'possible' })
    }
    return true
  }

/** Knows something for others (a clock, an id in a name) and is nothing itself. */
const told: Mapper = () => true

/** Generators come last: by then it is known who took their values. */
export const generatorRows: readonly Row[] = [
  ['random_password', generated('generic.password', 'password')],
  ['random_bytes', generated('generic.credential', 'random value')],
]

export const credentialRows: readonly Row[] = [
  ['aws_iam_access_key', accessKey],
  ['aws_iam_user_login_profile', credentialOf('aws.console_password', 'console password', 'user')],
  ['aws_iam_service_specific_credential', credentialOf('generic.password', 'service credential', 'user_name')],
  ['aws_api_gateway_api_key', credentialOf('generic.api_key', 'API key')],
  ['aws_cognito_user_pool_client', cognitoClient],
  ['aws_db_instance', server('password')],
  ['aws_rds_cluster', server('master_password')],
  ['aws_docdb_cluster', server('master_password', 'generic.password')],
  ['aws_redshift_cluster', server('master_password', 'generic.password')],
  ['aws_elasticache_replication_group', server('auth_token', 'generic.password')],
  ['aws_elasticache_user', server('passwords', 'db.redis_acl_user')],
  ['azurerm_mssql_server', server('administrator_login_password', 'db.mssql_login')],
  ['azurerm_postgresql_flexible_server', server('administrator_password', 'db.postgres_password')],
  ['azurerm_mysql_flexible_server', server('administrator_password', 'db.mysql_password')],
  ['google_sql_user', server('password', 'generic.password')],
  ['postgresql_role', server('password', 'db.postgres_password')],
  ['mysql_user', server('plaintext_password', 'db.mysql_password')],
  ['mongodbatlas_database_user', server('password', 'generic.password')],
  ['google_service_account_key', credentialOf('gcp.service_account_key', 'key', 'service_account_id')],
  [
    'azuread_application_password',
    credentialOf('entra.client_secret', 'client secret', 'application_id', 'application_object_id'),
  ],
  ['azuread_service_principal_password', credentialOf('entra.client_secret', 'client secret', 'service_principal_id')],
  [
    'azuread_application_certificate',
    credentialOf('entra.client_certificate', 'certificate', 'application_id', 'application_object_id'),
  ],
  ['tls_private_key', generated('generic.credential', 'private key')],
  ['time_rotating', told],
  ['time_static', told],
  ['time_offset', told],
  ['random_id', told],
  ['random_string', told],
  ['random_uuid', told],
]
