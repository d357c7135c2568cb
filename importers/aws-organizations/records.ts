import { z } from 'zod'

/**
 * The fields of AWS Organizations that are used. Names of accounts are; their addresses (`Email`) and descriptions are
 * not.
 */
const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)

export const Organization = z.object({
  Id: text,
  MasterAccountId: maybe,
  ManagementAccountId: maybe,
  FeatureSet: maybe,
})

/** A root or a unit. */
export const Unit = z.object({ Id: text, Arn: maybe, Name: maybe })

export const Account = z.object({ Id: text, Arn: maybe, Name: maybe, Status: maybe, State: maybe })

export const Summary = z.object({
  Id: text,
  Arn: text,
  Name: maybe,
  Type: maybe,
  AwsManaged: z.boolean().optional().catch(undefined),
})
export type Summary = z.infer<typeof Summary>

/** `Content` is the policy, as a text. */
export const Policy = z.object({ PolicySummary: Summary, Content: z.unknown() })

export const Target = z.object({ TargetId: text, Arn: maybe, Name: maybe, Type: maybe })

/** A parent or a child: only its id. */
export const Relative = z.object({ Id: text, Type: maybe })
