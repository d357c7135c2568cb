import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { durationSeconds, hostOf } from './meta.ts'
import { storeKey } from './map-stores.ts'
import { vaultPath } from './remote-items.ts'
import { refreshOf, syncs, type Refresh } from './refresh.ts'
import { Restarting, VaultAuth, VaultConnection, VaultPkiSecret, VaultSecret } from './store-records.ts'

/** Vault Secrets Operator: a secret that is a copy of a static or dynamic secret in Vault. */
export function readVaultSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  noteRestarts(cluster, seen, value)
  const spec = VaultSecret.safeParse(value).data?.spec
  if (!spec?.destination?.name) return false
  const destination = spec.destination.name
  cluster.later(() => {
    const target = cluster.secret(cluster.namespaceOf(seen), destination, seen.place)
    const { address, by } = vaultOf(cluster, seen, spec.vaultAuthRef || 'default')
    const source = vaultPath(address, `${spec.mount}/${spec.path}`, spec.type === 'kv-v2')
    const refresh: Refresh =
      seen.kind === 'VaultDynamicSecret'
        ? { delivery: 'operator_sync', note: `renewed at ${spec.renewalPercent ?? 67} % of its lease` }
        : refreshOf(spec.refreshAfter, undefined)
    syncs(
      cluster,
      { from: target, to: cluster.entity(source, seen.place), by, refresh },
      seen.place,
      `${seen.kind} ${seen.meta.name!}`,
    )
  })
  return true
}

/** A certificate that Vault issues into a secret. */
export function readVaultPkiSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  noteRestarts(cluster, seen, value)
  const spec = VaultPkiSecret.safeParse(value).data?.spec
  if (!spec?.destination?.name) return false
  const destination = spec.destination.name
  cluster.later(() => {
    const target = cluster.secret(cluster.namespaceOf(seen), destination, seen.place)
    const { address, by } = vaultOf(cluster, seen, spec.vaultAuthRef || 'default')
    const life = durationSeconds(spec.ttl)
    const early = durationSeconds(spec.expiryOffset)
    const when = early === undefined ? 'before it expires' : `${early} s before it expires`
    const refresh: Refresh = {
      delivery: 'operator_sync',
      ...(life !== undefined && life > 0 ? { pickup: [0, life] as const } : {}),
      note: `issued again ${when}`,
    } as Refresh
    const role = vaultPath(address, `${spec.mount}/issue/${spec.role}`)
    const what = `VaultPKISecret ${seen.meta.name!}`
    syncs(cluster, { from: target, to: cluster.entity(role, seen.place), by, refresh }, seen.place, what)
    const certificate = cluster.entity(
      {
        id: `${target}#tls`,
        kind: 'tls.certificate',
        name: `certificate in ${destination}`,
        props: {
          renewedBy: 'Vault Secrets Operator',
          ...(spec.commonName ? { commonName: spec.commonName } : {}),
          ...(life === undefined ? {} : { lifetimeSeconds: life }),
        },
      },
      seen.place,
    )
    cluster.relationship({ kind: 'HOLDS', from: target, to: certificate }, declared(seen.place, what))
  })
  return true
}

/** Workloads that a Vault secret restarts; noted while reading, because workloads are emitted in any order. */
function noteRestarts(cluster: Cluster, seen: Seen, value: unknown): void {
  const spec = Restarting.safeParse(value).data?.spec
  for (const { kind, name } of spec?.rolloutRestartTargets ?? []) {
    const meta = { ...seen.meta, name: `${spec!.destination.name}>${kind}/${name}` }
    cluster.note({ ...seen, kind: 'restarts', meta }, true)
  }
}

/** How the operator logs in: the method's role, service account or secret. */
export function readVaultAuth(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const auth = VaultAuth.safeParse(value).data
  if (!auth) return false
  cluster.note(seen, auth.spec?.vaultConnectionRef || 'default')
  cluster.later(() => emitAuth(cluster, seen, auth.spec))
  return true
}

function emitAuth(cluster: Cluster, seen: Seen, spec: VaultAuth['spec']): void {
  const namespace = cluster.namespaceOf(seen)
  const name = seen.meta.name!
  const id = cluster.entity(
    {
      id: storeKey(cluster, seen.kind, namespace, name),
      kind: 'k8s.secret_store',
      name,
      aliases: [`${namespace}/${name}`],
      props: { provider: 'vault', cluster: cluster.name, namespace },
    },
    seen.place,
    seen.kind,
  )
  const address = addressOf(cluster, seen, spec?.vaultConnectionRef || 'default')
  const server = cluster.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
  cluster.relationship({ kind: 'DEPENDS_ON', from: id, to: server }, declared(seen.place, 'VaultConnection'))
  for (const method of ['kubernetes', 'jwt', 'appRole', 'aws', 'gcp'] as const) {
    const login = spec?.[method]
    if (!login) continue
    const said = declared(seen.place, `logs in by ${method}`)
    if (login.secretRef)
      cluster.relationship(
        {
          kind: 'USES_SECRET',
          from: id,
          to: cluster.secret(namespace, login.secretRef, seen.place),
          delivery: 'fetch_per_use',
        },
        said,
      )
    const account = login.serviceAccount || login.irsaServiceAccount || login.workloadIdentityServiceAccount
    if (!account) continue
    const identity = cluster.serviceAccount(namespace, account, seen.place)
    cluster.relationship({ kind: 'RUNS_AS', from: id, to: identity }, said)
    if (!login.role) continue
    const mount = `auth/${(spec.mount || method.toLowerCase()).replace(/^auth\/|\/$/g, '')}/`
    const role = cluster.entity({
      id: keys.vaultRole(address, mount, login.role),
      kind: 'vault.role',
      name: login.role,
    })
    cluster.relationship({ kind: 'ASSUMES', from: identity, to: role, confidence: 'possible' }, said)
  }
}

export function readVaultConnection(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const connection = VaultConnection.safeParse(value).data
  if (connection) cluster.note(seen, hostOf(connection.spec.address))
  return connection !== undefined
}

/** Host of the Vault behind an authentication, and what has to be up to fetch through it. */
function vaultOf(cluster: Cluster, seen: Seen, auth: string): { address: string; by: string[] } {
  const [namespace, name] = split(auth)
  const kind = ['VaultAuth', 'VaultAuthGlobal'].find((one) => find(cluster, one, seen, auth) !== undefined)
  const connection = kind === undefined ? 'default' : (find(cluster, kind, seen, auth) as string)
  const address = addressOf(cluster, seen, connection, namespace)
  const server = cluster.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
  if (kind === undefined) return { address, by: [server] }
  const at = namespace ?? cluster.namespaceOf(seen)
  return { address, by: [storeKey(cluster, kind, at, name), server] }
}

function addressOf(cluster: Cluster, seen: Seen, connection: string, namespace?: string): string {
  const at = namespace === undefined ? seen : { ...seen, meta: { ...seen.meta, namespace } }
  const found = find(cluster, 'VaultConnection', at, connection) ?? find(cluster, 'VaultConnection', seen, connection)
  return (found as string | undefined) ?? 'vault'
}

/** References are `name` or `namespace/name`. */
function split(reference: string): [string | undefined, string] {
  const slash = reference.indexOf('/')
  return slash < 0 ? [undefined, reference] : [reference.slice(0, slash), reference.slice(slash + 1)]
}
function find(cluster: Cluster, kind: string, seen: Seen, reference: string): unknown {
  const [namespace, name] = split(reference)
  return cluster.find(kind, namespace ?? seen.meta.namespace ?? undefined, name)
}
