import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { AuditEvent, User } from './records.ts'
import { accountOf, callerOf, identityOf, isComponent, isController } from './who.ts'

type Kind = 'CAN_ACCESS' | 'RUNS_AS' | 'USES_CREDENTIAL' | 'ASSUMES'

/** One use that an event shows. */
export interface Use {
  readonly kind: Kind
  readonly from: EntityFact
  readonly to: EntityFact
  readonly attributed: boolean
  readonly note: string
}

/** What an event says, or why it says nothing of credentials. */
export type Effect = { readonly uses: readonly Use[]; readonly notes: readonly string[] } | 'component' | 'refused'

/** Uses in one event. Refused requests used nothing: they are told as notes. */
export function effectOf(cluster: string, event: AuditEvent): Effect {
  const { user, responseStatus, annotations } = event
  const code = responseStatus?.code ?? 0
  const notes: string[] = []
  if (annotations.has('legacy-invalidated'))
    notes.push(
      `a token of secret ${annotations.get('legacy-invalidated')!.slice(0, 200)} that was marked invalid is still sent`,
    )
  if (code >= 400) return notes.length > 0 ? { uses: [], notes } : 'refused'
  const who = identityOf(cluster, user.username)
  // Kubelets read secrets for pods, controllers read everything: neither is a use by anybody.
  if (!who || isController(user.username)) return 'component'
  const stale = annotations.get('stale-token')
  if (stale)
    notes.push(
      `${user.username.slice(0, 200)} sends a token that it should have read again: its client does not refresh`,
    )
  return {
    uses: [...logins(cluster, event, who), ...impersonation(cluster, event, who), ...accesses(cluster, event)],
    notes,
  }
}

const firstAddress = ({ sourceIPs }: AuditEvent): string | undefined => sourceIPs?.[0]

/** That the identity was used, by whom, and with which credential where the event tells. */
function logins(cluster: string, event: AuditEvent, who: EntityFact): Use[] {
  const { user, annotations, userAgent } = event
  const { fact: caller, attributed } = callerOf(cluster, user, who.id, firstAddress(event), userAgent ?? undefined)
  const pod = user.extra.get('pod-name')
  const how = pod === undefined ? '' : ' from its pod'
  const uses: Use[] = [{ kind: 'RUNS_AS', from: caller, to: who, attributed, note: `called the API server${how}` }]
  const account = accountOf(user.username)
  const legacy = annotations.get('legacy-secret')
  if (account && legacy) {
    const secret = keys.k8s(cluster, account.namespace, 'secret', legacy)
    const token: EntityFact = {
      id: `${secret}#token`,
      kind: 'k8s.sa_token_legacy_secret',
      name: `token in ${legacy}`,
      props: { namespace: account.namespace, cluster },
    }
    uses.push({ kind: 'USES_CREDENTIAL', from: caller, to: token, attributed, note: 'sent this long-lived token' })
  }
  return [...uses, ...awsLogin(user, caller, who)]
}

/** On EKS an event says which AWS principal, and which of its keys, stands behind a user. */
function awsLogin({ extra }: User, caller: EntityFact, who: EntityFact): Use[] {
  const uses: Use[] = []
  const arn = extra.get('canonicalArn') ?? extra.get('arn')
  if (arn?.startsWith('arn:aws') && /:iam::[0-9]{12}:(user|role)\//.test(arn)) {
    const kind = arn.includes(':user/') ? ('aws.iam_user' as const) : ('aws.iam_role' as const)
    const principal: EntityFact = { id: keys.awsArn(arn), kind, name: arn.slice(arn.lastIndexOf('/') + 1) }
    uses.push({ kind: 'ASSUMES', from: principal, to: who, attributed: true, note: 'EKS let it in as this user' })
  }
  const key = extra.get('accessKeyId')
  if (key && /^AKIA[A-Z0-9]{16}$/.test(key)) {
    const credential: EntityFact = { id: keys.awsAccessKey(key), kind: 'aws.iam_access_key', name: key, aliases: [key] }
    uses.push({
      kind: 'USES_CREDENTIAL',
      from: caller,
      to: credential,
      attributed: false,
      note: 'logged in to the cluster with this key',
    })
  }
  return uses
}

function impersonation(cluster: string, { impersonatedUser }: AuditEvent, who: EntityFact): Use[] {
  const as = impersonatedUser ? identityOf(cluster, impersonatedUser.username) : undefined
  if (!as || as.id === who.id) return []
  return [{ kind: 'ASSUMES', from: who, to: as, attributed: true, note: 'impersonated it' }]
}

const reads = new Set(['get', 'list', 'watch'])

/** Secrets that were read and tokens that were minted, by whom it was done in the end. */
function accesses(cluster: string, event: AuditEvent): Use[] {
  const { objectRef, verb, user, impersonatedUser } = event
  if (!objectRef || objectRef.apiGroup) return []
  const acting = impersonatedUser?.username ?? user.username
  const from = identityOf(cluster, acting)
  if (!from || isComponent(acting)) return []
  const { resource, subresource, namespace, name } = objectRef
  const access = (to: EntityFact, note: string): Use[] => [{ kind: 'CAN_ACCESS', from, to, attributed: true, note }]
  if (resource === 'secrets' && !subresource && reads.has(verb)) {
    if (name && namespace) return access(secretFact(cluster, namespace, name), `${verb}: read it at the API server`)
    return access(allSecrets(cluster, namespace ?? undefined), `${verb}: read all of them at the API server`)
  }
  const mints = resource === 'serviceaccounts' && subresource === 'token' && verb === 'create'
  const account =
    mints && namespace && name ? identityOf(cluster, `system:serviceaccount:${namespace}:${name}`) : undefined
  return account ? access(account, 'minted a token of it') : []
}

function secretFact(cluster: string, namespace: string, name: string): EntityFact {
  return {
    id: keys.k8s(cluster, namespace, 'secret', name),
    kind: 'k8s.secret_object',
    name,
    aliases: [`${namespace}/${name}`],
    props: { namespace, cluster },
  }
}

/** As the importer of the cluster calls what a right over all secrets is over. */
function allSecrets(cluster: string, namespace: string | undefined): EntityFact {
  return {
    id: keys.k8s(cluster, namespace || '_cluster', 'allsecrets', 'all'),
    kind: 'k8s.all_secrets',
    name: namespace ? `all secrets of namespace ${namespace}` : `all secrets of cluster ${cluster}`,
    props: { cluster, ...(namespace ? { namespace } : {}) },
  }
}
