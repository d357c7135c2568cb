import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { keys } from '../../graph/keys.ts'
import type { Cluster, Seen } from './cluster-facts.ts'
import type { PodNeeds } from './pod-spec.ts'
import { workloadKinds, type State } from './workload-records.ts'

/** A workload as it is kept until all files are read: no specification, only what follows from it. */
export interface Workload extends Seen, PodNeeds {
  readonly annotations: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
  readonly schedule: string | undefined
  readonly zone: string | undefined
  readonly state: State
}

/** What stands for a workload in the graph: itself, or the controller that makes it. */
export interface Top {
  readonly kind: string
  readonly name: string
  /** The controller's own object, where the export has it. */
  readonly workload: Workload | undefined
  /** Why a controller stands there that no object of the export says. */
  readonly inferred?: string
  /** Whether these pods are ever made is not known: nothing of them is more than possible. */
  readonly guessed?: boolean
}

/** Our kind, and the word in the key, of whatever Kubernetes calls `kind`. */
export function kindOfWorkload(kind: string): { readonly kind: EntityKind; readonly type: string } {
  return workloadKinds.get(kind) ?? { kind: 'k8s.custom_resource', type: kind.toLowerCase() }
}

export function workloadKey(cluster: Cluster, namespace: string, top: Pick<Top, 'kind' | 'name'>): string {
  return keys.k8s(cluster.name, namespace, kindOfWorkload(top.kind).type, top.name)
}

/**
 * The controller that stands for this workload: pods come and go with other names, their controller stays. Where the
 * export lacks the one in between, its name and the labels it gives tell what is above it.
 */
export function topOf(cluster: Cluster, workload: Workload): Top {
  let top: Top = { kind: workload.kind, name: workload.meta.name!, workload }
  // Pod, ReplicaSet, Deployment; Pod, Job, CronJob: never more than two steps, so a ring ends too.
  for (let step = 0; step < 2 && top.workload; step++) {
    const { meta }: Workload = top.workload
    const owner = meta.ownerReferences?.find((o) => o.controller !== false)
    // A workload that an operator made is itself what runs; of pods the operator's object is all that stays.
    if (
      !owner ||
      owner.kind === 'Node' ||
      (top.kind !== 'Pod' && !workloadKinds.has(owner.kind) && owner.kind !== 'Rollout')
    )
      return top
    const found = cluster.find(owner.kind, meta.namespace ?? undefined, owner.name) as Workload | undefined
    if (found) top = { kind: owner.kind, name: owner.name, workload: found }
    else return above(cluster, owner, top.workload)
  }
  return top
}

/** Names that Kubernetes itself makes: `api-6c5d8f` of Deployment `api`, `backup-28391234` of CronJob `backup`. */
function above(cluster: Cluster, owner: { kind: string; name: string }, workload: Workload): Top {
  const hash = workload.labels.get('pod-template-hash')
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    const name = owner.name.slice(0, -hash.length - 1)
    const kind = cluster.find('Rollout', workload.meta.namespace ?? undefined, name) ? 'Rollout' : 'Deployment'
    return known(cluster, kind, name, workload, 'its ReplicaSet carries the hash that a Deployment gives')
  }
  const job = owner.kind === 'Job' ? /^(.{1,52})-[0-9]{8,10}$/.exec(owner.name)?.[1] : undefined
  if (job) return known(cluster, 'CronJob', job, workload, 'its Job is named as a CronJob names them')
  return { kind: owner.kind, name: owner.name, workload: undefined, inferred: 'owner of the pod, not in this export' }
}

function known(cluster: Cluster, kind: string, name: string, workload: Workload, inferred: string): Top {
  const found = cluster.find(kind, workload.meta.namespace ?? undefined, name) as Workload | undefined
  return { kind, name, workload: found, ...(found ? {} : { inferred }) }
}
