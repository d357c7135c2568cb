import type { SkipReason } from '../../graph/facts.ts'
import { authMount, secretsMount, ttlSeconds, type VaultPlace, type VaultRecord } from '../read/vault/model.ts'
import { authRole, verifierOf } from './read-auth.ts'
import { connection, engineOf, hostIn, issuingRole, staticRole } from './read-engines.ts'
import { asData, textIn, textsIn, type Data } from './replies.ts'

export const operatorGroup = 'redhatcop.redhat.io/'

export interface OperatorObject {
  readonly address: string | undefined
  readonly records: readonly VaultRecord[]
}

/** An object of the Vault config operator: Vault's own fields in camel case, at the path that it will write to. */
export function readOperatorObject(object: Data, place: VaultPlace): OperatorObject | { reason: SkipReason } {
  const kind = textIn(object, 'kind') ?? ''
  const reader = readers.get(kind) ?? (kind.endsWith('SecretEngineRole') ? engineRole : undefined)
  const spec = asData(object.get('spec'))
  const name = textIn(spec, 'name') ?? textIn(asData(object.get('metadata')), 'name')
  if (reader === undefined) return { reason: 'unknown-type' }
  if (name === undefined) return { reason: 'missing-identifier' }
  const address = textIn(asData(spec.get('connection')), 'address')
  const namespace = textIn(asData(spec.get('authentication')), 'namespace')
  const records = reader({ name, path: textIn(spec, 'path') ?? '', spec, fields: snake(spec), place })
  if (records.length === 0) return { reason: 'unreadable-record' }
  const prefix = namespace === undefined ? undefined : secretsMount(namespace)
  return {
    address: address !== undefined && URL.canParse(address) ? new URL(address).hostname : undefined,
    records: prefix === undefined ? records : records.map((record) => ({ ...record, namespace: prefix })),
  }
}

interface Operated {
  readonly name: string
  readonly path: string
  readonly spec: Data
  /** The same with Vault's own names. */
  readonly fields: Data
  readonly place: VaultPlace
}

/** Words that the operator has for Vault's; the others are the same in camel case. */
const renamed = new Map([
  ['targetServiceAccounts', 'bound_service_account_names'],
  ['dBName', 'db_name'],
  ['boundIAMPrincipalARNs', 'bound_iam_principal_arn'],
])

function snake(spec: Data): Data {
  const fields = new Map<string, unknown>()
  for (const [name, value] of spec) fields.set(renamed.get(name) ?? snakeName(name), value)
  const namespaces = asData(spec.get('targetNamespaces')).get('targetNamespaces')
  if (namespaces !== undefined) fields.set('bound_service_account_namespaces', namespaces)
  return fields
}

/** `tokenMaxTTL` → `token_max_ttl`. */
function snakeName(name: string): string {
  let text = ''
  for (let at = 0; at < name.length; at++) {
    const letter = name[at]!
    const isUpper = letter >= 'A' && letter <= 'Z'
    const before = name[at - 1] ?? ''
    const behind = name[at + 1] ?? ''
    const begins = isUpper && at > 0 && (!(before >= 'A' && before <= 'Z') || (behind >= 'a' && behind <= 'z'))
    text += (begins ? '_' : '') + letter.toLowerCase()
  }
  return text
}

const roleOf =
  (method: string) =>
  ({ name, path, fields, place }: Operated): VaultRecord[] => [authRole(path, name, fields, place, method)]

function engineRole({ name, path, fields, spec, place }: Operated): VaultRecord[] {
  const engine = engineOf(fields) ?? (spec.has('dBName') ? 'database' : 'other')
  return [issuingRole(path, name, engine, fields, place)]
}

const roleOfEngine =
  (engine: string) =>
  ({ name, path, fields, place }: Operated): VaultRecord[] => [issuingRole(path, name, engine, fields, place)]

/** An engine is mounted below its path under its own name. */
const mountOf =
  (isAuth: boolean) =>
  ({ name, path, spec, place }: Operated): VaultRecord[] => {
    const type = textIn(spec, 'type')
    if (type === undefined) return []
    const at = path === '' ? name : `${path}/${name}`
    const config = asData(spec.get('config'))
    const version = textIn(asData(spec.get('options')), 'version')
    return [
      {
        what: 'mount',
        place,
        path: isAuth ? authMount(at) : secretsMount(at),
        type,
        version: type === 'kv' ? (version === '2' ? 2 : 1) : undefined,
        defaultTtl: ttlSeconds(config.get('defaultLeaseTTL')),
        maxTtl: ttlSeconds(config.get('maxLeaseTTL')),
      },
    ]
  }

const readers = new Map<string, (object: Operated) => VaultRecord[]>([
  [
    'Policy',
    ({ name, spec, place }) => {
      const text = spec.get('policy')
      return typeof text === 'string' ? [{ what: 'policy', place, name, text }] : []
    },
  ],
  ['AuthEngineMount', mountOf(true)],
  ['SecretEngineMount', mountOf(false)],
  ['KubernetesAuthEngineRole', roleOf('kubernetes')],
  ['VaultRole', roleOf('kubernetes')],
  ['JWTOIDCAuthEngineRole', roleOf('jwt')],
  ['GCPAuthEngineRole', roleOf('gcp')],
  ['AzureAuthEngineRole', roleOf('azure')],
  ['CertAuthEngineRole', roleOf('cert')],
  ['LDAPAuthEngineGroup', roleOf('ldap')],
  [
    'KubernetesAuthEngineConfig',
    ({ name, path, fields, place }) => [
      {
        what: 'mount',
        place,
        path: authMount(path === '' ? name : `${path}/${name}`),
        type: 'kubernetes',
        verifier: verifierOf(fields),
      },
    ],
  ],
  [
    'DatabaseSecretEngineConfig',
    ({ name, path, fields, spec, place }) => [
      { ...connection(path, name, fields, place), host: hostIn(textIn(spec, 'connectionURL')) },
    ],
  ],
  ['DatabaseSecretEngineRole', roleOfEngine('database')],
  [
    'DatabaseSecretEngineStaticRole',
    ({ name, path, fields, place }) => [staticRole(path, name, 'database', fields, place)],
  ],
  ['PKISecretEngineRole', roleOfEngine('pki')],
  ['KubernetesSecretEngineRole', roleOfEngine('kubernetes')],
  ['AzureSecretEngineRole', roleOfEngine('azure')],
  ['RabbitMQSecretEngineRole', roleOfEngine('rabbitmq')],
  ['QuaySecretEngineRole', roleOfEngine('quay')],
  ['GitHubSecretEngineRole', roleOfEngine('github')],
  [
    'RandomSecret',
    ({ name, path, spec, place }) => [
      { what: 'kv', place, path: `${secretsMount(path)}${name}`, keys: textsIn(spec, 'secretKey') },
    ],
  ],
])
