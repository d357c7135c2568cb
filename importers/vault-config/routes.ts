import type { SkipReason } from '../../graph/facts.ts'
import { authMount, kvPath, secretsMount, ttlSeconds, type VaultPlace, type VaultRecord } from '../read/vault/model.ts'
import { authRole, entityOf, instantIn, secretId, tokenOf, verifierOf } from './read-auth.ts'
import {
  connection,
  engineOf,
  issuerOf,
  issuingRole,
  kvMetadata,
  kvValues,
  sshIssuer,
  staticRole,
  syncAssociations,
  syncDestination,
  transitKey,
} from './read-engines.ts'
import { asData, flagIn, isData, textIn, textsIn, type Data, type Reply } from './replies.ts'

export interface Known {
  readonly place: VaultPlace
  /** Type of a secrets mount (`database/`), where a listing of mounts is in the export. */
  typeOf(mount: string): string | undefined
  versionOf(mount: string): 1 | 2 | undefined
  fingerprint(value: string): string | undefined
}
export type Read = readonly VaultRecord[] | SkipReason

/** What one reply says; the path decides, and where it does not, the fields. */
export function readReply(reply: Reply, known: Known): Read {
  const parts = reply.path.split('/')
  if (parts[0] === 'sys') return readSys(parts.slice(1), reply, known)
  if (parts[0] === 'auth') return readAuth(parts.slice(1), reply, known)
  if (parts[0] === 'identity') return readIdentity(parts.slice(1), reply, known)
  const bare = mountsIn(reply.data, known.place, undefined)
  if (bare.length > 0 && bare.length === reply.data.size) return bare
  return readEngine(parts, reply, known)
}

/** `{ "secret/": { type, accessor, options, config } }`. Some replies repeat the table beside `data`. */
export function mountsIn(data: Data, place: VaultPlace, auth: boolean | undefined): VaultRecord[] {
  const found: VaultRecord[] = []
  for (const [path, value] of data) {
    const one = asData(value)
    const type = textIn(one, 'type')
    const accessor = textIn(one, 'accessor')
    if (!path.endsWith('/') || type === undefined || accessor === undefined) continue
    const isAuth = auth ?? accessor.startsWith('auth_')
    found.push(mountOf(isAuth ? authMount(path) : secretsMount(path), type, one, place))
  }
  return found
}

function mountOf(path: string, type: string, one: Data, place: VaultPlace): VaultRecord {
  const config = isData(one.get('config')) ? asData(one.get('config')) : one
  const version = textIn(asData(one.get('options')), 'version')
  return {
    what: 'mount',
    place,
    path,
    type,
    accessor: textIn(one, 'accessor'),
    version: type === 'kv' || type === 'generic' ? (version === '2' ? 2 : 1) : undefined,
    defaultTtl: ttlSeconds(config.get('default_lease_ttl')),
    maxTtl: ttlSeconds(config.get('max_lease_ttl')),
  }
}

function readSys(parts: readonly string[], reply: Reply, { place }: Known): Read {
  const { data } = reply
  const [first, second, ...rest] = parts
  const whole = parts.join('/')
  if (whole === 'mounts' || whole === 'auth') return orEmpty(mountsIn(data, place, first === 'auth'))
  if (whole === 'internal/ui/mounts')
    return orEmpty([
      ...mountsIn(asData(data.get('secret')), place, false),
      ...mountsIn(asData(data.get('auth')), place, true),
    ])
  if ((first === 'mounts' || first === 'auth') && second !== undefined && textIn(data, 'type') !== undefined) {
    const path = [second, ...rest].filter((part) => part !== 'tune').join('/')
    return [mountOf(first === 'auth' ? authMount(path) : secretsMount(path), textIn(data, 'type')!, data, place)]
  }
  if (first === 'policies' || first === 'policy') {
    const text = textIn(data, 'policy') ?? textIn(data, 'rules') ?? longText(data.get('policy') ?? data.get('rules'))
    const name = textIn(data, 'name') ?? (first === 'policy' ? second : rest.join('/'))
    if (reply.listed) return 'not-relevant'
    return text === undefined || !name ? 'unreadable-record' : [{ what: 'policy', place, name, text }]
  }
  if (first === 'audit') return orEmpty(auditDevices(data, place))
  if (first === 'leases' && second === 'lookup') return readLease(rest, reply, place)
  if (whole.startsWith('sync/destinations/') && rest.length >= 2) {
    const [type, name, what] = [rest[0]!, rest[1]!, rest[2]]
    if (what === 'associations' || data.has('associated_secrets'))
      return syncAssociations(textIn(data, 'store_type') ?? type, textIn(data, 'store_name') ?? name, data, place)
    return [syncDestination(textIn(data, 'type') ?? type, textIn(data, 'name') ?? name, data, place)]
  }
  return 'not-relevant'
}

const longText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 1_048_576 ? value : undefined

const orEmpty = (records: readonly VaultRecord[]): Read => (records.length > 0 ? records : 'empty')

function auditDevices(data: Data, place: VaultPlace): VaultRecord[] {
  return [...data].flatMap(([path, value]): VaultRecord[] => {
    const one = asData(value)
    const options = asData(one.get('options'))
    const type = textIn(one, 'type')
    if (!path.endsWith('/') || type === undefined) return []
    const [hmacAccessor, logRaw] = [flagIn(options, 'hmac_accessor'), flagIn(options, 'log_raw')]
    return [{ what: 'audit-device', place, path, type, hmacAccessor, logRaw }]
  })
}

/** A lease that was looked up by id, or the ids below a prefix. The id of a token's lease is made of the token: not taken. */
function readLease(rest: readonly string[], { data, listed }: Reply, place: VaultPlace): Read {
  const id = textIn(data, 'id')
  if (id !== undefined) {
    const path = id.split('/').slice(0, -1).join('/')
    const [issuedAt, expiresAt] = [instantIn(data, 'issue_time'), instantIn(data, 'expire_time')]
    const [ttl, renewable] = [ttlSeconds(data.get('ttl')), flagIn(data, 'renewable')]
    return path === '' ? 'missing-identifier' : [{ what: 'lease', place, path, issuedAt, expiresAt, ttl, renewable }]
  }
  const path = rest.join('/')
  const leases = (listed ?? []).filter((name) => !name.endsWith('/'))
  if (path === '' || leases.length === 0) return 'not-relevant'
  return leases.map(() => ({ what: 'lease', place, path }))
}

const roleFolders = new Set(['role', 'roles'])
/** Folders of users, groups and certificates: each a holder of policies, and the method it is of. */
const holderFolders = new Map<string, string | undefined>([
  ['users', undefined],
  ['user', 'ldap'],
  ['groups', 'ldap'],
  ['certs', 'cert'],
  ['map', 'github'],
])

function readAuth(parts: readonly string[], reply: Reply, known: Known): Read {
  const { data, listed } = reply
  const { place } = known
  if (parts[0] === 'token') {
    if (parts[1] === 'roles' && parts[2]) return [authRole('token', parts[2], data, place, 'token')]
    const token = tokenOf(data, place)
    return token ? [token] : 'not-relevant'
  }
  const at = parts.findIndex((part, index) => index > 0 && (roleFolders.has(part) || holderFolders.has(part)))
  if (at < 0) {
    const verifier = verifierOf(data)
    if (parts.at(-1) !== 'config' || verifier === undefined) return 'not-relevant'
    const mount = authMount(parts.slice(0, -1).join('/'))
    return [{ what: 'mount', place, path: mount, type: known.typeOf(mount) ?? parts[0]!, verifier }]
  }
  const mount = parts.slice(0, at).join('/')
  const [folder, name, below] = [parts[at]!, parts[at + 1], parts[at + 2]]
  if (folder === 'map') return holder(mount, parts.slice(at + 2).join('/'), data, known, 'github')
  if (name === undefined) return (listed ?? []).map((one) => authRole(mount, one, new Map(), place))
  if (below?.startsWith('secret-id') === true) {
    const accessor = textIn(data, 'secret_id_accessor')
    if (accessor !== undefined) return [secretId(mount, name, accessor, data, place)]
    return orEmpty((listed ?? []).map((one) => secretId(mount, name, one, new Map(), place)))
  }
  if (below !== undefined) return 'not-relevant'
  return roleFolders.has(folder)
    ? [authRole(mount, name, data, place, known.typeOf(authMount(mount)))]
    : holder(mount, name, data, known, holderFolders.get(folder))
}

/** GitHub maps a team to policies as text; the others have a list. */
function holder(mount: string, name: string, data: Data, known: Known, method?: string): Read {
  if (name === '') return 'not-relevant'
  const value = textIn(data, 'value')
  const fields = value === undefined ? data : new Map<string, unknown>([['policies', value]])
  return [authRole(mount, name, fields, known.place, known.typeOf(authMount(mount)) ?? method)]
}

function readIdentity(parts: readonly string[], { data, listed }: Reply, { place }: Known): Read {
  const [first] = parts
  if (first === 'entity' || first === 'group') {
    const table = asData(data.get('key_info'))
    if (listed !== undefined && table.size > 0 && first === 'entity')
      return [...table].flatMap(([id, value]) => entityOf(new Map([...asData(value), ['id', id]]), place) ?? [])
    if (first === 'entity') {
      const entity = entityOf(data, place)
      return entity ? [entity] : 'not-relevant'
    }
    const id = textIn(data, 'id')
    if (id === undefined) return 'not-relevant'
    const [name, policies] = [textIn(data, 'name'), textsIn(data, 'policies')]
    return [{ what: 'group', place, id, name, policies, members: textsIn(data, 'member_entity_ids') }]
  }
  return 'not-relevant'
}

const folders = ['config', 'roles', 'static-roles', 'static-role', 'role', 'creds', 'sts', 'static-creds', 'static-cred', 'keys', 'metadata', 'data', 'issuer', 'issuers', 'cert', 'roleset', 'static-account', 'delete', 'destroy', 'subkeys'] // prettier-ignore

/** A path below a secrets mount. Where the mounts are not in the export, the first folder that engines have ends it. */
function readEngine(parts: readonly string[], reply: Reply, known: Known): Read {
  const mount = mountBehind(parts, known)
  if (mount === undefined) return kvOf(reply, known, undefined)
  const [folder, ...rest] = parts.slice(mount.length)
  const path = mount.join('/')
  const type = known.typeOf(secretsMount(path))
  const reader = folder === undefined ? undefined : readers.get(folder)
  if (type === 'kv' || type === 'generic' || reader === undefined) return kvOf(reply, known, secretsMount(path))
  return reader(path, rest.join('/'), reply, { ...known, type })
}

function mountBehind(parts: readonly string[], known: Known): readonly string[] | undefined {
  for (let end = parts.length; end > 0; end--)
    if (known.typeOf(`${parts.slice(0, end).join('/')}/`) !== undefined) return parts.slice(0, end)
  const at = parts.findIndex((part, index) => index > 0 && folders.includes(part))
  return at < 0 ? undefined : parts.slice(0, at)
}

/** A secret of KV: its metadata, its values (which end here), or a listing. */
function kvOf(reply: Reply, known: Known, mount: string | undefined): Read {
  const { path, data, listed } = reply
  const { place, fingerprint } = known
  const below = mount === undefined ? undefined : path.slice(mount.length)
  const plain = mount === undefined || below === undefined ? path : kvPath(mount, below)
  const version = (mount && known.versionOf(mount)) || (data.has('metadata') && data.has('data') ? 2 : undefined)
  if (listed !== undefined) {
    if (below === undefined) return 'not-relevant'
    const names = listed.filter((name) => !name.endsWith('/'))
    const folder = plain === '' || plain.endsWith('/') ? plain : `${plain}/`
    return names.length === 0
      ? 'empty'
      : names.map((name) => ({
          what: 'kv',
          place,
          path: `${folder}${name}`,
          version: below.startsWith('metadata') ? 2 : version,
        }))
  }
  if (data.has('versions') && data.has('current_version')) return [kvMetadata(plain, data, place)]
  const metadata = data.get('metadata')
  if (isData(metadata) && data.has('data')) {
    const values = asData(data.get('data'))
    return [{ ...kvMetadata(plain, asData(metadata), place), ...kvValues(plain, 2, values, place, fingerprint) }]
  }
  if (mount === undefined || data.size === 0) return data.size === 0 ? 'empty' : 'unknown-type'
  return [kvValues(plain, version, data, place, fingerprint)]
}

type Reader = (mount: string, name: string, reply: Reply, known: Known & { type: string | undefined }) => Read

const roles: Reader = (mount, name, { data, listed }, { place, type }) => {
  const engine = type ?? engineOf(data)
  if (listed !== undefined)
    return engine === undefined
      ? 'not-relevant'
      : listed.map((one) => issuingRole(mount, one, engine, new Map(), place))
  return engine === undefined || name === '' ? 'unknown-type' : [issuingRole(mount, name, engine, data, place)]
}

const statics: Reader = (mount, name, { data, listed }, { place, type }) => {
  const engine = type ?? (data.has('db_name') ? 'database' : data.has('dn') ? 'ldap' : 'database')
  if (listed !== undefined) return listed.map((one) => staticRole(mount, one, engine, new Map(), place))
  return name === '' ? 'unreadable-record' : [staticRole(mount, name, engine, data, place)]
}

/** What was handed out when somebody read it: how long it lives, and of AWS whether it is a key or a session. */
const issued: Reader = (mount, name, reply, { place, type }) => {
  const { data, leaseSeconds, leaseId } = reply
  if (name === '' || !leaseSeconds) return 'not-relevant'
  const isAws = type === 'aws' || data.has('security_token') || data.has('access_key')
  const token = data.get('security_token') ?? data.get('session_token')
  const fields = new Map<string, unknown>([['ttl', leaseSeconds]])
  if (isAws) fields.set('credential_type', typeof token === 'string' && token !== '' ? 'sts' : 'iam_user')
  const role = issuingRole(mount, name, type ?? (isAws ? 'aws' : 'database'), fields, place)
  return leaseId === undefined
    ? [role]
    : [role, { what: 'lease', place, path: `${role.mount}creds/${name}`, ttl: leaseSeconds }]
}

const issuers: Reader = (mount, name, { data, listed }, { place }) => {
  const table = asData(data.get('key_info'))
  if (listed !== undefined)
    return listed.flatMap(
      (id) => issuerOf(mount, id, new Map([...asData(table.get(id)), ['issuer_id', id]]), place) ?? [],
    )
  const issuer = issuerOf(mount, name, data, place)
  return issuer ? [issuer] : 'not-relevant'
}

const configuration: Reader = (mount, name, { data }, { place, type }) => {
  if (type === 'ssh' || (name === 'ca' && data.has('public_key')))
    return name === 'ca' ? [sshIssuer(mount, place)] : 'not-relevant'
  const isRoot =
    data.has('connection_details') || data.has('plugin_name') || data.has('access_key') || data.has('binddn')
  return isRoot ? [connection(mount, name === '' ? 'root' : name, data, place)] : 'not-relevant'
}

const keysOf: Reader = (mount, name, { data, listed }, { place, type }) => {
  if (type !== undefined && type !== 'transit') return 'not-relevant'
  if (listed !== undefined) return listed.map((one) => transitKey(mount, one, new Map(), place))
  return data.has('latest_version') || data.has('type') ? [transitKey(mount, name, data, place)] : 'unknown-type'
}

const kv: Reader = (mount, _, reply, known) => kvOf(reply, known, secretsMount(mount))

const readers = new Map<string, Reader>([
  ['config', configuration],
  ['roles', roles],
  ['role', roles],
  ['roleset', roles],
  ['static-roles', statics],
  ['static-role', statics],
  ['static-creds', statics],
  ['static-cred', statics],
  ['creds', issued],
  ['sts', issued],
  ['issuer', issuers],
  ['issuers', issuers],
  ['keys', keysOf],
  ['metadata', kv],
  ['data', kv],
])
