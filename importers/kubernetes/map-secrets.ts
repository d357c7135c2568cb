import { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { Labelled, namesOf, text } from './meta.ts'
import { emitOwner } from './ownership.ts'
import { Secret, valueFacts, type ValueFacts } from './secret-values.ts'

const SecretType = z.object({ type: text.nullish() })
const SealedSecret = z.object({
  spec: z.object({
    encryptedData: namesOf,
    template: z.object({ type: text.nullish() }).nullish().catch(undefined),
  }),
})

/** `helm.sh/release.v1` holds a whole release, values and all: never read. */
export function isHelmRelease(value: unknown): boolean {
  return SecretType.safeParse(value).data?.type?.startsWith('helm.sh/') === true
}

/** Where Sealed Secrets keeps the keys that open every sealed copy. */
const sealingKey = 'sealedsecrets.bitnami.com/sealed-secrets-key'

/** Reads a Secret; its values are dropped at once. False where it does not have the form of a Secret. */
export function readSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const secret = Secret.safeParse(value).data
  if (!secret) return false
  const facts = valueFacts(secret, cluster.context.fingerprint)
  const type = (secret.type || 'Opaque').slice(0, 200)
  const immutable = secret.immutable === true
  if (immutable) cluster.note({ ...seen, kind: 'immutable' }, true)
  const changedAt = lastDataChange(value)
  const labels = Labelled.safeParse(value).data?.metadata.labels
  if (seen.meta.annotations.get('reloader.stakater.com/match') === 'true')
    cluster.note({ ...seen, kind: 'reloader match' }, true)
  const sealing = seen.meta.labels.has(sealingKey)
  if (sealing) cluster.note({ kind: 'operator', meta: { ...seen.meta, namespace: null, name: 'sealing key' } }, seen)
  cluster.later(() => {
    const namespace = cluster.namespaceOf(seen)
    const id = cluster.secret(namespace, seen.meta.name!, seen.place)
    cluster.entity({ id, props: propsOf(facts, seen, { type, immutable, sealing, changedAt }) }, seen.place)
    holdsAccessKeys(cluster, seen, id, facts.accessKeys)
    if (type === 'kubernetes.io/tls') holdsCertificate(cluster, seen, id, facts)
    if (type === 'kubernetes.io/service-account-token') holdsToken(cluster, seen, namespace, id)
    if (seen.meta.labels.has('argocd.argoproj.io/secret-type')) usedByArgo(cluster, seen, namespace, id)
    copiesOther(cluster, seen, namespace, id)
    emitOwner(cluster, seen, id)
  })
  if (labels?.size) cluster.labelSecret(seen.meta.namespace || 'default', seen.meta.name!, labels)
  return true
}

interface Said {
  readonly type: string
  readonly immutable: boolean
  readonly sealing: boolean
  readonly changedAt: string | undefined
}

function propsOf({ names, fingerprints, registries }: ValueFacts, { meta }: Seen, said: Said) {
  const { type, immutable, sealing, changedAt } = said
  return {
    type,
    keys: names.slice(0, 200),
    ...(fingerprints.length > 0 ? { fingerprints: fingerprints.slice(0, 200) } : {}),
    ...(registries.length > 0 ? { registries: registries.slice(0, 200) } : {}),
    ...(immutable ? { immutable: true } : {}),
    ...(sealing ? { opensSealedSecrets: true } : {}),
    ...createdAt({ meta }),
    ...(changedAt ? { changedAt } : {}),
  }
}

const isDay = (text: string): boolean => /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)

function createdAt({ meta }: Pick<Seen, 'meta'>): { createdAt?: string } {
  const at = meta.creationTimestamp
  return at && !Number.isNaN(Date.parse(at)) ? { createdAt: at } : {}
}

const Managed = z.object({
  metadata: z.object({
    managedFields: z
      .array(
        z.object({
          time: z.string().max(40).nullish(),
          fieldsV1: z.object({ 'f:data': z.unknown().optional() }).nullish(),
        }),
      )
      .nullish(),
  }),
})

/** When somebody last wrote the values, by `kubectl get --show-managed-fields`. */
function lastDataChange(value: unknown): string | undefined {
  const fields = Managed.safeParse(value).data?.metadata.managedFields ?? []
  const times = fields.flatMap(({ time, fieldsV1 }) =>
    time && fieldsV1?.['f:data'] !== undefined && !Number.isNaN(Date.parse(time)) ? [time] : [],
  )
  return times.sort().at(-1)
}

function holdsAccessKeys(cluster: Cluster, seen: Seen, id: string, accessKeys: readonly string[]): void {
  for (const accessKey of accessKeys) {
    const key = keys.awsAccessKey(accessKey)
    cluster.entity({ id: key, kind: 'aws.iam_access_key', name: accessKey, aliases: [accessKey] }, seen.place)
    cluster.relationship(
      { kind: 'HOLDS', from: id, to: key },
      declared(seen.place, 'a value of this secret is the id of the access key'),
    )
  }
}

function holdsCertificate(cluster: Cluster, seen: Seen, secret: string, { certificate }: ValueFacts): void {
  const name = `certificate in ${seen.meta.name!}`
  const credential = cluster.entity(
    { id: `${secret}#tls`, kind: 'tls.certificate', name, ...(certificate && { props: certificate }) },
    seen.place,
  )
  cluster.relationship({ kind: 'HOLDS', from: secret, to: credential }, declared(seen.place, 'type kubernetes.io/tls'))
}

function holdsToken(cluster: Cluster, seen: Seen, namespace: string, secret: string): void {
  const account = seen.meta.annotations.get('kubernetes.io/service-account.name')
  const used = seen.meta.labels.get('kubernetes.io/legacy-token-last-used')
  const invalid = seen.meta.labels.get('kubernetes.io/legacy-token-invalid-since')
  const credential = cluster.entity(
    {
      id: `${secret}#token`,
      kind: 'k8s.sa_token_legacy_secret',
      name: `token in ${seen.meta.name!}`,
      props: {
        // The API server writes the day of the last use on the secret (1.28 and later).
        ...(used && isDay(used) ? { lastUsedAt: used } : {}),
        ...(invalid && isDay(invalid) ? { status: 'invalid', invalidSince: invalid } : {}),
        ...createdAt(seen),
      },
    },
    seen.place,
  )
  cluster.relationship(
    { kind: 'HOLDS', from: secret, to: credential },
    declared(seen.place, 'type kubernetes.io/service-account-token'),
  )
  if (!account) return
  const identity = cluster.serviceAccount(namespace, account, seen.place)
  cluster.relationship(
    { kind: 'AUTHENTICATES_AS', from: credential, to: identity },
    declared(seen.place, 'annotation kubernetes.io/service-account.name'),
  )
}

/** Operators that copy secrets from namespace to namespace, by the annotation on the copy. */
const copyAnnotations = ['replicator.v1.mittwald.de/replicate-from', 'reflector.v1.k8s.emberstack.com/reflects']

function copiesOther(cluster: Cluster, seen: Seen, namespace: string, id: string): void {
  for (const annotation of copyAnnotations) {
    const [ns, item] = twoParts(seen.meta.annotations.get(annotation) ?? '', namespace)
    if (item === '') continue
    const to = cluster.secret(ns, item, seen.place)
    if (to === id) continue
    cluster.relationship(
      // They watch the source; no interval is promised, so none is stated.
      { kind: 'SYNCED_FROM', from: id, to, delivery: 'operator_sync' },
      declared(seen.place, `annotation ${annotation}`),
    )
  }
}

/** `namespace/name`, or a name in this namespace. */
function twoParts(reference: string, namespace: string): [string, string] {
  const slash = reference.indexOf('/')
  const parts: [string, string] =
    slash < 0 ? [namespace, reference] : [reference.slice(0, slash), reference.slice(slash + 1)]
  return parts[0] === '' || parts[0].length > 253 || parts[1].length > 253 ? [namespace, ''] : parts
}

/** Argo CD finds its repositories and clusters by a label on their secrets. */
function usedByArgo(cluster: Cluster, seen: Seen, namespace: string, secret: string): void {
  const type = seen.meta.labels.get('argocd.argoproj.io/secret-type')!.slice(0, 60)
  const argo = cluster.entity(
    {
      id: keys.k8s(cluster.name, namespace, 'argocd', 'argo-cd'),
      kind: 'k8s.custom_resource',
      name: 'Argo CD',
      props: { namespace, cluster: cluster.name, type: 'Argo CD' },
    },
    seen.place,
  )
  cluster.relationship(
    { kind: 'USES_SECRET', from: argo, to: secret, delivery: 'fetch_per_use' },
    declared(seen.place, `label argocd.argoproj.io/secret-type: ${type}`),
  )
}

/** A SealedSecret becomes the Secret of its name; the sealed values are not taken. */
export function readSealedSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const sealed = SealedSecret.safeParse(value).data
  if (!sealed) return false
  cluster.later(() => {
    const id = cluster.secret(cluster.namespaceOf(seen), seen.meta.name!, seen.place)
    const type = sealed.spec.template?.type
    cluster.entity(
      { id, props: { keys: [...sealed.spec.encryptedData].slice(0, 200), sealed: true, ...(type && { type }) } },
      seen.place,
      'made by a SealedSecret',
    )
    const key = cluster.find('operator', null, 'sealing key') as Seen | undefined
    if (key === undefined) return
    const keySecret = cluster.secret(cluster.namespaceOf(key), key.meta.name!, key.place)
    cluster.relationship(
      { kind: 'CONTAINED_IN', from: id, to: keySecret },
      declared(seen.place, 'whoever has the sealing key opens the sealed copy, wherever that lies'),
    )
  })
  return true
}
