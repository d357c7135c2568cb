import type { Account } from '../read/aws/map-account.ts'
import type { AccountDetails } from '../read/aws/account-records.ts'

/**
 * Why an export can't be taken as the whole account; empty where it can. Nothing in the reply says that it was made
 * without `--filter`, so its lists have to close over each other: each policy attached and each group joined is listed,
 * and each attachment that a policy counts is found.
 */
export function gapsIn(pages: readonly AccountDetails[], account: Account): readonly string[] {
  const { users, groups, roles, policies } = account
  const gaps: string[] = []
  if (pages.length > 1)
    gaps.push('Nothing proves that these replies are all of the account: let the CLI put its pages together.')
  else if (pages.some(isPart)) gaps.push('The reply is one page of several: it is not the whole account.')
  const lists = [
    ['users', listOf(pages, 'UserDetailList'), users],
    ['groups', listOf(pages, 'GroupDetailList'), groups],
    ['roles', listOf(pages, 'RoleDetailList'), roles],
    ['policies', listOf(pages, 'Policies'), policies],
  ] as const
  for (const [words, given, read] of lists) {
    if (given === undefined) gaps.push(`There is no list of ${words}.`)
    else if (given.length > read.length) gaps.push(`${given.length - read.length} of the ${words} could not be read.`)
  }
  // Every account has roles: AWS makes some for its own services.
  if (listOf(pages, 'RoleDetailList')?.length === 0)
    gaps.push('The list of roles is empty: was the reply made with --filter?')
  const attachments = new Map<string, number>()
  const listed = new Set(policies.map(({ Arn }) => Arn))
  const holders = [
    ...users.map((user) => ({ words: `user ${user.UserName}`, held: user.AttachedManagedPolicies })),
    ...groups.map((group) => ({ words: `group ${group.GroupName}`, held: group.AttachedManagedPolicies })),
    ...roles.map((role) => ({ words: `role ${role.RoleName}`, held: role.AttachedManagedPolicies })),
  ]
  for (const { words, held } of holders)
    for (const { PolicyArn, PolicyName } of held) {
      attachments.set(PolicyArn, (attachments.get(PolicyArn) ?? 0) + 1)
      if (!listed.has(PolicyArn))
        gaps.push(`${words} attaches the policy ${PolicyName ?? PolicyArn}, which the file lacks.`)
    }
  const groupNames = new Set(groups.map(({ GroupName }) => GroupName))
  for (const user of users)
    for (const group of user.GroupList)
      if (!groupNames.has(group))
        gaps.push(`user ${user.UserName} is a member of the group ${group}, which the file lacks.`)
  const elsewhere = policies.filter(({ Arn, AttachmentCount = 0 }) => AttachmentCount > (attachments.get(Arn) ?? 0))
  if (elsewhere.length > 0)
    gaps.push(
      `${elsewhere.length} policies are attached more often than the file shows (first: ${elsewhere[0]!.PolicyName}).`,
    )
  return gaps
}

/** Says that there is more: the API with `IsTruncated` and `Marker`, the CLI under `--max-items` with `NextToken`. */
const isPart = ({ IsTruncated, Marker, NextToken }: AccountDetails): boolean =>
  IsTruncated === true || (Marker ?? '') !== '' || (NextToken ?? '') !== ''

/** Undefined where no page has it. */
function listOf(
  pages: readonly AccountDetails[],
  name: 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies',
): readonly unknown[] | undefined {
  const given = pages.flatMap((page) => (page[name] === undefined ? [] : [page[name]]))
  return given.length === 0 ? undefined : given.flat()
}
