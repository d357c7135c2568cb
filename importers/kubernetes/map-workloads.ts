import type { RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { DeliveryMode } from '../../graph/kinds/delivery.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { FileReport } from '../importer.ts'
import { declared, inferred, type Cluster, type Seen } from './cluster-facts.ts'
import { agentSecret, CronJob, Ingress, Pod, Templated, type Meta, type PodSpec } from './records.ts'
import { hostOf, vaultPath } from './map-external-secrets.ts'

/** Kinds that run containers: our kind, and the word in the key. */
export const workloadKinds = new Map<string, { kind: EntityKind; type: string }>([
  ['Deployment', { kind: 'k8s.deployment', type: 'deployment' }],
  ['StatefulSet', { kind: 'k8s.stateful_set', type: 'statefulset' }],
  ['DaemonSet', { kind: 'k8s.daemon_set', type: 'daemonset' }],
  ['ReplicaSet', { kind: 'k8s.replica_set', type: 'replicaset' }],
  ['ReplicationController', { kind: 'k8s.replication_controller', type: 'replicationcontroller' }],
  ['Job', { kind: 'k8s.job', type: 'job' }],
  ['CronJob', { kind: 'k8s.cron_job', type: 'cronjob' }],
  ['Pod', { kind: 'k8s.pod', type: 'pod' }],
])

interface SecretUse {
  readonly secret: string
  readonly delivery: DeliveryMode
  readonly soft: boolean
  readonly note: string
}

/** A workload as it is kept until all files are read: no specification, only what follows from it. */
interface Workload extends Seen {
  readonly account: string
  readonly tokenMounted: boolean | undefined
  readonly hasPullSecrets: boolean
  readonly uses: readonly SecretUse[]
  readonly accessKeys: readonly { id: string; env: string }[]
  readonly annotations: ReadonlyMap<string, string>
  readonly labels: ReadonlyMap<string, string>
  readonly schedule: string | undefined
  readonly state: 'runs' | 'finished' | 'suspended' | 'scaled to zero'
}

/** Reads a workload; false where it does not have the form of its kind. */
export function readWorkload(cluster: Cluster, seen: Seen, value: unknown, report: FileReport): boolean {
  const parts = partsOf(seen.kind, value)
  if (!parts) return false
  const { spec, template, state, schedule } = parts
  const mounts = (spec.volumes ?? []).filter((volume) => volume.csi?.driver === 'secrets-store.csi.k8s.io')
  for (const { csi } of mounts)
    report.note(
      `${seen.place.record}: mounts Secrets Store CSI class ${csi?.volumeAttributes?.secretProviderClass?.slice(0, 253) ?? '?'}, whose secrets are not read`,
    )
  const workload: Workload = {
    ...seen,
    account: spec.serviceAccountName || spec.serviceAccount || 'default',
    tokenMounted: spec.automountServiceAccountToken ?? undefined,
    hasPullSecrets: (spec.imagePullSecrets ?? []).length > 0,
    uses: usesOf(spec),
    accessKeys: containersOf(spec).flatMap((c) =>
      (c.env ?? []).flatMap((e) => (e.value === undefined ? [] : [{ id: e.value, env: e.name ?? '' }])),
    ),
    annotations: new Map([...seen.meta.annotations, ...(template?.annotations ?? [])]),
    labels: new Map([...(template?.labels ?? []), ...seen.meta.labels]),
    schedule,
    state,
  }
  cluster.note(seen, workload)
  cluster.later(() => emitWorkload(cluster, workload))
  return true
}

interface Parts {
  spec: PodSpec
  template?: Meta | null | undefined
  state: Workload['state']
  schedule?: string | undefined
}

function partsOf(kind: string, value: unknown): Parts | undefined {
  if (kind === 'Pod') {
    const pod = Pod.safeParse(value).data
    const over = pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed'
    return pod && { spec: pod.spec, state: over ? 'finished' : 'runs' }
  }
  if (kind === 'CronJob') {
    const job = CronJob.safeParse(value).data?.spec
    const { metadata, spec } = job?.jobTemplate.spec.template ?? {}
    if (!job || !spec) return undefined
    return { spec, template: metadata, state: job.suspend ? 'suspended' : 'runs', schedule: job.schedule ?? '' }
  }
  const templated = Templated.safeParse(value).data
  const { metadata, spec } = templated?.spec.template ?? {}
  if (!templated || !spec) return undefined
  const state = templated.status?.completionTime
    ? 'finished'
    : templated.spec.replicas === 0
      ? 'scaled to zero'
      : 'runs'
  return { spec, template: metadata, state }
}

function containersOf(spec: PodSpec) {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

/** Every way a pod names a secret. */
function usesOf(spec: PodSpec): SecretUse[] {
  const uses: SecretUse[] = []
  const use = (
    secret: string | null | undefined,
    delivery: DeliveryMode,
    optional: boolean | null | undefined,
    note: string,
  ) => {
    if (secret) uses.push({ secret, delivery, soft: optional === true, note })
  }
  for (const container of containersOf(spec)) {
    const at = container.name ? ` (container ${container.name})` : ''
    for (const { name, valueFrom } of container.env ?? []) {
      const ref = valueFrom?.secretKeyRef
      use(ref?.name, 'env_at_start', ref?.optional, `env ${name ?? '?'} from key ${ref?.key ?? '?'}${at}`)
    }
    for (const { prefix, secretRef } of container.envFrom ?? [])
      use(
        secretRef?.name,
        'env_at_start',
        secretRef?.optional,
        `all keys as env${prefix ? ` with prefix ${prefix}` : ''}${at}`,
      )
  }
  for (const volume of spec.volumes ?? []) {
    const sources = (volume.projected?.sources ?? []).flatMap((s) => (s.secret ? [s.secret] : []))
    if (volume.secret) sources.push({ name: volume.secret.secretName, optional: volume.secret.optional })
    for (const { delivery, note } of mountsOf(spec, volume.name ?? ''))
      for (const source of sources) use(source.name, delivery, source.optional, note)
    use(volume.csi?.nodePublishSecretRef?.name, 'deploy_time', false, `login of the CSI volume ${volume.name ?? ''}`)
  }
  for (const { name } of spec.imagePullSecrets ?? []) use(name, 'deploy_time', false, 'image pull secret')
  return uses
}

/** How containers see a volume: a `subPath` mount is never refreshed, the others are. */
function mountsOf(spec: PodSpec, volume: string): { delivery: DeliveryMode; note: string }[] {
  const mounts = containersOf(spec).flatMap((c) => (c.volumeMounts ?? []).filter((m) => m.name === volume))
  const fixed = mounts.some((m) => m.subPath || m.subPathExpr)
  const fresh = mounts.length === 0 || mounts.some((m) => !m.subPath && !m.subPathExpr)
  return [
    ...(fresh
      ? [
          {
            delivery: 'volume_refresh' as const,
            note: `volume ${volume}${mounts.length ? '' : ', mounted by no container'}`,
          },
        ]
      : []),
    ...(fixed ? [{ delivery: 'file_static' as const, note: `volume ${volume} by subPath` }] : []),
  ]
}

/** The controller that stands for this workload in the graph, if the export has it; else itself. */
function controllerOf(cluster: Cluster, workload: Workload): Workload {
  let top = workload
  // Pod, ReplicaSet, Deployment; Pod, Job, CronJob: never more than two steps, so a ring ends too.
  for (let step = 0; step < 2; step++) {
    const owner = top.meta.ownerReferences?.find((o) => o.controller !== false && workloadKinds.has(o.kind))
    const found = owner && cluster.find(owner.kind, top.meta.namespace ?? undefined, owner.name)
    if (!found) return top
    top = found as Workload
  }
  return top
}

function emitWorkload(cluster: Cluster, workload: Workload): void {
  const top = controllerOf(cluster, workload)
  const { kind, type } = workloadKinds.get(top.kind)!
  const namespace = cluster.namespaceOf(top)
  const name = top.meta.name!
  const id = keys.k8s(cluster.name, namespace, type, name)
  if (top === workload) {
    const state = {
      ...(top.schedule ? { schedule: top.schedule } : {}),
      ...(top.state === 'runs' ? {} : { state: top.state }),
    }
    cluster.entity(
      { id, kind, name, aliases: [`${namespace}/${name}`], props: { namespace, cluster: cluster.name, ...state } },
      top.place,
    )
    emitSystem(cluster, top, namespace, id)
    emitOwner(cluster, top, id)
  } else if (workload.kind !== 'Pod' || workload.state === 'finished') {
    // A ReplicaSet or Job under its controller repeats the template, or an older one: only its live pods count.
    return
  }
  emitUses(cluster, workload, top, namespace, id)
}

function emitUses(cluster: Cluster, workload: Workload, top: Workload, namespace: string, id: string): void {
  const rhythm = rhythmOf(top)
  const over = top.state === 'finished' ? ({ confidence: 'none' } as const) : {}
  const words = [rhythm.note, top.state === 'runs' ? undefined : top.state].filter(Boolean).join(', ')
  const said = (note: string) => declared(workload.place, words ? `${note}; ${words}` : note)

  const account = cluster.serviceAccount(namespace, workload.account, workload.place)
  const accountFound = cluster.find('ServiceAccount', top.meta.namespace ?? undefined, workload.account) as
    { automount: boolean | undefined; pullSecrets: readonly string[] } | undefined
  const mounted = workload.tokenMounted ?? accountFound?.automount ?? true
  cluster.relationship(
    // Without the token only a new pod needs the account.
    {
      kind: 'RUNS_AS',
      from: id,
      to: account,
      ...rhythm.cadence,
      ...over,
      ...(mounted ? {} : { strength: 'soft' as const }),
    },
    said(mounted ? 'service account' : 'service account, its token is not mounted'),
  )
  const inherited = workload.hasPullSecrets ? [] : (accountFound?.pullSecrets ?? [])
  const uses = [
    ...workload.uses,
    ...inherited.map((secret) => ({
      secret,
      delivery: 'deploy_time' as const,
      soft: false,
      note: 'image pull secret of the service account',
    })),
  ]
  for (const use of uses) {
    const secret = cluster.secret(namespace, use.secret, workload.place)
    const pickup = pickupOf(
      top,
      workload,
      use,
      cluster.find('restarts', namespace, `${use.secret}>${top.kind}/${top.meta.name}`) === true,
    )
    cluster.relationship(
      {
        id: `USES_SECRET ${id} > ${secret} ${use.delivery}`,
        kind: 'USES_SECRET',
        from: id,
        to: secret,
        delivery: use.delivery,
        ...(use.soft ? { strength: 'soft' as const } : {}),
        ...pickup.pickup,
        ...rhythm.cadence,
        ...over,
      },
      said(pickup.note ? `${use.note}; ${pickup.note}` : use.note),
    )
  }
  for (const key of workload.accessKeys) {
    const credential = cluster.entity({
      id: keys.awsAccessKey(key.id),
      kind: 'aws.iam_access_key',
      name: key.id,
      aliases: [key.id],
    })
    cluster.relationship(
      { kind: 'USES_CREDENTIAL', from: id, to: credential, delivery: 'hardcoded', ...rhythm.cadence, ...over },
      said(`id written in env ${key.env}`),
    )
  }
  emitVaultAgent(cluster, workload, id, account, rhythm.cadence)
}

/** What makes a consumer take a new value although its delivery would not: a new pod. */
function pickupOf(
  top: Workload,
  workload: Workload,
  use: SecretUse,
  restarted: boolean,
): { pickup: Pick<RelationshipFact, 'pickup'>; note?: string } {
  if (top.kind === 'CronJob' && use.delivery !== 'deploy_time')
    return { pickup: { pickup: [0, 0] }, note: 'each run is a new pod and reads the value then' }
  const fixed = use.delivery === 'env_at_start' || use.delivery === 'file_static'
  if (fixed && restarted)
    return { pickup: { pickup: [0, 120] }, note: 'the Vault Secrets Operator restarts it when the secret changes' }
  const annotation = (name: string) => top.annotations.get(name) ?? workload.annotations.get(name)
  const listed = annotation('secret.reloader.stakater.com/reload')
    ?.split(',')
    .map((n) => n.trim())
  const auto =
    annotation('reloader.stakater.com/auto') === 'true' || annotation('secret.reloader.stakater.com/auto') === 'true'
  if (fixed && (auto || listed?.includes(use.secret)))
    return { pickup: { pickup: [0, 120] }, note: 'Reloader restarts it when the secret changes' }
  return { pickup: {} }
}

function rhythmOf(top: Workload): { cadence: Pick<RelationshipFact, 'cadence'>; note?: string } {
  if (top.schedule === undefined) return { cadence: {} }
  const seconds = cadenceOf(top.schedule)
  if (seconds === undefined)
    return { cadence: {}, note: `schedule "${top.schedule}" is no single interval: cadence not known` }
  return { cadence: { cadence: seconds }, note: `schedule "${top.schedule}"` }
}

const cronNames = new Map([
  ['@hourly', 3600],
  ['@daily', 86_400],
  ['@midnight', 86_400],
  ['@weekly', 604_800],
])

/** Seconds between two runs of a cron schedule where they are always the same; otherwise undefined. */
export function cadenceOf(schedule: string): number | undefined {
  const named = cronNames.get(schedule.trim())
  if (named !== undefined) return named
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  if (day !== '*' || month !== '*') return undefined
  const one = (field: string): boolean => /^[0-9]{1,2}$/.test(field)
  if (weekday !== '*') return one(minute) && one(hour) && /^([0-7]|[A-Za-z]{3})$/.test(weekday) ? 604_800 : undefined
  if (hour === '*') return one(minute) ? 3600 : steps(minute, 60, 60)
  if (!one(minute)) return undefined
  return one(hour) ? 86_400 : steps(hour, 24, 3600)
}

/** Seconds of a field that is `*` or a step dividing its range; otherwise the last interval of each round is shorter. */
function steps(field: string, range: number, unit: number): number | undefined {
  if (field === '*') return unit
  const step = field.startsWith('*/') ? Number(field.slice(2)) : NaN
  return Number.isInteger(step) && step > 0 && range % step === 0 ? step * unit : undefined
}

function emitSystem(cluster: Cluster, top: Workload, namespace: string, id: string): void {
  const partOf = top.labels.get('app.kubernetes.io/part-of')
  // `default` and `kube-*` are in every cluster and name no business system.
  const generic = namespace === 'default' || namespace.startsWith('kube-')
  const name = partOf || (generic ? `${namespace} (${cluster.name})` : namespace)
  const system = cluster.entity({ id: keys.system(name), kind: 'business.system', name })
  cluster.relationship(
    { kind: 'DEPENDS_ON', from: system, to: id, ...(partOf ? {} : { confidence: 'possible' as const }) },
    partOf
      ? declared(top.place, 'label app.kubernetes.io/part-of')
      : inferred(top.place, 'system taken from the namespace'),
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

/** The Vault Agent injector: its annotations name the paths the agent renders into the pod. */
function emitVaultAgent(
  cluster: Cluster,
  workload: Workload,
  id: string,
  account: string,
  cadence: Pick<RelationshipFact, 'cadence'>,
): void {
  const said = (name: string) => workload.annotations.get(`vault.hashicorp.com/${name}`)
  if (said('agent-inject') !== 'true') return
  const address = hostOf(said('service')) ?? 'vault'
  const once = said('agent-pre-populate-only') === 'true'
  const role = said('role')
  if (role) {
    const mount = `${(said('auth-path') ?? 'auth/kubernetes').replace(/\/$/, '')}/`
    const identity = cluster.entity({ id: keys.vaultRole(address, mount, role), kind: 'vault.role', name: role })
    cluster.relationship(
      { kind: 'ASSUMES', from: account, to: identity, confidence: 'possible' },
      declared(workload.place, `Vault Agent logs in at ${mount}`),
    )
  }
  for (const [annotation, path] of workload.annotations) {
    if (!annotation.startsWith(agentSecret) || path === '') continue
    const secret = cluster.entity(vaultPath(address, path))
    const delivery: DeliveryMode = once ? 'file_static' : 'agent_template'
    cluster.relationship(
      {
        id: `USES_SECRET ${id} > ${secret} ${delivery}`,
        kind: 'USES_SECRET',
        from: id,
        to: secret,
        delivery,
        ...cadence,
      },
      declared(workload.place, `Vault Agent file ${annotation.slice(agentSecret.length)}`),
    )
  }
}

/** An Ingress serves the certificates it names; its controller watches the secrets. */
export function readIngress(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const ingress = Ingress.safeParse(value).data
  if (!ingress) return false
  const secrets = new Set((ingress.spec?.tls ?? []).flatMap((t) => (t.secretName ? [t.secretName] : [])))
  cluster.later(() => {
    if (secrets.size === 0) return
    const namespace = cluster.namespaceOf(seen)
    const name = seen.meta.name!
    const id = keys.k8s(cluster.name, namespace, 'ingress', name)
    cluster.entity(
      { id, kind: 'k8s.ingress', name, aliases: [`${namespace}/${name}`], props: { namespace, cluster: cluster.name } },
      seen.place,
    )
    for (const item of secrets) {
      const to = cluster.secret(namespace, item, seen.place)
      cluster.relationship(
        { kind: 'USES_SECRET', from: id, to, delivery: 'file_refresh' },
        declared(seen.place, 'TLS of the Ingress'),
      )
    }
  })
  return true
}
