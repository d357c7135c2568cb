import { z } from 'zod'
import { parseArn } from '../read/arn.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { moreTypes } from './more-types.ts'
import type { StateObject } from './records.ts'
import type { Fields } from './type-fields.ts'

const ownerTags = ['tags.owner', 'tags.Owner', 'tags.team', 'tags.Team', 'tags_all.owner', 'tags_all.team'] as const
const aws = (more: Fields): Fields => ({ ...more, text: ['arn', 'id', ...ownerTags, ...(more.text ?? [])] })

const database = aws({
  text: ['identifier', 'cluster_identifier', 'engine', 'endpoint', 'username', 'master_username', 'kms_key_id'],
  lists: ['master_user_secret.0'],
  secret: ['password', 'master_password'],
})
const metadata = ['metadata.0.name', 'metadata.0.namespace', 'type'] as const
const kubernetesSecret: Fields = {
  text: metadata,
  lists: ['metadata.0.annotations'],
  secrets: ['data'],
}
const kubernetesAccount: Fields = { text: metadata, lists: ['metadata.0.annotations'] }
const githubValues = ['plaintext_value', 'value'] as const
const githubTimes = ['created_at', 'updated_at'] as const
const vaultTtls = ['token_ttl', 'token_max_ttl', 'token_period', 'ttl', 'max_ttl'] as const
const vaultLogin = (name: string, ...lists: string[]): Fields => ({
  text: [name, 'backend', ...vaultTtls, 'bound_subject'],
  lists: ['token_policies', ...lists],
})
const entraPassword: Fields = {
  text: [
    'key_id',
    'application_id',
    'application_object_id',
    'service_principal_id',
    'display_name',
    'start_date',
    'end_date',
  ],
  secret: ['value'],
}

/** Fields by resource type: the allow-list (security-reliability.md 3.5). */
export const resourceTypes = new Map<string, Fields>([
  [
    'aws_iam_access_key',
    { text: ['id', 'user', 'status', 'create_date'], secret: ['secret', 'ses_smtp_password_v4', 'ses_smtp_password'] },
  ],
  ['aws_iam_user', aws({ text: ['name', 'unique_id'] })],
  ['aws_iam_role', aws({ text: ['name', 'unique_id', 'max_session_duration', 'assume_role_policy'] })],
  ['aws_iam_instance_profile', aws({ text: ['name', 'role'] })],
  ['aws_iam_openid_connect_provider', aws({ text: ['url'] })],
  ['aws_secretsmanager_secret', aws({ text: ['name', 'kms_key_id'], lists: ['rotation_rules.0'] })],
  [
    'aws_secretsmanager_secret_rotation',
    { text: ['secret_id', 'rotation_enabled', 'rotation_lambda_arn'], lists: ['rotation_rules.0'] },
  ],
  [
    'aws_secretsmanager_secret_version',
    { text: ['arn', 'secret_id', 'version_id'], json: ['secret_string'], encoded: ['secret_binary'] },
  ],
  ['aws_ssm_parameter', aws({ text: ['name', 'type', 'key_id', 'version'], secret: ['value', 'insecure_value'] })],
  ['aws_kms_key', aws({ text: ['key_id', 'enable_key_rotation', 'rotation_period_in_days'] })],
  [
    'aws_lambda_function',
    aws({ text: ['function_name', 'role', 'kms_key_arn'], secrets: ['environment.0.variables'] }),
  ],
  [
    'aws_ecs_task_definition',
    aws({
      text: ['arn_without_revision', 'family', 'task_role_arn', 'execution_role_arn'],
      containers: ['container_definitions'],
    }),
  ],
  ['aws_instance', aws({ text: ['iam_instance_profile', 'tags.Name'] })],
  ['aws_db_instance', database],
  ['aws_rds_cluster', database],
  ['kubernetes_secret', kubernetesSecret],
  ['kubernetes_secret_v1', kubernetesSecret],
  ['kubernetes_service_account', kubernetesAccount],
  ['kubernetes_service_account_v1', kubernetesAccount],
  ['vault_generic_secret', { text: ['path'], json: ['data_json'] }],
  ['vault_kv_secret', { text: ['path'], json: ['data_json'] }],
  ['vault_kv_secret_v2', { text: ['path', 'mount', 'name'], json: ['data_json'] }],
  ['vault_approle_auth_backend_role', vaultLogin('role_name')],
  [
    'vault_kubernetes_auth_backend_role',
    vaultLogin('role_name', 'bound_service_account_names', 'bound_service_account_namespaces'),
  ],
  ['vault_jwt_auth_backend_role', vaultLogin('role_name', 'bound_claims')],
  ['vault_aws_auth_backend_role', vaultLogin('role', 'bound_iam_principal_arns')],
  ['vault_approle_auth_backend_role_secret_id', { text: ['backend', 'role_name', 'accessor'], secret: ['secret_id'] }],
  ['vault_token', { text: ['id', 'display_name', 'role_name'], lists: ['policies'], secret: ['client_token'] }],
  ['vault_database_secret_backend_role', { text: ['backend', 'name', 'db_name', 'default_ttl', 'max_ttl'] }],
  [
    'vault_database_secret_backend_static_role',
    { text: ['backend', 'name', 'db_name', 'username', 'rotation_period'] },
  ],
  ['vault_aws_secret_backend', { text: ['path'], secret: ['access_key', 'secret_key'] }],
  ['vault_aws_secret_backend_role', { text: ['backend', 'name', 'credential_type'], lists: ['role_arns'] }],
  ['github_repository', { text: ['full_name'] }],
  ['github_actions_secret', { text: ['repository', 'secret_name', ...githubTimes], secret: githubValues }],
  [
    'github_actions_environment_secret',
    { text: ['repository', 'environment', 'secret_name', ...githubTimes], secret: githubValues },
  ],
  ['github_actions_organization_secret', { text: ['secret_name', 'visibility', ...githubTimes], secret: githubValues }],
  ['random_password', { text: ['length'], secret: ['result'] }],
  [
    'tls_private_key',
    { text: ['algorithm'], secret: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'] },
  ],
  ['google_service_account', { text: ['email', 'unique_id', 'project', 'display_name'] }],
  [
    'google_service_account_key',
    { text: ['name', 'service_account_id', 'valid_after', 'valid_before'], encoded: ['private_key'] },
  ],
  ['google_secret_manager_secret_version', { text: ['secret', 'version', 'create_time'], secret: ['secret_data'] }],
  ['azuread_application', { text: ['client_id', 'application_id', 'object_id', 'id', 'display_name'] }],
  ['azuread_service_principal', { text: ['client_id', 'application_id', 'object_id', 'id', 'display_name'] }],
  ['azuread_application_password', entraPassword],
  ['azuread_service_principal_password', entraPassword],
  ['azurerm_key_vault_secret', { text: ['name', 'id', 'versionless_id', 'expiration_date'], secret: ['value'] }],
  ...moreTypes,
])

/** What is left of one value: enough to find it elsewhere, never the value. */
export interface Held {
  readonly name: string
  readonly fingerprint?: string | undefined
  /** Ids of access keys in it: identifiers, no secrets. */
  readonly accessKeys: readonly string[]
  /** The value is the ARN of a secret or a parameter: the secret itself is fetched by it. */
  readonly reference?: string | undefined
}

/** An object, as far as its type's fields go. */
export interface Taken extends Omit<StateObject, 'attributes' | 'sensitive'> {
  text(field: string): string | undefined
  list(field: string): ReadonlyMap<string, string>
  readonly values: readonly Held[]
  /** Names of variables and where ECS fetches them from. */
  readonly references: readonly (readonly [name: string, from: string])[]
}

const room = { text: 2048, document: 65_536, entries: 200, values: 500 } as const

/** Takes the fields of its type; undefined: a type that is not in the list. */
export function take(object: StateObject, fingerprint: (value: string) => string | undefined): Taken | undefined {
  const fields = resourceTypes.get(object.type)
  if (!fields) return undefined
  const { attributes, sensitive: _sensitive, ...rest } = object
  const texts = new Map<string, string>()
  for (const field of fields.text ?? []) {
    const value = attributes.text(field)
    const longest = field.endsWith('_policy') ? room.document : room.text
    if (value !== undefined && value.length <= longest) texts.set(field, value)
  }
  const lists = new Map(
    (fields.lists ?? []).map((field) => {
      const fitting = attributes.entries(field).filter(([, value]) => value.length <= room.text)
      return [field, new Map(fitting.slice(0, room.entries))]
    }),
  )
  const values: Held[] = []
  const hold = (name: string, value: string) => {
    if (value.trim() !== '' && values.length < room.values) values.push(held(name.slice(0, 253), value, fingerprint))
  }
  for (const field of fields.secret ?? []) hold(field, attributes.text(field) ?? '')
  for (const field of fields.encoded ?? []) hold(field, decoded(attributes.text(field) ?? ''))
  for (const field of fields.secrets ?? []) for (const [name, value] of attributes.entries(field)) hold(name, value)
  for (const field of fields.json ?? []) {
    const value = attributes.text(field)
    if (value === undefined) continue
    const inner = pairsIn(value)
    if (!inner) hold(field, value)
    else for (const [name, one] of inner) hold(name, one)
  }
  const references: (readonly [string, string])[] = []
  for (const field of fields.containers ?? []) {
    for (const container of containersIn(attributes.text(field))) {
      for (const { name, value } of container.environment ?? []) hold(name, value)
      for (const { name, valueFrom } of container.secrets ?? []) references.push([name, valueFrom])
    }
  }
  return {
    ...rest,
    text: (field) => texts.get(field),
    list: (field) => lists.get(field) ?? new Map<string, string>(),
    values,
    references: references.slice(0, room.values),
  }
}

function held(name: string, value: string, fingerprint: (value: string) => string | undefined): Held {
  const accessKeys = [...new Set(value.match(/\bAKIA[A-Z0-9]{16}\b/g) ?? [])]
  const plain = value.trim()
  const service = plain.length <= room.text ? parseArn(plain)?.service : undefined
  if (service === 'secretsmanager' || service === 'ssm') return { name, accessKeys, reference: plain }
  return { name, accessKeys, ...(accessKeys[0] === plain ? {} : { fingerprint: fingerprint(value) }) }
}

function decoded(value: string): string {
  try {
    return Buffer.from(value, 'base64').toString('utf8')
  } catch {
    return value
  }
}

function parsed(value: string): unknown {
  if (jsonDepth(value, limits.jsonDepth) > limits.jsonDepth) return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function pairsIn(value: string): (readonly [string, string])[] | undefined {
  const object = parsed(value)
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
  return Object.entries(object).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one] as const] : []))
}

const Containers = z.array(
  z.object({
    environment: z
      .array(z.object({ name: z.string().max(256), value: z.string() }))
      .nullish()
      .catch(undefined),
    secrets: z
      .array(z.object({ name: z.string().max(256), valueFrom: z.string().max(2048) }))
      .nullish()
      .catch(undefined),
  }),
)

function containersIn(value: string | undefined): z.infer<typeof Containers> {
  return value === undefined ? [] : (Containers.safeParse(parsed(value)).data ?? [])
}

const secretWords = ['password', 'secret', 'token', 'private_key', 'access_key', 'api_key', 'connection_string']

/** Of a type that is not in the list: does it look as if it held a value? Then leaving it out is worth a word. */
export function looksSecret({ sensitive, attributes }: StateObject): boolean {
  const names = attributes.names()
  return (
    sensitive ||
    names.some((name) => !name.endsWith('_arn') && secretWords.some((word) => name.toLowerCase().includes(word)))
  )
}
