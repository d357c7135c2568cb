import { z } from 'zod'
import { duration, filled, flag, name, namesOf, Selector, text } from './meta.ts'

/** How External Secrets and its stores look; only the fields that say which secret, where and how often. */

const StoreRef = z.object({ name: name.nullish(), kind: text.nullish() })
export type StoreRef = z.infer<typeof StoreRef>
const Key = z.string().min(1).max(1024)
const Extract = z.object({ key: Key, property: text.nullish() })
const Find = z.object({ path: text.nullish(), name: z.object({ regexp: text.nullish() }).nullish(), tags: namesOf })
const SourceRef = z.object({ storeRef: StoreRef.nullish(), generatorRef: StoreRef.nullish() }).nullish()

export const ExternalSecretSpec = z.object({
  refreshInterval: duration,
  refreshPolicy: text.nullish(),
  secretStoreRef: StoreRef.nullish(),
  target: z
    .object({
      name: name.nullish(),
      creationPolicy: text.nullish(),
      immutable: flag,
      manifest: z.object({ kind: text.nullish() }).nullish(),
    })
    .nullish(),
  data: z.array(z.object({ secretKey: text.nullish(), remoteRef: Extract.nullish(), sourceRef: SourceRef })).nullish(),
  dataFrom: z.array(z.object({ extract: Extract.nullish(), find: Find.nullish(), sourceRef: SourceRef })).nullish(),
})
export type ExternalSecretSpec = z.infer<typeof ExternalSecretSpec>
/** What the operator says of its last fetch; absent in a manifest that was never applied. */
export const SyncStatus = z
  .object({ conditions: z.array(z.object({ type: text.nullish(), status: text.nullish() })).nullish() })
  .nullish()
  .catch(undefined)
export type SyncStatus = z.infer<typeof SyncStatus>
export const ExternalSecret = z.object({ spec: ExternalSecretSpec, status: SyncStatus })
export const ClusterExternalSecret = z.object({
  spec: z.object({
    externalSecretName: name.nullish(),
    externalSecretSpec: ExternalSecretSpec,
    namespaces: z.array(name).nullish(),
    namespaceSelector: Selector.nullish(),
    namespaceSelectors: z.array(Selector).nullish(),
  }),
})
const PushStoreRef = StoreRef.extend({ labelSelector: Selector.nullish() })
export const PushSecret = z.object({
  spec: z.object({
    refreshInterval: duration,
    updatePolicy: text.nullish(),
    deletionPolicy: text.nullish(),
    secretStoreRefs: z.array(PushStoreRef).nullish(),
    selector: z
      .object({
        secret: z.object({ name: name.nullish(), selector: Selector.nullish() }).nullish(),
        generatorRef: StoreRef.nullish(),
      })
      .nullish(),
    data: z
      .array(
        z.object({
          match: z.object({ secretKey: text.nullish(), remoteRef: z.object({ remoteKey: Key }).nullish() }).nullish(),
        }),
      )
      .nullish(),
    dataTo: z.array(z.unknown()).nullish(),
  }),
  status: SyncStatus,
})
export type PushSecret = z.infer<typeof PushSecret>

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
  for (let next = open.pop(); next && logins.length < 50; next = open.pop()) {
    const [field, value] = next
    if (typeof value !== 'object' || value === null) continue
    const { name, namespace, key } = value as { name?: unknown; namespace?: unknown; key?: unknown }
    const account = field === 'serviceAccountRef'
    const secret = typeof key === 'string' || /ecretRef$/.test(field)
    // `caProvider` names a secret or a config map with certificates: public, and no login.
    if (typeof name === 'string' && name !== '' && name.length <= 253 && (account || secret) && field !== 'caProvider')
      logins.push({
        what: account ? 'service-account' : 'secret',
        name,
        namespace: typeof namespace === 'string' && namespace !== '' ? namespace.slice(0, 253) : undefined,
        key: typeof key === 'string' ? key.slice(0, 253) : undefined,
      })
    for (const pair of Object.entries(value)) open.push(pair)
  }
  return logins
}
export const Logins = z.unknown().optional().transform(loginsIn)

const VaultRole = z
  .object({ mountPath: text.nullish(), path: text.nullish(), role: text.nullish() })
  .nullish()
  .catch(undefined)
/** Text where it is text, else as if absent: providers give one name to several shapes. */
const word = text.nullish().catch(undefined)
/** The fields by which providers tell which outside store they mean. */
export const Provider = z.object({
  server: word,
  path: word,
  version: word,
  service: word,
  region: word,
  role: word,
  projectID: z
    .union([text, z.number().transform(String)])
    .nullish()
    .catch(undefined),
  vaultUrl: word,
  remoteNamespace: word,
  identityId: word,
  project: word,
  config: word,
  connectHost: word,
  akeylessGWApiURL: word,
  url: word,
  hostAPI: word,
  organization: word,
  repository: word,
  environment: word,
  auth: z.object({ kubernetes: VaultRole, jwt: VaultRole }).nullish().catch(undefined),
})
export type Provider = z.infer<typeof Provider>
export const SecretStore = z.object({
  spec: z.object({
    provider: z
      .unknown()
      .optional()
      .transform((raw) => {
        const [type, settings] = Object.entries(typeof raw === 'object' && raw !== null ? raw : {})[0] ?? [
          'unknown',
          {},
        ]
        const known = Provider.safeParse(settings ?? {}).data ?? Provider.parse({})
        return { type: type.slice(0, 100), settings: known, logins: Logins.parse(settings) }
      }),
  }),
})
export type SecretStore = z.infer<typeof SecretStore>

/** A generator makes a value instead of fetching one; by what it logs in stands anywhere in its specification. */
export const Generator = z.object({ spec: Logins })

const Target = z.object({ kind: text, name })
const VaultCommon = {
  vaultAuthRef: text.nullish(),
  namespace: text.nullish(),
  mount: filled,
  destination: z.object({ name: name.nullish(), create: flag }).nullish(),
  rolloutRestartTargets: z.array(Target).nullish(),
}
export const VaultSecret = z.object({
  spec: z.object({
    ...VaultCommon,
    path: filled,
    type: text.nullish(),
    refreshAfter: duration,
    renewalPercent: z.number().nullish(),
  }),
})
export const VaultPkiSecret = z.object({
  spec: z.object({ ...VaultCommon, role: filled, commonName: text.nullish(), ttl: duration, expiryOffset: duration }),
})
export const Restarting = z.object({
  spec: z.object({ destination: z.object({ name: filled }), rolloutRestartTargets: z.array(Target) }),
})

const Login = z
  .object({
    role: text.nullish(),
    roleId: text.nullish(),
    serviceAccount: text.nullish(),
    secretRef: text.nullish(),
    irsaServiceAccount: text.nullish(),
    workloadIdentityServiceAccount: text.nullish(),
  })
  .nullish()
  .catch(undefined)
export const VaultAuth = z.object({
  spec: z
    .object({
      vaultConnectionRef: text.nullish(),
      method: text.nullish(),
      mount: text.nullish(),
      kubernetes: Login,
      jwt: Login,
      appRole: Login,
      aws: Login,
      gcp: Login,
    })
    .nullish(),
})
export type VaultAuth = z.infer<typeof VaultAuth>
export const VaultConnection = z.object({ spec: z.object({ address: text, caCertSecretRef: text.nullish() }) })
