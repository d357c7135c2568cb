import type { Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { sshFingerprint } from '../read/ssh-fingerprint.ts'
import { keyOfPlace, nameOfPlace } from './families.ts'
import { declared, told, type Item, type Reader } from './reader.ts'
import { Alert, DeployKey, Repository, Token, Webhook, type Token as TokenRecord } from './records.ts'

/** A key that opens one repository over SSH. Its public half becomes the fingerprint that `ssh-keygen -l` prints. */
export const readDeployKey: Reader = (item) => {
  const { data } = DeployKey.safeParse(item.value)
  const { place, family } = item
  if (!data || place.repository === undefined) return 'unreadable-record'
  const fingerprint = sshFingerprint(data.key ?? '')
  // GitHub lets a key pair be the deploy key of one repository only; elsewhere the same pair opens other things.
  const id = fingerprint === undefined ? keys.githubDeployKey(place.repository, data.id) : keys.sshKey(fingerprint)
  if (!family.isNew(id)) return 'merged'
  family.entity({
    id,
    kind: 'ssh.authorized_key',
    name: data.title ? `deploy key ${data.title}` : `deploy key ${data.id}`,
    aliases: fingerprint === undefined ? [] : [fingerprint],
    props: {
      repository: place.repository,
      status: data.enabled === false ? 'disabled' : 'active',
      ...told({ createdAt: data.created_at, lastUsedAt: data.last_used, readOnly: data.read_only }),
    },
    evidence: [declared(item, 'deploy key')],
  })
  family.relationship({
    kind: 'CAN_ACCESS',
    from: id,
    to: keyOfPlace(place),
    props: { permission: data.read_only === false ? 'write' : 'read' },
    evidence: [declared(item, data.read_only === false ? 'may push' : 'may only fetch')],
  })
  return 'mapped'
}

/** A fine-grained token that was granted access to the organization, or asks for it. Classic tokens are not listed. */
export const readToken: Reader = (item) => {
  const { data } = Token.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { family, run } = item
  const id = keys.githubToken(data.token_id)
  run.tokenOfGrant.set(data.id, data.token_id)
  if (!family.isNew(id)) return 'merged'
  const isRequest = data.access_granted_at === undefined || data.access_granted_at === null
  family.entity({
    id,
    kind: 'github.pat',
    name: data.token_name || `token ${data.token_id}`,
    aliases: [`token ${data.token_id}`],
    props: tokenProps(data, isRequest),
    evidence: [declared(item, isRequest ? 'asks for access' : 'granted access')],
  })
  if (data.owner) {
    const to = keys.githubUser(data.owner.login)
    family.entity({ id: to, kind: 'github.user', name: data.owner.login })
    family.relationship({ kind: 'AUTHENTICATES_AS', from: id, to, evidence: [declared(item)] })
  }
  const isAll = data.repository_selection === 'all'
  if (!isRequest && isAll && item.place.owner !== UNKNOWN)
    family.relationship({
      kind: 'CAN_ACCESS',
      from: id,
      to: keyOfPlace(item.place),
      props: { permissions: permissionsOf(data) },
      evidence: [declared(item, 'all repositories of the organization')],
    })
  return 'mapped'
}

/** Of an organization that neither path nor content names. */
export const UNKNOWN = 'unknown'

function tokenProps(data: TokenRecord, isRequest: boolean): Props {
  const lastUsedAt = data.token_last_used_at
  return {
    status: isRequest ? 'requested' : data.token_expired ? 'expired' : 'active',
    permissions: permissionsOf(data),
    ...told({
      createdAt: data.created_at ?? data.access_granted_at,
      expiresAt: data.token_expires_at,
      lastUsedAt,
      repositories: data.repository_selection,
    }),
    // GitHub says so itself: null is "never", an absent field says nothing.
    ...(lastUsedAt === null && { neverUsed: true }),
  }
}

const permissionsOf = ({ permissions }: TokenRecord): string[] =>
  Object.entries(permissions ?? {})
    .flatMap(([level, rights]) => Object.entries(rights).map(([name, right]) => `${level} ${name}: ${right}`))
    .slice(0, 200)

/** A repository that a token with selected repositories opens. Grants have numbers of their own. */
export const readTokenRepository: Reader = (item) => {
  const { data } = Repository.safeParse(item.value)
  const grant = item.parts.get('pat_id')
  if (!data) return 'unreadable-record'
  if (grant === undefined) return 'masked-identifier'
  const { family, run } = item
  const to = keys.githubRepository(data.full_name)
  if (!family.isNew(`${grant} ${to}`)) return 'merged'
  run.atEnd.push(() => {
    const token = run.tokenOfGrant.get(grant)
    if (token === undefined) return
    family.entity({ id: to, kind: 'github.repository', name: data.full_name })
    family.relationship({
      kind: 'CAN_ACCESS',
      from: keys.githubToken(token),
      to,
      evidence: [declared(item, 'selected for the token')],
    })
  })
  return 'mapped'
}

/** Only the host of its address is kept: paths and queries of webhooks are often secrets themselves. */
export const readWebhook: Reader = (item) => {
  const { data } = Webhook.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const id = keys.githubWebhookSecret(place.repository ?? place.owner, data.id)
  if (!family.isNew(id)) return 'merged'
  const host = hostOf(data.config?.url ?? '')
  if (!data.config?.secret) {
    family.entity({
      id: keyOfPlace(place),
      kind: place.kind,
      props: { unsignedWebhooks: [host ?? `webhook ${data.id}`] },
    })
    return 'mapped'
  }
  family.entity({
    id,
    kind: 'github.webhook_secret',
    name: `webhook secret of ${nameOfPlace(place)}${host === undefined ? '' : ` for ${host}`}`,
    props: {
      status: data.active === false ? 'inactive' : 'active',
      ...told({ receiver: host, createdAt: data.created_at, updatedAt: data.updated_at }),
      ...(data.events && { events: data.events.slice(0, 200) }),
      ...(String(data.config.insecure_ssl ?? '0') === '1' && { insecureTls: true }),
    },
    evidence: [declared(item, 'the receiver checks it: both sides have to change at once')],
  })
  family.relationship({ kind: 'CONTAINED_IN', from: id, to: keyOfPlace(place), evidence: [declared(item)] })
  return 'mapped'
}

function hostOf(address: string): string | undefined {
  try {
    return new URL(address).hostname || undefined
  } catch {
    return undefined
  }
}

/** Evidence of a leak. The value is fingerprinted, so that it is found where else it stands, and gone. */
export const readAlert: Reader = (item) => {
  const { data } = Alert.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const repository = item.place.repository ?? data.repository?.full_name ?? repositoryOfAlert(item)
  if (repository === undefined) return 'missing-identifier'
  const { family } = item
  const id = keys.githubAlert(repository, data.number)
  if (!family.isNew(id)) return 'merged'
  const mark = data.secret ? item.run.fingerprint(data.secret) : undefined
  family.entity({
    id,
    kind: 'generic.credential',
    name: `${data.secret_type_display_name ?? data.secret_type ?? 'secret'} leaked in ${repository} (#${data.number})`,
    props: {
      leaked: true,
      repository,
      ...told({
        secretType: data.secret_type,
        alert: data.state,
        resolution: data.resolution,
        validity: data.validity,
        foundAt: data.created_at,
        publiclyLeaked: data.publicly_leaked,
      }),
      ...(data.validity === 'inactive' && { status: 'revoked' }),
      ...(mark !== undefined && { fingerprints: [`secret=${mark}`] }),
    },
    evidence: [declared(item, 'secret scanning alert')],
  })
  family.entity({ id: keys.githubRepository(repository), kind: 'github.repository', name: repository })
  const evidence = [declared(item, 'stands in its history')]
  family.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.githubRepository(repository), evidence })
  return 'mapped'
}

function repositoryOfAlert({ parts }: Item): string | undefined {
  const [owner, repo] = [parts.get('owner'), parts.get('repo')]
  return owner === undefined || repo === undefined ? undefined : `${owner}/${repo}`
}
