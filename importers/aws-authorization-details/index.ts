import type { Importer, InputFile, FileReport, RunContext } from '../importer.ts'
import { firstName } from '../read/aws-replies.ts'
import { mapAccount } from '../read/aws/map-account.ts'
import { accountsOf } from './accounts.ts'
import { listNames, readPages, type Page } from './pages.ts'

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

/** What a page in a list of pages may begin with. */
const firsts = new Set<string>([...listNames, 'IsTruncated', 'Marker', 'NextToken', 'ResponseMetadata'])

function detect(head: string): number {
  const first = head.trimStart()[0]
  const isNamed = listNames.some((name) => name !== 'Policies' && head.includes(`"${name}"`))
  if (first === '{') {
    if (isNamed) return 0.95
    // Cut after 64 KiB, it may show but its policies.
    return head.includes('"PolicyVersionList"') && head.includes('"PermissionsBoundaryUsageCount"') ? 0.6 : 0
  }
  if (first !== '[') return 0
  if (isNamed && firsts.has(firstName(head) ?? '')) return 0.95
  // A tool's list of policies: not an account, but so alike that it is worth saying why.
  return head.includes('"PolicyDocument"') && head.includes('"AttachedToPrincipal"') ? 0.4 : 0
}

function begin(context: RunContext) {
  const pages: Page[] = []
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      pages.push(...(await readPages(input, report)))
    },
    end(): void {
      for (const found of accountsOf(pages, context.scopeName)) {
        const { id, complete, gaps, report } = found
        for (const gap of gaps) report.note(gap)
        mapAccount(found, context.scope({ id: `aws/${id}`, title: `AWS account ${id}`, complete }))
      }
    },
  }
}
