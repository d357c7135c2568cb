import { parseArn, partitionOf } from '../read/arn.ts'
import { lastPart, type Thing } from './identity.ts'
import type { Event } from './records.ts'

/** A thing that a call reads or uses, and how the caller then depends on it. */
export interface Used {
  readonly thing: Thing
  readonly as: 'USES_SECRET' | 'DEPENDS_ON'
  readonly note?: string
  /** A secret that this key decrypted. */
  readonly encrypts?: Thing | undefined
}

type Reader = (event: Event) => readonly Used[]

/** Calls that show the use of a secret or a key, by `service operation`. All others show the use of a service. */
const readers = new Map<string, Reader>([
  ['secretsmanager.amazonaws.com GetSecretValue', secretsOf],
  ['secretsmanager.amazonaws.com BatchGetSecretValue', secretsOf],
  ['ssm.amazonaws.com GetParameter', parametersOf],
  ['ssm.amazonaws.com GetParameters', parametersOf],
  ['ssm.amazonaws.com GetParameterHistory', parametersOf],
  ['ssm.amazonaws.com GetParametersByPath', parametersBelow],
  ['kms.amazonaws.com Decrypt', decrypted],
  ['kms.amazonaws.com Encrypt', keysOf],
  ['kms.amazonaws.com GenerateDataKey', keysOf],
  ['kms.amazonaws.com GenerateDataKeyWithoutPlaintext', keysOf],
  ['kms.amazonaws.com ReEncrypt', keysOf],
  ['kms.amazonaws.com GenerateDataKeyPair', keysOf],
  ['kms.amazonaws.com GenerateDataKeyPairWithoutPlaintext', keysOf],
  ['kms.amazonaws.com Sign', keysOf],
  ['kms.amazonaws.com Verify', keysOf],
  ['kms.amazonaws.com GenerateMac', keysOf],
  ['kms.amazonaws.com VerifyMac', keysOf],
  ['kms.amazonaws.com DeriveSharedSecret', keysOf],
])

/** Names of calls whose parameters say which secret, parameter or key they are about. */
export const readingCalls: ReadonlySet<string> = new Set([...readers.keys()].map((call) => call.split(' ')[1]!))

/** Secrets, parameters and keys that a call used. */
export function resourcesOf(event: Event): readonly Used[] {
  return readers.get(`${event.eventSource} ${event.eventName}`)?.(event) ?? []
}

function secretsOf(event: Event): readonly Used[] {
  const asked = [event.requestParameters.secretId, ...event.requestParameters.secretIdList]
  const named = asked.filter((id) => id !== undefined && id !== '') as readonly string[]
  return named.flatMap((id) => {
    const thing = secretNamed(event, id)
    return thing === undefined ? [] : [{ thing, as: 'USES_SECRET' as const }]
  })
}

const isSecretOf = (arn: string, id: string): boolean =>
  arn === id || (arn.includes(':secretsmanager:') && parseArn(arn)?.resource.startsWith(`secret:${id}-`) === true)

/** The secret that an event speaks of by name or ARN. */
export function secretNamed(event: Event, id: string | undefined): Thing | undefined {
  if (id === undefined || id === '') return undefined
  const whole = event.resources.find((arn) => isSecretOf(arn, id))
  const arn = whole ?? (id.startsWith('arn:') ? id : arnFor(event, 'secretsmanager', `secret:${id}`))
  return arn === undefined ? undefined : secretThing(arn)
}

/** ARNs end in a hyphen and six characters that callers may leave out. */
function secretThing(arn: string): Thing | undefined {
  const parsed = parseArn(arn)
  if (parsed === undefined || !parsed.resource.startsWith('secret:')) return undefined
  const whole = parsed.resource.slice('secret:'.length)
  const hasSuffix = /-[A-Za-z0-9]{6}$/.test(whole)
  const name = hasSuffix ? whole.slice(0, -7) : whole
  const aliases = hasSuffix ? [name, arn.slice(0, -7)] : [name]
  return { key: arn, kind: 'aws.secretsmanager_secret', name, aliases }
}

function parametersOf(event: Event): readonly Used[] {
  const asked = [event.requestParameters.name, ...event.requestParameters.names]
  const named = asked.filter((name) => name !== undefined && name !== '') as readonly string[]
  return named.flatMap((name) => {
    const thing = parameterNamed(event, name)
    return thing === undefined ? [] : [{ thing, as: 'USES_SECRET' as const }]
  })
}

/** The parameter that an event speaks of by name or ARN; a version or label after a colon is not part of its name. */
export function parameterNamed(event: Event, name: string | undefined): Thing | undefined {
  if (name === undefined || name === '') return undefined
  if (name.startsWith('arn:')) return parameterThing(name)
  const plain = name.split(':')[0]!
  const arn = arnFor(event, 'ssm', `parameter${plain.startsWith('/') ? plain : `/${plain}`}`)
  return arn === undefined ? undefined : parameterThing(arn, plain)
}

function parameterThing(arn: string, said?: string): Thing | undefined {
  const parsed = parseArn(arn)
  if (parsed?.resource.startsWith('parameter/') !== true) return undefined
  const name = said ?? parsed.resource.slice('parameter'.length)
  return { key: arn, kind: 'aws.ssm_parameter', name, aliases: [name] }
}

/** Which parameters came back the event does not say: only those encrypted show in the calls of `Decrypt` that follow. */
function parametersBelow(event: Event): readonly Used[] {
  const { path } = event.requestParameters
  if (path?.startsWith('/') !== true) return []
  const below = path.endsWith('/') ? path : `${path}/`
  const arn = arnFor(event, 'ssm', `parameter${below}*`)
  if (arn === undefined) return []
  const thing: Thing = { key: arn, kind: 'aws.ssm_parameter', name: `parameters below ${below}`, props: { below } }
  return [{ thing, as: 'USES_SECRET', note: 'read by path: which parameters came back the log does not say' }]
}

/** The KMS key that an event is about, where it gives its ARN: an alias may point elsewhere tomorrow. */
export function kmsKeyOf(event: Event): Thing | undefined {
  const asked = event.requestParameters.keyId
  const arn =
    event.resources.find((one) => one.includes(':kms:') && one.includes(':key/')) ??
    (asked?.includes(':key/') === true ? asked : undefined)
  return arn === undefined || parseArn(arn) === undefined
    ? undefined
    : { key: arn, kind: 'aws.kms_key', name: lastPart(arn) }
}

function keysOf(event: Event): readonly Used[] {
  const thing = kmsKeyOf(event)
  return thing === undefined ? [] : [{ thing, as: 'DEPENDS_ON', encrypts: encryptedBy(event) }]
}

/**
 * Parameter Store decrypts with the rights of whoever asked, so this shows which parameter was read, by path too.
 * Secrets Manager does the same, and its own event says it already.
 */
function decrypted(event: Event): readonly Used[] {
  const parameter = event.requestParameters.contextParameter
  const thing = parameter === undefined ? undefined : parameterThing(parameter)
  const used = keysOf(event)
  return thing === undefined ? used : [...used, { thing, as: 'USES_SECRET', note: 'decrypted for it' }]
}

/** Secrets Manager and SSM name what they decrypt in the encryption context. */
function encryptedBy(event: Event): Thing | undefined {
  const { contextSecret, contextParameter: parameter } = event.requestParameters
  if (contextSecret !== undefined) return secretThing(contextSecret)
  return parameter === undefined ? undefined : parameterThing(parameter)
}

function arnFor(event: Event, service: string, resource: string): string | undefined {
  const account = event.recipientAccountId ?? event.userIdentity?.accountId
  if (account === undefined || event.awsRegion === undefined) return undefined
  return `arn:${partitionOf(event.awsRegion)}:${service}:${event.awsRegion}:${account}:${resource}`
}
