import { parseArn, partitionOf } from '../read/arn.ts'
import { lastPart, type Thing } from './identity.ts'
import type { Event } from './records.ts'

/** A thing that a call reads or uses, and how the caller then depends on it. */
export interface Used {
  readonly thing: Thing
  readonly as: 'USES_SECRET' | 'DEPENDS_ON'
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
  ['kms.amazonaws.com Decrypt', keysOf],
  ['kms.amazonaws.com Encrypt', keysOf],
  ['kms.amazonaws.com GenerateDataKey', keysOf],
  ['kms.amazonaws.com GenerateDataKeyWithoutPlaintext', keysOf],
  ['kms.amazonaws.com ReEncrypt', keysOf],
  ['kms.amazonaws.com Sign', keysOf],
])

/** Secrets, parameters and keys that a call used. */
export function resourcesOf(event: Event): readonly Used[] {
  return readers.get(`${event.eventSource} ${event.eventName}`)?.(event) ?? []
}

function secretsOf(event: Event): readonly Used[] {
  const asked = [event.requestParameters.secretId, ...event.requestParameters.secretIdList]
  const named = asked.filter((id) => id !== undefined && id !== '') as readonly string[]
  return named.flatMap((id) => {
    const whole = event.resources.find((arn) => isSecretOf(arn, id))
    const arn = whole ?? (id.startsWith('arn:') ? id : arnFor(event, 'secretsmanager', `secret:${id}`))
    const thing = arn === undefined ? undefined : secretThing(arn)
    return thing === undefined ? [] : [{ thing, as: 'USES_SECRET' as const }]
  })
}

const isSecretOf = (arn: string, id: string): boolean =>
  arn === id || (arn.includes(':secretsmanager:') && parseArn(arn)?.resource.startsWith(`secret:${id}-`) === true)

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
    const path = name.startsWith('/') ? name : `/${name}`
    const arn = name.startsWith('arn:') ? name : arnFor(event, 'ssm', `parameter${path}`)
    if (arn === undefined || parseArn(arn) === undefined) return []
    const thing: Thing = { key: arn, kind: 'aws.ssm_parameter', name, aliases: [name] }
    return [{ thing, as: 'USES_SECRET' as const }]
  })
}

function keysOf(event: Event): readonly Used[] {
  const asked = event.requestParameters.keyId
  const arn =
    event.resources.find((one) => one.includes(':kms:') && one.includes(':key/')) ??
    (asked?.includes(':key/') === true ? asked : undefined)
  if (arn === undefined || parseArn(arn) === undefined) return []
  const thing: Thing = { key: arn, kind: 'aws.kms_key', name: lastPart(arn) }
  return [{ thing, as: 'DEPENDS_ON', encrypts: encryptedBy(event) }]
}

/** Secrets Manager and SSM name what they decrypt in the encryption context. */
function encryptedBy(event: Event): Thing | undefined {
  const { contextSecret, contextParameter: parameter } = event.requestParameters
  if (contextSecret !== undefined) return secretThing(contextSecret)
  const resource = parameter === undefined ? undefined : parseArn(parameter)?.resource
  if (parameter === undefined || resource === undefined) return undefined
  return { key: parameter, kind: 'aws.ssm_parameter', name: resource.slice('parameter'.length) }
}

function arnFor(event: Event, service: string, resource: string): string | undefined {
  const account = event.recipientAccountId ?? event.userIdentity?.accountId
  if (account === undefined || event.awsRegion === undefined) return undefined
  return `arn:${partitionOf(event.awsRegion)}:${service}:${event.awsRegion}:${account}:${resource}`
}
