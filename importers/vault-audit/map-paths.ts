import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { Entry } from './records.ts'

/** What a request is about, from its path and mount alone. */
export type Subject =
  | { readonly what: 'read'; readonly path: string; readonly kind: EntityKind; readonly mints?: EntityKind }
  | { readonly what: 'login'; readonly mount: string }
  | { readonly what: 'token-create'; readonly orphan: boolean }
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
  ['aws', { read: issued(['creds', 'sts', 'static-creds'], ['read', 'update'], 'vault.cloud_lease_key') }],
  ['azure', { read: issued(['creds', 'static-creds'], ['read'], 'vault.cloud_lease_key') }],
  ['gcp', { read: issued(['token', 'key', 'roleset', 'static-account', 'impersonated-account'], ['read', 'update']) }],
  ['kubernetes', { read: issued(['creds'], ['update']) }],
  ['pki', { read: issued(['issue', 'sign', 'sign-verbatim'], ['update']) }],
  ['ssh', { read: issued(['sign', 'creds', 'issue'], ['update']) }],
  ['transit', { read: issued(['encrypt', 'decrypt', 'sign', 'verify', 'hmac', 'rewrap'], ['update']) }],
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
export function subjectOf(request: NonNullable<Entry['request']>): Subject {
  const path = request.path ?? ''
  const operation = request.operation ?? ''
  if (path.startsWith('auth/')) return authSubject(path, operation, request.mount_point ?? undefined)
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
  return found ? { what: 'read', ...found, path: `${namespace}${mount}${found.path}` } : other
}

const loginCalls = new Set(['login', 'oidc', 'callback'])

function authSubject(path: string, operation: string, mountPoint: string | undefined): Subject {
  if (operation === 'update' && path.startsWith('auth/token/create'))
    return { what: 'token-create', orphan: path.includes('create-orphan') }
  if (path.startsWith('auth/token/') || operation !== 'update') return other
  const parts = path.split('/')
  // `auth/approle/login`, `auth/userpass/login/alice`, `auth/team/k8s/login`.
  const at = parts.findIndex((part, index) => index >= 2 && loginCalls.has(part))
  return at < 0 ? other : { what: 'login', mount: mountPoint ?? `${parts.slice(0, at).join('/')}/` }
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
