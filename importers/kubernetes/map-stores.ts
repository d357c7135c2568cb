import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Place, type Seen } from './cluster-facts.ts'
import { hostOf } from './meta.ts'
import { itemOf, otherItem } from './remote-items.ts'
import { Generator, SecretStore, type LoginRef, type StoreRef } from './store-records.ts'

/** Cluster-wide objects have no namespace; a namespace can't be called this. */
export const clusterWide = '_cluster'

type Store = Seen & { readonly provider: SecretStore['spec']['provider'] }

/** SecretStore and ClusterSecretStore: which outside store it is, and how it logs in there. */
export function readStore(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const provider = SecretStore.safeParse(value).data?.spec.provider
  if (!provider) return false
  const store: Store = { ...seen, provider }
  cluster.note(seen, store)
  cluster.later(() => emitStore(cluster, store))
  return true
}

export function storeKey(cluster: Cluster, kind: string, namespace: string, name: string): string {
  return keys.k8s(cluster.name, kind.startsWith('Cluster') ? clusterWide : namespace, kind.toLowerCase(), name)
}

function emitStore(cluster: Cluster, store: Store): void {
  const wide = store.kind === 'ClusterSecretStore'
  const namespace = wide ? clusterWide : cluster.namespaceOf(store)
  const name = store.meta.name!
  const { type, settings, logins } = store.provider
  const id = cluster.entity(
    {
      id: storeKey(cluster, store.kind, namespace, name),
      kind: 'k8s.secret_store',
      name,
      aliases: [`${namespace}/${name}`],
      props: { provider: type, cluster: cluster.name, ...(wide ? {} : { namespace }) },
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
  for (const login of logins)
    emitLogin(cluster, id, login, wide ? undefined : namespace, store.place, 'login of the store')
  if (type === 'aws' && settings.role?.startsWith('arn:aws')) emitRole(cluster, id, settings.role, store.place)
  const vaultRole = settings.auth?.kubernetes ?? settings.auth?.jwt
  const account = logins.find((login) => login.what === 'service-account')
  if (type === 'vault' && vaultRole?.role && account && (account.namespace || !wide)) {
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

function emitRole(cluster: Cluster, id: string, arn: string, place: Place): void {
  const role = cluster.entity({ id: keys.awsArn(arn), kind: 'aws.iam_role', name: arn.slice(arn.lastIndexOf('/') + 1) })
  cluster.relationship({ kind: 'RUNS_AS', from: id, to: role }, declared(place, 'the store assumes this role'))
}

/**
 * By what an operator's object logs in. In a cluster-wide object a login without namespace is looked up where each user
 * of the object stands: `namespace` is undefined then, and `referent` tells those namespaces later.
 */
export function emitLogin(
  cluster: Cluster,
  id: string,
  login: LoginRef,
  namespace: string | undefined,
  place: Place,
  words: string,
): void {
  const at = login.namespace ?? namespace
  if (at === undefined) return
  if (login.what === 'service-account') {
    const account = cluster.serviceAccount(at, login.name, place)
    cluster.relationship({ kind: 'RUNS_AS', from: id, to: account }, declared(place, words))
    return
  }
  cluster.relationship(
    { kind: 'USES_SECRET', from: id, to: cluster.secret(at, login.name, place), delivery: 'fetch_per_use' },
    declared(place, `${words}${login.key ? `, key ${login.key}` : ''}`),
  )
}

export interface Item {
  readonly item: string
  /** Ids of what fetches it. */
  readonly by: readonly string[]
}

/** The item behind `key` in the store that `ref` names, through the store's provider if the export has it. */
export function remoteItem(cluster: Cluster, ref: StoreRef | null | undefined, seen: Seen, key: string): Item {
  const kind = ref?.kind || 'SecretStore'
  const name = ref?.name || 'default'
  const namespace = cluster.namespaceOf(seen)
  const wide = kind === 'ClusterSecretStore'
  const written = seen.meta.namespace ?? undefined
  // A manifest may leave the namespace to its kustomization where another writes it.
  const found = [wide ? undefined : written, namespace, undefined]
    .map((at) => cluster.find(kind, at, name))
    .find((one) => one !== undefined) as Store | undefined
  const store = storeKey(cluster, kind, namespace, name)
  if (!found) {
    cluster.entity(
      { id: store, kind: 'k8s.secret_store', name, props: { cluster: cluster.name, ...(wide ? {} : { namespace }) } },
      seen.place,
      'named here, not in the export',
    )
    return { item: cluster.entity(otherItem(`${cluster.name}/${name}`, key), seen.place), by: [store] }
  }
  if (wide) emitReferent(cluster, store, found, namespace, seen)
  const { type, settings } = found.provider
  if (type === 'kubernetes' && settings.remoteNamespace && !settings.url)
    return { item: cluster.secret(settings.remoteNamespace, key, seen.place), by: [store] }
  return { item: cluster.entity(itemOf(type, settings, key, `${cluster.name}/${name}`), seen.place), by: [store] }
}

/** Logins of a cluster-wide store that each of its users brings along in its own namespace. */
function emitReferent(cluster: Cluster, id: string, store: Store, namespace: string, user: Seen): void {
  for (const login of store.provider.logins)
    if (login.namespace === undefined && login.what === 'secret')
      cluster.relationship(
        {
          kind: 'USES_SECRET',
          from: id,
          to: cluster.secret(namespace, login.name, user.place),
          delivery: 'fetch_per_use',
          // One of several logins of the same store: its loss stops the items of this namespace only.
          confidence: 'possible',
        },
        declared(user.place, `login of the store for namespace ${namespace}`),
      )
}

/** Kinds of `generators.external-secrets.io`. */
export const generatorKinds = [
  'ACRAccessToken',
  'CloudsmithAccessToken',
  'ECRAuthorizationToken',
  'Fake',
  'GCRAccessToken',
  'GeneratorState',
  'GithubAccessToken',
  'Grafana',
  'MFA',
  'Password',
  'QuayAccessToken',
  'STSSessionToken',
  'SSHKey',
  'UUID',
  'VaultDynamicSecret',
  'Webhook',
  'BeyondtrustWorkloadCredentialsDynamicSecret',
  'ClusterGenerator',
]

export function readGenerator(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const logins = Generator.safeParse(value).data?.spec
  if (!logins) return false
  cluster.later(() => {
    const wide = seen.kind === 'ClusterGenerator'
    const namespace = wide ? clusterWide : cluster.namespaceOf(seen)
    const { by } = generated(cluster, { kind: seen.kind, name: seen.meta.name }, seen)
    for (const login of logins)
      emitLogin(cluster, by[0]!, login, wide ? undefined : namespace, seen.place, 'login of the generator')
  })
  return true
}

/** What a generator makes, as an item, and the generator that makes it. */
export function generated(cluster: Cluster, ref: StoreRef, seen: Seen): Item {
  const kind = ref.kind || 'Password'
  const name = ref.name || 'default'
  const namespace = cluster.namespaceOf(seen)
  const id = storeKey(cluster, kind, namespace, name)
  cluster.entity(
    { id, kind: 'k8s.secret_store', name, props: { provider: kind.slice(0, 100), cluster: cluster.name } },
    seen.place,
    `generator ${kind}`,
  )
  const item: EntityFact = { id: `external:${id}`, kind: 'external.secret', name: `what ${kind} ${name} makes` }
  return { item: cluster.entity(item, seen.place), by: [id] }
}
