import { keys } from '../../graph/keys.ts'
import { declared, shortened, type Cluster, type Seen } from './cluster-facts.ts'
import { emitOwner } from './map-workloads.ts'
import { accessKeyIdsIn, Certificate, SealedSecret, Secret, SecretType } from './records.ts'

/** `helm.sh/release.v1` holds a whole release, values and all: never read. */
export function isHelmRelease(value: unknown): boolean {
  return SecretType.safeParse(value).data?.type?.startsWith('helm.sh/') === true
}

/** Keys that hold no secret: the same authority in every token would look like one value in many places. */
const publicKeys = new Set(['ca.crt', 'service-ca.crt', 'tls.crt', 'namespace'])

/**
 * Reads a Secret. Its values are fingerprinted here and dropped: what is kept are key names, fingerprints and ids of
 * access keys, which are no secrets. False where it does not have the form of a Secret.
 */
export function readSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const secret = Secret.safeParse(value).data
  if (!secret) return false
  const names: string[] = []
  const fingerprints: string[] = []
  const accessKeys = new Set<string>()
  for (const [key, plain] of [...secret.data.map(([k, v]) => [k, decoded(v)] as const), ...secret.stringData]) {
    names.push(shortened(key, 253))
    if (plain.trim() === '') continue
    const ids = accessKeyIdsIn(plain)
    for (const id of ids) accessKeys.add(id)
    if (publicKeys.has(key)) continue
    const fingerprint = ids[0] === plain.trim() ? undefined : cluster.context.fingerprint(plain, 'secret')
    if (fingerprint !== undefined) fingerprints.push(`${shortened(key, 253)}=${fingerprint}`)
  }
  const type = secret.type ?? 'Opaque'
  cluster.later(() => {
    const namespace = cluster.namespaceOf(seen)
    const id = cluster.secret(namespace, seen.meta.name!, seen.place)
    cluster.entity(
      {
        id,
        props: {
          type,
          keys: names.slice(0, 200),
          ...(fingerprints.length > 0 ? { fingerprints: fingerprints.slice(0, 200) } : {}),
          ...(secret.immutable ? { immutable: true } : {}),
        },
      },
      seen.place,
    )
    for (const accessKey of accessKeys) {
      cluster.entity(
        { id: keys.awsAccessKey(accessKey), kind: 'aws.iam_access_key', name: accessKey, aliases: [accessKey] },
        seen.place,
      )
      cluster.relationship(
        { kind: 'HOLDS', from: id, to: keys.awsAccessKey(accessKey) },
        declared(seen.place, 'a value of this secret is the id of the access key'),
      )
    }
    if (type === 'kubernetes.io/tls') holdsCertificate(cluster, seen, id)
    if (type === 'kubernetes.io/service-account-token') holdsToken(cluster, seen, namespace, id)
    emitOwner(cluster, seen, id)
  })
  return true
}

/** Values of `data` are base64; one that is not is looked at as it stands. */
function decoded(value: string): string {
  try {
    const bytes = Uint8Array.from(atob(value.trim()), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    return value
  }
}

function holdsCertificate(cluster: Cluster, seen: Seen, secret: string): void {
  const name = `certificate in ${seen.meta.name!}`
  const credential = cluster.entity({ id: `${secret}#tls`, kind: 'tls.certificate', name }, seen.place)
  cluster.relationship({ kind: 'HOLDS', from: secret, to: credential }, declared(seen.place, 'type kubernetes.io/tls'))
}

function holdsToken(cluster: Cluster, seen: Seen, namespace: string, secret: string): void {
  const account = seen.meta.annotations.get('kubernetes.io/service-account.name')
  const credential = cluster.entity(
    { id: `${secret}#token`, kind: 'k8s.sa_token_legacy_secret', name: `token in ${seen.meta.name!}` },
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

/** A SealedSecret becomes the Secret of its name; the sealed values are not taken. */
export function readSealedSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const sealed = SealedSecret.safeParse(value).data
  if (!sealed) return false
  cluster.later(() => {
    const id = cluster.secret(cluster.namespaceOf(seen), seen.meta.name!, seen.place)
    cluster.entity(
      { id, props: { keys: [...sealed.spec.encryptedData].slice(0, 200), sealed: true } },
      seen.place,
      'made by a SealedSecret',
    )
  })
  return true
}

/** cert-manager keeps a certificate in the Secret it names. */
export function readCertificate(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const certificate = Certificate.safeParse(value).data
  if (!certificate) return false
  cluster.later(() => {
    const id = cluster.secret(cluster.namespaceOf(seen), certificate.spec.secretName, seen.place)
    const name = `certificate in ${certificate.spec.secretName}`
    const credential = cluster.entity(
      { id: `${id}#tls`, kind: 'tls.certificate', name, props: { renewedBy: 'cert-manager' } },
      seen.place,
    )
    cluster.relationship({ kind: 'HOLDS', from: id, to: credential }, declared(seen.place, 'cert-manager Certificate'))
  })
  return true
}
