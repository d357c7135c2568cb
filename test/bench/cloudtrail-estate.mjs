import { stream } from '../estate/prng.mjs'

export const account = '111122223333'

const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2']

/** Service and call; what is called most stands first. */
const named = [
  ...['kms Decrypt', 'sts GetCallerIdentity', 'logs CreateLogStream', 'secretsmanager GetSecretValue'],
  ...['ssm GetParameters', 'ec2 DescribeInstances', 'ec2 DescribeNetworkInterfaces', 's3 GetBucketAcl'],
  ...['dynamodb DescribeTable', 'ecs DescribeServices', 'sqs GetQueueAttributes', 'monitoring DescribeAlarms'],
  ...['lambda GetFunction20150331v2', 'iam GetRole', 'rds DescribeDBInstances', 'ec2 RunInstances'],
]
/** What inventory and posture tools walk through in every region. */
const walked = ['ec2', 'rds', 'iam', 'lambda', 'ecs', 'eks', 's3', 'sns', 'sqs', 'kms', 'elasticache', 'cloudfront']
const things = ['Clusters', 'Instances', 'Policies', 'Tags', 'Subnets', 'Volumes', 'Keys', 'Topics', 'Snapshots']
export const apis = [
  ...named.map((call) => call.split(' ')),
  ...walked.flatMap((service) => things.map((thing) => [service, `List${thing}`])),
]

export const reads = (name) => /^(?:Get|List|Describe)/.test(name)

/** Number of a list, the first far more often than the last: what stands at n comes 1/(n+1) times as often. */
function tailed(count) {
  const sums = []
  let sum = 0
  for (let n = 0; n < count; n++) sums.push((sum += 1 / (n + 1)))
  return ({ below }) => {
    const drawn = (below(1e9) / 1e9) * sum
    let low = 0
    for (let high = count - 1; low < high;) {
      const middle = (low + high) >> 1
      if (sums[middle] > drawn) high = middle
      else low = middle + 1
    }
    return low
  }
}

/**
 * Who calls what: 320 identities, a few of which make most calls, as everywhere. A workload calls few different things
 * from one place, over and over; six tools walk through every service in every region; people do a bit of everything.
 */
export function estate(seed) {
  const random = stream(seed, 'cloudtrail-estate')
  const { below, hex, pick } = random
  const id = (prefix) => (prefix + hex(16)).toUpperCase()
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
  const secrets = Array.from(
    { length: 240 },
    (_, n) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:shop/db-${n}-${hex(6)}`,
  )
  const versions = secrets.map(uuid)
  const kmsKeys = Array.from({ length: 24 }, () => `arn:aws:kms:eu-west-1:${account}:key/${uuid()}`)
  const agents = Array.from({ length: 60 }, (_, n) =>
    pick([
      `Boto3/1.34.${n} md/Botocore#1.34.${n} ua/2.0 os/linux#5.10 md/arch#x86_64 lang/python#3.12.${n % 5}`,
      `aws-sdk-go-v2/1.24.${n} os/linux lang/go#1.22.${n % 4} md/GOOS#linux md/GOARCH#amd64 api/ec2#1.1${n}.0`,
      `APN/1.0 HashiCorp/1.0 Terraform/1.7.${n % 6} (+https://www.terraform.io) terraform-provider-aws/5.${n}.0`,
      `aws-cli/2.15.${n} Python/3.11.6 Linux/6.1 exe/x86_64.amzn.2023`,
    ]),
  )
  const address = (n) => (n % 4 ? `10.${below(4)}.${below(16)}.${below(250)}` : `203.0.113.${below(250)}`)
  const caller = (n) => {
    const region = regions[tailed(regions.length)(random)]
    const calls = Array.from({ length: 2 + below(7) }, () => tailed(named.length)(random))
    const weigh = tailed(calls.length)
    return {
      agent: pick(agents),
      places: Array.from({ length: 1 + below(3) }, () => ({ region, address: address(n) })),
      targets: 1 + below(3),
      base: below(secrets.length - 3),
      call: (from) => calls[weigh(from)],
    }
  }
  const users = Array.from({ length: 60 }, (_, n) => ({
    ...{ ...caller(n), id: id('AIDA'), name: `deploy-${n}`, key: id('AKIA') },
  }))
  const roles = Array.from({ length: 254 }, (_, n) => {
    const common = { ...caller(n), id: id('AROA'), name: `service-${n}` }
    if (n % 3 === 0)
      return {
        ...{ ...common, by: { host: 'lambda.amazonaws.com' }, sessions: 4, callsInSession: 12 },
        ...{ agent: `${pick(agents)} exec-env/AWS_Lambda_python3.12`, session: () => `service-${n}` },
      }
    if (n % 3 === 1) {
      const instance = `i-0${hex(16)}`
      return {
        ...{ ...common, by: { host: 'ec2.amazonaws.com' }, sessions: 1, callsInSession: 300 },
        session: () => instance,
      }
    }
    return {
      ...{ ...common, by: pick(users), sessions: 3, callsInSession: 60 },
      session: (from) => `botocore-session-${from.below(1e9)}`,
    }
  })
  const tools = Array.from({ length: 6 }, (_, n) => ({
    ...{ ...caller(n), id: id('AROA'), name: `inventory-${n}`, by: pick(users), sessions: 2, callsInSession: 500 },
    ...{ places: regions.map((region) => ({ region, address: `198.51.100.${n}` })), targets: 1 },
    ...{ session: () => 'inventory', call: (from) => named.length + from.below(apis.length - named.length) },
  }))
  const actors = [...roles, ...users, ...tools]
    .map((actor) => ({ actor, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ actor }) => actor)
  const weigh = tailed(actors.length)
  const errors = ['AccessDenied', 'ThrottlingException', 'Client.UnauthorizedOperation', 'ExpiredToken']
  const failing = tailed(errors.length)

  const fieldsOf = {
    Decrypt: (at) => ({
      requestParameters: {
        encryptionContext: { SecretARN: secrets[at], SecretVersionId: versions[at] },
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      },
      resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: kmsKeys[at % kmsKeys.length] }],
    }),
    GetSecretValue: (at) => ({ requestParameters: { secretId: secrets[at] } }),
    GetParameters: (at) => ({
      requestParameters: { names: [`/shop/${at}/url`, `/shop/${at}/key`], withDecryption: true },
    }),
    RunInstances: (at, slot) => ({
      requestParameters: {
        instancesSet: { items: [{ imageId: `ami-${slot('hex17')}`, minCount: 1, maxCount: 1 }] },
        userData: '<sensitiveDataRemoved>',
        instanceType: 'm6i.large',
      },
      responseElements: {
        instancesSet: {
          items: Array.from({ length: 4 }, () => ({
            instanceId: `i-0${slot('hex16')}`,
            privateDnsName: 'ip-10-0-0-1.eu-west-1.compute.internal',
            tagSet: { items: [{ key: 'team', value: 'payments "core"' }] },
            networkInterfaceSet: { items: [{ networkInterfaceId: `eni-${slot('hex17')}`, status: 'in-use' }] },
          })),
        },
      },
    }),
    DescribeInstances: (at, slot) => ({
      requestParameters: { instancesSet: { items: [{ instanceId: `i-0${slot('hex16')}` }] }, filterSet: {} },
    }),
    CreateLogStream: (at, slot) => ({
      requestParameters: {
        logGroupName: `/aws/lambda/service-${at}`,
        logStreamName: `2026/08/01/[$LATEST]${slot('hex32')}`,
      },
    }),
  }

  return {
    actor: (from) => actors[weigh(from)],
    error: (from) => errors[failing(from)],
    /** Parameters and replies of a call; `slot` writes what is fresh in each event. */
    fields: (actor, name, target, slot) => fieldsOf[name]?.(actor.base + target, slot) ?? {},
  }
}
