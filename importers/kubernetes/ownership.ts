import { keys } from '../../graph/keys.ts'
import { declared, inferred, type Cluster, type Place, type Seen } from './cluster-facts.ts'

/** The system a workload serves: its label, else guessed from the namespace. */
export function emitSystem(
  cluster: Cluster,
  labels: ReadonlyMap<string, string>,
  place: Place,
  namespace: string,
  id: string,
): void {
  const partOf = labels.get('app.kubernetes.io/part-of')?.slice(0, 200)
  // `default` and `kube-*` are in every cluster and name no business system.
  const generic = namespace === 'default' || namespace.startsWith('kube-')
  const name = partOf || (generic ? `${namespace} (${cluster.name})` : namespace)
  const system = cluster.entity({ id: keys.system(name), kind: 'business.system', name })
  cluster.relationship(
    { kind: 'DEPENDS_ON', from: system, to: id, ...(partOf ? {} : { confidence: 'possible' as const }) },
    partOf ? declared(place, 'label app.kubernetes.io/part-of') : inferred(place, 'system taken from the namespace'),
  )
}

/** Label or annotation `owner`, `team`, also with a prefix. */
export function emitOwner(cluster: Cluster, seen: Seen, id: string): void {
  for (const [label, value] of [...seen.meta.labels, ...seen.meta.annotations]) {
    const said = label.slice(label.lastIndexOf('/') + 1)
    if ((said !== 'owner' && said !== 'team') || value.trim() === '') continue
    const name = value.trim().slice(0, 200)
    const team = cluster.entity({ id: keys.team(name), kind: 'business.team', name })
    cluster.relationship({ kind: 'OWNED_BY', from: id, to: team }, declared(seen.place, `${label} of the ${seen.kind}`))
  }
}
