import { relationshipKey } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import { roleOfSession } from '../read/arn.ts'
import { agentOf } from './agents.ts'
import { networkOf } from './map-paths.ts'
import { joinable, told, type Auth, type Request } from './records.ts'
import type { Sighting, Uses } from './uses.ts'

/** What is remembered of tokens by their accessor: names, never tokens. Bounded, because a log may name millions. */
export interface Clients {
  readonly address: string
  readonly uses: Uses
  readonly tokens: Map<string, KnownToken>
  readonly loginMounts: Set<string>
  readonly accessors: Map<string, Set<string>>
  /** Accessor of a wrapping token to what is in it. */
  readonly wrapped: Map<string, string>
  /** Paths that each client asked for and was refused. */
  readonly denied: Map<string, Set<string>>
  /** What was described already, so that a million reads describe nothing twice. */
  readonly described: Set<string>
}

const rememberedDescriptions = 500_000

/** Is this the first time? Forgetting costs only time. */
export function first({ described }: Clients, what: string): boolean {
  if (described.has(what)) return false
  if (described.size >= rememberedDescriptions) described.clear()
  described.add(what)
  return true
}

export interface KnownToken {
  /** Mount of the login at the beginning of its line. */
  readonly mount?: string | undefined
  /** Role that the login was for; a child is let in by what its parent was given. */
  readonly role?: string | undefined
  /** The token that made it, where that is kept by somebody. */
  readonly parent?: string | undefined
}

const rememberedTokens = 100_000
const shownAccessors = 20
/** Longer than Vault's default for any login (768 h): somebody keeps this token. */
const longLivedSeconds = 30 * 86_400

export interface Client {
  readonly id: string
  /** Role the client logged in with, else the entity behind it. */
  readonly identity: string | undefined
}

export function remember(clients: Clients, accessor: string, token: KnownToken): void {
  const { tokens } = clients
  if (tokens.size >= rememberedTokens) tokens.delete(tokens.keys().next().value!)
  tokens.set(accessor, token)
}

const prefixOf = (request: Request): string => request.namespace?.path ?? ''

/** The client behind a request: who, and from which network. Undefined where the entry says neither name nor role. */
export function clientOf(clients: Clients, auth: Auth, request: Request, at: Sighting): Client | undefined {
  const { address, uses } = clients
  const accessor = joinable(auth.accessor)
  const known = accessor === undefined ? undefined : clients.tokens.get(accessor)
  const role = told(auth.metadata?.role) ?? told(auth.metadata?.role_name)
  const inherited = role ?? known?.role
  const who = told(auth.display_name) ?? inherited ?? told(auth.entity_id) ?? told(auth.metadata?.username)
  if (who === undefined) return undefined
  const network = request.remote_address ? networkOf(request.remote_address) : 'unknown network'
  const id = `${keys.vaultServer(address)}/client/${who}@${network}`
  noteAccessor(clients, id, accessor)
  const account = accountOf(auth)
  if (first(clients, `client ${id} ${account ?? ''} ${auth.policies?.join() ?? ''}`))
    uses.entity({
      id,
      kind: 'vault.client',
      name: `${who} (${network})`,
      aliases: [who, ...(account ? [`system:serviceaccount:${account.replace('/', ':')}`] : [])],
      props: {
        network,
        ...(auth.policies?.length ? { policies: auth.policies.slice(0, 100) } : {}),
        ...(account ? { kubernetesServiceAccount: account } : {}),
        ...(told(auth.metadata?.service_account_uid)
          ? { kubernetesServiceAccountUid: told(auth.metadata?.service_account_uid)! }
          : {}),
      },
    })
  const agent = agentOf(request.headers?.['user-agent'])
  const session: { tokenSeconds?: number; client?: string } = {
    ...(auth.token_ttl ? { tokenSeconds: auth.token_ttl } : {}),
    ...(agent?.client ? { client: agent.client } : {}),
  }
  const runsAs = (to: string, note: string): void => {
    uses.seen('RUNS_AS', id, to, at, note)
    if (
      first(clients, `runs ${id} ${to} ${session.tokenSeconds ?? ''} ${session.client ?? ''}`) &&
      Object.keys(session).length > 0
    )
      uses.relationship({ kind: 'RUNS_AS', from: id, to, props: session })
  }
  platformIdentity(clients, id, auth, at)
  const entity = told(auth.entity_id)
  const entityKey = entity === undefined ? undefined : keys.vaultEntity(address, entity)
  if (entityKey !== undefined) {
    if (first(clients, entityKey)) uses.entity({ id: entityKey, kind: 'vault.entity', name: who, aliases: [entity!] })
    runsAs(entityKey, 'token of this entity')
  }
  if (inherited === undefined) return { id, identity: entityKey }
  const mount = known?.mount ?? mountOfName(auth.display_name ?? '', prefixOf(request), clients)
  const identity = keys.vaultRole(address, mount, inherited)
  if (first(clients, identity)) uses.entity({ id: identity, kind: 'vault.role', name: inherited, props: { mount } })
  runsAs(identity, role === undefined ? 'child of a token of this role' : 'token of this role')
  return { id, identity }
}

function noteAccessor({ accessors }: Clients, id: string, accessor: string | undefined): void {
  const seen = accessors.get(id) ?? new Set<string>()
  accessors.set(id, seen)
  if (accessor !== undefined && seen.size < shownAccessors) seen.add(accessor)
}

function accountOf({ metadata }: Auth): string | undefined {
  const [account, namespace] = [metadata?.service_account_name, metadata?.service_account_namespace]
  return account && namespace ? `${namespace}/${account}` : undefined
}

/** Who the platform says it is, where the method asked the platform: an AWS role or user, a GCP service account, a repository. */
function platformIdentity({ uses }: Clients, id: string, auth: Auth, at: Sighting): void {
  const arn = told(auth.metadata?.canonical_arn) ?? told(auth.metadata?.client_arn)
  if (arn?.startsWith('arn:')) {
    const role = roleOfSession(arn) ?? arn
    const kind = role.includes(':role/') ? 'aws.iam_role' : role.includes(':user/') ? 'aws.iam_user' : undefined
    if (kind) {
      const to = uses.entity({ id: keys.awsArn(role), kind, name: role.slice(role.lastIndexOf('/') + 1) })
      uses.seen('RUNS_AS', id, to, at, 'logged in with this AWS identity')
    }
  }
  const subject = repositoryIn(auth.display_name ?? '')
  if (subject === undefined) return
  const repository = uses.entity({ id: keys.githubRepository(subject), kind: 'github.repository', name: subject })
  uses.relationship({ kind: 'DEFINED_IN', from: id, to: repository })
}

/** `jwt-repo:acme/shop:ref:refs/heads/main`: the display name of a login with GitHub's token. */
function repositoryIn(name: string): string | undefined {
  const at = name.indexOf('repo:')
  if (at < 0) return undefined
  const [slug = ''] = name.slice(at + 'repo:'.length).split(':')
  const parts = slug.split('/')
  return parts.length === 2 && parts.every((part) => part !== '' && !part.includes('*')) ? slug : undefined
}

/** Vault begins a display name with the mount: `kubernetes-shop-api` is of `auth/kubernetes/`. Mounts seen in logins win over the guess. */
export function mountOfName(name: string, prefix: string, { loginMounts }: Pick<Clients, 'loginMounts'>): string {
  let best = ''
  for (const mount of loginMounts) {
    const path = mount.slice(mount.indexOf('auth/') + 'auth/'.length, -1).replaceAll('/', '-')
    if (name.startsWith(`${path}-`) && mount.length > best.length) best = mount
  }
  if (best !== '') return best
  const guess = name.slice(0, Math.max(0, name.indexOf('-')))
  return `${prefix}${guess === '' ? 'auth/unknown/' : `auth/${guess}/`}`
}

/** A token that somebody keeps, rather than one fetched at login: root, made with `token create`, or living long. */
export function isKeptToken(auth: Auth): boolean {
  if (auth.token_type === 'batch') return false
  const name = auth.display_name ?? ''
  if (name === 'root' || auth.policies?.includes('root') === true) return true
  return name === 'token' || name.startsWith('token-') || (auth.token_ttl ?? 0) >= longLivedSeconds
}

export function usesToken(clients: Clients, client: Client, auth: Auth, at: Sighting): void {
  const token = tokenOf(clients, auth)
  if (token !== undefined)
    clients.uses.seen('USES_CREDENTIAL', client.id, token, at, 'token that outlives its requests')
}

export function tokenOf({ address, uses }: Clients, auth: Auth): string | undefined {
  const accessor = joinable(auth.accessor)
  if (accessor === undefined) return undefined
  const name = told(auth.display_name) ?? 'token'
  return uses.entity({
    id: keys.vaultToken(address, accessor),
    kind: 'vault.service_token',
    name: `${name} (${accessor.slice(0, 24)})`,
    aliases: [accessor],
    ...(auth.token_ttl ? { props: { ttlSeconds: auth.token_ttl } } : {}),
  })
}

/** Key of the relationship that a read runs over: what takes the permission away takes the read away. */
export const grantOf = (identity: string, secret: string): string =>
  relationshipKey({ kind: 'CAN_ACCESS', from: identity, to: secret })
