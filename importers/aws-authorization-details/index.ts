import type { z } from 'zod'
import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import { awsReply } from '../read/aws-reply.ts'
import { gapsIn } from './gaps.ts'
import { mapAccount, type Account } from '../read/aws/map-account.ts'
import { AccountDetails, Group, Policy, Role, User } from '../read/aws/account-records.ts'

/** `aws iam get-account-authorization-details`: users, groups, roles, policies, and who trusts whom. */
export const awsAuthorizationDetails: Importer = {
  id: 'aws-authorization-details',
  title: 'AWS account authorization details',
  reads: 'aws iam get-account-authorization-details (JSON)',
  collect: 'aws iam get-account-authorization-details --output json > authorization-details.json',
  emits: [
    'aws.account',
    'aws.iam_user',
    'aws.iam_group',
    'aws.iam_role',
    'aws.instance_profile',
    'aws.iam_policy',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.identity_provider_or_trust_anchor',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.kms_key',
    'business.team',
  ],
  blindTo: [
    'use: permissions say what may happen, not what does',
    'access keys and passwords of the users',
    'which workloads run as a role',
    'service control policies and policies of things, which other sources show, and session policies, which none does',
    'conditions on the moment, the network or the session: permissions under them are possible, never certain',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

const listNames = ['"UserDetailList"', '"GroupDetailList"', '"RoleDetailList"']

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first === '{') {
    if (listNames.some((name) => head.includes(name))) return 0.95
    // Cut after 64 KiB, it may show but its policies.
    return head.includes('"PolicyVersionList"') && head.includes('"PermissionsBoundaryUsageCount"') ? 0.6 : 0
  }
  // A tool's list of policies: not an account, but so alike that it is worth saying why.
  return first === '[' && head.includes('"PolicyDocument"') && head.includes('"AttachedToPrincipal"') ? 0.4 : 0
}

interface Export extends Account {
  readonly complete: boolean
}

function begin(context: RunContext) {
  const exports: Export[] = []
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const found = readExport(await input.text(), input.name, report, context.scopeName)
      if (found !== undefined) exports.push(found)
    },
    end(): void {
      for (const found of exports) {
        const { id, complete } = found
        mapAccount(found, context.scope({ id: `aws/${id}`, title: `AWS account ${id}`, complete }))
      }
    },
  }
}

function readExport(text: string, file: string, report: FileReport, scopeName: string | undefined): Export | undefined {
  const document = parsed(text)
  if (document === undefined) return refused(report, 'not-json')
  const { body, isError } = awsReply(document)
  if (isError) return refused(report, 'error-response')
  if (Array.isArray(body)) {
    report.note('This is a list of policies, not an account: run `aws iam get-account-authorization-details`.')
    return refused(report, 'unreadable-record', Math.max(body.length, 1))
  }
  const details = AccountDetails.safeParse(body)
  if (!details.success) return refused(report, 'unreadable-record')
  const lists = {
    users: itemsOf(details.data.UserDetailList, User, '/UserDetailList', report),
    groups: itemsOf(details.data.GroupDetailList, Group, '/GroupDetailList', report),
    roles: itemsOf(details.data.RoleDetailList, Role, '/RoleDetailList', report),
    policies: itemsOf(details.data.Policies, Policy, '/Policies', report),
  }
  const all = [...lists.users, ...lists.groups, ...lists.roles, ...lists.policies]
  const anyItem = [
    details.data.UserDetailList,
    details.data.GroupDetailList,
    details.data.RoleDetailList,
    details.data.Policies,
  ].some((list) => (list ?? []).length > 0)
  if (!anyItem) return refused(report, 'empty')
  if (all.length === 0) return undefined
  const accounts = accountsOf(all.map(({ Arn }) => Arn))
  const id = accounts[0] ?? scopeName
  if (id === undefined) {
    report.note('No user, role or policy of an account is in this file: say which it is of with --scope.')
    report.skipped('missing-identifier', '/', all.length)
    return undefined
  }
  report.mapped(all.length)
  if (accounts.length > 1) report.note(`Speaks of ${accounts.length} accounts; taken as an export of ${id}.`)
  const account = { source: 'aws-authorization-details', id, file, ...lists }
  const gaps = gapsIn(details.data, account)
  for (const gap of gaps) report.note(gap)
  return { ...account, complete: gaps.length === 0 && accounts.length === 1 }
}

/** Nothing of the document can be used; it counts as this many records. */
function refused(report: FileReport, reason: SkipReason, records = 1): undefined {
  report.read?.(records)
  report.skipped(reason, '/', records)
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Reads each item on its own; what can't be read, or names a thing by a placeholder, is skipped with its place. */
function itemsOf<T extends z.ZodType<{ Arn: string }>>(
  items: readonly unknown[] | undefined,
  shape: T,
  list: string,
  report: FileReport,
): readonly z.infer<T>[] {
  return (items ?? []).flatMap((item, at) => {
    report.read?.()
    const read = shape.safeParse(item)
    const arn = read.success ? read.data.Arn : undefined
    const reason =
      arn === undefined
        ? 'unreadable-record'
        : isMasked(arn)
          ? 'masked-identifier'
          : parseArn(arn) === undefined
            ? 'missing-identifier'
            : undefined
    if (reason === undefined && read.success) return [read.data]
    report.skipped(reason ?? 'unreadable-record', `${list}/${at}`)
    return []
  })
}

/** Accounts the ARNs name, the one named most first. `aws` is no account: it owns the policies AWS manages. */
function accountsOf(arns: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const arn of arns) {
    const account = parseArn(arn)?.account ?? ''
    if (account !== '' && account !== 'aws') counts.set(account, (counts.get(account) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([account]) => account)
}
