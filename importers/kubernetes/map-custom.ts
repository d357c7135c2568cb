import { z } from 'zod'
import type { DeliveryMode } from '../../graph/kinds/delivery.ts'
import { declared, inferred, type Cluster, type Seen } from './cluster-facts.ts'
import { workloadKey } from './controllers.ts'
import { referencesIn, type CustomReferences, type Reference } from './custom-references.ts'
import { emitUses } from './emit-uses.ts'
import { workloadOf } from './map-workloads.ts'
import { clusterWide } from './map-stores.ts'
import { name } from './meta.ts'
import { emitOwner, emitSystem } from './ownership.ts'

interface Group {
  /** End of the API group. */
  readonly group: string
  /** How its operator reads a secret, where that is known. */
  readonly delivery?: DeliveryMode
  /** Objects of `name` and `key` are secrets. */
  readonly selectors?: true
}

/** Operators whose fields are known to mean what their names say; of all others a use is only possible. */
const groups: readonly Group[] = [
  { group: 'toolkit.fluxcd.io', delivery: 'fetch_per_use' },
  { group: 'monitoring.coreos.com', selectors: true },
  { group: 'argoproj.io', delivery: 'fetch_per_use' },
  { group: 'serving.knative.dev' },
  { group: 'tekton.dev' },
  { group: 'postgresql.cnpg.io', selectors: true },
  { group: 'kafka.strimzi.io' },
]

/** Is it a kind that an operator brought, rather than one of Kubernetes itself? */
export function isCustom(apiVersion: string): boolean {
  const group = apiVersion.split('/').length > 1 ? apiVersion.split('/')[0]! : ''
  return group.includes('.') && (!group.endsWith('k8s.io') || group.endsWith('x-k8s.io'))
}

/** Objects of Kubernetes itself that name the login of a storage driver. */
export const storageKinds = new Set(['PersistentVolume'])

/** Reads an object of an operator; false where it names neither secret nor service account nor pod. */
export function readCustom(cluster: Cluster, seen: Seen, value: unknown, apiVersion: string): boolean {
  const group = groups.find((one) => apiVersion.split('/')[0]!.endsWith(one.group))
  const known = group !== undefined || storageKinds.has(seen.kind)
  const found = referencesIn(value, { selectors: group?.selectors === true, release: releaseOf(seen, value) })
  if (found.references.length === 0 && found.pods.length === 0) return false
  cluster.later(() => emitCustom(cluster, seen, found, known, group?.delivery))
  return true
}

const Release = z.object({ spec: z.object({ releaseName: name.nullish() }) })

function releaseOf({ kind, meta }: Seen, value: unknown): string | undefined {
  if (kind !== 'HelmRelease') return undefined
  return Release.safeParse(value).data?.spec.releaseName || meta.name!
}

function emitCustom(
  cluster: Cluster,
  seen: Seen,
  { references, pods }: CustomReferences,
  known: boolean,
  delivery: DeliveryMode | undefined,
): void {
  const wide = storageKinds.has(seen.kind) || (!seen.meta.namespace && seen.kind.startsWith('Cluster'))
  const namespace = wide ? clusterWide : cluster.namespaceOf(seen)
  const item = seen.meta.name!
  const id = workloadKey(cluster, namespace, { kind: seen.kind, name: item })
  cluster.entity(
    {
      id,
      kind: 'k8s.custom_resource',
      name: item,
      aliases: [`${namespace}/${item}`],
      props: { cluster: cluster.name, type: seen.kind.slice(0, 100), ...(wide ? {} : { namespace }) },
    },
    seen.place,
  )
  if (!wide) emitSystem(cluster, seen.meta.labels, seen.place, namespace, id)
  emitOwner(cluster, seen, id)
  for (const reference of references) emitReference(cluster, seen, id, reference, namespace, known, delivery)
  for (const spec of pods) {
    const workload = workloadOf(seen, { spec, state: 'runs' })
    const words = `a ${seen.kind} whose operator may run these containers`.slice(0, 200)
    const top = { kind: seen.kind, name: item, workload, ...(known ? {} : { inferred: words, guessed: true }) }
    emitUses(cluster, workload, top, namespace, id)
  }
}

function emitReference(
  cluster: Cluster,
  seen: Seen,
  from: string,
  reference: Reference,
  ownNamespace: string,
  known: boolean,
  delivery: DeliveryMode | undefined,
): void {
  const namespace = reference.namespace ?? ownNamespace
  // A login without namespace of something that has none itself: nobody says where it lies.
  if (namespace === clusterWide) return
  const sure = known && !reference.guessed
  const words = `${reference.path} of the ${seen.kind}`
  const said = sure
    ? declared(seen.place, words)
    : inferred(seen.place, `${words}: what becomes of it is not in the export`)
  const confidence = sure ? {} : { confidence: 'possible' as const }
  if (reference.what === 'account') {
    const to = cluster.serviceAccount(namespace, reference.name, seen.place)
    return cluster.relationship({ kind: 'RUNS_AS', from, to, ...confidence }, said)
  }
  const to = cluster.secret(namespace, reference.name, seen.place)
  const how = sure ? delivery : reference.path.includes('env') ? ('env_at_start' as const) : undefined
  cluster.relationship({ kind: 'USES_SECRET', from, to, ...(how ? { delivery: how } : {}), ...confidence }, said)
}
