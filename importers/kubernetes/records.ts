import { z } from 'zod'

/**
 * The fields this importer takes, and no others: what is not named here is gone after parsing. Kubernetes writes
 * `null` for what is absent, so nearly everything is nullish.
 */

const text = z.string().max(4096)
const name = z.string().min(1).max(512)
const flag = z.boolean().nullish()

/** A map of a file as pairs: its names never become keys of an object of ours. Values that are no text are left out. */
function pairs(raw: unknown): [string, string][] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return []
  return Object.entries(raw).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[key, value]] : typeof value === 'boolean' ? [[key, String(value)]] : [],
  )
}

const picked = (wanted: (name: string) => boolean) =>
  z
    .unknown()
    .optional()
    .transform(
      (raw): ReadonlyMap<string, string> => new Map(pairs(raw).filter(([key]) => key.length <= 320 && wanted(key))),
    )

const namesOf = z
  .unknown()
  .optional()
  .transform((raw): readonly string[] =>
    typeof raw === 'object' && raw !== null ? Object.keys(raw).map((key) => key.slice(0, 253)) : [],
  )

/** `owner`, `team`, `example.com/owner`: the rule for ownership until it can be configured. */
const saysOwner = (name: string): boolean => ['owner', 'team'].includes(name.slice(name.lastIndexOf('/') + 1))
const usefulLabels = new Set(['app.kubernetes.io/part-of', 'pod-template-hash'])
const usefulAnnotations = new Set([
  'reloader.stakater.com/auto',
  'secret.reloader.stakater.com/auto',
  'secret.reloader.stakater.com/reload',
  'kubernetes.io/service-account.name',
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'vault.hashicorp.com/agent-inject',
  'vault.hashicorp.com/agent-pre-populate-only',
  'vault.hashicorp.com/role',
  'vault.hashicorp.com/auth-path',
  'vault.hashicorp.com/service',
  'vault.hashicorp.com/namespace',
])
/** The path a Vault agent reads; `agent-inject-template-*` may hold anything and is not taken. */
export const agentSecret = 'vault.hashicorp.com/agent-inject-secret-'

export const Meta = z.object({
  name: name.nullish(),
  namespace: z.string().max(253).nullish(),
  uid: text.nullish(),
  labels: picked((label) => usefulLabels.has(label) || saysOwner(label)),
  annotations: picked((a) => usefulAnnotations.has(a) || a.startsWith(agentSecret) || saysOwner(a)),
  ownerReferences: z.array(z.object({ kind: text, name, controller: flag })).nullish(),
})
export type Meta = z.infer<typeof Meta>
export const Envelope = z.object({ metadata: Meta })

/** An id of an AWS access key is an identifier, kept; everything else a literal may hold is dropped here. */
const accessKeyId = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? accessKeyIdsIn(value)[0] : undefined))

/** Long-lived AWS access key ids in a text. */
export function accessKeyIdsIn(value: string): string[] {
  return [...new Set(value.match(/\bAKIA[A-Z0-9]{16}\b/g) ?? [])]
}

const SecretRef = z.object({ name: name.nullish(), optional: flag })
const Container = z.object({
  name: text.nullish(),
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
const Volume = z.object({
  name: text.nullish(),
  secret: z.object({ secretName: name.nullish(), optional: flag }).nullish(),
  projected: z.object({ sources: z.array(z.object({ secret: SecretRef.nullish() })).nullish() }).nullish(),
  csi: z
    .object({
      driver: text.nullish(),
      volumeAttributes: z.object({ secretProviderClass: text.nullish() }).nullish(),
      nodePublishSecretRef: z.object({ name: name.nullish() }).nullish(),
    })
    .nullish(),
})
export const PodSpec = z.object({
  serviceAccountName: text.nullish(),
  serviceAccount: text.nullish(),
  automountServiceAccountToken: flag,
  containers: z.array(Container).nullish(),
  initContainers: z.array(Container).nullish(),
  ephemeralContainers: z.array(Container).nullish(),
  volumes: z.array(Volume).nullish(),
  imagePullSecrets: z.array(z.object({ name: name.nullish() })).nullish(),
})
export type PodSpec = z.infer<typeof PodSpec>

const Template = z.object({ metadata: Meta.nullish(), spec: PodSpec.nullish() })
export const Pod = z.object({ spec: PodSpec, status: z.object({ phase: text.nullish() }).nullish() })
export const Templated = z.object({
  spec: z.object({ replicas: z.number().nullish(), template: Template }),
  status: z.object({ completionTime: text.nullish() }).nullish(),
})
export const CronJob = z.object({
  spec: z.object({
    schedule: z.string().max(200).nullish(),
    suspend: flag,
    jobTemplate: z.object({ spec: z.object({ template: Template }) }),
  }),
})

/** `data` and `stringData` are fingerprinted by the mapper at once and kept nowhere. */
export const Secret = z.object({
  type: text.nullish(),
  immutable: flag,
  data: z.unknown().optional().transform(pairs),
  stringData: z.unknown().optional().transform(pairs),
})
export const SecretType = z.object({ type: text.nullish() })
export const SealedSecret = z.object({ spec: z.object({ encryptedData: namesOf }) })
export const Certificate = z.object({ spec: z.object({ secretName: name }) })
export const Ingress = z.object({
  spec: z.object({ tls: z.array(z.object({ secretName: name.nullish() })).nullish() }).nullish(),
})

export const ServiceAccount = z.object({
  automountServiceAccountToken: flag,
  imagePullSecrets: z.array(z.object({ name: name.nullish() })).nullish(),
})
const strings = z.array(text).nullish()
export const Role = z.object({
  rules: z
    .array(z.object({ apiGroups: strings, resources: strings, verbs: strings, resourceNames: strings }))
    .nullish(),
})
export const Binding = z.object({
  roleRef: z.object({ kind: text, name }),
  subjects: z.array(z.object({ kind: text, name, namespace: text.nullish() })).nullish(),
})

/** Kustomize and Flux: where objects without a namespace go. */
export const Kustomization = z.object({ namespace: name.nullish() })
export const FluxKustomization = z.object({ spec: z.object({ path: text.nullish(), targetNamespace: name.nullish() }) })

const StoreRef = z.object({ name: name.nullish(), kind: text.nullish() })
export type StoreRef = z.infer<typeof StoreRef>
const Extract = z.object({ key: z.string().min(1).max(1024), property: text.nullish() })
const Find = z.object({ path: text.nullish(), name: z.object({ regexp: text.nullish() }).nullish(), tags: namesOf })
/** As External Secrets writes durations: text, or a bare 0. */
const duration = z.union([z.string().max(64), z.number()]).nullish()
export const ExternalSecretSpec = z.object({
  refreshInterval: duration,
  refreshPolicy: text.nullish(),
  secretStoreRef: StoreRef.nullish(),
  target: z.object({ name: name.nullish() }).nullish(),
  data: z
    .array(
      z.object({
        secretKey: text.nullish(),
        remoteRef: Extract.nullish(),
        sourceRef: z.object({ storeRef: StoreRef.nullish() }).nullish(),
      }),
    )
    .nullish(),
  dataFrom: z
    .array(
      z.object({
        extract: Extract.nullish(),
        find: Find.nullish(),
        sourceRef: z.object({ storeRef: StoreRef.nullish(), generatorRef: StoreRef.nullish() }).nullish(),
      }),
    )
    .nullish(),
})
export type ExternalSecretSpec = z.infer<typeof ExternalSecretSpec>
export const ExternalSecret = z.object({ spec: ExternalSecretSpec })
export const ClusterExternalSecret = z.object({
  spec: z.object({
    externalSecretName: name.nullish(),
    externalSecretSpec: ExternalSecretSpec,
    namespaces: z.array(name).nullish(),
    refreshTime: duration,
  }),
})
export const PushSecret = z.object({
  spec: z.object({
    refreshInterval: duration,
    secretStoreRefs: z.array(StoreRef).nullish(),
    selector: z.object({ secret: z.object({ name: name.nullish() }).nullish() }).nullish(),
    data: z
      .array(
        z.object({
          match: z.object({ remoteRef: z.object({ remoteKey: z.string().min(1).max(1024) }).nullish() }).nullish(),
        }),
      )
      .nullish(),
  }),
})

/** A secret or service account by which a store logs in; found anywhere in its `auth`, because every provider nests it differently. */
export interface LoginRef {
  readonly what: 'secret' | 'service-account'
  readonly name: string
  readonly namespace: string | undefined
  readonly key: string | undefined
}

function loginsIn(raw: unknown): LoginRef[] {
  const logins: LoginRef[] = []
  const open: [string, unknown][] = [['', raw]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [field, value] = next
    if (typeof value !== 'object' || value === null) continue
    const { name, namespace, key } = value as { name?: unknown; namespace?: unknown; key?: unknown }
    const at = typeof namespace === 'string' ? namespace : undefined
    const account = field === 'serviceAccountRef'
    if (
      typeof name === 'string' &&
      name.length <= 253 &&
      (account || typeof key === 'string' || /ecretRef$/.test(field))
    )
      logins.push({
        what: account ? 'service-account' : 'secret',
        name,
        namespace: at,
        key: typeof key === 'string' ? key.slice(0, 253) : undefined,
      })
    for (const pair of Object.entries(value)) open.push(pair)
  }
  return logins
}

const logins = z.unknown().optional().transform(loginsIn)
const VaultAuthRole = z.object({ mountPath: text.nullish(), path: text.nullish(), role: text.nullish() }).nullish()
/** The first provider named in a store, with what tells which outside store it is. */
export const Provider = z.object({
  server: text.nullish(),
  path: text.nullish(),
  version: text.nullish(),
  namespace: text.nullish(),
  service: text.nullish(),
  region: text.nullish(),
  role: text.nullish(),
  projectID: text.nullish(),
  vaultUrl: text.nullish(),
  remoteNamespace: text.nullish(),
  auth: z.object({ kubernetes: VaultAuthRole, jwt: VaultAuthRole }).nullish(),
})
export type Provider = z.infer<typeof Provider>
export const SecretStore = z.object({
  spec: z.object({
    provider: z
      .unknown()
      .optional()
      .transform((raw, context) => {
        const [type, settings] = Object.entries(typeof raw === 'object' && raw !== null ? raw : {})[0] ?? [
          'unknown',
          {},
        ]
        const known = Provider.safeParse(settings ?? {})
        if (!known.success) {
          context.addIssue({ code: 'custom', message: 'provider' })
          return z.NEVER
        }
        return { type, settings: known.data, logins: logins.parse(settings) }
      }),
  }),
})
export type SecretStore = z.infer<typeof SecretStore>

export const VaultSecret = z.object({
  spec: z.object({
    vaultAuthRef: text.nullish(),
    mount: name,
    path: name,
    type: text.nullish(),
    refreshAfter: duration,
    destination: z.object({ name: name }),
    rolloutRestartTargets: z.array(z.object({ kind: text, name })).nullish(),
  }),
})
export const VaultAuth = z.object({ spec: z.object({ vaultConnectionRef: text.nullish() }).nullish() })
export const VaultConnection = z.object({ spec: z.object({ address: text }) })
