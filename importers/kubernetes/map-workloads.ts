import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { kindOfWorkload, topOf, workloadKey, type Top, type Workload } from './controllers.ts'
import { emitUses } from './emit-uses.ts'
import { emitOwner, emitSystem } from './ownership.ts'
import { needsOf } from './pod-spec.ts'
import { partsOf, WorkloadRef, type Parts } from './workload-records.ts'

/** Reads a workload; false where it does not have the form of its kind. */
export function readWorkload(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const parts = partsOf(seen.kind, value)
  if (!parts) return readWorkloadRef(cluster, seen, value)
  const workload = workloadOf(seen, parts)
  const name = seen.meta.name!.toLowerCase()
  if (name.includes('reloader')) noteOperator(cluster, seen, 'reloader')
  if (/^(.*-)?wave$/.test(name)) noteOperator(cluster, seen, 'wave')
  if (seen.kind === 'Deployment' && /^(.*-)?cert-manager$/.test(name)) noteOperator(cluster, seen, 'cert-manager')
  if (workload.switches.some((s) => s.startsWith('--enable-secret-rotation') && !s.endsWith('=false')))
    noteOperator(cluster, seen, 'csi rotation')
  if (seen.kind !== 'Pod') cluster.note(seen, workload)
  // Pods of one controller repeat each other: one of each content stands for all, or a large list would be held whole.
  else if (workload.meta.ownerReferences?.length && cluster.isRepeat(contentOf(workload))) return true
  cluster.later(() => emitWorkload(cluster, workload))
  return true
}

function noteOperator(cluster: Cluster, seen: Seen, name: string): void {
  cluster.note({ ...seen, kind: 'operator', meta: { ...seen.meta, namespace: undefined, name } }, seen)
}

export function workloadOf(seen: Seen, { spec, template, state, schedule, zone }: Parts): Workload {
  return {
    ...seen,
    ...needsOf(spec),
    annotations: new Map([...seen.meta.annotations, ...(template?.annotations ?? [])]),
    labels: new Map([...(template?.labels ?? []), ...seen.meta.labels]),
    schedule,
    zone,
    state,
  }
}

function contentOf({ kind: _kind, place: _place, meta, annotations, labels, ...needs }: Workload): string {
  return JSON.stringify([meta.namespace, meta.ownerReferences, [...annotations], [...labels], needs])
}

/** An Argo Rollout whose pods are those of a Deployment: nothing of its own. */
function readWorkloadRef(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const ref = WorkloadRef.safeParse(value).data?.spec.workloadRef
  if (!ref) return false
  cluster.later(() => {
    const namespace = cluster.namespaceOf(seen)
    const id = workloadKey(cluster, namespace, { kind: seen.kind, name: seen.meta.name! })
    emitEntity(cluster, seen, namespace, { kind: seen.kind, name: seen.meta.name!, workload: undefined }, id)
    cluster.relationship(
      { kind: 'DEPENDS_ON', from: id, to: workloadKey(cluster, namespace, ref) },
      declared(seen.place, `runs the pods of ${ref.kind} ${ref.name}`.slice(0, 300)),
    )
    const target = kindOfWorkload(ref.kind)
    cluster.entity({ id: workloadKey(cluster, namespace, ref), kind: target.kind, name: ref.name })
  })
  return true
}

function emitWorkload(cluster: Cluster, workload: Workload): void {
  const top = topOf(cluster, workload)
  const namespace = cluster.namespaceOf(top.workload ?? workload)
  const id = workloadKey(cluster, namespace, top)
  if (top.workload === workload || top.workload === undefined) emitEntity(cluster, workload, namespace, top, id)
  // A ReplicaSet or Job under its controller repeats the template, or an older one: only its live pods count.
  const repeats = top.workload !== undefined && top.workload !== workload
  if (repeats && (workload.kind !== 'Pod' || workload.state === 'finished')) return
  emitUses(cluster, workload, top, namespace, id)
}

function emitEntity(cluster: Cluster, seen: Seen, namespace: string, top: Top, id: string): void {
  const own = top.workload
  const state = {
    ...(own?.schedule ? { schedule: own.schedule } : {}),
    ...(own?.zone ? { timeZone: own.zone } : {}),
    ...(own === undefined || own.state === 'runs' ? {} : { state: own.state }),
    ...(kindOfWorkload(top.kind).kind === 'k8s.custom_resource' ? { type: top.kind.slice(0, 100) } : {}),
  }
  cluster.entity(
    {
      id,
      kind: kindOfWorkload(top.kind).kind,
      name: top.name,
      aliases: [`${namespace}/${top.name}`],
      props: { namespace, cluster: cluster.name, ...state },
    },
    seen.place,
    top.inferred,
  )
  const labels = own?.labels ?? ('labels' in seen ? (seen as Workload).labels : seen.meta.labels)
  emitSystem(cluster, labels, seen.place, namespace, id)
  emitOwner(cluster, own ?? seen, id)
}
