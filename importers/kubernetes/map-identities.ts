import { z } from 'zod'
import type { FileReport } from '../importer.ts'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import type { NotedAccount } from './using.ts'
import { cloudIdentities } from './map-cloud-identities.ts'
import { flag, Labelled, named } from './meta.ts'
import { emitOwner, saidOf } from './ownership.ts'

const ServiceAccount = z.object({
  automountServiceAccountToken: flag,
  imagePullSecrets: z.array(named).nullish(),
})

/** What labels and annotations of a namespace say of all that lies in it. */
const namespaceProps = ['environment', 'production', 'criticality', 'application', 'costCenter', 'onCall'] as const

export function readNamespace(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const name = seen.meta.name!
  const id = keys.k8sNamespace(cluster.name, name)
  const labels = Labelled.safeParse(value).data?.metadata.labels ?? new Map<string, string>()
  cluster.labelNamespace(name, new Map([...labels, ['kubernetes.io/metadata.name', name]]))
  cluster.later(() => {
    const props = saidOf(seen, namespaceProps)
    cluster.entity({ id, kind: 'k8s.namespace', name, ...(Object.keys(props).length > 0 && { props }) }, seen.place)
    cluster.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.k8sCluster(cluster.name) }, declared(seen.place))
    emitOwner(cluster, seen, id)
  })
  return true
}

export function readServiceAccount(cluster: Cluster, seen: Seen, value: unknown, report: FileReport): boolean {
  const account = ServiceAccount.safeParse(value).data
  if (!account) return false
  const pullSecrets = (account.imagePullSecrets ?? []).flatMap((s) => (s.name ? [s.name] : []))
  const noted: NotedAccount = { automount: account.automountServiceAccountToken ?? undefined, pullSecrets }
  cluster.note(seen, noted)
  for (const { annotation, identity, known } of cloudIdentities) {
    const value = seen.meta.annotations.get(annotation)
    if (value !== undefined && !known(value))
      report.note(`${seen.place.record}: ${annotation} names no ${identity} (a placeholder?)`)
  }
  cluster.later(() => {
    const id = cluster.serviceAccount(cluster.namespaceOf(seen), seen.meta.name!, seen.place)
    const automount = account.automountServiceAccountToken === false ? { automountToken: false } : undefined
    cluster.entity({ id, ...(automount && { props: automount }) }, seen.place)
    for (const { annotation, known, fact } of cloudIdentities) {
      const value = seen.meta.annotations.get(annotation)
      if (value === undefined || !known(value)) continue
      cluster.relationship(
        { kind: 'ASSUMES', from: id, to: cluster.entity(fact(value)), confidence: 'possible' },
        declared(seen.place, `annotation ${annotation}`),
      )
    }
    emitOwner(cluster, seen, id)
  })
  return true
}
