import { keys } from '../../graph/keys.ts'
import { clientOf, isKeptToken, remember, tokenOf, type Clients } from './map-clients.ts'
import { networkOf } from './map-paths.ts'
import { isMasked, joinable, told, type Auth, type Request } from './records.ts'
import type { Sighting } from './uses.ts'

/** Methods that log in with something that is kept: its kind. The others present an identity of the platform. */
const storedLogins = new Map<string, 'vault.approle_secret_id' | 'generic.password' | 'tls.certificate' | 'github.pat'>(
  [
    ['approle', 'vault.approle_secret_id'],
    ['userpass', 'generic.password'],
    ['ldap', 'generic.password'],
    ['radius', 'generic.password'],
    ['okta', 'generic.password'],
    ['cert', 'tls.certificate'],
    ['github', 'github.pat'],
  ],
)

const methodOf = (mount: string, request: Request): string =>
  request.mount_type ?? mount.slice(mount.indexOf('auth/') + 'auth/'.length, -1)

/** A login that succeeded. `auth` is the new token's. */
export function mapLogin(clients: Clients, mount: string, auth: Auth, request: Request, at: Sighting): boolean {
  const { address, uses } = clients
  clients.loginMounts.add(mount)
  const accessor = joinable(auth.accessor)
  const role = told(auth.metadata?.role) ?? told(auth.metadata?.role_name) ?? told(request.data?.role)
  if (accessor !== undefined) remember(clients, accessor, { mount, role })
  noteMount(clients, mount, request)
  const client = clientOf(clients, auth, request, at)
  if (!client) return false
  const method = methodOf(mount, request)
  const kind = storedLogins.get(method)
  const name = role ?? told(auth.metadata?.cert_name) ?? told(auth.metadata?.username)
  if (kind === undefined || (name === undefined && isMasked(auth.display_name))) return true
  // Without a role in the entry, the name of the token tells apart who logged in.
  const owner = name ?? auth.display_name!
  const credential = uses.entity({
    id: keys.vaultLogin(address, method, mount, owner),
    kind,
    name: `${method} login of ${owner}`,
  })
  uses.seen('USES_CREDENTIAL', client.id, credential, at, `login at ${mount}`)
  // A batch token is never renewed: what was logged in lives so long and no longer.
  if (auth.token_type === 'batch' && auth.token_ttl)
    uses.relationship({
      kind: 'USES_CREDENTIAL',
      from: client.id,
      to: credential,
      props: { tokenSeconds: auth.token_ttl },
    })
  if (client.identity !== undefined)
    uses.relationship({ kind: 'AUTHENTICATES_AS', from: credential, to: client.identity })
  return true
}

/** The accessor of a mount is random and its own: it proves that two exports are of one Vault. */
function noteMount({ address, uses }: Clients, mount: string, request: Request): void {
  const accessor = told(request.mount_accessor)
  uses.entity({
    id: keys.vaultMount(address, mount),
    kind: 'vault.mount',
    name: mount,
    ...(accessor === undefined
      ? {}
      : { aliases: [accessor], props: { accessor, ...(request.mount_type ? { type: request.mount_type } : {}) } }),
  })
  uses.relationship({ kind: 'CONTAINED_IN', from: keys.vaultMount(address, mount), to: keys.vaultServer(address) })
  uses.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
}

/**
 * A login that was refused: counted at its mount, and where the path says who it was, an attempt with that login. It
 * shows that somebody still tries, not that it works.
 */
export function mapFailedLogin(clients: Clients, mount: string, request: Request, at: Sighting): void {
  const { address, uses } = clients
  noteMount(clients, mount, request)
  uses.count(keys.vaultMount(address, mount), 'failedLogins', 'lastFailedLoginAt', at)
  const method = methodOf(mount, request)
  const kind = storedLogins.get(method)
  const path = request.path ?? ''
  const named = path.includes('/login/') ? path.slice(path.indexOf('/login/') + '/login/'.length) : undefined
  const owner = told(named) ?? told(request.data?.role)
  if (kind === undefined || owner === undefined) return
  const network = request.remote_address ? networkOf(request.remote_address) : 'unknown network'
  const who = `${method}-${owner}`
  const client = uses.entity({
    id: `${keys.vaultServer(address)}/client/${who}@${network}`,
    kind: 'vault.client',
    name: `${who} (${network})`,
    aliases: [who],
    props: { network },
  })
  const credential = uses.entity({
    id: keys.vaultLogin(address, method, mount, owner),
    kind,
    name: `${method} login of ${owner}`,
  })
  uses.count(credential, 'failedLogins', 'lastFailedLoginAt', at)
  uses.seen('USES_CREDENTIAL', client, credential, at, 'refused: it still tries to log in with it', true)
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
  const parentAccessor = joinable(parent?.accessor)
  const line = parentAccessor === undefined ? undefined : clients.tokens.get(parentAccessor)
  const role = told(parent?.metadata?.role) ?? told(parent?.metadata?.role_name) ?? line?.role
  const from = parent && !orphan && isKeptToken(parent) ? tokenOf(clients, parent) : undefined
  // An orphan has the policies it was given, and nobody's end takes it along.
  remember(
    clients,
    joinable(created.accessor)!,
    orphan ? {} : { mount: line?.mount, role, parent: from ?? line?.parent },
  )
  const above = from ?? (orphan ? undefined : line?.parent)
  if (above !== undefined) clients.uses.relationship({ kind: 'ISSUED_BY', from: token, to: above })
  return true
}
