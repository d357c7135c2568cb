import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Place, type Seen } from './cluster-facts.ts'
import {
  ClusterExternalSecret,
  ExternalSecret,
  PushSecret,
  SecretStore,
  VaultAuth,
  VaultConnection,
  VaultSecret,
  type ExternalSecretSpec,
  type LoginRef,
  type Provider,
  type StoreRef,
} from './records.ts'

/** Cluster-wide objects have no namespace; a namespace can't be called this. */
const clusterWide = '_cluster'
/** External Secrets' own default (change-semantics.md 5.6). */
const defaultRefreshSeconds = 3600

type Store = Seen & { readonly provider: SecretStore['spec']['provider'] }

/** Host of an address, as the name under which a Vault is known; undefined for what is no address. */
export function hostOf(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  return new URL(address).hostname || undefined
}

/** The secret behind a Vault API path: `secret/data/shop/db` of KV v2 is `secret/shop/db`. */
export function vaultPath(address: string, path: string, kv2?: boolean): EntityFact {
  const [mount = '', first, ...rest] = path.split('/').filter((part) => part !== '')
  const isData = first === 'data' && rest.length > 0
  const plain = [mount, ...(isData ? [] : first === undefined ? [] : [first]), ...rest].join('/')
  return {
    id: keys.vaultSecret(address, plain),
    kind: isData || kv2 ? 'vault.kv2_secret' : 'vault.secret_path',
    name: plain,
    aliases: [plain],
  }
}

/** Where a provider keeps the item `key`: the fact of the secret there. One row a provider; the others are told apart by store only. */
const providers = new Map<string, (settings: Provider, key: string, store: string) => EntityFact>([
  ['vault', vaultItem],
  [
    'aws',
    ({ service, region }, key) => {
      if (key.startsWith('arn:'))
        return { id: keys.awsArn(key), kind: 'aws.secretsmanager_secret', name: key.slice(key.lastIndexOf(':') + 1) }
      const parameter = service === 'ParameterStore'
      const id = `aws:${parameter ? 'ssm' : 'secretsmanager'}:${region ?? 'unknown'}:${key}`
      return { id, kind: parameter ? 'aws.ssm_parameter' : 'aws.secretsmanager_secret', name: key, aliases: [key] }
    },
  ],
  [
    'azurekv',
    ({ vaultUrl }, key, store) => {
      const item = key.slice(key.lastIndexOf('/') + 1)
      const host = hostOf(vaultUrl)
      return {
        id: `azure:keyvault:${host ?? store}/secrets/${item.toLowerCase()}`,
        kind: 'azure.keyvault_secret',
        name: item,
        aliases: [item],
      }
    },
  ],
])

function vaultItem({ server, path, version }: Provider, key: string): EntityFact {
  const mount = (path ?? '').replace(/\/$/, '')
  const below = mount !== '' && !key.startsWith(`${mount}/`) ? `${mount}/${key}` : key
  return vaultPath(hostOf(server) ?? 'vault', below, version !== 'v1')
}

function otherItem(_settings: Provider, key: string, store: string): EntityFact {
  return { id: `external:${store}/${key}`, kind: 'external.secret', name: key, aliases: [key] }
}

/** SecretStore and ClusterSecretStore: which outside store it is, and how it logs in there. */
export function readStore(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const provider = SecretStore.safeParse(value).data?.spec.provider
  if (!provider) return false
  const store: Store = { ...seen, provider }
  cluster.note(seen, store)
  cluster.later(() => emitStore(cluster, store))
  return true
}

function storeKey(cluster: Cluster, kind: string, namespace: string, name: string): string {
  return keys.k8s(cluster.name, kind === 'ClusterSecretStore' ? clusterWide : namespace, kind.toLowerCase(), name)
}

function emitStore(cluster: Cluster, store: Store): void {
  const namespace = store.kind === 'ClusterSecretStore' ? clusterWide : cluster.namespaceOf(store)
  const name = store.meta.name!
  const { type, settings, logins } = store.provider
  const id = cluster.entity(
    {
      id: storeKey(cluster, store.kind, namespace, name),
      kind: 'k8s.secret_store',
      name,
      aliases: [`${namespace}/${name}`],
      props: { provider: type, cluster: cluster.name },
    },
    store.place,
  )
  // Behind the store stands what can be down as a whole.
  const address = hostOf(settings.server) ?? 'vault'
  const outside: EntityFact =
    type === 'vault'
      ? { id: keys.vaultServer(address), kind: 'vault.server', name: address }
      : { id: `external-store:${type}:${cluster.name}/${name}`, kind: 'external.store', name: `${type} (${name})` }
  cluster.relationship(
    { kind: 'DEPENDS_ON', from: id, to: cluster.entity(outside, store.place) },
    declared(store.place, `provider ${type}`),
  )
  for (const login of logins) emitLogin(cluster, store, id, login, namespace)
  const vaultRole = settings.auth?.kubernetes ?? settings.auth?.jwt
  const account = logins.find((login) => login.what === 'service-account')
  if (type === 'vault' && vaultRole?.role && account && (account.namespace || namespace !== clusterWide)) {
    const mount = `auth/${(vaultRole.mountPath ?? vaultRole.path ?? 'kubernetes').replace(/^auth\/|\/$/g, '')}/`
    const role = cluster.entity({
      id: keys.vaultRole(address, mount, vaultRole.role),
      kind: 'vault.role',
      name: vaultRole.role,
    })
    cluster.relationship(
      {
        kind: 'ASSUMES',
        from: cluster.serviceAccount(account.namespace ?? namespace, account.name, store.place),
        to: role,
        confidence: 'possible',
      },
      declared(store.place, 'login of the store'),
    )
  }
}

/** A login without namespace, in a cluster-wide store, is looked up where each ExternalSecret stands: not known here. */
function emitLogin(cluster: Cluster, store: Store, id: string, login: LoginRef, namespace: string): void {
  const at = login.namespace ?? (namespace === clusterWide ? undefined : namespace)
  if (at === undefined) return
  if (login.what === 'service-account') {
    const account = cluster.serviceAccount(at, login.name, store.place)
    cluster.relationship({ kind: 'RUNS_AS', from: id, to: account }, declared(store.place, 'login of the store'))
    return
  }
  cluster.relationship(
    { kind: 'USES_SECRET', from: id, to: cluster.secret(at, login.name, store.place), delivery: 'fetch_per_use' },
    declared(store.place, `login of the store${login.key ? `, key ${login.key}` : ''}`),
  )
}

/** The item behind `key` in the store that `ref` names, through the store's provider if the export has it. */
function remoteItem(
  cluster: Cluster,
  ref: StoreRef | null | undefined,
  seen: Seen,
  key: string,
): { item: string; store: string } {
  const kind = ref?.kind ?? 'SecretStore'
  const name = ref?.name ?? 'default'
  const namespace = cluster.namespaceOf(seen)
  const written = seen.meta.namespace ?? undefined
  const found = cluster.find(kind, kind === 'ClusterSecretStore' ? undefined : written, name) as Store | undefined
  const store = storeKey(cluster, kind, namespace, name)
  if (!found)
    cluster.entity(
      { id: store, kind: 'k8s.secret_store', name, props: { cluster: cluster.name } },
      seen.place,
      'named here, not in the export',
    )
  const fact = (found && providers.get(found.provider.type)) ?? otherItem
  return {
    item: cluster.entity(fact(found?.provider.settings ?? {}, key, `${cluster.name}/${name}`), seen.place),
    store,
  }
}

const durationUnits = new Map([
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
])

/** Seconds in a Go duration (`1h30m`, `0`); undefined where it is none. */
export function durationSeconds(text: string | number): number | undefined {
  if (typeof text === 'number' || text === '0') return Number(text) === 0 ? 0 : undefined
  const parts = [...text.matchAll(/([0-9]{1,12}(?:\.[0-9]{1,9})?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * durationUnits.get(unit!)!, 0)
}

type Refresh = Pick<RelationshipFact, 'delivery' | 'pickup'> & { readonly note: string }

/** How often the operator fetches: an interval, or never by itself. */
function refreshOf(
  interval: string | number | null | undefined,
  policy: string | null | undefined,
  fallback?: number,
): Refresh {
  if (policy === 'CreatedOnce')
    return { delivery: 'manual', note: 'refreshPolicy CreatedOnce: fetched once, never again' }
  if (policy === 'OnChange')
    return { delivery: 'manual', note: 'refreshPolicy OnChange: fetched when its own definition changes' }
  if (interval === null || interval === undefined) {
    if (fallback === undefined) return { delivery: 'manual', note: 'no refresh interval: no periodic refresh' }
    return {
      delivery: 'operator_sync',
      pickup: [0, fallback],
      note: `no refreshInterval: the operator's default of ${fallback} s`,
    }
  }
  const seconds = durationSeconds(interval)
  if (seconds === 0) return { delivery: 'manual', note: 'refresh interval 0: fetched once, never again' }
  if (seconds === undefined) return { delivery: 'operator_sync', note: 'its refresh interval could not be read' }
  return { delivery: 'operator_sync', pickup: [0, seconds], note: `refreshed every ${seconds} s` }
}

function syncs(
  cluster: Cluster,
  from: string,
  to: string,
  store: string,
  refresh: Refresh,
  place: Place,
  what: string,
  guessed = false,
): void {
  const { note, ...attributes } = refresh
  const open = /\$\{[^}]{1,100}\}/.test(`${from} ${to}`) ? '; a name holds ${…}, substituted at deployment' : ''
  cluster.relationship(
    {
      kind: 'SYNCED_FROM',
      from,
      to,
      by: [store],
      ...attributes,
      ...(guessed ? { confidence: 'possible' as const } : {}),
    },
    declared(place, `${what}; ${note}${open}`),
  )
}

export function readExternalSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = ExternalSecret.safeParse(value).data?.spec
  if (!spec) return false
  cluster.later(() => emitExternalSecret(cluster, seen, spec, seen.meta.name!))
  return true
}

/** Makes an ExternalSecret in each namespace it lists; what its selectors choose is not known from the file. */
export function readClusterExternalSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = ClusterExternalSecret.safeParse(value).data?.spec
  if (!spec) return false
  cluster.later(() => {
    for (const namespace of spec.namespaces ?? []) {
      const there = { ...seen, meta: { ...seen.meta, namespace } }
      emitExternalSecret(cluster, there, spec.externalSecretSpec, spec.externalSecretName ?? seen.meta.name!)
    }
  })
  return true
}

function emitExternalSecret(cluster: Cluster, seen: Seen, spec: ExternalSecretSpec, name: string): void {
  const target = cluster.secret(cluster.namespaceOf(seen), spec.target?.name ?? name, seen.place)
  const refresh = refreshOf(spec.refreshInterval, spec.refreshPolicy, defaultRefreshSeconds)
  for (const { secretKey, remoteRef, sourceRef } of spec.data ?? []) {
    if (!remoteRef) continue
    const { item, store } = remoteItem(cluster, sourceRef?.storeRef ?? spec.secretStoreRef, seen, remoteRef.key)
    const from = remoteRef.property ? ` from ${remoteRef.property}` : ''
    syncs(cluster, target, item, store, refresh, seen.place, `ExternalSecret ${name}, key ${secretKey ?? '?'}${from}`)
  }
  for (const { extract, find, sourceRef } of spec.dataFrom ?? []) {
    const ref = sourceRef?.storeRef ?? spec.secretStoreRef
    if (extract) {
      const { item, store } = remoteItem(cluster, ref, seen, extract.key)
      syncs(cluster, target, item, store, refresh, seen.place, `ExternalSecret ${name}, all keys`)
    } else if (find) {
      const tags = find.tags.length > 0 ? `tags ${[...find.tags].join(',')}` : '*'
      const { item, store } = remoteItem(cluster, ref, seen, `${find.path ?? ''}[${find.name?.regexp ?? tags}]`)
      syncs(cluster, target, item, store, refresh, seen.place, `ExternalSecret ${name}, whatever it finds`, true)
    }
  }
}

/** The other way round: the outside item is the copy. */
export function readPushSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = PushSecret.safeParse(value).data?.spec
  if (!spec) return false
  cluster.later(() => {
    const name = spec.selector?.secret?.name
    if (!name) return
    const from = cluster.secret(cluster.namespaceOf(seen), name, seen.place)
    const remotes = new Set((spec.data ?? []).flatMap((d) => (d.match?.remoteRef ? [d.match.remoteRef.remoteKey] : [])))
    const refresh = refreshOf(spec.refreshInterval, undefined, defaultRefreshSeconds)
    for (const ref of spec.secretStoreRefs ?? [])
      for (const key of remotes) {
        const { item, store } = remoteItem(cluster, ref, seen, key)
        syncs(cluster, item, from, store, refresh, seen.place, `PushSecret ${seen.meta.name!}`)
      }
  })
  return true
}

/** Vault Secrets Operator: VaultStaticSecret and VaultDynamicSecret. */
export function readVaultSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = VaultSecret.safeParse(value).data?.spec
  if (!spec) return false
  cluster.later(() => {
    const namespace = cluster.namespaceOf(seen)
    const target = cluster.secret(namespace, spec.destination.name, seen.place)
    const address = vaultOf(cluster, seen, spec.vaultAuthRef ?? 'default')
    const source = vaultPath(address, `${spec.mount}/${spec.path}`, spec.type === 'kv-v2')
    const server = cluster.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
    const dynamic = seen.kind === 'VaultDynamicSecret'
    const refresh: Refresh = dynamic
      ? { delivery: 'operator_sync', note: 'renewed at 67 % of its lease' }
      : refreshOf(spec.refreshAfter, undefined)
    syncs(
      cluster,
      target,
      cluster.entity(source, seen.place),
      server,
      refresh,
      seen.place,
      `${seen.kind} ${seen.meta.name!}`,
    )
  })
  return true
}

/** Workloads that a Vault secret restarts; noted while reading, because workloads are emitted in any order. */
export function noteRestarts(cluster: Cluster, seen: Seen, value: unknown): void {
  const spec = VaultSecret.safeParse(value).data?.spec
  for (const { kind, name } of spec?.rolloutRestartTargets ?? []) {
    const meta = { ...seen.meta, name: `${spec!.destination.name}>${kind}/${name}` }
    cluster.note({ ...seen, kind: 'restarts', meta }, true)
  }
}

export function readVaultAuth(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const auth = VaultAuth.safeParse(value).data
  if (auth) cluster.note(seen, auth.spec?.vaultConnectionRef ?? 'default')
  return auth !== undefined
}
export function readVaultConnection(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const connection = VaultConnection.safeParse(value).data
  if (connection) cluster.note(seen, hostOf(connection.spec.address))
  return connection !== undefined
}

/** References are `name` or `namespace/name`. */
function vaultOf(cluster: Cluster, seen: Seen, auth: string): string {
  const connection = referred(cluster, 'VaultAuth', seen, auth) ?? 'default'
  return referred(cluster, 'VaultConnection', seen, connection) ?? 'vault'
}
function referred(cluster: Cluster, kind: string, seen: Seen, reference: string): string | undefined {
  const slash = reference.indexOf('/')
  const namespace = slash < 0 ? (seen.meta.namespace ?? undefined) : reference.slice(0, slash)
  return cluster.find(kind, namespace, reference.slice(slash + 1)) as string | undefined
}
