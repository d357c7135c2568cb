import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { isMasked, parseArn, roleOfSession } from '../read/arn.ts'
import { agentOf } from './caller.ts'
import type { Event, UserIdentity } from './records.ts'

/** A thing an event speaks of. */
export interface Thing {
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly aliases?: readonly string[]
  readonly props?: Readonly<Record<string, string | boolean>>
}

/** Who made a call: the identity it acted as, and what proved it, as far as the event says. */
export interface Who {
  readonly identity: Thing
  /** What signed the call, where that is a thing of its own: an access key, a console password. */
  readonly credential?: Thing | undefined
  /** Temporary credentials: short-lived and many, so no things of their own; a mint event links them to their source. */
  readonly session?: Session | undefined
  /** Host of the service that acted for itself. */
  readonly service?: string | undefined
}

export interface Session {
  /** Id of the temporary credentials (`ASIA…`). */
  readonly key: string | undefined
  readonly name: string | undefined
  /** ARN of what the platform gave the credentials to. */
  readonly issuedTo?: string | undefined
}

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A person's address where a session name should be: not kept. */
export const isAddress = (text: string): boolean => text.includes('@')

/** Digits and letters of numbers that differ from session to session. */
const FEWEST_DIGITS = 5

/**
 * The name of a session without what differs each time (`botocore-session-1718000000` and its like): runs of five or
 * more digits, hexadecimal ones included, become `#`. A person's address becomes `@`. Twice gives the same as once.
 */
export function sessionLabel(name: string): string {
  if (isAddress(name)) return '@'
  let label = ''
  for (let at = 0; at < name.length;) {
    let end = at
    let digits = 0
    while (end < name.length && isHexadecimal(name.charCodeAt(end))) if (isDigit(name.charCodeAt(end++))) digits++
    if (digits >= FEWEST_DIGITS) label += '#'
    else label += name.slice(at, end)
    if (end < name.length) label += name[end]!
    at = end + 1
  }
  return label
}
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isHexadecimal = (code: number): boolean =>
  isDigit(code) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46)

const isKeyId = (id: string): boolean => /^\w{16,128}$/.test(id)

export function accessKey(id: string): Thing {
  return { key: keys.awsAccessKey(id), kind: 'aws.iam_access_key', name: id, aliases: [id] }
}

/** The principal that an ARN names, a session's by its role; undefined where it names none. */
export function principal(arn: string): Thing | undefined {
  const role = roleOfSession(arn) ?? arn
  const parsed = parseArn(role)
  if (parsed === undefined || parsed.account === '') return undefined
  const name = lastPart(parsed.resource)
  if (parsed.resource === 'root') return { key: role, kind: 'aws.root_user', name: `root of ${parsed.account}` }
  if (parsed.resource.startsWith('user/')) return { key: role, kind: 'aws.iam_user', name }
  if (parsed.resource.startsWith('role/')) return { key: role, kind: 'aws.iam_role', name }
  return undefined
}

type Reader = (user: UserIdentity, event: Event) => Who | SkipReason

/** One reader for each type of `userIdentity` (CloudTrail userIdentity element). */
const readers = new Map<string, Reader>([
  ['IAMUser', ownPrincipal],
  ['Root', ownPrincipal],
  ['AssumedRole', assumedRole],
  ['Role', assumedRole],
  ['FederatedUser', federatedUser],
  ['WebIdentityUser', webIdentityUser],
  ['SAMLUser', samlUser],
  ['AWSAccount', otherAccount],
  ['AWSService', service],
  ['IdentityCenterUser', identityCenterUser],
  ['Directory', directoryUser],
  ['Unknown', unknownIdentity],
])

/** Who is behind an event, or why it can't be said. */
export function whoOf(event: Event): Who | SkipReason {
  const user = event.userIdentity
  if (user === undefined) return event.eventType === 'AwsServiceEvent' ? 'not-relevant' : 'missing-identifier'
  const identifiers = [user.arn, user.accessKeyId, user.userName, user.issuerArn]
  if (identifiers.some((identifier) => identifier !== undefined && isMasked(identifier))) return 'masked-identifier'
  const read = readers.get(user.type ?? (user.invokedBy === undefined ? '' : 'AWSService'))
  return read === undefined ? 'unknown-type' : read(user, event)
}

function ownPrincipal(user: UserIdentity, event: Event): Who | SkipReason {
  const arn =
    user.arn ??
    (user.accountId !== undefined && user.userName !== undefined
      ? `arn:aws:iam::${user.accountId}:${user.type === 'Root' ? 'root' : `user/${user.userName}`}`
      : '')
  const identity = principal(arn)
  if (identity === undefined) return 'missing-identifier'
  const id = user.accessKeyId ?? ''
  const isSession = id.startsWith('ASIA') || user.sessionCreated !== undefined
  const fromConsole =
    event.eventName === 'ConsoleLogin' ||
    (isSession && (event.sessionCredentialFromConsole === 'true' || agentOf(event.userAgent) === 'console'))
  if (fromConsole) return { identity, credential: password(identity), session: { key: id, name: undefined } }
  if (isSession) return { identity, session: { key: id, name: undefined } }
  return { identity, credential: isKeyId(id) ? accessKey(id) : undefined }
}

export const password = (user: Thing): Thing => ({
  key: keys.awsPassword(user.key),
  kind: 'aws.console_password',
  name: `console password of ${user.name}`,
})

function assumedRole(user: UserIdentity): Who | SkipReason {
  const issuer = user.issuerArn
  const identity = principal(issuer === undefined || issuer === '' ? (user.arn ?? '') : issuer)
  if (identity?.kind !== 'aws.iam_role') return 'missing-identifier'
  const name = user.principalId?.split(':').slice(1).join(':')
  return {
    identity,
    session: { key: user.accessKeyId, name: name === '' ? undefined : name, issuedTo: user.issuedTo },
  }
}

function federatedUser(user: UserIdentity): Who | SkipReason {
  const identity = principal(user.issuerArn ?? '')
  if (identity === undefined) return 'missing-identifier'
  return { identity, session: { key: user.accessKeyId, name: lastPart(user.arn ?? '') } }
}

function webIdentityUser(user: UserIdentity): Who | SkipReason {
  const provider = user.identityProvider ?? user.principalId?.split(':')[0] ?? ''
  if (provider === '') return 'missing-identifier'
  // Of a pool of app users (Cognito, Google) each subject is a person; of an OIDC provider of the account's own, a workload.
  const isOwn = parseArn(provider)?.resource.startsWith('oidc-provider/') === true
  const subject = isOwn && user.userName !== undefined && !isAddress(user.userName) ? user.userName : '*'
  return { identity: federated(provider, subject) }
}

function samlUser(user: UserIdentity): Who | SkipReason {
  const provider = user.identityProvider ?? ''
  return provider === '' ? 'missing-identifier' : { identity: federated(provider, '*') }
}

function federated(provider: string, subject: string): Thing {
  const from = lastPart(provider)
  return {
    key: keys.awsFederated(provider, subject),
    kind: 'aws.federated_principal',
    name: subject === '*' ? `anyone from ${from}` : `${subject} from ${from}`,
    props: { provider, subject },
  }
}

function otherAccount(user: UserIdentity): Who | SkipReason {
  const id = user.principalId?.split(':')[0] ?? ''
  if (user.accountId === 'ANONYMOUS_PRINCIPAL') {
    return { identity: { key: keys.awsAnyone(), kind: 'aws.external_principal', name: 'anyone' } }
  }
  if (id === '' || isMasked(id)) return 'missing-identifier'
  const of = user.accountId === undefined ? 'another account' : `account ${user.accountId}`
  return {
    identity: {
      key: keys.awsPrincipalId(id),
      kind: 'aws.external_principal',
      name: `principal ${id} of ${of}`,
      ...(user.accountId === undefined ? {} : { props: { account: user.accountId } }),
    },
  }
}

/** People whom IAM Identity Center vouches for come as one: who they are is not kept. */
function identityCenterUser(user: UserIdentity): Who | SkipReason {
  const store = user.identityStore ?? ''
  return store === '' ? 'missing-identifier' : { identity: federated(store, '*') }
}

/** A user of a directory of the account (WorkSpaces, WorkMail): all of one directory come as one. */
function directoryUser(user: UserIdentity): Who | SkipReason {
  const { accountId = '' } = user
  return accountId === '' ? 'missing-identifier' : { identity: federated(`directory of ${accountId}`, '*') }
}

/** CloudTrail itself could not tell; a role or a user that it names all the same is one. */
function unknownIdentity(user: UserIdentity): Who | SkipReason {
  const identity = principal(user.issuerArn ?? user.arn ?? '')
  return identity === undefined
    ? 'missing-identifier'
    : { identity, session: { key: user.accessKeyId, name: undefined } }
}

function service(user: UserIdentity): Who | SkipReason {
  const host = user.invokedBy ?? ''
  return host === '' ? 'missing-identifier' : { identity: servicePrincipal(host), service: host }
}

export function servicePrincipal(host: string): Thing {
  return { key: keys.awsServicePrincipal(host), kind: 'aws.service_principal', name: host }
}
