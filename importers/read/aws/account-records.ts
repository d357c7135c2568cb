import { z } from 'zod'
import { AwsTime } from '../aws-reply.ts'

/**
 * The fields of `get-account-authorization-details` that are used; all others (descriptions among them) are dropped.
 * Policy documents are read for who may do what and are not kept. Tags: only the names in `read/aws-tags`.
 */
const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)
/** A list that nothing is in is `null` where a program in Go wrote it. */
const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .max(10_000)
    .nullish()
    .transform((given) => given ?? [])

const AttachedPolicy = z.object({ PolicyName: maybe, PolicyArn: text })
const InlinePolicy = z.object({ PolicyName: text, PolicyDocument: z.unknown().optional() })
const Tag = z.object({ Key: z.string(), Value: z.string() })
const tags = z
  .array(Tag)
  .max(10_000)
  .nullish()
  .transform((given) => given ?? undefined)
const Boundary = z.object({ PermissionsBoundaryArn: text }).optional().catch(undefined)

export const User = z.object({
  UserName: text,
  UserId: maybe,
  Arn: text,
  CreateDate: AwsTime,
  GroupList: list(text),
  UserPolicyList: list(InlinePolicy),
  AttachedManagedPolicies: list(AttachedPolicy),
  PermissionsBoundary: Boundary,
  Tags: tags,
})
export type User = z.infer<typeof User>

export const Group = z.object({
  GroupName: text,
  GroupId: maybe,
  Arn: text,
  CreateDate: AwsTime,
  GroupPolicyList: list(InlinePolicy),
  AttachedManagedPolicies: list(AttachedPolicy),
})
export type Group = z.infer<typeof Group>

const InstanceProfile = z.object({ InstanceProfileName: text, Arn: text, CreateDate: AwsTime })

export const Role = z.object({
  RoleName: text,
  RoleId: maybe,
  Arn: text,
  Path: maybe,
  CreateDate: AwsTime,
  MaxSessionDuration: z.number().optional().catch(undefined),
  AssumeRolePolicyDocument: z.unknown().optional(),
  InstanceProfileList: list(InstanceProfile),
  RolePolicyList: list(InlinePolicy),
  AttachedManagedPolicies: list(AttachedPolicy),
  PermissionsBoundary: Boundary,
  RoleLastUsed: z.object({ LastUsedDate: AwsTime, Region: maybe }).optional().catch(undefined),
  Tags: tags,
})
export type Role = z.infer<typeof Role>

export const Policy = z.object({
  PolicyName: text,
  Arn: text,
  CreateDate: AwsTime,
  UpdateDate: AwsTime,
  AttachmentCount: z.number().optional().catch(undefined),
  DefaultVersionId: maybe,
  PolicyVersionList: list(
    z.object({
      VersionId: maybe,
      IsDefaultVersion: z.boolean().optional().catch(undefined),
      Document: z.unknown().optional(),
    }),
  ),
})
export type Policy = z.infer<typeof Policy>

/** The four lists as they stand; each item is read on its own, so that one bad item costs only itself. */
const given = z
  .array(z.unknown())
  .nullish()
  .transform((items) => items ?? undefined)
export const AccountDetails = z.object({
  UserDetailList: given,
  GroupDetailList: given,
  RoleDetailList: given,
  Policies: given,
  IsTruncated: z.boolean().optional().catch(undefined),
  Marker: z.string().optional().catch(undefined),
  NextToken: z.string().optional().catch(undefined),
})
export type AccountDetails = z.infer<typeof AccountDetails>
