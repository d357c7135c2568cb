import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import { agentOf, networkOf, runtimeOf } from './caller.ts'
import { isAddress, principal, sessionLabel, whoOf, type Session, type Thing, type Who } from './identity.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import type { Event } from './records.ts'
import { resourcesOf } from './resources.ts'
import { isCertain, podsOf, workloadLentTo, workloadOf, type Workload } from './workload.ts'

/** One relationship that an event shows. */
export interface Statement {
  readonly kind: RelationshipKind
  /** A thing, a workload whose key is not known yet, or `caller`: whoever turns out to be behind the call. */
  readonly from: Thing | Workload | 'caller'
  readonly to: Thing
  readonly note?: string | undefined
  /** Name in the note the credential that the session came from. */
  readonly notesSource?: true
}

/** From what a session was made: a credential or subject of its own, a workload, or the session that asked for it. */
export interface Origin {
  readonly credential?: Thing | undefined
  readonly subject?: Thing | undefined
  readonly workload?: Workload | undefined
}

export interface Caller {
  readonly identity: Thing
  /** The credential that signed the call itself. */
  readonly credential: Thing | undefined
  /** Who else is known to come before the first session: the subject of an OIDC token, for one. */
  readonly session: Session | undefined
  readonly workload: Workload | undefined
  /** The workload is the platform's word, and no name that somebody chose. */
  readonly certain: boolean
  readonly network: string
  readonly agent: string
  readonly runtime: string | undefined
  /** `s3:ListBuckets`. */
  readonly call: string
  readonly sessionName: string | undefined
}

/**
 * What one event shows, apart from its time, its id and the sessions it names: so that the many events that differ in
 * nothing else share one of these.
 */
export interface Effect {
  readonly skip?: SkipReason
  readonly account: string
  /** `AIDA…`, `AROA…` of the identity: other accounts know it by nothing else. */
  readonly principal?: { readonly id: string; readonly identity: Thing } | undefined
  /** Region of a workload that is behind it, where the event says it. */
  readonly region: string | undefined
  readonly outcome: Outcome
  readonly statements: readonly Statement[]
  readonly caller?: Caller | undefined
  /** The event hands out a session, of this origin; `session`: of whatever the calling session is of. */
  readonly mints?: Origin | 'session' | undefined
}

export const mintCalls: ReadonlySet<string> = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetSessionToken',
  'GetFederationToken',
])
export const POD_IDENTITY = 'AssumeRoleForPodIdentity'

export const isMint = (event: Event): boolean =>
  event.errorCode === undefined &&
  ((event.eventSource === 'sts.amazonaws.com' && mintCalls.has(event.eventName)) ||
    (event.eventSource === 'eks-auth.amazonaws.com' && event.eventName === POD_IDENTITY))

/** What an event shows of an account's trail. */
export function effectOf(event: Event, account: string, who: Who | SkipReason = whoOf(event)): Effect {
  const base = { account, outcome: outcomeOf(event), region: regionOf(event) }
  if (typeof who === 'string') return { ...base, skip: who, statements: [] }
  return who.service === undefined ? callOf(event, who, base) : serviceCallOf(event, who.identity, who.service, base)
}

type Base = Pick<Effect, 'account' | 'outcome' | 'region'>

function callOf(event: Event, who: Who, base: Base): Effect {
  const { identity, credential } = who
  const statements: Statement[] = []
  if (credential !== undefined) statements.push({ kind: 'AUTHENTICATES_AS', from: credential, to: identity })
  const mint = mintOf(event, who, statements)
  if (base.outcome === 'done') usesOf(event, identity, statements)
  if (base.outcome === 'done' || base.outcome === 'failed') statements.push(...serviceUse(event, identity))
  return { ...base, statements, caller: callerOf(event, who), mints: mint, principal: principalOf(event, identity) }
}

function principalOf(event: Event, identity: Thing): Effect['principal'] {
  const id = event.userIdentity?.principalId?.split(':')[0]
  const isOwn = identity.kind === 'aws.iam_role' || identity.kind === 'aws.iam_user'
  return isOwn && id !== undefined && /^A(?:ID|RO)A\w{8,}$/.test(id) ? { id, identity } : undefined
}

function usesOf(event: Event, identity: Thing, statements: Statement[]): void {
  for (const { thing, as, note, encrypts } of resourcesOf(event)) {
    statements.push({ kind: 'CAN_ACCESS', from: identity, to: thing }, { kind: as, from: 'caller', to: thing, note })
    if (encrypts !== undefined) statements.push({ kind: 'ENCRYPTED_BY', from: encrypts, to: thing })
  }
}

function serviceUse(event: Event, identity: Thing): readonly Statement[] {
  if (event.eventName === 'ConsoleLogin') return []
  const host = event.eventSource
  const api: Thing = { key: keys.awsService(host), kind: 'aws.service', name: host }
  return [{ kind: 'CAN_ACCESS', from: identity, to: api }]
}

function callerOf(event: Event, { identity, credential, session }: Who): Caller {
  const runtime = runtimeOf(event.userAgent)
  const named = session?.name
  return {
    identity,
    credential,
    session,
    workload:
      identity.kind === 'aws.iam_role' && session !== undefined ? workloadOf(identity, session, runtime) : undefined,
    certain: session !== undefined && isCertain(session),
    network: networkOf(event.sourceIPAddress, event.vpcEndpointId),
    agent: agentOf(event.userAgent),
    runtime,
    call: `${event.eventSource.replace('.amazonaws.com', '')}:${event.eventName}`,
    sessionName: named === undefined || named === '' || isAddress(named) ? undefined : sessionLabel(named),
  }
}

/** Who assumed which role, and from what the session that came of it was made. */
function mintOf(event: Event, who: Who, statements: Statement[]): Effect['mints'] {
  if (!isMint(event)) return undefined
  if (event.eventName === POD_IDENTITY) return podMint(event, statements)
  const role = assumedRoleOf(event)
  if (role !== undefined && role !== 'masked-identifier')
    statements.push({ kind: 'ASSUMES', from: who.identity, to: role, notesSource: true })
  const { provider } = who.identity.props ?? {}
  if (typeof provider !== 'string') {
    if (who.credential !== undefined) return { credential: who.credential }
    return who.session === undefined ? undefined : 'session'
  }
  if (provider.startsWith('arn:')) {
    const name = provider.slice(provider.indexOf('/') + 1)
    const issuer: Thing = { key: provider, kind: 'aws.identity_provider_or_trust_anchor', name }
    statements.push({ kind: 'DEPENDS_ON', from: who.identity, to: issuer })
  }
  return { subject: who.identity }
}

/** The agent on the node asks for a pod: what the session is of is the pod, not the node. */
function podMint(event: Event, statements: Statement[]): Origin | undefined {
  const { assumedRoleArn, namespace, serviceAccount } = event.responseElements
  const { cluster } = event.requestParameters
  if (cluster === undefined || namespace === undefined || serviceAccount === undefined) return undefined
  const workload = podsOf(cluster, namespace, serviceAccount)
  const role = assumedRoleArn === undefined ? undefined : principal(assumedRoleArn)
  if (role !== undefined) statements.push(...podStatements(workload, role))
  return { workload }
}

function podStatements(workload: Workload, role: Thing): readonly Statement[] {
  const account = 'thing' in workload ? workload.identity : undefined
  const own: Statement = { kind: 'RUNS_AS', from: workload, to: role }
  return account === undefined ? [own] : [own, { kind: 'ASSUMES', from: account, to: role }]
}

/** A service that acts for itself: lends a role to a function or an instance, assumes one, or uses a key. */
function serviceCallOf(event: Event, identity: Thing, host: string, base: Base): Effect {
  const statements: Statement[] = []
  if (base.outcome === 'done')
    for (const { thing, encrypts } of resourcesOf(event)) {
      statements.push({ kind: 'CAN_ACCESS', from: identity, to: thing })
      if (encrypts !== undefined) statements.push({ kind: 'ENCRYPTED_BY', from: encrypts, to: thing })
    }
  const role = event.eventName === 'AssumeRole' ? assumedRoleOf(event) : undefined
  if (role === 'masked-identifier') return { ...base, skip: role, statements: [] }
  if (role === undefined || base.outcome !== 'done')
    return statements.length === 0 ? { ...base, skip: 'not-relevant', statements } : { ...base, statements }
  statements.push({ kind: 'ASSUMES', from: identity, to: role })
  const workload = lentTo(event, host, role)
  if (workload !== undefined) statements.push(...podStatements(workload, role))
  return { ...base, region: event.awsRegion, statements, mints: workload === undefined ? undefined : { workload } }
}

function lentTo(event: Event, host: string, role: Thing): Workload | undefined {
  const { cluster, namespace, serviceAccount, roleSessionName } = event.requestParameters
  if (cluster !== undefined && namespace !== undefined && serviceAccount !== undefined)
    return podsOf(cluster, namespace, serviceAccount)
  return workloadLentTo(host, role, roleSessionName ?? '')
}

function assumedRoleOf(event: Event): Thing | 'masked-identifier' | undefined {
  const arn = event.requestParameters.roleArn
  if (arn === undefined) return undefined
  const role = principal(arn)
  return role?.kind === 'aws.iam_role' ? role : 'masked-identifier'
}

/** Global services log in one region whoever calls from where. */
const globalServices = new Set([
  'iam.amazonaws.com',
  'sts.amazonaws.com',
  'organizations.amazonaws.com',
  'route53.amazonaws.com',
  'cloudfront.amazonaws.com',
])
const regionOf = (event: Event): string | undefined =>
  globalServices.has(event.eventSource) ? undefined : event.awsRegion
