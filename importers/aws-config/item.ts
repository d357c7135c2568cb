import { z } from 'zod'
import { isoOf } from '../read/aws-reply.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A configuration item, whichever way AWS Config handed it out. */
export interface Item {
  readonly type: string
  readonly id: string
  readonly name: string | undefined
  readonly arn: string | undefined
  readonly account: string
  readonly region: string
  readonly zone: string | undefined
  /** When AWS Config saw it so; empty where the item does not say. */
  readonly captured: string
  /** It was deleted, or its type is no longer recorded: there is nothing of it any more. */
  readonly isGone: boolean
  readonly configuration: Fields
  readonly supplementary: Fields
  readonly tags: unknown
}

const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)

/** Snapshots write `awsAccountId` and `ARN`, replies of the API `accountId` and `arn`. */
const Written = z.object({
  resourceType: text,
  resourceId: maybe,
  resourceName: maybe,
  ARN: maybe,
  arn: maybe,
  awsAccountId: maybe,
  accountId: maybe,
  awsRegion: maybe,
  availabilityZone: maybe,
  configurationItemCaptureTime: z
    .union([z.string().max(40), z.number()])
    .optional()
    .catch(undefined),
  configurationItemStatus: maybe,
  configuration: z.unknown().optional(),
  supplementaryConfiguration: z.unknown().optional(),
  tags: z.unknown().optional(),
})

const gone = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded', 'NotRecorded'])

/** Is there an item in this object? Aggregators and rules have objects around it. */
export function itemFields(value: unknown): Fields | undefined {
  const fields = fieldsOf(value)
  if (typeof fields['resourceType'] === 'string') return fields
  for (const name of ['configurationItem', 'ConfigurationItem']) {
    const inner = fieldsOf(fields[name])
    if (typeof inner['resourceType'] === 'string') return inner
  }
  return undefined
}

/** The item in these fields; undefined where they do not say which thing of which account it is. */
export function itemOf(fields: Fields): Item | undefined {
  const read = Written.safeParse(fields)
  if (!read.success) return undefined
  const one = read.data
  const configuration = unfolded(one.configuration)
  const arn = one.ARN ?? one.arn
  const account = one.awsAccountId ?? one.accountId ?? arn?.split(':')[4] ?? ''
  const id = one.resourceId ?? arn
  if (id === undefined || !/^\d{12}$/.test(account)) return undefined
  return {
    type: one.resourceType,
    id,
    name: one.resourceName,
    arn,
    account,
    region: one.awsRegion ?? arn?.split(':')[3] ?? '',
    zone: one.availabilityZone,
    captured: captureTime(one.configurationItemCaptureTime),
    isGone: gone.has(one.configurationItemStatus ?? ''),
    configuration,
    supplementary: Object.fromEntries(
      Object.entries(unfolded(one.supplementaryConfiguration)).map(([name, value]) => [name, json(value)]),
    ),
    tags: one.tags,
  }
}

/** The API prints seconds since 1970, the CLI and snapshots ISO 8601. */
function captureTime(at: string | number | undefined): string {
  return (at === undefined ? undefined : isoOf(typeof at === 'number' ? at * 1000 : at)) ?? ''
}

/** Replies of the API hold JSON in a text where snapshots hold an object. */
const unfolded = (value: unknown): Fields => fieldsOf(json(value))

function json(value: unknown): unknown {
  if (typeof value !== 'string' || !(value.startsWith('{') || value.startsWith('['))) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
