/** Fields of an event that a scan finds, by number. */
const names = [
  'eventID',
  'eventTime',
  '@timestamp',
  'eventSource',
  'eventName',
  'eventType',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'vpcEndpointId',
  'errorCode',
  'recipientAccountId',
  'sessionCredentialFromConsole',
  'userIdentity',
  'type',
  'principalId',
  'arn',
  'accountId',
  'accessKeyId',
  'userName',
  'invokedBy',
  'identityProvider',
  'issuerArn',
  'sessionCreated',
  'federatedProvider',
  'issuedTo',
  'identityStore',
  'requestParameters',
  'responseElements',
  'sessionKeyId',
  'resources',
  'sessionContext',
  'sessionIssuer',
  'attributes',
  'webIdFederationData',
  'inScopeOf',
  'onBehalfOf',
  'credentials',
  'roleArn',
  'roleSessionName',
  'secretId',
  'name',
  'path',
  'keyId',
  'clusterName',
  'encryptionContext',
  'contextSecret',
  'contextParameter',
  'secretIdList',
  'names',
  'tags',
  'principalTags',
] as const
type Name = (typeof names)[number]
export const field = Object.fromEntries(names.map((name, number) => [name, number])) as Readonly<Record<Name, number>>
export const FIELDS = names.length

/** What a key of an object leads to: a text that is wanted, any value as it stands, or an object to look into. */
export interface Entry {
  readonly key: Uint8Array
  readonly field: number
  readonly as: 'text' | 'value' | Level
  /** Such a key means that this is no event but what is round it. */
  readonly stops: boolean
}
export interface Level {
  readonly entries: readonly Entry[]
  /** Number of the entry by length and ends of the key; -1 for none. */
  readonly table: Int8Array
  readonly spread: number
  /** Keys as they were met, wanted or not: each says which came next. */
  readonly met: (MetKey | undefined)[]
  readonly begin: MetKey
}
/** A key with its quotes and the colon. */
export interface MetKey {
  readonly text: DataView
  readonly entry: Entry | undefined
  next: MetKey | undefined
}

export const SLOTS = 256
/** Longest key remembered, with quotes and colon. */
export const KEY_LENGTH = 64

function level(
  texts: Readonly<Record<string, Name>>,
  objects: Readonly<Record<string, readonly [Name, 'value' | Level]>> = {},
  stops: readonly string[] = [],
): Level {
  const bytes = (key: string): Uint8Array => new TextEncoder().encode(key)
  const entries: Entry[] = [
    ...Object.entries(texts).map(([key, name]) => ({
      ...{
        key: bytes(key),
        field: field[name],
        as: 'text' as const,
        stops: false,
      },
    })),
    ...Object.entries(objects).map(([key, [name, as]]) => ({
      key: bytes(key),
      field: field[name],
      as,
      stops: false,
    })),
    ...stops.map((key) => ({
      key: bytes(key),
      field: 0,
      as: 'value' as const,
      stops: true,
    })),
  ]
  // Some factor keeps all keys of a level apart; which one does not matter.
  for (let spread = 1; spread < SLOTS; spread += 2) {
    const table = new Int8Array(SLOTS).fill(-1)
    const apart = entries.every(({ key }, number) => {
      const slot = slotOf(key, 0, key.length, spread)
      const free = table[slot] === -1
      table[slot] = number
      return free
    })
    if (apart) {
      const begin: MetKey = {
        text: new DataView(new ArrayBuffer(0)),
        entry: undefined,
        next: undefined,
      }
      return {
        entries,
        table,
        spread,
        met: new Array<MetKey | undefined>(SLOTS).fill(undefined),
        begin,
      }
    }
  }
  throw new Error('no factor keeps the keys of a level apart: look at more of each key')
}

export function slotOf(bytes: Uint8Array, start: number, end: number, spread: number): number {
  const third = bytes[end - 3 > start ? end - 3 : start]!
  const middle = bytes[(start + end) >> 1]!
  return ((end - start) * 7 + bytes[start]! * 3 + middle * 11 + bytes[end - 1]! * 5 + third * spread) & (SLOTS - 1)
}

const identityLevel = (): Level =>
  level(
    {
      type: 'type',
      principalId: 'principalId',
      arn: 'arn',
      accountId: 'accountId',
      accessKeyId: 'accessKeyId',
      userName: 'userName',
      invokedBy: 'invokedBy',
      identityProvider: 'identityProvider',
    },
    {
      sessionContext: [
        'sessionContext',
        level(
          {},
          {
            sessionIssuer: ['sessionIssuer', level({ arn: 'issuerArn' })],
            attributes: ['attributes', level({ creationDate: 'sessionCreated' })],
            webIdFederationData: ['webIdFederationData', level({ federatedProvider: 'federatedProvider' })],
          },
        ),
      ],
      inScopeOf: ['inScopeOf', level({ credentialsIssuedTo: 'issuedTo' })],
      onBehalfOf: ['onBehalfOf', level({ identityStoreArn: 'identityStore' })],
    },
  )

const parametersLevel = (): Level =>
  level(
    {
      roleArn: 'roleArn',
      roleSessionName: 'roleSessionName',
      secretId: 'secretId',
      name: 'name',
      path: 'path',
      keyId: 'keyId',
      clusterName: 'clusterName',
    },
    {
      encryptionContext: [
        'encryptionContext',
        level({
          SecretARN: 'contextSecret',
          PARAMETER_ARN: 'contextParameter',
        }),
      ],
      secretIdList: ['secretIdList', 'value'],
      names: ['names', 'value'],
      tags: ['tags', 'value'],
      principalTags: ['principalTags', 'value'],
    },
  )

export const eventLevel = (lists: readonly string[]): Level =>
  level(
    Object.fromEntries(names.slice(0, field.userIdentity).map((name) => [name, name])),
    {
      userIdentity: ['userIdentity', identityLevel()],
      requestParameters: ['requestParameters', parametersLevel()],
      responseElements: [
        'responseElements',
        level(
          {},
          {
            credentials: ['credentials', level({ accessKeyId: 'sessionKeyId' })],
          },
        ),
      ],
      resources: ['resources', 'value'],
    },
    lists,
  )
