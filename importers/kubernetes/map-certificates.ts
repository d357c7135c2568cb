import { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { clusterWide, emitLogin } from './map-stores.ts'
import { duration, durationSeconds, filled, hostOf, name, text } from './meta.ts'
import { Logins, type LoginRef } from './store-records.ts'

const PasswordRef = z
  .object({ passwordSecretRef: z.object({ name: name.nullish() }).nullish() })
  .nullish()
  .catch(undefined)
const Certificate = z.object({
  spec: z.object({
    secretName: filled,
    duration,
    renewBefore: duration,
    commonName: text.nullish(),
    dnsNames: z.array(text).nullish(),
    isCA: z.boolean().nullish(),
    issuerRef: z.object({ name: filled, kind: text.nullish(), group: text.nullish() }).nullish(),
    privateKey: z.object({ rotationPolicy: text.nullish() }).nullish(),
    keystores: z.object({ jks: PasswordRef, pkcs12: PasswordRef }).nullish(),
  }),
})

/** cert-manager's own defaults: 90 days, renewed when a third is left (cert-manager.io, "Certificate"). */
const DEFAULT_LIFE = 7_776_000

export const issuerKey = (cluster: Cluster, kind: string, namespace: string, item: string): string =>
  keys.k8s(cluster.name, kind === 'ClusterIssuer' ? clusterWide : namespace, kind.toLowerCase(), item)

/** cert-manager keeps a certificate in the Secret it names, and renews it as long as its issuer works. */
export function readCertificate(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = Certificate.safeParse(value).data?.spec
  if (!spec) return false
  const life = durationSeconds(spec.duration) || DEFAULT_LIFE
  const early = durationSeconds(spec.renewBefore) ?? Math.floor(life / 3)
  cluster.later(() => {
    const namespace = cluster.namespaceOf(seen)
    const id = cluster.secret(namespace, spec.secretName, seen.place)
    const credential = cluster.entity(
      {
        id: `${id}#tls`,
        kind: 'tls.certificate',
        name: `certificate in ${spec.secretName}`,
        props: {
          renewedBy: 'cert-manager',
          lifetimeSeconds: life,
          renewsBeforeSeconds: early,
          ...(spec.commonName ? { commonName: spec.commonName.slice(0, 253) } : {}),
          ...(spec.dnsNames?.length ? { dnsNames: spec.dnsNames.slice(0, 50).map((dns) => dns.slice(0, 253)) } : {}),
          ...(spec.isCA ? { isAuthority: true } : {}),
          ...(spec.privateKey?.rotationPolicy === 'Never' ? { keepsItsKey: true } : {}),
        },
      },
      seen.place,
    )
    const what = `cert-manager Certificate ${seen.meta.name!}`
    cluster.relationship({ kind: 'HOLDS', from: id, to: credential }, declared(seen.place, what))
    const owner = cluster.entity(
      {
        id: keys.k8s(cluster.name, namespace, 'certificate', seen.meta.name!),
        kind: 'k8s.custom_resource',
        name: seen.meta.name!,
        props: { namespace, cluster: cluster.name, type: 'Certificate' },
      },
      seen.place,
    )
    for (const store of [spec.keystores?.jks, spec.keystores?.pkcs12]) {
      const password = store?.passwordSecretRef?.name
      if (password)
        cluster.relationship(
          {
            kind: 'USES_SECRET',
            from: owner,
            to: cluster.secret(namespace, password, seen.place),
            delivery: 'fetch_per_use',
          },
          declared(seen.place, 'password of the key store'),
        )
    }
    if (spec.issuerRef) emitIssuedBy(cluster, seen, credential, spec.issuerRef, namespace, { life, early, what })
  })
  return true
}

/** An Ingress or Gateway whose annotation asks cert-manager for the certificates it serves. */
export function emitRequested(cluster: Cluster, seen: Seen, namespace: string, secret: string, item: string): void {
  const said = (name: string) => seen.meta.annotations.get(`cert-manager.io/${name}`)
  const kind = said('cluster-issuer') ? 'ClusterIssuer' : 'Issuer'
  const issuer = said('cluster-issuer') ?? said('issuer')
  if (!issuer || issuer.length > 253) return
  const life = durationSeconds(said('duration')) || DEFAULT_LIFE
  const early = durationSeconds(said('renew-before')) ?? Math.floor(life / 3)
  const name = `certificate in ${item}`
  const props = { renewedBy: 'cert-manager' }
  const credential = cluster.entity({ id: `${secret}#tls`, kind: 'tls.certificate', name, props }, seen.place)
  const what = `${seen.kind} ${seen.meta.name!} asks cert-manager`
  cluster.relationship({ kind: 'HOLDS', from: secret, to: credential }, declared(seen.place, what))
  emitIssuedBy(cluster, seen, credential, { name: issuer, kind }, namespace, { life, early, what })
}

interface Renewal {
  readonly life: number
  readonly early: number
  readonly what: string
}

/**
 * Without its issuer a certificate stays good until it expires: at least `early` seconds, when the issuer is lost just
 * before the renewal, and at most its whole life.
 */
function emitIssuedBy(
  cluster: Cluster,
  seen: Seen,
  credential: string,
  { name: item, kind }: { name: string; kind?: string | null | undefined },
  namespace: string,
  { life, early, what }: Renewal,
): void {
  const type = kind || 'Issuer'
  const issuer = cluster.entity({
    id: issuerKey(cluster, type, namespace, item),
    kind: 'k8s.issuer',
    name: item,
    props: { cluster: cluster.name, ...(type === 'ClusterIssuer' ? {} : { namespace }) },
  })
  cluster.relationship(
    { kind: 'ISSUED_BY', from: credential, to: issuer, tolerance: [Math.min(early, life), life] },
    declared(
      seen.place,
      `${what}: good for ${life} s, renewed ${early} s before its end by ${type} ${item}`.slice(0, 380),
    ),
  )
}

const Issuer = z.object({
  spec: z.object({
    acme: z
      .object({
        server: text.nullish(),
        privateKeySecretRef: z.object({ name: name.nullish() }).nullish(),
        externalAccountBinding: z.unknown().optional(),
        solvers: z.unknown().optional(),
      })
      .nullish(),
    ca: z.object({ secretName: name.nullish() }).nullish(),
    vault: z.object({ server: text.nullish(), path: text.nullish(), auth: z.unknown().optional() }).nullish(),
    venafi: z.unknown().optional(),
    selfSigned: z.unknown().optional(),
  }),
})

/** Issuer and ClusterIssuer: the keys and logins it issues by. */
export function readIssuer(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = Issuer.safeParse(value).data?.spec
  if (!spec) return false
  const logins: [string, LoginRef][] = [
    ...named('external account', Logins.parse(spec.acme?.externalAccountBinding)),
    ...named('DNS or HTTP solver', Logins.parse(spec.acme?.solvers)),
    ...named('login to Vault', Logins.parse(spec.vault?.auth)),
    ...named('login to Venafi', Logins.parse(spec.venafi)),
  ]
  cluster.later(() => {
    const wide = seen.kind === 'ClusterIssuer'
    // What a ClusterIssuer names lies where cert-manager runs: where the export shows it, else in a namespace of that name.
    const operator = cluster.find('operator', undefined, 'cert-manager') as Seen | undefined
    const home = operator ? cluster.namespaceOf(operator) : 'cert-manager'
    const namespace = wide ? home : cluster.namespaceOf(seen)
    const type =
      ['acme', 'ca', 'vault', 'venafi', 'selfSigned'].find((one) => spec[one as keyof typeof spec]) ?? 'other'
    const id = cluster.entity(
      {
        id: issuerKey(cluster, seen.kind, namespace, seen.meta.name!),
        kind: 'k8s.issuer',
        name: seen.meta.name!,
        props: {
          cluster: cluster.name,
          type,
          ...(wide ? {} : { namespace }),
          ...(hostOf(spec.acme?.server) ? { server: hostOf(spec.acme?.server)! } : {}),
        },
      },
      seen.place,
    )
    for (const [words, login] of logins) emitLogin(cluster, id, login, namespace, seen.place, words)
    const account = spec.acme?.privateKeySecretRef?.name
    if (account) {
      const secret = cluster.secret(namespace, account, seen.place)
      uses(cluster, seen, id, secret, 'ACME account key')
    }
    if (spec.ca?.secretName) {
      const secret = cluster.secret(namespace, spec.ca.secretName, seen.place)
      uses(cluster, seen, id, secret, 'signs with the authority in this secret')
    }
    if (!spec.vault) return
    const address = hostOf(spec.vault.server) ?? 'vault'
    const server = cluster.entity({ id: keys.vaultServer(address), kind: 'vault.server', name: address })
    cluster.relationship(
      { kind: 'DEPENDS_ON', from: id, to: server },
      declared(seen.place, `signs at ${(spec.vault.path ?? '?').slice(0, 200)}`),
    )
  })
  return true
}

const named = (words: string, logins: readonly LoginRef[]): [string, LoginRef][] =>
  logins.map((login) => [words, login])

function uses(cluster: Cluster, seen: Seen, from: string, to: string, words: string): void {
  cluster.relationship({ kind: 'USES_SECRET', from, to, delivery: 'fetch_per_use' }, declared(seen.place, words))
}
