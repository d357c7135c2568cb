import { keys } from '../../graph/keys.ts'
import { ownershipOf, type OwnershipProp } from '../read/ownership-rules.ts'
import { declared, inferred, type Cluster, type Place, type Seen } from './cluster-facts.ts'

/** The system a workload serves: its label, else guessed from the namespace. */
export function emitSystem(
  cluster: Cluster,
  labels: ReadonlyMap<string, string>,
  place: Place,
  namespace: string,
  id: string,
): void {
  // A Backstage component names its workloads by this label (graph/estate/catalog-workloads.ts).
  const component = labels.get('backstage.io/kubernetes-id')?.slice(0, 200)
  if (component) cluster.entity({ id, props: { kubernetesId: component } }, place)
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

/** What labels and annotations say of a thing, as the rules of ownership name them; a label counts before an annotation. */
export function saidOf(seen: Seen, wanted: readonly OwnershipProp[]): Record<string, string> {
  const said = new Map([...ownershipOf('annotation', seen.meta.annotations), ...ownershipOf('label', seen.meta.labels)])
  return Object.fromEntries(wanted.flatMap((prop) => (said.has(prop) ? [[prop, said.get(prop)!.value]] : [])))
}

/** Owner and team, by the labels and annotations that the rules of ownership name. */
export function emitOwner(cluster: Cluster, seen: Seen, id: string): void {
  const marks = [
    ['label', seen.meta.labels],
    ['annotation', seen.meta.annotations],
  ] as const
  for (const [mark, pairs] of marks)
    for (const [prop, { value, by }] of ownershipOf(mark, pairs)) {
      if (prop !== 'owner' && prop !== 'team') continue
      const team = cluster.entity({ id: keys.team(value), kind: 'business.team', name: value })
      cluster.relationship({ kind: 'OWNED_BY', from: id, to: team }, declared(seen.place, `${by} of the ${seen.kind}`))
    }
}
