import { keys } from '../../../graph/keys.ts'
import { entityKinds, type EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import { cadenceOf } from '../cadence.ts'
import { isMasked } from '../arn.ts'
import { lifetimes } from './map-roles.ts'
import type {
  VaultConnection,
  VaultIssuer,
  VaultIssuingRole,
  VaultKvSecret,
  VaultLease,
  VaultRecord,
  VaultStaticRole,
  VaultTransitKey,
} from './model.ts'
import { given, listed, type ReadablePath, type Scene } from './scene.ts'

/** What secrets engines hold and make. */
export function mapEngine(scene: Scene, record: VaultRecord): void {
  if (record.what === 'connection') mapConnection(scene, record)
  else if (record.what === 'issuing-role') mapIssuingRole(scene, record)
  else if (record.what === 'static-role') mapStaticRole(scene, record)
  else if (record.what === 'kv') mapKv(scene, record)
  else if (record.what === 'issuer') mapIssuer(scene, record)
  else if (record.what === 'transit-key') mapTransitKey(scene, record)
  else if (record.what === 'lease') mapLease(scene, record)
}

/** Kind of a password by the plugin that sets it; change semantics differ (change-semantics.md 8). */
const passwordKinds: readonly (readonly [part: string, kind: EntityKind])[] = [
  ['postgres', 'db.postgres_password'],
  ['redshift', 'db.postgres_password'],
  ['mysql', 'db.mysql_password'],
  ['mssql', 'db.mssql_login'],
  ['oracle', 'db.oracle_password'],
  ['redis', 'db.redis_acl_user'],
]
export function passwordKind(plugin: string | undefined): EntityKind {
  return passwordKinds.find(([part]) => plugin?.toLowerCase().includes(part))?.[1] ?? 'generic.password'
}

/** Engines end open sessions differently when a user is dropped (change-semantics.md 6.4). */
const databaseEngine = (plugin: string | undefined): string | undefined =>
  plugin === undefined ? undefined : plugin.includes('postgres') ? 'postgresql' : plugin.split('-')[0]

const configPath = ({ namespace = '', mount, name }: VaultConnection): string => `${namespace}${mount}config/${name}`

/** The account with which Vault makes and unmakes others. Without it leases live on, but no new one is made. */
function mapConnection(scene: Scene, one: VaultConnection): void {
  const { address } = scene.vault
  const place = scene.secret(
    configPath(one),
    { props: given({ plugin: one.plugin, host: one.host, username: one.username, lastRotatedAt: one.rotatedAt }) },
    one.place,
  )
  const key = one.accessKeyId !== undefined && !isMasked(one.accessKeyId) ? one.accessKeyId : undefined
  const root =
    key === undefined
      ? scene.entity(
          {
            id: keys.vaultCredential(place, 'root'),
            kind: passwordKind(one.plugin),
            name: `root of ${configPath(one)}`,
            props: given({ username: one.username, lastRotatedAt: one.rotatedAt, host: one.host }),
          },
          one.place,
        )
      : scene.entity({ id: keys.awsAccessKey(key), kind: 'aws.iam_access_key', name: key, aliases: [key] }, one.place)
  scene.relate({ kind: 'HOLDS', from: place, to: root }, one.place, 'Vault connects with it')
  if (key === undefined) provesUser(scene, root, one)
  scene.relate(
    {
      kind: 'USES_SECRET',
      from: keys.vaultServer(address),
      to: place,
      strength: 'soft',
      delivery: 'fetch_per_use',
    },
    one.place,
    'Vault connects with it; without it no lease is made, renewed or revoked',
  )
}

function provesUser(scene: Scene, credential: string, one: VaultConnection | VaultStaticRole): void {
  if (one.username === undefined) return
  const host = one.what === 'connection' ? one.host : connectionOf(scene, one)?.host
  const where =
    host ?? `${scene.vault.address}/${one.mount}${one.what === 'connection' ? one.name : (one.connection ?? '')}`
  const user = scene.entity({
    id: `db:${where}/user/${one.username}`,
    kind: 'db.user',
    name: one.username,
    aliases: [`${one.username}@${where}`],
  })
  scene.relate({ kind: 'AUTHENTICATES_AS', from: credential, to: user }, one.place)
}

function connectionOf(scene: Scene, role: VaultStaticRole | VaultIssuingRole): VaultConnection | undefined {
  const all = scene
    .of('connection')
    .filter((one) => one.mount === role.mount && (one.namespace ?? '') === (role.namespace ?? ''))
  if (role.connection !== undefined) return all.find(({ name }) => name === role.connection)
  return all.length === 1 ? all[0] : undefined
}

interface Engine {
  readonly folder: string
  readonly capability: ReadablePath['capability']
  readonly lease: (role: VaultIssuingRole) => EntityKind
}

const cloudKey = (): EntityKind => 'vault.cloud_lease_key'
const session = (): EntityKind => 'vault.cloud_lease_sts_or_oauth'
const databaseLease = (): EntityKind => 'vault.db_dynamic_lease'
const sessionTypes = new Set(['assumed_role', 'federation_token', 'session_token', 'access_token', 'sts'])
const byType = ({ credentialType }: VaultIssuingRole): EntityKind =>
  sessionTypes.has(credentialType ?? '') ? session() : cloudKey()

/** Where each engine hands out what its roles make, and what that is (change-semantics.md 6.4, 6.6, 6.7). */
const engines = new Map<string, Engine>([
  ['database', { folder: 'creds/', capability: 'read', lease: databaseLease }],
  ['rabbitmq', { folder: 'creds/', capability: 'read', lease: databaseLease }],
  ['ldap', { folder: 'creds/', capability: 'read', lease: databaseLease }],
  ['aws', { folder: 'creds/', capability: 'read', lease: byType }],
  ['azure', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  ['gcp', { folder: 'roleset/', capability: 'read', lease: byType }],
  ['consul', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  ['nomad', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  ['terraform', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  ['mongodbatlas', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  ['github', { folder: 'token/', capability: 'read', lease: session }],
  ['quay', { folder: 'creds/', capability: 'read', lease: cloudKey }],
  // A token of a service account can't be taken back before its end, unless the account goes.
  ['kubernetes', { folder: 'creds/', capability: 'update', lease: session }],
  ['pki', { folder: 'issue/', capability: 'update', lease: () => 'tls.certificate' }],
  ['ssh', { folder: 'sign/', capability: 'update', lease: () => 'ssh.user_certificate' }],
])
const anyEngine: Engine = { folder: 'creds/', capability: 'read', lease: cloudKey }

/** A role that makes a credential for whoever reads its path: the path holds its leases, as one thing. */
function mapIssuingRole(scene: Scene, role: VaultIssuingRole): void {
  const engine = engines.get(role.engine) ?? anyEngine
  const mount = `${role.namespace ?? ''}${role.mount}`
  const life = lifetimes(scene, mount, role.defaultTtl, role.maxTtl)
  const path = `${mount}${engine.folder}${role.name}`
  const props = given({
    engine: role.engine,
    leaseSeconds: life.ttl,
    maxLeaseSeconds: life.maxTtl,
    credentialType: role.credentialType,
    connection: role.connection,
  })
  const place = scene.secret(path, { props }, role.place)
  scene.readable.set(place, { id: place, request: path, capability: engine.capability })
  const kind = engine.lease(role)
  const lease = scene.entity(
    {
      id: keys.vaultCredential(place, 'lease'),
      kind,
      name: kind === 'tls.certificate' ? `certificates of ${path}` : `leases of ${path}`,
      props: given({
        ttlSeconds: life.ttl,
        maxTtlSeconds: life.maxTtl,
        engine: role.engine === 'database' ? databaseEngine(connectionOf(scene, role)?.plugin) : role.engine,
      }),
    },
    role.place,
  )
  scene.relate({ kind: 'HOLDS', from: place, to: lease }, role.place, 'made anew for each request')
  // Without the role no lease is made or renewed; those that are out live to their end.
  if (entityKinds[kind].plane === 'vault')
    scene.relate({ kind: 'ISSUED_BY', from: lease, to: place }, role.place, 'its role')
  issuedBy(scene, role, lease)
  for (const arn of role.actsAs ?? []) {
    if (!arn.startsWith('arn:') || isMasked(arn)) continue
    const to = scene.entity({ id: keys.awsArn(arn), kind: 'aws.iam_role', name: arn.slice(arn.lastIndexOf('/') + 1) })
    scene.relate({ kind: 'AUTHENTICATES_AS', from: lease, to }, role.place)
  }
}

/**
 * What Vault itself needs to make it. When that is lost, what was made lives to its end: `tolerance` follows from the
 * lease's life in the estate (graph/estate/vault). Vault takes a new root credential at once: `pickup` 0.
 */
function issuedBy(scene: Scene, role: VaultIssuingRole, lease: string): void {
  const connection = connectionOf(scene, role) ?? rootOf(scene, role)
  if (connection) {
    const key = connection.accessKeyId
    const place = keys.vaultSecret(scene.vault.address, configPath(connection))
    const to = key !== undefined && !isMasked(key) ? keys.awsAccessKey(key) : keys.vaultCredential(place, 'root')
    scene.relate(
      { kind: 'ISSUED_BY', from: lease, to, pickup: [0, 0] },
      role.place,
      `made with ${configPath(connection)}`,
    )
  }
  const issuer = issuerOf(scene, role)
  if (issuer) scene.relate({ kind: 'ISSUED_BY', from: lease, to: issuerKey(scene, issuer) }, role.place, 'signed by it')
}

/** Engines with one configuration call it `config/root` or `config`. */
const rootOf = (scene: Scene, role: VaultIssuingRole): VaultConnection | undefined =>
  role.engine === 'database' ? undefined : connectionOf(scene, { ...role, connection: undefined })

function issuerOf(scene: Scene, role: VaultIssuingRole): VaultIssuer | undefined {
  if (role.engine !== 'pki' && role.engine !== 'ssh') return undefined
  const all = scene.of('issuer').filter((one) => one.mount === role.mount)
  const { issuer = 'default' } = role
  const named = all.find(({ id, name }) => id === issuer || name === issuer)
  return (
    named ??
    (issuer === 'default'
      ? (all.find(({ isDefault }) => isDefault) ?? (all.length === 1 ? all[0] : undefined))
      : undefined)
  )
}

const issuerKey = (scene: Scene, { namespace = '', mount, id }: VaultIssuer): string =>
  keys.vaultCredential(keys.vaultSecret(scene.vault.address, `${namespace}${mount}issuer/${id}`), 'issuer')

function mapIssuer(scene: Scene, one: VaultIssuer): void {
  const name = one.name ?? one.subject ?? one.id
  scene.entity(
    {
      id: issuerKey(scene, one),
      kind: 'ca.issuer',
      name: `${one.mount}${name}`,
      aliases: [one.id, ...(one.serial ? [one.serial] : [])],
      props: given({
        subject: one.subject,
        serialNumber: one.serial,
        createdAt: one.notBefore,
        expiresAt: one.notAfter,
        isDefault: one.isDefault,
        use: one.kind,
      }),
    },
    one.place,
  )
  scene.relate(
    { kind: 'CONTAINED_IN', from: issuerKey(scene, one), to: keys.vaultServer(scene.vault.address) },
    one.place,
  )
}

/** One account whose password Vault changes: the path always has the newest, and only one works at a time. */
function mapStaticRole(scene: Scene, role: VaultStaticRole): void {
  const path = `${role.namespace ?? ''}${role.mount}${role.engine === 'ldap' ? 'static-cred/' : 'static-creds/'}${role.name}`
  const connection = connectionOf(scene, role)
  const every = role.rotationPeriod || (role.rotationSchedule ? cadenceOf(role.rotationSchedule) : undefined)
  const props = given({
    username: role.username,
    rotationSeconds: every,
    rotationSchedule: role.rotationSchedule,
    lastRotatedAt: role.rotatedAt,
    connection: role.connection,
  })
  const place = scene.secret(path, { kind: 'vault.db_static_role', props }, role.place)
  scene.readable.set(place, { id: place, request: path, capability: 'read' })
  const password = scene.entity(
    {
      id: keys.vaultCredential(place, 'password'),
      kind: role.engine === 'aws' ? 'aws.iam_access_key' : passwordKind(connection?.plugin ?? role.engine),
      name: `password of ${role.username ?? role.name}`,
      props: given({ username: role.username, lastRotatedAt: role.rotatedAt, rotationSeconds: every }),
    },
    role.place,
  )
  scene.relate({ kind: 'HOLDS', from: place, to: password }, role.place, 'Vault changes it and keeps the newest')
  if (role.engine !== 'aws') provesUser(scene, password, role)
}

function mapKv(scene: Scene, secret: VaultKvSecret): void {
  const path = `${secret.namespace ?? ''}${secret.path}`
  const mountPath = [...scene.mounts.keys()]
    .filter((mount) => path.startsWith(mount))
    .reduce((longest, mount) => (mount.length > longest.length ? mount : longest), '')
  const version = secret.version ?? scene.mounts.get(mountPath)?.version
  const custom = [...(secret.customMetadata ?? [])].map(([name, value]) => `${name}=${value}`)
  const id = scene.secret(
    path,
    {
      kind: version === 2 ? 'vault.kv2_secret' : 'vault.secret_path',
      props: given({
        keys: listed(secret.keys ?? []),
        createdAt: secret.createdAt,
        lastRotatedAt: secret.updatedAt,
        version: secret.currentVersion,
        status: secret.gone,
        customMetadata: listed(custom),
        fingerprints: listed([...(secret.fingerprints ?? [])].map(([name, print]) => `${name.slice(0, 253)}=${print}`)),
      }),
    },
    secret.place,
  )
  const below = mountPath === '' ? undefined : path.slice(mountPath.length)
  if (below !== undefined)
    scene.readable.set(id, {
      id,
      request: version === 2 ? `${mountPath}data/${below}` : path,
      capability: 'read',
    })
}

/** Every way of using a transit key is a use of the key: `transit/keys/orders`. */
function mapTransitKey(scene: Scene, key: VaultTransitKey): void {
  const path = `${key.namespace ?? ''}${key.mount}keys/${key.name}`
  const place = scene.secret(path, {}, key.place)
  const credential = scene.entity(
    {
      id: keys.vaultCredential(place, 'key'),
      kind: 'vault.transit_key',
      name: path,
      props: given({
        keyType: key.type,
        version: key.latestVersion,
        // Older versions decrypt nothing any more: what they encrypted is lost.
        minDecryptionVersion: key.minDecryptionVersion,
        rotationSeconds: key.autoRotateSeconds || undefined,
      }),
    },
    key.place,
  )
  scene.relate({ kind: 'HOLDS', from: place, to: credential }, key.place, 'never leaves Vault')
  const request = `${key.namespace ?? ''}${key.mount}decrypt/${key.name}`
  scene.readable.set(place, { id: place, request, capability: 'update' })
}

/** Leases that were listed: how many a path has out, and when the last of them ends. */
function mapLease(scene: Scene, lease: VaultLease): void {
  if (lease.path.startsWith('auth/')) return
  const path = `${lease.namespace ?? ''}${lease.path}`
  const all = scene.leases.get(path) ?? []
  if (all[0] !== lease) return
  const ends = all.flatMap(({ expiresAt }) => expiresAt ?? []).sort()
  const place = scene.secret(
    path,
    { props: given({ leases: all.length, leasesEndFirst: ends[0], leasesEndLast: ends.at(-1) }) },
    lease.place,
  )
  scene.readable.set(place, { id: place, request: path, capability: 'read' })
}
