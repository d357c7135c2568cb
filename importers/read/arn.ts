/** `arn:partition:service:region:account:resource`, taken apart. The resource may hold further colons. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Undefined where the text is no ARN. Wildcards are left in place: ask `hasWildcard` of what has to be one thing. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':')
  if (parts.length < 6 || parts[0] !== 'arn') return undefined
  const [, partition = '', service = '', region = '', account = ''] = parts
  const resource = parts.slice(5).join(':')
  return partition === '' || service === '' || resource === ''
    ? undefined
    : { partition, service, region, account, resource }
}

export const hasWildcard = (text: string): boolean => text.includes('*') || text.includes('?')

/** Which partition a region lies in; logs give the region alone where a name has to become an ARN. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** `arn:aws:sts::…:assumed-role/name/session` is a session of `arn:aws:iam::…:role/name`; the path of the role is not in it. */
export function roleOfSession(arn: string): string | undefined {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'sts' || !parsed.resource.startsWith('assumed-role/')) return undefined
  const name = parsed.resource.split('/')[1]
  return name === undefined || name === '' ? undefined : `arn:${parsed.partition}:iam::${parsed.account}:role/${name}`
}

const placeholders = ['*', '<', '>', 'HIDDEN_DUE_TO', 'REDACTED', 'XXXXXX', '...']

/** Identifiers that somebody starred out or replaced (`AKIA***`, `<access-key-id:1>`) name no thing. */
export function isMasked(identifier: string): boolean {
  return placeholders.some((mark) => identifier.includes(mark))
}
