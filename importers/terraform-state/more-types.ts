import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { Fields } from './type-fields.ts'

/** A type whose credential nothing names but its address: what is taken of it, and what it is. */
export interface Row {
  readonly type: string
  readonly kind: EntityKind
  readonly what: string
  readonly values: readonly string[]
  /** Fields of which the first that is there says whose it is. */
  readonly whose: readonly string[]
  readonly expires?: string
}

/** Passwords of servers and their users, keys and client secrets that the providers give out. */
export const rows: readonly Row[] = [
  { type: 'aws_api_gateway_api_key', kind: 'generic.api_key', what: 'API key', values: ['value'], whose: ['name'] },
  {
    type: 'aws_cognito_user_pool_client',
    kind: 'generic.credential',
    what: 'client secret',
    values: ['client_secret'],
    whose: ['name'],
  },
  {
    type: 'aws_iam_service_specific_credential',
    kind: 'generic.password',
    what: 'service credential',
    values: ['service_password'],
    whose: ['user_name'],
  },
  {
    type: 'aws_elasticache_replication_group',
    kind: 'generic.password',
    what: 'auth token',
    values: ['auth_token'],
    whose: ['replication_group_id', 'id'],
  },
  {
    type: 'aws_docdb_cluster',
    kind: 'generic.password',
    what: 'password',
    values: ['master_password'],
    whose: ['cluster_identifier'],
  },
  {
    type: 'aws_redshift_cluster',
    kind: 'generic.password',
    what: 'password',
    values: ['master_password'],
    whose: ['cluster_identifier'],
  },
  { type: 'google_sql_user', kind: 'generic.password', what: 'password', values: ['password'], whose: ['name'] },
  {
    type: 'postgresql_role',
    kind: 'db.postgres_password',
    what: 'password',
    values: ['password'],
    whose: ['name'],
    expires: 'valid_until',
  },
  {
    type: 'mysql_user',
    kind: 'db.mysql_password',
    what: 'password',
    values: ['plaintext_password', 'password'],
    whose: ['user'],
  },
  {
    type: 'mongodbatlas_database_user',
    kind: 'generic.password',
    what: 'password',
    values: ['password'],
    whose: ['username'],
  },
  {
    type: 'azurerm_mssql_server',
    kind: 'db.mssql_login',
    what: 'password',
    values: ['administrator_login_password'],
    whose: ['name'],
  },
  {
    type: 'azurerm_postgresql_flexible_server',
    kind: 'db.postgres_password',
    what: 'password',
    values: ['administrator_password'],
    whose: ['name'],
  },
  {
    type: 'azurerm_mysql_flexible_server',
    kind: 'db.mysql_password',
    what: 'password',
    values: ['administrator_password'],
    whose: ['name'],
  },
  {
    type: 'azurerm_storage_account',
    kind: 'azure.storage_account_key',
    what: 'key',
    values: ['primary_access_key'],
    whose: ['name'],
  },
  {
    type: 'azuread_application_certificate',
    kind: 'entra.client_certificate',
    what: 'certificate',
    values: [],
    whose: ['key_id'],
    expires: 'end_date',
  },
  { type: 'random_bytes', kind: 'generic.credential', what: 'random value', values: ['base64'], whose: [] },
]

/** What is taken of these types; see `fields.ts`. */
export const moreTypes: readonly (readonly [type: string, fields: Fields])[] = [
  ...rows.map(({ type, values, whose, expires }): readonly [string, Fields] => [
    type,
    { text: expires === undefined ? whose : [...whose, expires], secret: values },
  ]),
  ['aws_iam_user_login_profile', { text: ['user'], secret: ['password'] }],
  [
    'azuread_application_federated_identity_credential',
    { text: ['issuer', 'subject', 'application_id', 'application_object_id'] },
  ],
  ['google_iam_workload_identity_pool_provider', { text: ['name', 'attribute_condition'], lists: ['oidc.0'] }],
  ['google_service_account_iam_member', { text: ['service_account_id', 'role', 'member'] }],
  ['google_service_account_iam_binding', { text: ['service_account_id', 'role'], lists: ['members'] }],
  ['circleci_context', { text: ['id', 'name'] }],
  ['circleci_context_environment_variable', { text: ['context_id', 'context', 'variable', 'name'], secret: ['value'] }],
  ['time_rotating', { text: ['rotation_days'] }],
  ['time_static', {}],
]
