type Fields = Readonly<Record<string, unknown>>

export interface UserIdentity {
  readonly type: string | undefined
  readonly principalId: string | undefined
  readonly arn: string | undefined
  readonly accountId: string | undefined
  readonly accessKeyId: string | undefined
  readonly userName: string | undefined
  readonly invokedBy: string | undefined
  readonly identityProvider: string | undefined
  /** ARN of what a session was made of. */
  readonly issuerArn: string | undefined
  /** When the session was made; only sessions have it. */
  readonly sessionCreated: string | undefined
  /** Provider behind a session that came of a web identity. */
  readonly federatedProvider: string | undefined
  /** ARN of the function, task or instance the platform gave these credentials to (`inScopeOf`). */
  readonly issuedTo: string | undefined
  /** Identity store of a person that IAM Identity Center vouches for; the person is not kept. */
  readonly identityStore: string | undefined
}

/**
 * The fields of a CloudTrail event that are used; all others are dropped on reading. Of parameters and replies only
 * names and ids are taken, never what was sent or returned. A field of a wrong type counts as absent.
 * Written by hand and not with zod: events come by the million, and their many nulls cost it 60 µs each, this 3.
 * Source: CloudTrail record contents, userIdentity element.
 */
export interface Event {
  readonly eventID: string | undefined
  readonly eventTime: string | undefined
  readonly eventSource: string
  readonly eventName: string
  readonly eventType: string | undefined
  readonly awsRegion: string | undefined
  readonly sourceIPAddress: string | undefined
  readonly userAgent: string | undefined
  readonly vpcEndpointId: string | undefined
  readonly errorCode: string | undefined
  readonly recipientAccountId: string | undefined
  readonly sessionCredentialFromConsole: string | undefined
  readonly userIdentity: UserIdentity | undefined
  readonly requestParameters: Parameters
  readonly responseElements: Reply
  readonly resources: readonly string[]
  /** Of a service event: the secret it is about. */
  readonly aboutSecret: string | undefined
}

export interface Parameters {
  readonly roleArn: string | undefined
  readonly roleSessionName: string | undefined
  readonly userName: string | undefined
  readonly accessKeyId: string | undefined
  readonly status: string | undefined
  readonly secretId: string | undefined
  readonly secretIdList: readonly string[]
  readonly name: string | undefined
  readonly names: readonly string[]
  readonly path: string | undefined
  readonly keyId: string | undefined
  readonly versionStage: string | undefined
  /** Of the encryption context: the secret or parameter that was encrypted. */
  readonly contextSecret: string | undefined
  readonly contextParameter: string | undefined
  /** Session tags by which EKS says for which pod it asks. */
  readonly cluster: string | undefined
  readonly namespace: string | undefined
  readonly serviceAccount: string | undefined
}

export interface Reply {
  readonly consoleLogin: string | undefined
  readonly sessionKeyId: string | undefined
  readonly madeKeyId: string | undefined
  readonly madeKeyUser: string | undefined
  readonly madeKeyStatus: string | undefined
  readonly arn: string | undefined
  /** `arn:aws:codebuild:…:build/project:id`. */
  readonly buildArn: string | undefined
  readonly assumedRoleArn: string | undefined
  readonly namespace: string | undefined
  readonly serviceAccount: string | undefined
}

export const TEXT_LENGTH = 2048
const LIST_LENGTH = 200
const nothing: Fields = {}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const inside = (value: unknown): Fields => (isObject(value) ? value : nothing)
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= TEXT_LENGTH ? value : undefined
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.slice(0, LIST_LENGTH).filter((one) => text(one) !== undefined) : []

export function readEvent(event: Fields): Event | undefined {
  const eventSource = text(event.eventSource)
  const eventName = text(event.eventName)
  if (eventSource === undefined || eventName === undefined) return undefined
  return {
    eventID: text(event.eventID),
    // Logstash moves the time.
    eventTime: text(event.eventTime) ?? text(event['@timestamp']),
    eventSource,
    eventName,
    eventType: text(event.eventType),
    awsRegion: text(event.awsRegion),
    sourceIPAddress: text(event.sourceIPAddress),
    userAgent: text(event.userAgent),
    vpcEndpointId: text(event.vpcEndpointId),
    errorCode: text(event.errorCode),
    recipientAccountId: text(event.recipientAccountId),
    sessionCredentialFromConsole: text(event.sessionCredentialFromConsole),
    userIdentity: isObject(event.userIdentity) ? readIdentity(event.userIdentity) : undefined,
    requestParameters: readParameters(inside(event.requestParameters)),
    responseElements: readReply(inside(event.responseElements)),
    resources: readResources(event.resources),
    aboutSecret: text(inside(event.additionalEventData).SecretId),
  }
}

/** `ARN` as CloudTrail writes it, `arn` as tables of it do. */
export function readResources(resources: unknown): readonly string[] {
  if (!Array.isArray(resources)) return []
  return texts(resources.slice(0, LIST_LENGTH).map((resource: unknown) => inside(resource).ARN ?? inside(resource).arn))
}

function readIdentity(user: Fields): UserIdentity {
  const session = inside(user.sessionContext)
  return {
    type: text(user.type),
    principalId: text(user.principalId),
    arn: text(user.arn),
    accountId: text(user.accountId),
    accessKeyId: text(user.accessKeyId),
    userName: text(user.userName),
    invokedBy: text(user.invokedBy),
    identityProvider: text(user.identityProvider),
    issuerArn: text(inside(session.sessionIssuer).arn),
    sessionCreated: text(inside(session.attributes).creationDate),
    federatedProvider: text(inside(session.webIdFederationData).federatedProvider),
    issuedTo: text(inside(user.inScopeOf).credentialsIssuedTo),
    identityStore: text(inside(user.onBehalfOf).identityStoreArn),
  }
}

export function readParameters(parameters: Fields): Parameters {
  const context = inside(parameters.encryptionContext)
  const tags = tagsOf(parameters.tags ?? parameters.principalTags)
  return {
    roleArn: text(parameters.roleArn),
    roleSessionName: text(parameters.roleSessionName),
    userName: text(parameters.userName),
    accessKeyId: text(parameters.accessKeyId),
    status: text(parameters.status),
    secretId: text(parameters.secretId),
    secretIdList: texts(parameters.secretIdList),
    name: text(parameters.name),
    names: texts(parameters.names),
    path: text(parameters.path),
    keyId: text(parameters.keyId),
    versionStage: text(parameters.versionStage),
    contextSecret: text(context.SecretARN),
    contextParameter: text(context.PARAMETER_ARN),
    cluster: text(parameters.clusterName) ?? tags.get('eks-cluster-name'),
    namespace: tags.get('kubernetes-namespace'),
    serviceAccount: tags.get('kubernetes-service-account'),
  }
}

/** Only the tags that say which pod it is: others may hold anything. */
const podTags = ['eks-cluster-name', 'kubernetes-namespace', 'kubernetes-service-account']

function tagsOf(tags: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const keep = (name: unknown, value: unknown): void => {
    const said = text(value)
    if (typeof name === 'string' && podTags.includes(name) && said !== undefined) found.set(name, said)
  }
  if (Array.isArray(tags))
    for (const tag of tags.slice(0, LIST_LENGTH)) keep(inside(tag).key ?? inside(tag).Key, inside(tag).value)
  else for (const name of podTags) keep(name, inside(tags)[name])
  return found
}

export function readReply(reply: Fields): Reply {
  const made = inside(reply.accessKey)
  const subject = inside(reply.subject)
  return {
    consoleLogin: text(reply.ConsoleLogin),
    sessionKeyId: text(inside(reply.credentials).accessKeyId),
    madeKeyId: text(made.accessKeyId),
    madeKeyUser: text(made.userName),
    madeKeyStatus: text(made.status),
    arn: text(reply.aRN) ?? text(reply.arn),
    buildArn: text(inside(reply.build).arn),
    assumedRoleArn: text(inside(reply.assumedRoleUser).arn),
    namespace: text(subject.namespace),
    serviceAccount: text(subject.serviceAccount),
  }
}

/** Where tools put the event they pass on: as an object, or as JSON in a string. Tried in this order, a few deep. */
const wrappings: readonly ((outer: Record<string, unknown>) => unknown)[] = [
  (outer) => outer.CloudTrailEvent,
  (outer) => outer.detail,
  (outer) => outer.log,
  (outer) => outer._source,
  // Elastic keeps the whole event beside its own fields.
  (outer) => (isObject(outer.event) ? outer.event.original : undefined),
  (outer) => (isObject(outer.aws) ? outer.aws.cloudtrail : undefined),
  (outer) => outer.message,
  // Splunk, SQS, SNS.
  (outer) => (isObject(outer.result) ? outer.result._raw : undefined),
  (outer) => outer._raw,
  (outer) => outer.Body ?? outer.body,
  (outer) => outer.Message,
]

/**
 * The event in a record: as CloudTrail delivers it, as `lookup-events` prints it, or inside what EventBridge, Logstash,
 * OpenSearch, Splunk, a queue or a test corpus wrote round it. Undefined where there is none.
 */
export function eventOf(record: unknown): Event | undefined {
  let inner: unknown = record
  for (let layers = 0; layers < 5; layers++) {
    if (typeof inner === 'string') inner = parsed(inner)
    if (!isObject(inner)) return undefined
    const outer: Record<string, unknown> = inner
    if ('eventSource' in outer && 'eventName' in outer) return readEvent(outer)
    inner = wrappings.map((unwrap) => unwrap(outer)).find((found) => found !== undefined)
  }
  return undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}
