import { X509Certificate } from 'node:crypto'
import {
  secretsMount,
  ttlSeconds,
  type VaultConnection,
  type VaultIssuer,
  type VaultIssuingRole,
  type VaultKvSecret,
  type VaultPlace,
  type VaultRecord,
  type VaultStaticRole,
  type VaultSyncDestination,
} from '../read/vault/model.ts'
import { instantIn } from './read-auth.ts'
import { asData, flagIn, isData, numberIn, textIn, textsIn, type Data } from './replies.ts'

/** Which engine a role is of, by the fields that only it has; where the mount is not in the export. */
const marks: readonly (readonly [fields: readonly string[], engine: string])[] = [
  [['creation_statements'], 'database'],
  [['db_name'], 'database'],
  [['credential_type', 'role_arns'], 'aws'],
  [['credential_types'], 'aws'],
  [['credential_type', 'policy_document'], 'aws'],
  [['allowed_kubernetes_namespaces'], 'kubernetes'],
  [['azure_roles'], 'azure'],
  [['application_object_id'], 'azure'],
  [['issuer_ref'], 'pki'],
  [['allowed_domains', 'key_bits'], 'pki'],
  [['allow_user_certificates'], 'ssh'],
  [['default_user', 'key_type'], 'ssh'],
  [['vhosts'], 'rabbitmq'],
  [['creation_ldif'], 'ldap'],
  [['secret_type', 'service_account_project'], 'gcp'],
]
export const engineOf = (data: Data): string | undefined =>
  marks.find(([fields]) => fields.every((field) => data.has(field)))?.[1]

/** A role of an engine. Its statements are SQL with whatever people wrote into it: never named. */
export function issuingRole(
  mount: string,
  name: string,
  engine: string,
  data: Data,
  place: VaultPlace,
): VaultIssuingRole {
  return {
    what: 'issuing-role',
    place,
    mount: secretsMount(mount),
    engine,
    name,
    connection: textIn(data, 'db_name'),
    defaultTtl: ttlSeconds(
      data.get('default_ttl') ?? data.get('default_sts_ttl') ?? data.get('token_default_ttl') ?? data.get('ttl'),
    ),
    maxTtl: ttlSeconds(data.get('max_ttl') ?? data.get('max_sts_ttl') ?? data.get('token_max_ttl')),
    credentialType:
      textIn(data, 'credential_type') ?? textsIn(data, 'credential_types')[0] ?? textIn(data, 'secret_type'),
    actsAs: textsIn(data, 'role_arns'),
    issuer: textIn(data, 'issuer_ref'),
  }
}

export function staticRole(
  mount: string,
  name: string,
  engine: string,
  data: Data,
  place: VaultPlace,
): VaultStaticRole {
  return {
    what: 'static-role',
    place,
    mount: secretsMount(mount),
    engine,
    name,
    connection: textIn(data, 'db_name'),
    username: textIn(data, 'username'),
    rotationPeriod: ttlSeconds(data.get('rotation_period')),
    rotationSchedule: textIn(data, 'rotation_schedule'),
    rotatedAt: instantIn(data, 'last_vault_rotation'),
  }
}

/** Configuration of a database, or of an engine with one configuration. Of its URL the host alone is taken. */
export function connection(mount: string, name: string, data: Data, place: VaultPlace): VaultConnection {
  const details = isData(data.get('connection_details')) ? asData(data.get('connection_details')) : data
  return {
    what: 'connection',
    place,
    mount: secretsMount(mount),
    name,
    plugin: textIn(data, 'plugin_name'),
    username: textIn(details, 'username') ?? textIn(details, 'binddn'),
    host: hostIn(textIn(details, 'connection_url') ?? textIn(details, 'host') ?? textIn(details, 'url')),
    accessKeyId: textIn(details, 'access_key'),
    rotatedAt: instantIn(data, 'last_vault_rotation'),
    allowedRoles: textsIn(data, 'allowed_roles'),
  }
}

/** `postgresql://{{username}}:{{password}}@db:5432/shop`, `{{username}}:{{password}}@tcp(db:3306)/`, `db:5432` → host and port. */
export function hostIn(url: string | undefined): string | undefined {
  if (url === undefined) return undefined
  const behind = url.slice(Math.max(url.lastIndexOf('@') + 1, url.indexOf('://') < 0 ? 0 : url.indexOf('://') + 3))
  const bare = behind.startsWith('tcp(') ? behind.slice(4).split(')')[0]! : behind.split(/[/?;]/)[0]!
  return /^[A-Za-z0-9.:[\]-]{1,255}$/.test(bare) ? bare : undefined
}

export function issuerOf(mount: string, id: string, data: Data, place: VaultPlace): VaultIssuer | undefined {
  const pem = textFrom(data.get('certificate'))
  const read = pem === undefined ? undefined : certificate(pem)
  const serial = textIn(data, 'serial_number') ?? read?.serial
  if (!data.has('issuer_id') && read === undefined && serial === undefined) return undefined
  return {
    what: 'issuer',
    kind: 'pki',
    place,
    mount: secretsMount(mount),
    id: textIn(data, 'issuer_id') ?? id,
    name: textIn(data, 'issuer_name'),
    isDefault: flagIn(data, 'is_default'),
    ...(read ?? {}),
    serial,
  }
}

const textFrom = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 65_536 && value.startsWith('-----BEGIN CERT') ? value : undefined

/** What a certificate says of itself. Certificates are public; private keys have no place in these replies. */
function certificate(pem: string): Pick<VaultIssuer, 'subject' | 'serial' | 'notBefore' | 'notAfter'> | undefined {
  try {
    const read = new X509Certificate(pem)
    return {
      subject: read.subject.replaceAll('\n', ', ').slice(0, 500),
      serial: read.serialNumber.toLowerCase().match(/.{2}/g)?.join(':'),
      notBefore: new Date(read.validFrom).toISOString(),
      notAfter: new Date(read.validTo).toISOString(),
    }
  } catch {
    return undefined
  }
}

export function sshIssuer(mount: string, place: VaultPlace): VaultIssuer {
  return { what: 'issuer', kind: 'ssh', place, mount: secretsMount(mount), id: 'ca', name: 'ssh-ca' }
}

export function transitKey(mount: string, name: string, data: Data, place: VaultPlace): VaultRecord {
  return {
    what: 'transit-key',
    place,
    mount: secretsMount(mount),
    name,
    type: textIn(data, 'type'),
    latestVersion: numberIn(data, 'latest_version'),
    minDecryptionVersion: numberIn(data, 'min_decryption_version'),
    autoRotateSeconds: ttlSeconds(data.get('auto_rotate_period')),
  }
}

/** Metadata of a KV 2 secret, as `metadata/` answers or as it stands beside the values in `data/`. */
export function kvMetadata(path: string, data: Data, place: VaultPlace): VaultKvSecret {
  const current = numberIn(data, 'current_version') ?? numberIn(data, 'version')
  const version = asData(asData(data.get('versions')).get(String(current)))
  const latest = version.size > 0 ? version : data
  const custom = asData(data.get('custom_metadata'))
  return {
    what: 'kv',
    place,
    path,
    version: 2,
    currentVersion: current,
    createdAt: instantIn(data, 'created_time'),
    updatedAt: instantIn(data, 'updated_time') ?? instantIn(latest, 'created_time'),
    gone: flagIn(latest, 'destroyed') ? 'destroyed' : instantIn(latest, 'deletion_time') ? 'deleted' : undefined,
    customMetadata: new Map(
      [...custom].flatMap(([name, value]) =>
        typeof value === 'string' ? [[name.slice(0, 100), value.slice(0, 200)] as const] : [],
      ),
    ),
  }
}

/** Names of keys and fingerprints of values; the values end here. */
export function kvValues(
  path: string,
  version: 1 | 2 | undefined,
  values: Data,
  place: VaultPlace,
  fingerprint: (value: string) => string | undefined,
): VaultKvSecret {
  const prints = new Map<string, string>()
  for (const [name, value] of values) {
    const print = typeof value === 'string' && value !== '' ? fingerprint(value) : undefined
    if (print !== undefined) prints.set(name, print)
  }
  const names = [...values.keys()].map((name) => name.slice(0, 253))
  return { what: 'kv', place, path, version, keys: names, fingerprints: prints }
}

export function syncDestination(type: string, name: string, data: Data, place: VaultPlace): VaultSyncDestination {
  const details = asData(data.get('connection_details'))
  const options = asData(data.get('options'))
  const [owner, repository] = [textIn(details, 'repository_owner'), textIn(details, 'repository_name')]
  return {
    what: 'sync-destination',
    place,
    type,
    name,
    repository: owner && repository ? `${owner}/${repository}` : undefined,
    environment: textIn(details, 'environment_name'),
    region: textIn(details, 'region'),
    vaultUri: textIn(details, 'key_vault_uri'),
    project: textIn(details, 'project_id'),
    nameTemplate: textIn(options, 'secret_name_template') ?? textIn(details, 'secret_name_template'),
    granularity: textIn(options, 'granularity_level') ?? textIn(options, 'granularity'),
  }
}

/** `associated_secrets`: `{ "kv_1234/shop/db": { accessor, secret_name, sync_status, updated_at, sub_key } }`. */
export function syncAssociations(type: string, destination: string, data: Data, place: VaultPlace): VaultRecord[] {
  const found: VaultRecord[] = []
  for (const value of asData(data.get('associated_secrets')).values()) {
    const one = asData(value)
    const secret = textIn(one, 'secret_name')
    if (secret === undefined) continue
    const mount = textIn(one, 'mount')
    found.push({
      what: 'sync-association',
      place,
      type,
      destination,
      mount: mount === undefined ? undefined : secretsMount(mount),
      mountAccessor: textIn(one, 'accessor'),
      secret,
      key: textIn(one, 'sub_key'),
      status: textIn(one, 'sync_status'),
      updatedAt: instantIn(one, 'updated_at'),
    })
  }
  return found
}
