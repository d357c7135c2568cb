import type { Evidence, Props, SkipReason } from '../../graph/facts.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import type { Sink } from '../importer.ts'
import { certificatesIn, nameOf, type Certificate } from './certificates.ts'
import { Crl, Profile, Subject, TrustAnchor } from './records.ts'

export type Outcome = 'mapped' | SkipReason

/** What one reply says, and where its facts go. */
export interface Place {
  readonly file: string
  readonly record: string
  readonly sinkOf: (account: string) => Sink
  readonly found: Found
}

/** What is brought together after the last file. */
export interface Found {
  readonly profiles: { readonly arn: string; readonly sink: Sink; readonly evidence: [Evidence] }[]
  readonly subjects: { readonly arn: string; readonly sink: Sink; readonly evidence: [Evidence] }[]
  /** Certificates of authorities, by the name that they issue under, and the anchor that believes them. */
  readonly authorities: Map<string, { readonly key: string; readonly anchor: string }[]>
  readonly issued: {
    readonly certificate: string
    readonly issuer: string
    readonly subject: string
    readonly sink: Sink
    readonly evidence: [Evidence]
  }[]
}

interface Scene {
  readonly sink: Sink
  readonly evidence: [Evidence]
}

function sceneOf(arn: string, what: string, { file, record, sinkOf }: Place): Scene | SkipReason {
  if (isMasked(arn)) return 'masked-identifier'
  const parsed = parseArn(arn)
  if (parsed?.service !== 'rolesanywhere' || !parsed.resource.startsWith(`${what}/`)) return 'missing-identifier'
  const evidence: [Evidence] = [{ source: 'aws-roles-anywhere', kind: 'declared', file, record }]
  return { sink: sinkOf(parsed.account), evidence }
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

/** A trust anchor depends on the authority whose certificates it believes. */
export function readTrustAnchor(item: unknown, place: Place): Outcome {
  const read = TrustAnchor.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { trustAnchorArn: id, name, enabled, createdAt, updatedAt, source } = read.data
  const scene = sceneOf(id, 'trust-anchor', place)
  if (typeof scene === 'string') return scene
  const { sink, evidence } = scene
  const props = given({ enabled, createdAt, updatedAt, sourceType: source?.sourceType })
  sink.entity({
    id,
    kind: 'aws.identity_provider_or_trust_anchor',
    name: name ?? lastPart(id),
    aliases: [lastPart(id)],
    props,
    evidence,
  })
  const believe = (authority: string): void => {
    sink.relationship({ kind: 'DEPENDS_ON', from: id, to: authority, evidence })
    // Whoever has its key issues certificates to whom he likes.
    sink.relationship({ kind: 'CAN_ESCALATE_TO', from: authority, to: id, evidence })
  }
  const pca = source?.sourceData?.acmPcaArn
  if (pca !== undefined && !isMasked(pca) && parseArn(pca)?.service === 'acm-pca') {
    sink.entity({ id: pca, kind: 'ca.issuer', name: `private CA ${lastPart(pca)}`, evidence })
    believe(pca)
  }
  for (const { key, subject, expiresAt } of certificatesIn(source?.sourceData?.x509CertificateData)) {
    sink.entity({ id: key, kind: 'ca.issuer', name: subject, props: given({ expiresAt }), evidence })
    believe(key)
    place.found.authorities.set(subject, [...(place.found.authorities.get(subject) ?? []), { key, anchor: id }])
  }
  return 'mapped'
}

/** A profile lists the roles that may be taken with a certificate; each role has to trust Roles Anywhere as well. */
export function readProfile(item: unknown, place: Place): Outcome {
  const read = Profile.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { profileArn: id, name, enabled, createdAt, updatedAt, durationSeconds, roleArns = [] } = read.data
  const { sessionPolicy, managedPolicyArns = [] } = read.data
  const scene = sceneOf(id, 'profile', place)
  if (typeof scene === 'string') return scene
  const { sink, evidence } = scene
  const limited = sessionPolicy || managedPolicyArns.length > 0
  const props = given({
    enabled,
    createdAt,
    updatedAt,
    sessionSeconds: durationSeconds,
    hasSessionPolicy: limited || undefined,
  })
  sink.entity({
    id,
    kind: 'aws.roles_anywhere_profile',
    name: name ?? lastPart(id),
    aliases: [lastPart(id)],
    props,
    evidence,
  })
  if (enabled === false) return 'mapped'
  place.found.profiles.push({ arn: id, sink, evidence })
  const conditions = [
    'the role trusts Roles Anywhere for this certificate',
    ...(limited ? ['session policy of the profile'] : []),
  ]
  for (const role of roleArns) {
    if (isMasked(role) || parseArn(role)?.resource.startsWith('role/') !== true) continue
    sink.entity({ id: role, kind: 'aws.iam_role', name: lastPart(role) })
    sink.relationship({ kind: 'ASSUMES', from: id, to: role, confidence: 'none', props: { conditions }, evidence })
  }
  return 'mapped'
}

/** Who came with a certificate, and with which. */
export function readSubject(item: unknown, place: Place): Outcome {
  const read = Subject.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { subjectArn: id, x509Subject, enabled, createdAt, lastSeenAt, credentials = [] } = read.data
  const scene = sceneOf(id, 'subject', place)
  if (typeof scene === 'string') return scene
  const { sink, evidence } = scene
  const name = x509Subject === undefined ? lastPart(id) : nameOf(x509Subject) || lastPart(id)
  const props = given({ enabled, createdAt, lastSeenAt })
  sink.entity({ id, kind: 'aws.federated_principal', name, aliases: [lastPart(id)], props, evidence })
  if (enabled !== false) place.found.subjects.push({ arn: id, sink, evidence })
  for (const credential of credentials) mapCertificate(id, name, credential, scene, place)
  return 'mapped'
}

function mapCertificate(
  subject: string,
  name: string,
  { serialNumber, issuer, enabled, failed, seenAt, x509CertificateData }: NonNullable<Subject['credentials']>[number],
  { sink, evidence }: Scene,
  { found }: Place,
): void {
  const certificate: Certificate | undefined = certificatesIn(x509CertificateData)[0]
  if (certificate === undefined && serialNumber === undefined) return
  const key = certificate?.key ?? `aws:certificate:${subject}/${serialNumber!}`
  sink.entity({
    id: key,
    kind: 'tls.certificate',
    name: `certificate of ${name}`,
    props: given({
      expiresAt: certificate?.expiresAt,
      lastUsedAt: failed === true ? undefined : seenAt,
      status: enabled === false ? 'Inactive' : undefined,
    }),
    evidence,
  })
  sink.relationship({ kind: 'AUTHENTICATES_AS', from: key, to: subject, evidence })
  const by = certificate?.issuer ?? (issuer === undefined ? undefined : nameOf(issuer))
  if (by !== undefined) found.issued.push({ certificate: key, issuer: by, subject, sink, evidence })
}

export function readCrl(item: unknown, place: Place): Outcome {
  const read = Crl.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { trustAnchorArn: anchor, enabled } = read.data
  if (anchor === undefined) return 'missing-identifier'
  const scene = sceneOf(anchor, 'trust-anchor', place)
  if (typeof scene === 'string') return scene
  scene.sink.entity({
    id: anchor,
    kind: 'aws.identity_provider_or_trust_anchor',
    props: { hasRevocationList: enabled !== false },
    evidence: scene.evidence,
  })
  return 'mapped'
}

/** Most pairs of subjects and profiles that are told apart. */
const PAIRS = 5000

/** A subject may name any profile that is switched on; which it uses a log shows. Says whether some were left out. */
export function tellTogether({ profiles, subjects, authorities, issued }: Found): boolean {
  const placeOf = (arn: string): string => arn.split(':').slice(3, 5).join(':')
  let pairs = 0
  for (const subject of subjects)
    for (const profile of profiles) {
      if (placeOf(subject.arn) !== placeOf(profile.arn)) continue
      if (++pairs > PAIRS) return true
      subject.sink.relationship({
        kind: 'ASSUMES',
        from: subject.arn,
        to: profile.arn,
        confidence: 'none',
        evidence: subject.evidence,
      })
    }
  for (const { certificate, issuer, subject, sink, evidence } of issued)
    for (const { key, anchor } of authorities.get(issuer) ?? []) {
      sink.relationship({ kind: 'ISSUED_BY', from: certificate, to: key, evidence })
      sink.relationship({ kind: 'DEPENDS_ON', from: subject, to: anchor, evidence })
    }
  return false
}

function given(props: Readonly<Record<string, string | number | boolean | undefined>>): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Props
}
