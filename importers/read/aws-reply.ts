import { z } from 'zod'

/** boto3 recordings write a time as its parts. */
const RecordedTime = z.object({
  __class__: z.literal('datetime'),
  year: z.number(),
  month: z.number(),
  day: z.number(),
  hour: z.number().optional(),
  minute: z.number().optional(),
  second: z.number().optional(),
})

/**
 * A time in any of the forms AWS tools write: ISO 8601, `2020-01-29 21:24:20+00:00`, seconds since 1970, recorded
 * parts. Becomes ISO 8601 with zone; undefined where it is none.
 */
export const AwsTime = z
  .union([z.string().max(40), z.number(), RecordedTime])
  .optional()
  .catch(undefined)
  .transform((value) => (value === undefined ? undefined : instantOf(value)))

function instantOf(value: string | number | z.infer<typeof RecordedTime>): string | undefined {
  if (typeof value === 'string') return isoOf(value.includes('T') ? value : value.replace(' ', 'T'))
  if (typeof value === 'number') return isoOf(value * 1000)
  return isoOf(Date.UTC(value.year, value.month - 1, value.day, value.hour ?? 0, value.minute ?? 0, value.second ?? 0))
}

/** ISO 8601 with zone. `Date` reads far more than these forms; only what begins like a date is given to it. */
export function isoOf(value: string | number): string | undefined {
  if (typeof value === 'string' && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return undefined
  const zoned = typeof value === 'string' && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? `${value}Z` : value
  const time = new Date(zoned)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('.000Z', 'Z')
}

const Recorded = z.object({ status_code: z.number(), data: z.unknown() })
const ErrorReply = z.object({ Error: z.object({ Code: z.string() }) })

export interface AwsReply {
  readonly body: unknown
  /** The recorded reply is an error: there is no data in it. */
  readonly isError: boolean
}

/** Takes an AWS reply out of what recorders wrap round it: `{status_code, data}` of boto3 recordings, or nothing. */
export function awsReply(document: unknown): AwsReply {
  const recorded = Recorded.safeParse(document)
  const body = recorded.success ? recorded.data.data : document
  const failed = recorded.success && recorded.data.status_code >= 400
  return { body, isError: failed || ErrorReply.safeParse(body).success }
}
