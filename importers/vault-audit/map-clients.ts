import { keys } from '../../graph/keys.ts'
import { networkOf, type Subject } from './map-paths.ts'
import { isMasked, told, type Auth, type Entry } from './records.ts'
import type { Sighting, Uses } from './uses.ts'

/** What is remembered of clients: names, never tokens. Bounded, because a log may name millions of accessors. */
export interface Clients {
  readonly address: string
  readonly uses: Uses
  /** Accessor of a token to the mount that issued it, from the logins seen. */
  readonly mounts: Map<string, string>
  readonly loginMounts: Set<string>
  readonly accessors: Map<string, Set<string>>
}

const rememberedMounts = 100_000
const shownAccessors = 20
/** Longer than Vault's default for any login (768 h): somebody keeps this token. */
const longLivedSeconds = 30 * 86_400

export type Request = NonNullable<Entry['request']>

interface Client {
  readonly id: string
  /** Role the client logged in with, else the entity behind it. */
  readonly identity: string | undefined
}

/** The client behind a request: who, and from which network. Undefined where the entry says neither name nor role. */
export function clientOf(clients: Clients, auth: Auth, request: Request, at: Sighting): Client | undefined {
  const { address, uses } = clients
  const role = told(auth.metadata?.role) ?? told(auth.metadata?.role_name)
  const who = told(auth.display_name) ?? role ?? told(auth.entity_id) ?? told(auth.metadata?.username)
  if (who === undefined) return undefined
  const network = request.remote_address ? networkOf(request.remote_address) : 'unknown network'
  const id = `${keys.vaultServer(address)}/client/${who}@${network}`
  const accessor = joinable(auth.accessor)
  const seen = clients.accessors.get(id) ?? new Set<string>()
  clients.accessors.set(id, seen)
  if (accessor !== undefined && seen.size < shownAccessors) seen.add(accessor)
  const account = auth.metadata?.service_account_name
  const namespace = auth.metadata?.service_account_namespace
  uses.entity({
    id,
    kind: 'vault.client',
    name: `${who} (${network})`,
    aliases: [who, ...(account && namespace ? [`system:serviceaccount:${namespace}:${account}`] : [])],
    props: {
      network,
      ...(auth.policies?.length ? { policies: auth.policies.slice(0, 100) } : {}),
      ...(account && namespace ? { kubernetesServiceAccount: `${namespace}/${account}` } : {}),
    },
  })
  const entity = told(auth.entity_id)
  const entityKey = entity === undefined ? undefined : keys.vaultEntity(address, entity)
  if (entityKey !== undefined) {
    uses.entity({ id: entityKey, kind: 'vault.entity', name: who, aliases: [entity!] })
    uses.seen('RUNS_AS', id, entityKey, at, 'token of this entity')
  }
  if (role === undefined) return { id, identity: entityKey }
  const mount =
    (accessor !== undefined ? clients.mounts.get(accessor) : undefined) ?? mountOfName(auth.display_name ?? '', clients)
  return { id, identity: roleOf(clients, mount, role) }
}

/** Accessors are kept as they stand, HMAC or not: they only serve to join entries. Starred-out ones do not. */
function joinable(accessor: string | null | undefined): string | undefined {
  return accessor && !accessor.includes('***') ? accessor : undefined
}

function roleOf({ address, uses }: Clients, mount: string, role: string): string {
  return uses.entity({ id: keys.vaultRole(address, mount, role), kind: 'vault.role', name: role, props: { mount } })
}

/** Vault begins a display name with the mount: `kubernetes-shop-api` is of `auth/kubernetes/`. Mounts seen in logins win over the guess. */
function mountOfName(name: string, { loginMounts }: Clients): string {
  let best = ''
  for (const mount of loginMounts) {
    const prefix = mount.slice('auth/'.length, -1).replaceAll('/', '-')
    if (name.startsWith(`${prefix}-`) && mount.length > best.length) best = mount
  }
  if (best !== '') return best
  const guess = name.slice(0, Math.max(0, name.indexOf('-')))
  return guess === '' ? 'auth/unknown/' : `auth/${guess}/`
}

/**
 * A read that was let in: the client uses the secret, and its role is seen to be let in. Vault checks policies before
 * it logs a request, so a request whose answer is missing counts, and says so.
 */
export function mapRead(
  clients: Clients,
  subject: Subject & { what: 'read' },
  client: Client,
  entry: Entry,
  at: Sighting,
): void {
  const request = entry.request!
  const auth = entry.auth!
  const { address, uses } = clients
  const secret = uses.entity({
    id: keys.vaultSecret(address, subject.path),
    kind: subject.kind,
    name: subject.path,
    aliases: [subject.path],
  })
  uses.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
  uses.relationship({ kind: 'CONTAINED_IN', from: secret, to: keys.vaultServer(address) })
  if (subject.mints !== undefined) {
    const lease = uses.entity({ id: `${secret}#lease`, kind: subject.mints, name: `leases of ${subject.path}` })
    uses.relationship({ kind: 'HOLDS', from: secret, to: lease })
  }
  uses.seen('USES_SECRET', client.id, secret, at, entry.type === 'request' ? 'its answer is not in the log' : undefined)
  if (isAgent(request))
    uses.relationship({ kind: 'USES_SECRET', from: client.id, to: secret, delivery: 'agent_template' })
  if (client.identity !== undefined) uses.seen('CAN_ACCESS', client.identity, secret, at)
  if (isKeptToken(auth)) usesToken(clients, client, auth, at)
}

function isAgent(request: Request): boolean {
  return (request.headers?.['user-agent'] ?? []).some((agent) => /vault agent|vault-agent/i.test(agent))
}

/** A token that somebody keeps, rather than one fetched at login: root, made with `token create`, or living long. */
function isKeptToken(auth: Auth): boolean {
  if (auth.token_type === 'batch') return false
  const name = auth.display_name ?? ''
  if (name === 'root' || auth.policies?.includes('root') === true) return true
  return name === 'token' || name.startsWith('token-') || (auth.token_ttl ?? 0) >= longLivedSeconds
}

function usesToken(clients: Clients, client: Client, auth: Auth, at: Sighting): void {
  const token = tokenOf(clients, auth)
  if (token !== undefined)
    clients.uses.seen('USES_CREDENTIAL', client.id, token, at, 'token that outlives its requests')
}

function tokenOf({ address, uses }: Clients, auth: Auth): string | undefined {
  const accessor = joinable(auth.accessor)
  if (accessor === undefined) return undefined
  const name = told(auth.display_name) ?? 'token'
  return uses.entity({
    id: keys.vaultToken(address, accessor),
    kind: 'vault.service_token',
    name: `${name} (${accessor.slice(0, 24)})`,
    aliases: [accessor],
  })
}

/** Methods that log in with something that is kept: its kind, and whose it is. The others present an identity of the platform. */
const storedLogins = new Map<string, 'vault.approle_secret_id' | 'generic.password'>([
  ['approle', 'vault.approle_secret_id'],
  ['userpass', 'generic.password'],
  ['ldap', 'generic.password'],
  ['radius', 'generic.password'],
  ['okta', 'generic.password'],
])

/** A login that succeeded. `auth` is the new token's. */
export function mapLogin(clients: Clients, mount: string, auth: Auth, request: Request, at: Sighting): boolean {
  clients.loginMounts.add(mount)
  const accessor = joinable(auth.accessor)
  if (accessor !== undefined) {
    if (clients.mounts.size >= rememberedMounts) clients.mounts.delete(clients.mounts.keys().next().value!)
    clients.mounts.set(accessor, mount)
  }
  const client = clientOf(clients, auth, request, at)
  if (!client) return false
  const { address, uses } = clients
  const method = request.mount_type ?? mount.slice('auth/'.length, -1)
  const kind = storedLogins.get(method)
  const name = told(auth.metadata?.role) ?? told(auth.metadata?.role_name) ?? told(auth.metadata?.username)
  if (kind === undefined || (name === undefined && isMasked(auth.display_name))) {
    if (client.identity !== undefined) uses.seen('RUNS_AS', client.id, client.identity, at, `login at ${mount}`)
    return true
  }
  // Without a role in the entry, the name of the token tells apart who logged in.
  const owner = name ?? auth.display_name!
  const credential = uses.entity({
    id: `${keys.vaultServer(address)}/${method}/${mount}${owner}`,
    kind,
    name: `${method} login of ${owner}`,
  })
  uses.seen('USES_CREDENTIAL', client.id, credential, at, `login at ${mount}`)
  if (client.identity !== undefined)
    uses.relationship({ kind: 'AUTHENTICATES_AS', from: credential, to: client.identity })
  return true
}

/** `token create`: a token that somebody asked for by name, child of the one that asked, unless an orphan. */
export function mapTokenCreate(
  clients: Clients,
  orphan: boolean,
  parent: Auth | null | undefined,
  created: Auth,
): boolean {
  const token = tokenOf(clients, created)
  if (token === undefined) return false
  const from = parent && !orphan && isKeptToken(parent) ? tokenOf(clients, parent) : undefined
  if (from !== undefined) clients.uses.relationship({ kind: 'ISSUED_BY', from: token, to: from })
  return true
}
