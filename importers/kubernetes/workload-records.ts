import { z } from 'zod'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { flag, name, text, type Meta } from './meta.ts'
import { PodSpec, Template } from './pod-spec.ts'

/** Kinds that run containers: our kind, and the word in the key. */
export const workloadKinds = new Map<string, { readonly kind: EntityKind; readonly type: string }>([
  ['Deployment', { kind: 'k8s.deployment', type: 'deployment' }],
  ['StatefulSet', { kind: 'k8s.stateful_set', type: 'statefulset' }],
  ['DaemonSet', { kind: 'k8s.daemon_set', type: 'daemonset' }],
  ['ReplicaSet', { kind: 'k8s.replica_set', type: 'replicaset' }],
  ['ReplicationController', { kind: 'k8s.replication_controller', type: 'replicationcontroller' }],
  ['Job', { kind: 'k8s.job', type: 'job' }],
  ['CronJob', { kind: 'k8s.cron_job', type: 'cronjob' }],
  ['Pod', { kind: 'k8s.pod', type: 'pod' }],
])

/** Controllers that others install and whose pods stand in `spec.template`: their kind, and its API group. */
export const templatedKinds = new Map([
  ['Rollout', 'argoproj.io'],
  ['DeploymentConfig', 'apps.openshift.io'],
  ['CloneSet', 'apps.kruise.io'],
  ['Service', 'serving.knative.dev'],
  ['Configuration', 'serving.knative.dev'],
])

export type State = 'runs' | 'finished' | 'suspended' | 'scaled to zero'

export interface Parts {
  readonly spec: PodSpec
  readonly template?: Meta | null | undefined
  readonly state: State
  readonly schedule?: string | undefined
  readonly zone?: string | undefined
}

const Pod = z.object({ spec: PodSpec, status: z.object({ phase: text.nullish() }).nullish() })
const Templated = z.object({
  spec: z.object({ replicas: z.number().nullish(), suspend: flag, template: Template }),
  status: z.object({ completionTime: text.nullish() }).nullish(),
})
const CronJob = z.object({
  spec: z.object({
    schedule: z.string().max(200).nullish(),
    timeZone: z.string().max(100).nullish(),
    suspend: flag,
    jobTemplate: z.object({ spec: z.object({ template: Template }) }),
  }),
})
/** An Argo Rollout may leave its pods to a Deployment. */
export const WorkloadRef = z.object({
  spec: z.object({ workloadRef: z.object({ kind: text, name }) }),
})

/** The pods of a workload; undefined where it does not have the form of its kind. */
export function partsOf(kind: string, value: unknown): Parts | undefined {
  if (kind === 'Pod') {
    const pod = Pod.safeParse(value).data
    const over = pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed'
    return pod && { spec: pod.spec, state: over ? 'finished' : 'runs' }
  }
  if (kind === 'CronJob') {
    const job = CronJob.safeParse(value).data?.spec
    const { metadata, spec } = job?.jobTemplate.spec.template ?? {}
    if (!job || !spec) return undefined
    const state = job.suspend ? 'suspended' : 'runs'
    return { spec, template: metadata, state, schedule: job.schedule ?? '', zone: job.timeZone ?? undefined }
  }
  const templated = Templated.safeParse(value).data
  const { metadata, spec } = templated?.spec.template ?? {}
  if (!templated || !spec) return undefined
  return { spec, template: metadata, state: stateOf(templated) }
}

function stateOf({ spec, status }: z.infer<typeof Templated>): State {
  if (status?.completionTime) return 'finished'
  if (spec.suspend) return 'suspended'
  return spec.replicas === 0 ? 'scaled to zero' : 'runs'
}
