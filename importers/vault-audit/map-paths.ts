import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { Entry } from './records.ts'

/** What of a request says what it is about. */
export type About = Pick<
  NonNullable<Entry['request']>,
  'operation' | 'path' | 'mount_type' | 'mount_point' | 'namespace'
>

/** What a request is about, from its path and mount alone. */
export type Subject =
  | { readonly what: 'read'; readonly path: string; readonly kind: EntityKind; readonly mints?: EntityKind }
  | { readonly what: 'login'; readonly mount: string }
  | { readonly what: 'token-create'; readonly orphan: boolean }
  /** A new value, or an end of one: who writes is no reader, but when a value changed is worth knowing. */
  | { readonly what: 'write'; readonly path: string; readonly kind: EntityKind; readonly gone: boolean }
  /** `path`: of what is leased, where the request names it. */
  | { readonly what: 'lease'; readonly act: 'renew' | 'revoke'; readonly path?: string }
  | { readonly what: 'token-revoke'; readonly self: boolean }
  | { readonly what: 'unwrap' }
  | { readonly what: 'rotate'; readonly path: string; readonly kind: EntityKind }
  | { readonly what: 'secret-id'; readonly mount: string; readonly role: string }
  | { readonly what: 'other' }

const other: Subject = { what: 'other' }

interface Engine {
  /** Does a request for this path below the mount hand out a secret, and which? */
  read(below: string, operation: string): { kind: EntityKind; path: string; mints?: EntityKind } | undefined
}

/** `prefix/name` as one issue of a secret per role, read with the given operation. */
const issued =
  (prefixes: readonly string[], operations: readonly string[], mints?: EntityKind): Engine['read'] =>
  (below, operation) =>
    operations.includes(operation) && prefixes.some((prefix) => below.startsWith(`${prefix}/`))
      ? { kind: 'vault.secret_path', path: below, ...(mints ? { mints } : {}) }
      : undefined

/** KV v2 has its values under `data/`; `metadata/`, `delete/`, `undelete/`, `destroy/` and `config` hand out none. */
const kv: Engine['read'] = (below, operation) => {
  if (operation !== 'read' || below === 'config') return undefined
  if (below.startsWith('data/')) return { kind: 'vault.kv2_secret', path: below.slice('data/'.length) }
  return /^(metadata|delete|undelete|destroy|subkeys)\//.test(below)
    ? undefined
    : { kind: 'vault.secret_path', path: below }
}

/** `sts/` hands out sessions, which nothing ends early; what `creds/` hands out its answer tells. */
const aws: Engine['read'] = (below, operation) =>
  issued(['sts'], ['read', 'update'], 'vault.cloud_lease_sts_or_oauth')(below, operation) ??
  issued(['creds', 'static-creds'], ['read', 'update'], 'vault.cloud_lease_key')(below, operation)

const gcpFolders = ['roleset', 'static-account', 'impersonated-account']
/** `roleset/NAME/token`, and `token/NAME` of old: a token can't be taken back, a key is deleted with its lease. */
const gcp: Engine['read'] = (below, operation) => {
  const [folder = '', name = '', what = folder] = below.split('/')
  if ((operation !== 'read' && operation !== 'update') || name === '') return undefined
  const path = gcpFolders.includes(folder) ? `${folder}/${name}` : `roleset/${name}`
  if (what === 'key') return { kind: 'vault.secret_path', path, mints: 'vault.cloud_lease_key' }
  return what === 'token' ? { kind: 'vault.secret_path', path, mints: 'vault.cloud_lease_sts_or_oauth' } : undefined
}

const transitUses = ['encrypt', 'decrypt', 'sign', 'verify', 'hmac', 'rewrap', 'datakey']
/** Whatever is done with it, it is a use of the key. */
const transit: Engine['read'] = (below, operation) => {
  const [use = '', ...rest] = below.split('/')
  if (operation !== 'update' || !transitUses.includes(use)) return undefined
  const name = use === 'datakey' ? rest[1] : rest[0]
  return name ? { kind: 'vault.secret_path', path: `keys/${name}`, mints: 'vault.transit_key' } : undefined
}

/** Secret engines whose requests hand out a value. An engine that is not here hands out by `read`. */
const engines = new Map<string, Engine>([
  ['kv', { read: kv }],
  ['generic', { read: kv }],
  [
    'database',
    {
      read: (below, operation) => {
        if (operation === 'read' && below.startsWith('static-creds/'))
          return { kind: 'vault.db_static_role', path: below }
        return issued(['creds'], ['read'], 'vault.db_dynamic_lease')(below, operation)
      },
    },
  ],
  ['aws', { read: aws }],
  ['azure', { read: issued(['creds', 'static-creds'], ['read'], 'vault.cloud_lease_key') }],
  ['gcp', { read: gcp }],
  ['kubernetes', { read: issued(['creds'], ['update'], 'vault.cloud_lease_sts_or_oauth') }],
  ['pki', { read: issued(['issue', 'sign', 'sign-verbatim'], ['update'], 'tls.certificate') }],
  ['ssh', { read: issued(['sign', 'creds', 'issue'], ['update'], 'ssh.user_certificate') }],
  ...['rabbitmq', 'ldap'].map(
    (type) => [type, { read: issued(['creds'], ['read'], 'vault.db_dynamic_lease') }] as const,
  ),
  ...['consul', 'nomad', 'terraform', 'mongodbatlas', 'quay'].map(
    (type) => [type, { read: issued(['creds'], ['read'], 'vault.cloud_lease_key') }] as const,
  ),
  ['transit', { read: transit }],
])
const byRead: Engine = {
  read: (below, operation) =>
    operation === 'read' && below !== '' ? { kind: 'vault.secret_path', path: below } : undefined,
}

/** Mounts that hold no secrets of an application. */
const ownMounts = new Set([
  'system',
  'identity',
  'cubbyhole',
  'ns_system',
  'ns_identity',
  'ns_cubbyhole',
  'token',
  'ns_token',
])
const ownPaths = ['sys/', 'identity/', 'cubbyhole/']

/** Reads the subject of a request. `path` is as Vault writes it, below the namespace. */
export function subjectOf(request: About): Subject {
  const path = request.path ?? ''
  const operation = request.operation ?? ''
  if (path.startsWith('auth/')) return authSubject(path, operation, request)
  if (path.startsWith('sys/')) return sysSubject(path, operation)
  if (ownPaths.some((own) => path.startsWith(own)) || ownMounts.has(request.mount_type ?? '')) return other
  const namespace = request.namespace?.path ?? ''
  // Older logs do not say where the mount ends: then it is the first part.
  const mount = request.mount_point || path.slice(0, path.indexOf('/') + 1)
  if (mount === '' || !path.startsWith(mount)) return other
  const below = path.slice(mount.length)
  const engine = request.mount_type
    ? (engines.get(request.mount_type) ?? byRead)
    : below.startsWith('data/')
      ? { read: kv }
      : byRead
  const found = engine.read(below, operation)
  if (found) return { what: 'read', ...found, path: `${namespace}${mount}${found.path}` }
  return writeSubject(request.mount_type ?? '', `${namespace}${mount}`, below, operation)
}

/** Changes of values: of KV by whoever writes, of databases by Vault when it is told to. */
function writeSubject(type: string, mount: string, below: string, operation: string): Subject {
  if (type === 'database' && operation === 'update') {
    const [call = '', ...rest] = below.split('/')
    const name = rest.join('/')
    if (call === 'rotate-role' && name !== '')
      return { what: 'rotate', path: `${mount}static-creds/${name}`, kind: 'vault.db_static_role' }
    if (call === 'rotate-root' && name !== '')
      return { what: 'rotate', path: `${mount}config/${name}`, kind: 'vault.secret_path' }
    return other
  }
  if (type !== 'kv' && type !== 'generic' && !below.startsWith('data/')) return other
  const gone = operation === 'delete'
  if (!gone && operation !== 'create' && operation !== 'update' && operation !== 'patch') return other
  const isV2 = below.startsWith('data/')
  if (!isV2 && (below === 'config' || /^(metadata|delete|undelete|destroy|subkeys)\//.test(below))) return other
  const path = isV2 ? below.slice('data/'.length) : below
  return path === ''
    ? other
    : { what: 'write', path: `${mount}${path}`, kind: isV2 ? 'vault.kv2_secret' : 'vault.secret_path', gone }
}

/** Renewing and ending of leases, and what was wrapped on its way. */
function sysSubject(path: string, operation: string): Subject {
  if (operation !== 'update') return other
  if (path === 'sys/wrapping/unwrap') return { what: 'unwrap' }
  for (const [prefix, act] of leaseCalls) {
    if (path !== prefix && !path.startsWith(`${prefix}/`)) continue
    const below = path.slice(prefix.length + 1)
    const isPrefix = prefix.endsWith('-prefix') || prefix.endsWith('-force')
    return { what: 'lease', act, ...(below === '' ? {} : { path: isPrefix ? below : leasedPath(below) }) }
  }
  return other
}

const leaseCalls: readonly (readonly [string, 'renew' | 'revoke'])[] = [
  ['sys/leases/renew', 'renew'],
  ['sys/renew', 'renew'],
  ['sys/leases/revoke-prefix', 'revoke'],
  ['sys/leases/revoke-force', 'revoke'],
  ['sys/leases/revoke', 'revoke'],
  ['sys/revoke-prefix', 'revoke'],
  ['sys/revoke', 'revoke'],
]

/** `database/creds/app/AbC…` was handed out by `database/creds/app`. */
export function leasedPath(leaseId: string): string {
  return leaseId.slice(0, Math.max(0, leaseId.lastIndexOf('/')))
}

const loginCalls = new Set(['login', 'oidc', 'callback'])
const revokeCalls = new Set(['revoke', 'revoke-self', 'revoke-accessor', 'revoke-orphan'])

function authSubject(path: string, operation: string, request: About): Subject {
  if (operation !== 'update' && operation !== 'create') return other
  const namespace = request.namespace?.path ?? ''
  if (path.startsWith('auth/token/create')) return { what: 'token-create', orphan: path.includes('create-orphan') }
  const parts = path.split('/')
  if (parts[1] === 'token')
    return revokeCalls.has(parts[2] ?? '') ? { what: 'token-revoke', self: parts[2] === 'revoke-self' } : other
  // `auth/approle/role/ci/secret-id`: somebody makes what others log in with.
  const role = parts.findIndex((part, index) => index >= 2 && part === 'role')
  if (role > 0 && parts[role + 2] === 'secret-id' && parts.length === role + 3)
    return { what: 'secret-id', mount: `${namespace}${parts.slice(0, role).join('/')}/`, role: parts[role + 1]! }
  // `auth/approle/login`, `auth/userpass/login/alice`, `auth/team/k8s/login`.
  const at = parts.findIndex((part, index) => index >= 2 && loginCalls.has(part))
  const mount = request.mount_point || `${parts.slice(0, at).join('/')}/`
  return at < 0 ? other : { what: 'login', mount: `${namespace}${mount}` }
}

/** `10.1.2.3` is of `10.1.2.0/24`, an IPv6 address of its /64: callers behind one network are one client. */
export function networkOf(address: string): string {
  const octets = address.split('.')
  if (octets.length === 4 && octets.every((octet) => /^[0-9]{1,3}$/.test(octet)))
    return `${octets.slice(0, 3).join('.')}.0/24`
  if (!/^[0-9a-fA-F:]{2,39}$/.test(address)) return 'unknown network'
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const left = head.split(':').filter((group) => group !== '')
  const right = tail.split(':').filter((group) => group !== '')
  const zeros: string[] = address.includes('::')
    ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
    : []
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0{1,3}(?=.)/, ''))
  return `${groups.join(':')}::/64`
}
