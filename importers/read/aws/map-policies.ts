import { policyText } from '../../../graph/access/policy-text.ts'
import { keys } from '../../../graph/keys.ts'
import type { EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import { hasWildcard, isMasked, parseArn } from '../arn.ts'
import { describe, encryptedBy, evidenceOf, lastPart, sceneOf, type Origin, type Run, type Scene } from './scene.ts'
import type { Outcome } from './map-secrets.ts'
import { BucketPolicy, FunctionPolicy, KeyPolicy, QueueAttributes, SecretPolicy, TopicAttributes } from './records.ts'

/**
 * The policy of a thing itself, as far as `graph/access` reads policies: who else may use it, and who may not. It is a
 * thing of its own, so that what is known of it is not taken for a description of what it stands on.
 */
function tellPolicy(scene: Scene, on: string, kind: EntityKind, name: string, policy: unknown): Outcome {
  const text = policyText(policy)
  if (text === undefined) return 'unreadable-record'
  scene.sink.entity({ id: on, kind, name })
  const id = keys.awsResourcePolicy(on)
  const props = { managedBy: 'resource', policyText: text }
  scene.sink.entity({ id, kind: 'aws.iam_policy', name: `policy of ${name}`, props, evidence: evidenceOf(scene) })
  const account = keys.awsAccount(scene.arn.account)
  scene.sink.relationship({ kind: 'CONTAINED_IN', from: id, to: account, evidence: evidenceOf(scene) })
  return 'mapped'
}

/** `secretsmanager get-resource-policy`; without a policy there is only the secret's name. */
export function readSecretPolicy(item: unknown, origin: Origin, run: Run): Outcome {
  const read = SecretPolicy.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { ARN, Name, ResourcePolicy } = read.data
  const scene = sceneOf(ARN, origin, run)
  if (typeof scene === 'string') return scene
  return tellPolicy(scene, ARN, 'aws.secretsmanager_secret', Name ?? lastPart(ARN), ResourcePolicy)
}

/**
 * `kms get-key-policy` does not say of which key it is: the name of the file does (`get-key-policy__ID.json`), or `KeyId`
 * added to the reply. An id alone becomes an ARN when some other reply of the run lists that key.
 */
export function readKeyPolicy(item: unknown, origin: Origin, run: Run): Outcome {
  const read = KeyPolicy.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { Policy, KeyId } = read.data
  const named = KeyId ?? idIn(origin.file)
  if (named === undefined || isMasked(named)) return 'missing-identifier'
  if (policyText(Policy) === undefined) return 'unreadable-record'
  const tell = (arn: string | undefined): Outcome => {
    const scene = arn === undefined ? 'missing-identifier' : sceneOf(arn, origin, run)
    if (arn === undefined || typeof scene === 'string') return 'missing-identifier'
    return tellPolicy(scene, arn, 'aws.kms_key', lastPart(arn), Policy)
  }
  if (named.startsWith('arn:')) return parseArn(named)?.service === 'kms' ? tell(named) : 'missing-identifier'
  run.atEnd.push(() => void tell(run.keyOfId.get(named)))
  return 'mapped'
}

/** A key id in the name of a file, as recorders name it after the call: `get-key-policy__ID.json`. */
function idIn(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const at = name.indexOf('get-key-policy__')
  const found = at < 0 ? undefined : /^[0-9a-z-]{8,64}/.exec(name.slice(at + 'get-key-policy__'.length))
  return found?.[0]
}

/** Names at the beginning of what the statements of a policy are about: `arn:aws:s3:::bucket` of `arn:aws:s3:::bucket/*`. */
function subjectsOf(policy: string, service: string, cut: (resource: string) => string): ReadonlySet<string> {
  const found = new Set<string>()
  for (let at = policy.indexOf('"arn:'); at >= 0; at = policy.indexOf('"arn:', at + 1)) {
    const text = policy.slice(at + 1, policy.indexOf('"', at + 1))
    const arn = parseArn(text)
    const subject = arn?.service === service ? cut(text) : undefined
    if (subject !== undefined && !hasWildcard(subject) && !isMasked(subject)) found.add(subject)
  }
  return found
}

/** `s3api get-bucket-policy` says neither bucket nor account: the policy itself names the one, an added `Account` the other. */
export function readBucketPolicy(item: unknown, origin: Origin, run: Run): Outcome {
  const read = BucketPolicy.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const [bucket, ...others] = subjectsOf(read.data.Policy, 's3', (arn) => arn.split('/')[0]!)
  const account = read.data.Account
  if (bucket === undefined || others.length > 0 || !/^\d{12}$/.test(account)) return 'missing-identifier'
  const partition = parseArn(bucket)!.partition
  const scene = sceneOf(`arn:${partition}:s3::${account}:bucket`, origin, run)
  if (typeof scene === 'string') return scene
  return tellBucket(scene, bucket, read.data.Policy)
}

/** A bucket of the account of the scene, by its ARN, which names none. */
export function tellBucket(scene: Scene, bucket: string, policy: string | undefined): Outcome {
  const name = bucket.slice(bucket.lastIndexOf(':') + 1)
  describe(scene, { id: bucket, kind: 'aws.s3_bucket', name, aliases: [name], props: {} })
  return policy === undefined ? 'mapped' : tellPolicy(scene, bucket, 'aws.s3_bucket', name, policy)
}

/** `lambda get-policy`: who may invoke and change a function; its statements name it. */
export function readFunctionPolicy(item: unknown, origin: Origin, run: Run): Outcome {
  const read = FunctionPolicy.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const [arn, ...others] = subjectsOf(read.data.Policy, 'lambda', (text) => text.split(':').slice(0, 7).join(':'))
  if (arn === undefined || others.length > 0) return 'missing-identifier'
  const scene = sceneOf(arn, origin, run)
  if (typeof scene === 'string') return scene
  return tellPolicy(scene, arn, 'aws.lambda_function', lastPart(arn), read.data.Policy)
}

export function readQueue(item: unknown, origin: Origin, run: Run): Outcome {
  const read = QueueAttributes.safeParse(item)
  if (!read.success) return 'unreadable-record'
  return readMessaging(read.data.QueueArn, 'aws.sqs_queue', read.data, origin, run)
}

export function readTopic(item: unknown, origin: Origin, run: Run): Outcome {
  const read = TopicAttributes.safeParse(item)
  if (!read.success) return 'unreadable-record'
  return readMessaging(read.data.TopicArn, 'aws.sns_topic', read.data, origin, run)
}

interface Messaging {
  readonly Policy?: string | undefined
  readonly KmsMasterKeyId?: string | undefined
}

function readMessaging(
  arn: string,
  kind: 'aws.sqs_queue' | 'aws.sns_topic',
  { Policy, KmsMasterKeyId }: Messaging,
  origin: Origin,
  run: Run,
): Outcome {
  const scene = sceneOf(arn, origin, run)
  if (typeof scene === 'string') return scene
  const name = lastPart(arn)
  describe(scene, { id: arn, kind, name, aliases: [name], props: {} })
  encryptedBy(scene, arn, KmsMasterKeyId, 'encrypted with this key')
  return Policy === undefined ? 'mapped' : tellPolicy(scene, arn, kind, name, Policy)
}
