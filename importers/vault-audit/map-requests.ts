import { keys } from '../../graph/keys.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { agentOf } from './agents.ts'
import { clientOf, first, grantOf, isKeptToken, usesToken, type Client, type Clients } from './map-clients.ts'
import { leasedPath, type Subject } from './map-paths.ts'
import { joinable, told, type Entry, type Request } from './records.ts'
import type { Sighting } from './uses.ts'

type Read = Subject & { what: 'read' }

/** A secret by its path, on its server, with what it hands out. */
function secretOf(clients: Clients, { path, kind, mints }: Read, entry?: Entry): string {
  const { address, uses } = clients
  const secret = keys.vaultSecret(address, path)
  const answered = entry?.response?.data?.security_token === true
  if (!first(clients, `secret ${secret} ${kind} ${mints ?? ''} ${answered}`)) return secret
  uses.entity({ id: secret, kind, name: path, aliases: [path] })
  uses.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
  uses.relationship({ kind: 'CONTAINED_IN', from: secret, to: keys.vaultServer(address) })
  if (mints === undefined) return secret
  // AWS: only a session has a token beside its key; nothing that Vault does ends it early.
  const isSession = mints === 'vault.cloud_lease_key' && answered
  const lease = uses.entity({
    id: keys.vaultCredential(secret, mints === 'vault.transit_key' ? 'key' : 'lease'),
    kind: isSession ? 'vault.cloud_lease_sts_or_oauth' : mints,
    name: mints === 'vault.transit_key' ? path : `leases of ${path}`,
  })
  uses.relationship({ kind: 'HOLDS', from: secret, to: lease })
  if (mints !== 'vault.transit_key' && entityKinds[mints].plane === 'vault')
    uses.relationship({ kind: 'ISSUED_BY', from: lease, to: secret })
  return secret
}

/**
 * A read that was let in: the client uses the secret, and its role is seen to be let in. Vault checks policies before
 * it logs a request, so a request whose answer is missing counts, and says so.
 */
export function mapRead(clients: Clients, subject: Read, client: Client, entry: Entry, at: Sighting): void {
  const { uses } = clients
  const request = entry.request!
  const secret = secretOf(clients, subject, entry)
  const wrapping = joinable(entry.response?.wrap_info?.accessor)
  if (wrapping !== undefined) {
    // The answer went into a wrapping token: whoever unwraps it has the value, not this client.
    if (clients.wrapped.size >= 50_000) clients.wrapped.delete(clients.wrapped.keys().next().value!)
    clients.wrapped.set(wrapping, secret)
    if (client.identity !== undefined) uses.seen('CAN_ACCESS', client.identity, secret, at, 'hands it on, wrapped')
    return
  }
  uses.seen('USES_SECRET', client.id, secret, at, entry.type === 'request' ? 'its answer is not in the log' : undefined)
  takesFrom(clients, client, secret, request)
  if (client.identity !== undefined) {
    uses.seen('CAN_ACCESS', client.identity, secret, at)
    const policies = grantingPolicies(entry)
    if (policies.length === 1 && first(clients, `grant ${client.identity} ${secret} ${policies[0]!}`))
      uses.relationship({
        kind: 'CAN_ACCESS',
        from: client.identity,
        to: secret,
        props: { policy: keys.vaultPolicy(clients.address, `${request.namespace?.path ?? ''}${policies[0]!}`) },
      })
  }
  if (isKeptToken(entry.auth!)) usesToken(clients, client, entry.auth!, at)
}

/** How it takes the value, and over which permission. */
function takesFrom(clients: Clients, client: Client, secret: string, request: Request): void {
  const { uses, address } = clients
  const agent = agentOf(request.headers?.['user-agent'])
  if (!first(clients, `takes ${client.id} ${secret} ${client.identity ?? ''} ${agent?.delivery ?? ''}`)) return
  uses.relationship({
    kind: 'USES_SECRET',
    from: client.id,
    to: secret,
    by: [keys.vaultServer(address)],
    ...(client.identity === undefined ? {} : { via: [grantOf(client.identity, secret)] }),
    ...(agent ? { delivery: agent.delivery } : {}),
    ...(agent?.client ? { props: { client: agent.client } } : {}),
  })
}

/** Policies that let it in, as Vault itself names them (since 1.11). */
function grantingPolicies({ auth }: Entry): string[] {
  const granting = auth?.policy_results?.granting_policies ?? []
  return [...new Set(granting.flatMap(({ name, type }) => (name && type !== 'rgp' ? [name] : [])))]
}

/** A request that was refused: somebody wants what it may not have. Never taken for a use of what was asked for. */
export function mapDenied(clients: Clients, subject: Subject, client: Client | undefined, at: Sighting): void {
  if (!client) return
  const { uses } = clients
  uses.count(client.id, 'denied', 'lastDeniedAt', at)
  if (subject.what !== 'read') return
  const denied = clients.denied.get(client.id) ?? new Set<string>()
  clients.denied.set(client.id, denied)
  if (denied.size < 40) denied.add(subject.path)
}

/** A new value was written, or a value deleted: when it last changed. Who writes is no reader. */
export function mapWrite(
  clients: Clients,
  subject: Subject & { what: 'write' | 'rotate' },
  client: Client | undefined,
  at: Sighting,
): void {
  const { uses } = clients
  const { path, kind } = subject
  const secret = secretOf(clients, { what: 'read', path, kind })
  const gone = subject.what === 'write' && subject.gone
  uses.count(secret, gone ? 'deletes' : 'writes', gone ? 'lastDeletedAt' : 'lastRotatedAt', at)
  if (client?.identity !== undefined)
    uses.seen('CAN_ACCESS', client.identity, secret, at, gone ? 'deletes it' : 'changes it')
}

/** A lease was renewed: its client still uses it. One that was revoked is over. */
export function mapLease(
  clients: Clients,
  subject: Subject & { what: 'lease' },
  client: Client | undefined,
  entry: Entry,
  at: Sighting,
): void {
  const { address, uses } = clients
  const request = entry.request!
  const named = told(entry.response?.secret?.lease_id) ?? told(request.data?.lease_id)
  const path = subject.path ?? (named === undefined ? '' : leasedPath(named))
  if (path === '' || path.startsWith('auth/')) return
  const secret = uses.entity({
    id: keys.vaultSecret(address, `${request.namespace?.path ?? ''}${path}`),
    kind: 'vault.secret_path',
    name: path,
  })
  if (subject.act === 'revoke') return uses.count(secret, 'leasesRevoked', 'leasesRevokedAt', at)
  if (!client) return
  uses.seen('USES_SECRET', client.id, secret, at)
  takesFrom(clients, client, secret, request)
}

/** What was wrapped comes out: here is the reader. */
export function mapUnwrap(clients: Clients, client: Client | undefined, entry: Entry, at: Sighting): boolean {
  const accessor = joinable(entry.auth?.accessor) ?? joinable(entry.request?.client_token_accessor)
  const secret = accessor === undefined ? undefined : clients.wrapped.get(accessor)
  if (secret === undefined || !client) return false
  clients.uses.seen('USES_SECRET', client.id, secret, at, 'unwrapped')
  return true
}

/** Somebody makes SecretIDs for a role: it can log in as that role. */
export function mapSecretId(
  clients: Clients,
  subject: Subject & { what: 'secret-id' },
  client: Client | undefined,
  at: Sighting,
): void {
  const { address, uses } = clients
  const { mount, role } = subject
  const login = uses.entity({
    id: keys.vaultLogin(address, 'approle', mount, role),
    kind: 'vault.approle_secret_id',
    name: `approle login of ${role}`,
  })
  const of = uses.entity({ id: keys.vaultRole(address, mount, role), kind: 'vault.role', name: role, props: { mount } })
  uses.relationship({ kind: 'AUTHENTICATES_AS', from: login, to: of })
  uses.count(login, 'made', 'lastRotatedAt', at)
  if (client?.identity !== undefined && client.identity !== of)
    uses.seen('CAN_ACCESS', client.identity, login, at, 'makes SecretIDs of this role')
}

/** The client of an entry, where the entry says who. */
export function clientIn(clients: Clients, entry: Entry, at: Sighting): Client | undefined {
  return entry.auth ? clientOf(clients, entry.auth, entry.request!, at) : undefined
}
