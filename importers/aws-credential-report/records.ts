import { z } from 'zod'
import { AwsTime, isoOf } from '../read/aws-reply.ts'

/** `aws iam get-credential-report`: the CSV, in plain text or base64, in a reply. Nothing else of the reply is read. */
export const Reply = z.object({ Content: z.string(), GeneratedTime: AwsTime })

/** What stands in a cell where there is nothing to say. `no_information` and `not_supported` are not "never". */
const blank = new Set(['', 'N/A', 'no_information', 'not_supported'])

const cell = z
  .string()
  .max(2048)
  .optional()
  .transform((text) => (text === undefined || blank.has(text) ? undefined : text))
const time = cell.transform((text) => (text === undefined ? undefined : isoOf(text)))
/** `TRUE`, `true`, `False`; undefined where the report does not say (`not_supported`). */
const flag = cell.transform((text) => (text === undefined ? undefined : text.toLowerCase() === 'true'))

/** The columns that are used. */
export const Row = z.object({
  user: z.string().min(1).max(256),
  arn: z.string().min(1).max(2048),
  user_creation_time: time,
  password_enabled: flag,
  password_last_used: time,
  password_last_changed: time,
  password_next_rotation: time,
  mfa_active: flag,
  access_key_1_active: flag,
  access_key_1_last_rotated: time,
  access_key_1_last_used_date: time,
  access_key_1_last_used_region: cell,
  access_key_1_last_used_service: cell,
  access_key_2_active: flag,
  access_key_2_last_rotated: time,
  access_key_2_last_used_date: time,
  access_key_2_last_used_region: cell,
  access_key_2_last_used_service: cell,
  cert_1_active: flag,
  cert_1_last_rotated: time,
  cert_2_active: flag,
  cert_2_last_rotated: time,
})
export type Row = z.infer<typeof Row>

/** Columns without which it is not this report. */
export const columns = ['user', 'arn', 'user_creation_time', 'password_enabled', 'access_key_1_active'] as const
