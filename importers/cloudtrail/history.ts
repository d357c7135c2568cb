import { accessKey, password as passwordThing, principal, type Thing, type Who } from './identity.ts'
import type { Event } from './records.ts'
import { kmsKeyOf, parameterNamed, secretNamed } from './resources.ts'

/** What became of a credential, a secret or a key: facts about it as of the event, and one line of its history. */
export interface Change {
  readonly thing: Thing
  /** Each replaces an earlier one; `at` stands for the time of the event. */
  readonly facts: Readonly<Record<string, string>>
  /** Whose key or password it is. */
  readonly of?: Thing | undefined
  readonly note?: string | undefined
}

/** Stands for the time of the event among facts. */
export const AT = '@'

type Reader = (event: Event, who: Who, account: string) => Change | undefined
type Facts = Readonly<Record<string, string>>

const secret =
  (facts: Facts): Reader =>
  (event) => {
    const thing = secretNamed(event, event.requestParameters.secretId ?? event.aboutSecret ?? madeSecret(event))
    return thing === undefined ? undefined : { thing, facts }
  }
const parameter =
  (facts: Facts): Reader =>
  (event) => {
    const thing = parameterNamed(event, event.requestParameters.name)
    return thing === undefined ? undefined : { thing, facts }
  }
const kmsKey =
  (facts: Facts): Reader =>
  (event) => {
    const thing = kmsKeyOf(event)
    return thing === undefined ? undefined : { thing, facts }
  }

/** `CreateSecret` gives the whole ARN in its reply only. */
const madeSecret = (event: Event): string | undefined => event.responseElements.arn ?? event.requestParameters.name

/** Calls by which credentials, secrets and keys come, change and go. Only those that were done count. */
const readers = new Map<string, Reader>([
  ['iam.amazonaws.com CreateAccessKey', madeKey],
  ['iam.amazonaws.com UpdateAccessKey', switchedKey],
  ['iam.amazonaws.com DeleteAccessKey', changedKey({ status: 'Deleted', deletedAt: AT })],
  ['iam.amazonaws.com CreateLoginProfile', password({ createdAt: AT })],
  ['iam.amazonaws.com UpdateLoginProfile', password({ lastRotatedAt: AT })],
  ['iam.amazonaws.com ChangePassword', password({ lastRotatedAt: AT })],
  ['iam.amazonaws.com DeleteLoginProfile', password({ deletedAt: AT })],
  ['secretsmanager.amazonaws.com CreateSecret', secret({ createdAt: AT })],
  ['secretsmanager.amazonaws.com PutSecretValue', secret({ lastChangedAt: AT })],
  ['secretsmanager.amazonaws.com UpdateSecret', secret({ lastChangedAt: AT })],
  ['secretsmanager.amazonaws.com RotateSecret', secret({ rotationAskedAt: AT })],
  ['secretsmanager.amazonaws.com CancelRotateSecret', secret({ rotationCancelledAt: AT })],
  ['secretsmanager.amazonaws.com UpdateSecretVersionStage', movedStage],
  ['secretsmanager.amazonaws.com RotationStarted', secret({ rotationAskedAt: AT })],
  ['secretsmanager.amazonaws.com RotationSucceeded', secret({ lastRotatedAt: AT })],
  ['secretsmanager.amazonaws.com RotationFailed', secret({ rotationFailedAt: AT })],
  ['secretsmanager.amazonaws.com RotationAbandoned', secret({ rotationFailedAt: AT })],
  ['secretsmanager.amazonaws.com DeleteSecret', secret({ deletedAt: AT })],
  ['secretsmanager.amazonaws.com RestoreSecret', secret({ restoredAt: AT })],
  ['ssm.amazonaws.com PutParameter', parameter({ lastChangedAt: AT })],
  ['ssm.amazonaws.com DeleteParameter', parameter({ deletedAt: AT })],
  ['kms.amazonaws.com DisableKey', kmsKey({ state: 'Disabled', stateChangedAt: AT })],
  ['kms.amazonaws.com EnableKey', kmsKey({ state: 'Enabled', stateChangedAt: AT })],
  ['kms.amazonaws.com ScheduleKeyDeletion', kmsKey({ state: 'PendingDeletion', stateChangedAt: AT })],
  ['kms.amazonaws.com CancelKeyDeletion', kmsKey({ state: 'Disabled', stateChangedAt: AT })],
  ['kms.amazonaws.com RotateKeyOnDemand', kmsKey({ lastRotatedAt: AT })],
  ['kms.amazonaws.com RotateKey', kmsKey({ lastRotatedAt: AT })],
])

/** Names of such calls. */
export const changingCalls: ReadonlySet<string> = new Set([...readers.keys()].map((call) => call.split(' ')[1]!))

/** What an event changed; undefined where it changed nothing of this kind, or was not done. */
export function changeOf(event: Event, who: Who, account: string): Change | undefined {
  if (event.errorCode !== undefined) return undefined
  return readers.get(`${event.eventSource} ${event.eventName}`)?.(event, who, account)
}

const isKeyId = (id: string | undefined): id is string => id !== undefined && /^\w{16,128}$/.test(id)

function madeKey(event: Event, who: Who, account: string): Change | undefined {
  const { madeKeyId, madeKeyStatus, madeKeyUser } = event.responseElements
  if (!isKeyId(madeKeyId)) return undefined
  const facts = { createdAt: AT, status: madeKeyStatus ?? 'Active' }
  return { thing: accessKey(madeKeyId), facts, ...userOf(event, who, account, madeKeyUser) }
}

function switchedKey(event: Event, who: Who, account: string): Change | undefined {
  return changedKey({ status: event.requestParameters.status ?? 'unknown', statusChangedAt: AT })(event, who, account)
}

function changedKey(facts: Facts): Reader {
  return (event, who, account) => {
    const id = event.requestParameters.accessKeyId
    return isKeyId(id) ? { thing: accessKey(id), facts, ...userOf(event, who, account) } : undefined
  }
}

function password(facts: Facts): Reader {
  return (event, who, account) => {
    const { of } = userOf(event, who, account)
    return of === undefined ? undefined : { thing: passwordThing(of), facts, of }
  }
}

/** Whose it is: the caller's own where no other user is named. */
function userOf(event: Event, who: Who, account: string, made?: string): Pick<Change, 'of' | 'note'> {
  const name = event.requestParameters.userName ?? made
  if (name === undefined || name === event.userIdentity?.userName) return { of: who.identity }
  return {
    of: principal(`arn:aws:iam::${account}:user/${name}`),
    note: 'the log gives the user by name: a path in its ARN is not known',
  }
}

/** Only the label of the current version says that readers get another value. */
function movedStage(event: Event, who: Who, account: string): Change | undefined {
  const current = event.requestParameters.versionStage === 'AWSCURRENT'
  return secret(current ? { lastRotatedAt: AT } : {})(event, who, account)
}
