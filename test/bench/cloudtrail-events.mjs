import { stream } from '../estate/prng.mjs'

/**
 * CloudTrail of a fictional account, of any size: the same seed gives the same bytes. The mix is that of a busy account:
 * calls of roles in short sessions, `AssumeRole` and `Decrypt` often, a few long-lived keys, some errors, now and then
 * a long reply.
 */
const ACCOUNT = '111122223333'
const REGIONS = ['eu-west-1', 'eu-west-1', 'eu-west-1', 'us-east-1', 'eu-central-1']
const START = Date.UTC(2026, 7, 1)

const calls = [
  ['ec2', 'DescribeInstances', 10],
  ['ec2', 'DescribeNetworkInterfaces', 6],
  ['s3', 'GetBucketAcl', 6],
  ['logs', 'CreateLogStream', 8],
  ['monitoring', 'DescribeAlarms', 4],
  ['dynamodb', 'DescribeTable', 5],
  ['sqs', 'GetQueueAttributes', 4],
  ['lambda', 'GetFunction20150331v2', 3],
  ['ecs', 'DescribeServices', 4],
  ['iam', 'GetRole', 4],
  ['rds', 'DescribeDBInstances', 2],
  ['sts', 'GetCallerIdentity', 3],
  ['kms', 'Decrypt', 14],
  ['secretsmanager', 'GetSecretValue', 4],
  ['ssm', 'GetParameters', 5],
  ['ec2', 'RunInstances', 1],
]

/** Yields one event after the other, as text, for ever. */
export function* cloudtrailEvents(seed) {
  const { below, pick: one, hex, chance } = stream(seed, 'cloudtrail')
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
  const keyId = (prefix) => (prefix + hex(16)).toUpperCase()
  const weighted = calls.flatMap((call) => Array(call[2]).fill(call))
  const agents = Array.from({ length: 40 }, (_, n) =>
    one([
      `Boto3/1.34.${n} md/Botocore#1.34.${n} ua/2.0 os/linux#5.10 md/arch#x86_64 lang/python#3.12.${n % 5} exec-env/AWS_Lambda_python3.12`,
      `aws-sdk-go-v2/1.24.${n} os/linux lang/go#1.22.${n % 4} md/GOOS#linux md/GOARCH#amd64 api/ec2#1.1${n}.0`,
      `APN/1.0 HashiCorp/1.0 Terraform/1.7.${n % 6} (+https://www.terraform.io) terraform-provider-aws/5.${n}.0`,
      `aws-cli/2.15.${n} Python/3.11.6 Linux/6.1 exe/x86_64.amzn.2023`,
    ]),
  )
  const addresses = Array.from({ length: 120 }, (_, n) =>
    n % 3 ? `10.${n % 7}.${below(8)}.${below(250)}` : `203.0.${113 + (n % 3)}.${below(250)}`,
  )
  const places = () => ({
    agent: one(agents),
    addresses: [one(addresses), one(addresses), one(addresses)],
    reads: below(26) * 3,
  })
  const roles = Array.from({ length: 60 }, (_, n) => ({
    ...places(),
    id: keyId('AROA'),
    name: `service-${n}`,
    by: below(15),
    session: one(['worker', `service-${n}`, `i-0${hex(16)}`]),
  }))
  const users = Array.from({ length: 15 }, (_, n) => ({
    ...places(),
    id: keyId('AIDA'),
    name: `deploy-${n}`,
    key: keyId('AKIA'),
  }))
  const secrets = Array.from(
    { length: 80 },
    (_, n) => `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/db-${n}-${hex(6)}`,
  )
  const versions = secrets.map(() => uuid())
  const kmsKeys = Array.from({ length: 12 }, () => `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${uuid()}`)
  let time = START
  const open = []

  const stamp = () => new Date(time).toISOString().replace(/\.\d+Z/, 'Z')
  const user = (who) => ({
    type: 'IAMUser',
    principalId: who.id,
    arn: `arn:aws:iam::${ACCOUNT}:user/${who.name}`,
    accountId: ACCOUNT,
    accessKeyId: who.key,
    userName: who.name,
  })
  const session = ({ role, key, name, made }) => ({
    type: 'AssumedRole',
    principalId: `${role.id}:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.id,
        arn: `arn:aws:iam::${ACCOUNT}:role/${role.name}`,
        accountId: ACCOUNT,
        userName: role.name,
      },
      attributes: { creationDate: made, mfaAuthenticated: 'false' },
    },
  })
  const event = (userIdentity, from, service, name, fields) => ({
    eventVersion: '1.09',
    userIdentity,
    eventTime: stamp(),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: one(REGIONS),
    sourceIPAddress: one(from.addresses),
    userAgent: from.agent,
    requestParameters: null,
    responseElements: null,
    ...fields,
    requestID: uuid(),
    eventID: uuid(),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${service}.eu-west-1.amazonaws.com`,
    },
  })
  const assume = () => {
    const role = one(roles)
    const name = chance(10) ? `botocore-session-${below(1e9)}` : role.session
    const made = { role, key: keyId('ASIA'), name, made: stamp(), left: 5 + below(40) }
    open.push(made)
    if (open.length > 300) open.shift()
    const by = users[role.by]
    return event(user(by), by, 'sts', 'AssumeRole', {
      requestParameters: {
        roleArn: `arn:aws:iam::${ACCOUNT}:role/${role.name}`,
        roleSessionName: name,
        durationSeconds: 3600,
      },
      responseElements: {
        credentials: { accessKeyId: made.key, sessionToken: hex(700), expiration: 'Aug 1, 2026, 1:00:00 AM' },
        assumedRoleUser: {
          assumedRoleId: `${role.id}:${name}`,
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${name}`,
        },
      },
      resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: `arn:aws:iam::${ACCOUNT}:role/${role.name}` }],
    })
  }
  const parametersOf = {
    Decrypt: ({ reads }) => {
      const at = reads + below(3)
      return {
        requestParameters: {
          encryptionContext: { SecretARN: secrets[at], SecretVersionId: chance(3) ? uuid() : versions[at] },
          encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        },
        resources: [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: kmsKeys[at % kmsKeys.length] }],
      }
    },
    GetSecretValue: ({ reads }) => ({ requestParameters: { secretId: secrets[reads + below(3)] } }),
    GetParameters: ({ reads }) => ({
      requestParameters: { names: [`/shop/${reads}/url`, `/shop/${reads + below(2)}/key`], withDecryption: true },
    }),
    RunInstances: () => ({
      requestParameters: {
        instancesSet: { items: [{ imageId: `ami-${hex(17)}`, minCount: 1, maxCount: 1 }] },
        userData: '<sensitiveDataRemoved>',
        instanceType: 'm6i.large',
      },
      responseElements: {
        instancesSet: {
          items: Array.from({ length: 4 }, () => ({
            instanceId: `i-0${hex(16)}`,
            privateDnsName: 'ip-10-0-0-1.eu-west-1.compute.internal',
            tagSet: { items: [{ key: 'team', value: 'payments "core"' }] },
            networkInterfaceSet: { items: [{ networkInterfaceId: `eni-${hex(17)}`, status: 'in-use' }] },
          })),
        },
      },
    }),
    DescribeInstances: () => ({
      requestParameters: { instancesSet: { items: [{ instanceId: `i-0${hex(16)}` }] }, filterSet: {} },
    }),
    CreateLogStream: () => ({
      requestParameters: {
        logGroupName: `/aws/lambda/service-${below(60)}`,
        logStreamName: `2026/08/01/[$LATEST]${hex(32)}`,
      },
    }),
  }
  for (;;) {
    time += below(3) * 400
    if (open.length < 20 || chance(6)) {
      yield JSON.stringify(assume())
      continue
    }
    const [service, name] = one(weighted)
    const at = below(open.length)
    const by = chance(12) ? one(users) : open[at].role
    const who = 'key' in by ? user(by) : session(open[at])
    if (--open[at].left <= 0) open.splice(at, 1)
    const error = chance(2)
      ? {
          errorCode: one(['AccessDenied', 'ExpiredToken', 'Client.UnauthorizedOperation', 'ThrottlingException']),
          errorMessage: 'User is not authorized to perform this operation',
        }
      : {}
    yield JSON.stringify(event(who, by, service, name, { ...parametersOf[name]?.(by), ...error }))
  }
}
