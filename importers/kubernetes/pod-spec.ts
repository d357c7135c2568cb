import { z } from 'zod'
import type { DeliveryMode } from '../../graph/kinds/delivery.ts'
import { accessKeyIdsIn, flag, Meta, name, named, text } from './meta.ts'

/** An id of an AWS access key is an identifier, kept; everything else a literal may hold is dropped here. */
const accessKeyId = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? accessKeyIdsIn(value)[0] : undefined))

/** Switches of operators that decide whether a secret is refreshed; every other argument is dropped. */
const usefulSwitches = ['--enable-secret-rotation', '--rotation-poll-interval']
function switchesOf(raw: unknown): readonly string[] {
  if (!Array.isArray(raw)) return []
  return raw.filter((one): one is string => typeof one === 'string' && usefulSwitches.some((s) => one.startsWith(s)))
}

const SecretRef = z.object({ name: name.nullish(), optional: flag })
const Container = z.object({
  name: text.nullish(),
  args: z.unknown().optional().transform(switchesOf),
  command: z.unknown().optional().transform(switchesOf),
  env: z
    .array(
      z.object({
        name: text.nullish(),
        value: accessKeyId,
        valueFrom: z.object({ secretKeyRef: SecretRef.extend({ key: text.nullish() }).nullish() }).nullish(),
      }),
    )
    .nullish(),
  envFrom: z.array(z.object({ prefix: text.nullish(), secretRef: SecretRef.nullish() })).nullish(),
  volumeMounts: z
    .array(z.object({ name: text.nullish(), subPath: text.nullish(), subPathExpr: text.nullish() }))
    .nullish(),
})
const TokenSource = z.object({ audience: text.nullish(), expirationSeconds: z.number().nullish() })
/** Drivers that log in to their storage: the field of the volume, and the field in it that names the secret. */
const storageDrivers = [
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef'],
  ['rbd', 'secretRef'],
  ['flexVolume', 'secretRef'],
  ['iscsi', 'secretRef'],
  ['scaleIO', 'secretRef'],
  ['storageos', 'secretRef'],
  ['cinder', 'secretRef'],
] as const
const Driver = z.object({ secretName: name.nullish(), secretRef: named.nullish() }).nullish().catch(undefined)
const Volume = z.object({
  name: text.nullish(),
  secret: z.object({ secretName: name.nullish(), optional: flag }).nullish(),
  projected: z
    .object({
      sources: z.array(z.object({ secret: SecretRef.nullish(), serviceAccountToken: TokenSource.nullish() })).nullish(),
    })
    .nullish(),
  csi: z
    .object({
      driver: text.nullish(),
      volumeAttributes: z.object({ secretProviderClass: text.nullish() }).nullish(),
      nodePublishSecretRef: named.nullish(),
    })
    .nullish(),
  azureFile: Driver,
  cephfs: Driver,
  rbd: Driver,
  flexVolume: Driver,
  iscsi: Driver,
  scaleIO: Driver,
  storageos: Driver,
  cinder: Driver,
})
export const PodSpec = z.object({
  serviceAccountName: text.nullish(),
  serviceAccount: text.nullish(),
  automountServiceAccountToken: flag,
  containers: z.array(Container).nullish(),
  initContainers: z.array(Container).nullish(),
  ephemeralContainers: z.array(Container).nullish(),
  volumes: z.array(Volume).nullish(),
  imagePullSecrets: z.array(named).nullish(),
})
export type PodSpec = z.infer<typeof PodSpec>
export const Template = z.object({ metadata: Meta.nullish(), spec: PodSpec.nullish() })

export interface SecretUse {
  readonly secret: string
  readonly delivery: DeliveryMode
  readonly soft: boolean
  readonly note: string
}

/** A token of the service account that a pod asks for: for whom, and for how many seconds. */
export interface ProjectedToken {
  readonly audience: string | undefined
  readonly seconds: number | undefined
}

export interface PodNeeds {
  readonly account: string
  readonly tokenMounted: boolean | undefined
  readonly hasPullSecrets: boolean
  readonly uses: readonly SecretUse[]
  readonly tokens: readonly ProjectedToken[]
  /** Classes of the Secrets Store CSI driver that are mounted. */
  readonly classes: readonly string[]
  readonly accessKeys: readonly { readonly id: string; readonly env: string }[]
  readonly switches: readonly string[]
}

/** What a pod needs of secrets and tokens; nothing else of its specification is kept. */
export function needsOf(spec: PodSpec): PodNeeds {
  const volumes = spec.volumes ?? []
  return {
    account: spec.serviceAccountName || spec.serviceAccount || 'default',
    tokenMounted: spec.automountServiceAccountToken ?? undefined,
    hasPullSecrets: (spec.imagePullSecrets ?? []).length > 0,
    uses: usesOf(spec),
    tokens: volumes.flatMap((volume) =>
      (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) =>
        // What every pod is given without asking (`kube-api-access-…`) is no wish of its own.
        token && !volume.name?.startsWith('kube-api-access-')
          ? [{ audience: token.audience ?? undefined, seconds: token.expirationSeconds ?? undefined }]
          : [],
      ),
    ),
    classes: volumes.flatMap(({ csi }) =>
      csi?.driver === 'secrets-store.csi.k8s.io' && csi.volumeAttributes?.secretProviderClass
        ? [csi.volumeAttributes.secretProviderClass]
        : [],
    ),
    accessKeys: containersOf(spec).flatMap((c) =>
      (c.env ?? []).flatMap((e) => (e.value === undefined ? [] : [{ id: e.value, env: e.name ?? '' }])),
    ),
    switches: containersOf(spec).flatMap((c) => [...c.command, ...c.args]),
  }
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
    const words = optional === true ? `${note}, optional: it starts without it` : note
    if (secret) uses.push({ secret, delivery, soft: optional === true, note: words })
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
    for (const [driver, field] of storageDrivers) {
      const login = field === 'secretName' ? volume[driver]?.secretName : volume[driver]?.secretRef?.name
      use(login, 'deploy_time', false, `login of the ${driver} volume ${volume.name ?? ''}, read when it is mounted`)
    }
  }
  for (const { name } of spec.imagePullSecrets ?? []) use(name, 'deploy_time', false, 'image pull secret')
  return uses
}

/** How containers see a volume: a `subPath` mount is never refreshed, the others are. */
function mountsOf(spec: PodSpec, volume: string): { delivery: DeliveryMode; note: string }[] {
  const mounts = containersOf(spec).flatMap((c) => (c.volumeMounts ?? []).filter((m) => m.name === volume))
  const fixed = mounts.some((m) => m.subPath || m.subPathExpr)
  const fresh = mounts.length === 0 || mounts.some((m) => !m.subPath && !m.subPathExpr)
  const unmounted = mounts.length ? '' : ', mounted by no container'
  return [
    ...(fresh ? [{ delivery: 'volume_refresh' as const, note: `volume ${volume}${unmounted}` }] : []),
    ...(fixed ? [{ delivery: 'file_static' as const, note: `volume ${volume} by subPath, never refreshed` }] : []),
  ]
}
