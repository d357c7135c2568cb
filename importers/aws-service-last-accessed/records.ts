import { z } from 'zod'
import { AwsTime } from '../read/aws-reply.ts'

const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)

const Action = z.object({ ActionName: text, LastAccessedTime: AwsTime, LastAccessedRegion: maybe })

/** One service of `iam get-service-last-accessed-details`. */
export const Service = z.object({
  ServiceNamespace: text,
  LastAuthenticated: AwsTime,
  LastAuthenticatedEntity: maybe,
  LastAuthenticatedRegion: maybe,
  TotalAuthenticatedEntities: z.number().optional().catch(undefined),
  TrackedActionsLastAccessed: z.array(Action).max(2000).optional().catch(undefined),
})
export type Service = z.infer<typeof Service>

/** One principal of `iam get-service-last-accessed-details-with-entities`. Names and ids are in the ARN. */
export const Entity = z.object({
  EntityInfo: z.object({ Arn: text, Type: maybe }),
  LastAuthenticated: AwsTime,
})
export type Entity = z.infer<typeof Entity>

/** What both replies say of the job that made them. */
export const Job = z.object({
  JobStatus: maybe,
  JobCompletionDate: AwsTime,
  IsTruncated: z.boolean().optional().catch(undefined),
})
