import ipaddr from 'ipaddr.js'

/**
 * From where a call came, coarse enough to be one caller and fine enough to be found: a public address as its /24
 * (IPv6 /64), a private one as it is, a VPC endpoint by its id, a call that a service made as `service:` and its host.
 */
export function networkOf(address: string | undefined, vpcEndpoint: string | undefined): string {
  if (vpcEndpoint !== undefined && vpcEndpoint !== '') return vpcEndpoint
  if (address === undefined || address === '') return 'unknown'
  if (address === 'AWS Internal') return 'aws-internal'
  if (/^[a-z0-9.-]+\.amazon(?:aws)?\.com$/i.test(address)) return `service:${address.toLowerCase()}`
  const four = fourNumbers(address)
  if (four !== undefined) return isPrivate(four) ? four.join('.') : `${four.slice(0, 3).join('.')}.0/24`
  if (!ipaddr.IPv6.isValid(address)) return 'unknown'
  const six = ipaddr.IPv6.parse(address)
  return six.range() === 'uniqueLocal'
    ? six.toString()
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${six.toString()}/64`).toString()}/64`
}

/** Decimal only: the parser of the library reads `010` as eight, logs do not mean that. */
function fourNumbers(address: string): readonly number[] | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined
  const numbers = parts.map(Number)
  return numbers.every((number) => number <= 255) ? numbers : undefined
}

function isPrivate([a = 0, b = 0]: readonly number[]): boolean {
  return (
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  )
}

/** Words in a user agent and the client they mean; the first that occurs wins, so what runs on an SDK stands before it. */
const agents: readonly (readonly [needle: string, family: string])[] = [
  ['terraform', 'terraform'],
  ['opentofu', 'opentofu'],
  ['pulumi', 'pulumi'],
  ['crossplane', 'crossplane'],
  ['external-secrets', 'external-secrets'],
  ['secrets-store-csi', 'secrets-store-csi'],
  ['configure-aws-credentials', 'github-actions'],
  ['vault', 'vault'],
  ['consolelogin', 'console'],
  ['console.', 'console'],
  ['signin.amazonaws.com', 'console'],
  ['s3console', 'console'],
  ['mozilla/', 'browser'],
  ['aws-cli', 'aws-cli'],
  ['aws internal', 'aws-internal'],
  ['aws-sdk-go', 'aws-sdk-go'],
  ['aws-sdk-java', 'aws-sdk-java'],
  ['aws-sdk-js', 'aws-sdk-js'],
  ['aws-sdk-nodejs', 'aws-sdk-js'],
  ['aws-sdk-dotnet', 'aws-sdk-dotnet'],
  ['aws-sdk-php', 'aws-sdk-php'],
  ['aws-sdk-ruby', 'aws-sdk-ruby'],
  ['aws-sdk-rust', 'aws-sdk-rust'],
  ['aws-sdk-cpp', 'aws-sdk-cpp'],
  ['boto3', 'boto3'],
  ['botocore', 'botocore'],
]

/** What kind of client a user agent tells of. Versions and unique parts go, so that one client stays one caller. */
export function agentOf(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return 'unknown'
  const lower = userAgent.slice(0, 1024).toLowerCase()
  const known = agents.find(([needle]) => lower.includes(needle))
  if (known !== undefined) return known[1]
  if (/^\[?[a-z0-9.-]+\.amazonaws\.com\b/.test(lower)) return 'aws-service'
  const product = /^[a-z0-9.-]{1,40}/.exec(lower)?.[0]
  return product ?? 'other'
}

const runtimes = [
  ['exec-env/aws_lambda', 'lambda'],
  ['exec-env/aws_ecs', 'ecs'],
  ['exec-env/ec2', 'ec2'],
  ['exec-env/codebuild', 'codebuild'],
  ['exec-env/cloudshell', 'cloudshell'],
] as const

/** Where the SDK says it runs, in its own words (`exec-env/AWS_Lambda_python3.12`). */
export function runtimeOf(userAgent: string | undefined): (typeof runtimes)[number][1] | undefined {
  const lower = userAgent?.slice(0, 4096).toLowerCase() ?? ''
  return runtimes.find(([needle]) => lower.includes(needle))?.[1]
}
