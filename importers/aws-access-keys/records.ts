import { z } from 'zod'
import { AwsTime } from '../read/aws-reply.ts'

const text = z.string().max(256)

/** One key of `aws iam list-access-keys`. */
export const AccessKey = z.object({
  UserName: text.optional().catch(undefined),
  AccessKeyId: text,
  Status: z.enum(['Active', 'Inactive', 'Expired']).optional().catch(undefined),
  CreateDate: AwsTime,
})
export type AccessKey = z.infer<typeof AccessKey>

/** `aws iam list-access-keys`; each key is read on its own. */
export const KeyList = z.object({ AccessKeyMetadata: z.array(z.unknown()) })

/** `aws iam get-access-key-last-used`. The reply does not repeat the key id that was asked for; whoever keeps it may add it. */
export const LastUsed = z.object({
  AccessKeyId: text.optional().catch(undefined),
  UserName: text.optional().catch(undefined),
  AccessKeyLastUsed: z.object({
    LastUsedDate: AwsTime,
    ServiceName: text.optional().catch(undefined),
    Region: text.optional().catch(undefined),
  }),
})
export type LastUsed = z.infer<typeof LastUsed>
