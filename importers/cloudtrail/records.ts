import { z } from 'zod'

/**
 * The fields of a CloudTrail event that are used; all others are dropped on reading. Of parameters and replies only
 * names and ids are taken, never what was sent or returned. A field of a wrong type counts as absent.
 * Source: CloudTrail record contents, userIdentity element.
 */
const text = z.string().max(2048).optional().catch(undefined)
const texts = z.array(z.string().max(2048)).max(200).optional().catch(undefined)

const SessionContext = z
  .object({
    sessionIssuer: z.object({ type: text, arn: text, userName: text }).optional().catch(undefined),
    attributes: z.object({ creationDate: text }).optional().catch(undefined),
  })
  .optional()
  .catch(undefined)

export const UserIdentity = z.object({
  type: text,
  principalId: text,
  arn: text,
  accountId: text,
  accessKeyId: text,
  userName: text,
  invokedBy: text,
  identityProvider: text,
  sessionContext: SessionContext,
})
export type UserIdentity = z.infer<typeof UserIdentity>

export const Event = z.object({
  eventID: text,
  eventTime: text,
  /** Logstash moves the time here. */
  '@timestamp': text,
  eventSource: z.string().max(256),
  eventName: z.string().max(256),
  eventType: text,
  awsRegion: text,
  sourceIPAddress: text,
  userAgent: z.string().max(4096).optional().catch(undefined),
  vpcEndpointId: text,
  errorCode: text,
  recipientAccountId: text,
  sessionCredentialFromConsole: text,
  userIdentity: UserIdentity.optional().catch(undefined),
  requestParameters: z
    .object({
      roleArn: text,
      roleSessionName: text,
      userName: text,
      accessKeyId: text,
      status: text,
      secretId: text,
      secretIdList: texts,
      name: text,
      names: texts,
      keyId: text,
      encryptionContext: z.object({ SecretARN: text, PARAMETER_ARN: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  responseElements: z
    .object({
      ConsoleLogin: text,
      credentials: z.object({ accessKeyId: text }).optional().catch(undefined),
      accessKey: z.object({ accessKeyId: text, userName: text, status: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  resources: z
    .array(z.object({ ARN: text, type: text }))
    .max(200)
    .optional()
    .catch(undefined),
})
export type Event = z.infer<typeof Event>

/** Where tools put the event they pass on: as an object, or as JSON in a string. Tried in this order, a few deep. */
const wrappings: readonly ((outer: Record<string, unknown>) => unknown)[] = [
  (outer) => outer.CloudTrailEvent,
  (outer) => outer.detail,
  (outer) => outer.log,
  (outer) => outer._source,
  (outer) => (isObject(outer.aws) ? outer.aws.cloudtrail : undefined),
  (outer) => (isObject(outer.event) ? outer.event.original : undefined),
  (outer) => outer.message,
]
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * The event in a record: as CloudTrail delivers it, as `lookup-events` prints it, or inside what EventBridge, Logstash,
 * OpenSearch or a test corpus wrote round it. Undefined where there is none.
 */
export function eventOf(record: unknown): Event | undefined {
  let inner: unknown = record
  for (let layers = 0; layers < 4; layers++) {
    if (typeof inner === 'string') inner = parsed(inner)
    if (!isObject(inner)) return undefined
    const outer: Record<string, unknown> = inner
    if ('eventSource' in outer && 'eventName' in outer) return Event.safeParse(outer).data
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
