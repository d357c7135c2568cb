import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { agentOf, networkOf, runtimeOf } from './caller.ts'
import { accessKey, isAddress, principal, whoOf, type Thing, type Who } from './identity.ts'
import type { Ledger, Outcome, Sighting } from './ledger.ts'
import type { Event } from './records.ts'
import { resourcesOf } from './resources.ts'

/** From what a session of temporary credentials was made: the credential that proved it, and whom to name its caller by. */
export interface SessionSource {
  readonly subject: string
  readonly credential: Thing | undefined
}

/** Sessions live for hours, logs for years: the oldest are forgotten. */
const SESSIONS = 200_000

export interface Sessions {
  get(accessKeyId: string | undefined): SessionSource | undefined
  set(accessKeyId: string | undefined, source: SessionSource): void
}

export function sessionTable(): Sessions {
  const table = new Map<string, SessionSource>()
  return {
    get: (id) => (id === undefined ? undefined : table.get(id)),
    set(id, source) {
      if (id === undefined || id === '') return
      table.set(id, source)
      if (table.size > SESSIONS) table.delete(table.keys().next().value!)
    },
  }
}

const deniedCodes = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'Forbidden',
  'NotAuthorized',
])
const refusedCodes = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'UnrecognizedClientException',
  'RequestExpired',
])

/** `Client.UnauthorizedOperation` and `UnauthorizedOperation` are one thing: services prefix as they like. */
function outcomeOf(event: Event): Outcome {
  const code = event.errorCode?.slice(event.errorCode.lastIndexOf('.') + 1)
  if (event.responseElements.consoleLogin === 'Failure') return 'refused'
  if (code === undefined) return 'done'
  if (deniedCodes.has(code)) return 'denied'
  return refusedCodes.has(code) ? 'refused' : 'done'
}

/** Adds what one event shows to the ledger of its account; otherwise says why it shows nothing. */
export function mapEvent(
  event: Event,
  account: string,
  at: { readonly time: string | undefined; readonly file: string; readonly record: string },
  book: Ledger,
  sessions: Sessions,
): SkipReason | undefined {
  const who = whoOf(event)
  if (typeof who === 'string') return who
  const sighting: Sighting = { at: at.time, file: at.file, record: at.record, outcome: outcomeOf(event) }
  if (who.service !== undefined) return mapServiceCall(event, who.identity, who.service, account, sighting, book)
  const source = sourceOf(who, sessions)
  const caller = mapCaller(event, who, source, account, sighting, book)
  if (who.credential !== undefined) {
    book.thing(who.credential)
    book.use('AUTHENTICATES_AS', who.credential.key, book.thing(who.identity), sighting, true)
  }
  mapAssumption(event, who, source, sighting, book, sessions)
  mapKeyChange(event, who, account, sighting, book)
  if (sighting.outcome === 'done') mapResources(event, who.identity, caller, sighting, book)
  return undefined
}

/** Keyed by the credential where it is known, so that what one key does through many sessions is one caller. */
function sourceOf(who: Who, sessions: Sessions): SessionSource {
  if (who.credential !== undefined) return { subject: who.credential.key, credential: who.credential }
  return sessions.get(who.session?.key) ?? { subject: who.identity.key, credential: undefined }
}

interface CallerRef {
  readonly key: string
  readonly attributed: boolean
}

/** The workload behind a call, where the session's name says which; else a caller of which only network and client are known. */
function mapCaller(
  event: Event,
  who: Who,
  source: SessionSource,
  account: string,
  sighting: Sighting,
  book: Ledger,
): CallerRef {
  const identity = book.thing(who.identity)
  const kind = workloadKind(event, who)
  if (kind !== undefined) {
    const key = book.workload(kind, account, who.session!.name!, regionOf(event))
    book.use('RUNS_AS', key, identity, sighting, true)
    return { key, attributed: true }
  }
  const network = networkOf(event.sourceIPAddress, event.vpcEndpointId)
  const agent = agentOf(event.userAgent)
  const runtime = runtimeOf(event.userAgent)
  const caller: Thing = {
    key: keys.caller(source.subject, network, agent),
    kind: 'caller',
    name: `${agent} from ${network}`,
    props: { network, agent, ...(runtime === undefined ? {} : { runtime }) },
  }
  const key = book.thing(caller)
  book.list(caller, 'calls', `${event.eventSource.replace('.amazonaws.com', '')}:${event.eventName}`)
  const session = who.session?.name
  if (session !== undefined && session !== '' && !isAddress(session)) book.list(caller, 'sessionNames', session)
  const direct = who.credential !== undefined
  if (source.credential !== undefined) {
    const through = direct ? undefined : `through a session of ${who.identity.name}`
    book.use('USES_CREDENTIAL', key, book.thing(source.credential), sighting, false, through)
  }
  if (!direct) book.use('RUNS_AS', key, identity, sighting, false)
  return { key, attributed: false }
}

/** Lambda names a session after the function, EC2 after the instance. */
function workloadKind(
  event: Event,
  { identity, session }: Who,
): 'aws.lambda_function' | 'aws.ec2_instance' | undefined {
  if (identity.kind !== 'aws.iam_role' || session?.name === undefined) return undefined
  if (isInstanceId(session.name)) return 'aws.ec2_instance'
  return runtimeOf(event.userAgent) === 'lambda' && isFunctionName(session.name) ? 'aws.lambda_function' : undefined
}
const isInstanceId = (name: string): boolean => /^i-[0-9a-f]{8,17}$/i.test(name)
const isFunctionName = (name: string): boolean => /^[\w-]{1,64}$/.test(name)

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

/** A service that acts for itself: lends a role to a function or an instance, assumes one, or uses a key. */
function mapServiceCall(
  event: Event,
  identity: Thing,
  host: string,
  account: string,
  sighting: Sighting,
  book: Ledger,
): SkipReason | undefined {
  const used = sighting.outcome === 'done' ? resourcesOf(event) : []
  for (const { thing, encrypts } of used) {
    book.use('CAN_ACCESS', book.thing(identity), book.thing(thing), sighting, true)
    if (encrypts !== undefined) book.use('ENCRYPTED_BY', book.thing(encrypts), thing.key, sighting, true)
  }
  const role = event.eventName === 'AssumeRole' ? assumedRoleOf(event) : undefined
  if (role === undefined) return used.length === 0 ? 'not-relevant' : undefined
  if (role === 'masked-identifier') return role
  if (sighting.outcome !== 'done') return 'not-relevant'
  book.use('ASSUMES', book.thing(identity), book.thing(role), sighting, true)
  const name = event.requestParameters.roleSessionName ?? ''
  if (host === 'lambda.amazonaws.com' && isFunctionName(name))
    book.use('RUNS_AS', book.workload('aws.lambda_function', account, name, event.awsRegion), role.key, sighting, true)
  if (host === 'ec2.amazonaws.com' && isInstanceId(name))
    book.use('RUNS_AS', book.workload('aws.ec2_instance', account, name, event.awsRegion), role.key, sighting, true)
  return undefined
}

function assumedRoleOf(event: Event): Thing | 'masked-identifier' | undefined {
  const arn = event.requestParameters.roleArn
  if (arn === undefined) return undefined
  const role = principal(arn)
  return role?.kind === 'aws.iam_role' ? role : 'masked-identifier'
}

const mints = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetSessionToken',
  'GetFederationToken',
])

/** Who assumed which role, and from what the session that came of it was made. */
function mapAssumption(
  event: Event,
  who: Who,
  source: SessionSource,
  sighting: Sighting,
  book: Ledger,
  sessions: Sessions,
): void {
  if (event.eventSource !== 'sts.amazonaws.com' || !mints.has(event.eventName) || event.errorCode !== undefined) return
  sessions.set(event.responseElements.sessionKeyId, source)
  const role = assumedRoleOf(event)
  if (role === undefined || role === 'masked-identifier') return
  const note = source.credential === undefined ? undefined : `with ${source.credential.name}`
  book.use('ASSUMES', book.thing(who.identity), book.thing(role), sighting, true, note)
  const { provider } = who.identity.props ?? {}
  if (typeof provider !== 'string' || !provider.startsWith('arn:')) return
  const issuer: Thing = {
    key: provider,
    kind: 'aws.identity_provider_or_trust_anchor',
    name: provider.slice(provider.indexOf('/') + 1),
  }
  book.use('DEPENDS_ON', who.identity.key, book.thing(issuer), sighting, true)
}

/** Keys made, switched and deleted: the log knows their ids and times, which the credential report does not. */
function mapKeyChange(event: Event, who: Who, account: string, sighting: Sighting, book: Ledger): void {
  if (event.eventSource !== 'iam.amazonaws.com' || event.errorCode !== undefined) return
  const made = event.responseElements
  const id = event.eventName === 'CreateAccessKey' ? made.madeKeyId : event.requestParameters.accessKeyId
  if (id === undefined || !/^\w{16,128}$/.test(id)) return
  const key = accessKey(id)
  if (event.eventName === 'CreateAccessKey') {
    book.fact(key, 'createdAt', sighting.at)
    book.fact(key, 'status', made.madeKeyStatus ?? 'Active')
  } else if (event.eventName === 'UpdateAccessKey') {
    book.fact(key, 'status', event.requestParameters.status ?? 'unknown')
    book.fact(key, 'statusChangedAt', sighting.at)
  } else if (event.eventName === 'DeleteAccessKey') {
    book.fact(key, 'status', 'Deleted')
    book.fact(key, 'deletedAt', sighting.at)
  } else return
  const name = event.requestParameters.userName ?? made.madeKeyUser
  const own = name === undefined || name === event.userIdentity?.userName
  const user = own ? who.identity : principal(`arn:aws:iam::${account}:user/${name}`)
  if (user === undefined) return
  const note = own ? undefined : 'the log gives the user by name: a path in its ARN is not known'
  book.use('AUTHENTICATES_AS', key.key, book.thing(user), sighting, true, note)
}

function mapResources(event: Event, identity: Thing, caller: CallerRef, sighting: Sighting, book: Ledger): void {
  const from = book.thing(identity)
  for (const { thing, as, encrypts } of resourcesOf(event)) {
    const to = book.thing(thing)
    book.use('CAN_ACCESS', from, to, sighting, true)
    book.use(as, caller.key, to, sighting, caller.attributed)
    if (encrypts !== undefined) book.use('ENCRYPTED_BY', book.thing(encrypts), to, sighting, true)
  }
  if (event.eventName === 'ConsoleLogin') return
  const host = event.eventSource
  const api = book.thing({ key: keys.awsService(host), kind: 'aws.service', name: host })
  book.use('CAN_ACCESS', from, api, sighting, true)
}
