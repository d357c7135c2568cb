import { z } from 'zod'
import { isOwnership } from '../read/ownership-rules.ts'

/**
 * Only named fields are taken, and no others: what is not named is gone after parsing. Kubernetes writes `null` for
 * what is absent, so nearly everything is nullish.
 */
export const text = z.string().max(4096)
/** A name; the API server allows `""` in references, which names nothing. */
export const name = z.string().max(512)
/** A name without which an object says nothing. */
export const filled = z.string().min(1).max(512)
export const flag = z.boolean().nullish()
export const named = z.object({ name: name.nullish() })

/** A map of a file as pairs: its names never become keys of an object of ours. Values that are no text are left out. */
export function pairs(raw: unknown): [string, string][] {
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

export const namesOf = z
  .unknown()
  .optional()
  .transform((raw): readonly string[] =>
    typeof raw === 'object' && raw !== null ? Object.keys(raw).map((key) => key.slice(0, 253)) : [],
  )

const usefulLabels = new Set([
  'app.kubernetes.io/part-of',
  'pod-template-hash',
  'aadpodidbinding',
  'argocd.argoproj.io/secret-type',
  'kubernetes.io/legacy-token-last-used',
  'kubernetes.io/legacy-token-invalid-since',
  'sealedsecrets.bitnami.com/sealed-secrets-key',
])
/** Of the groups of which every annotation is a name, a path or a switch; `agent-inject-template-*` is cut to its paths. */
const usefulGroups = [
  'reloader.stakater.com/',
  'secret.reloader.stakater.com/',
  'secrets.exclude.reloader.stakater.com/',
  'vault.hashicorp.com/',
  'checksum/',
]
const usefulAnnotations = new Set([
  'wave.pusher.com/update-on-config-change',
  'kubernetes.io/service-account.name',
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'cert-manager.io/issuer',
  'cert-manager.io/cluster-issuer',
  'cert-manager.io/duration',
  'cert-manager.io/renew-before',
  'replicator.v1.mittwald.de/replicate-from',
  'reflector.v1.k8s.emberstack.com/reflects',
  'nginx.ingress.kubernetes.io/auth-secret',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/proxy-ssl-secret',
])
/** The path a Vault agent reads. */
export const agentSecret = 'vault.hashicorp.com/agent-inject-secret-'
/** May hold anything: only the paths it names are kept, as a list with commas. */
export const agentTemplate = 'vault.hashicorp.com/agent-inject-template-'

const usefulAnnotation = (a: string): boolean =>
  usefulAnnotations.has(a) || usefulGroups.some((group) => a.startsWith(group)) || isOwnership('annotation', a)

export const Meta = z.object({
  name: name.nullish(),
  namespace: z.string().max(253).nullish(),
  uid: text.nullish(),
  creationTimestamp: z.string().max(40).nullish(),
  labels: picked((label) => usefulLabels.has(label) || isOwnership('label', label)),
  annotations: picked(usefulAnnotation).transform(
    (all): ReadonlyMap<string, string> =>
      new Map([...all].map(([key, value]) => [key, key.startsWith(agentTemplate) ? templatePaths(value) : value])),
  ),
  ownerReferences: z.array(z.object({ kind: text, name: filled, controller: flag })).nullish(),
})
export type Meta = z.infer<typeof Meta>
export const Envelope = z.object({ metadata: Meta })

/** Paths in `{{ with secret "secret/data/db" }}` and `{{ secret "pki/issue/web" "ttl=1h" }}`; the rest of the text is dropped. */
function templatePaths(template: string): string {
  const paths = new Set<string>()
  for (let at = template.indexOf('secret "'); at >= 0 && paths.size < 50; at = template.indexOf('secret "', at + 8)) {
    const end = template.indexOf('"', at + 8)
    const path = end < 0 ? '' : template.slice(at + 8, end)
    if (path.includes('/') && path.length <= 300 && !/[\s,{}]/.test(path)) paths.add(path)
  }
  return [...paths].join(',')
}

/** All labels of an object, for what selects by them. */
export const Labelled = z.object({
  metadata: z.object({
    labels: z
      .unknown()
      .optional()
      .transform((raw): ReadonlyMap<string, string> => new Map(pairs(raw).slice(0, 200))),
  }),
})

export const Selector = z.object({
  matchLabels: z
    .unknown()
    .optional()
    .transform((raw): ReadonlyMap<string, string> => new Map(pairs(raw).slice(0, 100))),
  matchExpressions: z.array(z.object({ key: text, operator: text, values: z.array(text).nullish() })).nullish(),
})
export type Selector = z.infer<typeof Selector>

/** Does a label selector choose what has these labels? An operator that Kubernetes does not know chooses nothing. */
export function selects(selector: Selector, labels: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of selector.matchLabels) if (labels.get(key) !== value) return false
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const has = labels.has(key)
    const among = has && (values ?? []).includes(labels.get(key)!)
    if (operator === 'In') return among
    if (operator === 'NotIn') return !among
    if (operator === 'Exists') return has
    return operator === 'DoesNotExist' && !has
  })
}

/** Long-lived AWS access key ids in a text. */
export function accessKeyIdsIn(value: string): string[] {
  return [...new Set(value.match(/\bAKIA[A-Z0-9]{16}\b/g) ?? [])]
}

/** As operators write durations: text, or a bare number. */
export const duration = z.union([z.string().max(64), z.number()]).nullish()

const durationUnits = new Map([
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 0.001],
])

/** Seconds in a Go duration (`1h30m`, `0`); undefined where it is none. */
export function durationSeconds(text: string | number | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined
  if (typeof text === 'number' || text === '0') return Number(text) === 0 ? 0 : undefined
  const parts = [...text.matchAll(/([0-9]{1,12}(?:\.[0-9]{1,9})?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) return undefined
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * durationUnits.get(unit!)!, 0)
}

/** Host of an address, as the name under which a Vault is known; undefined for what is no address. */
export function hostOf(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  return new URL(address).hostname || undefined
}
