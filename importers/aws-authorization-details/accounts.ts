import type { FileReport } from '../importer.ts'
import { parseArn } from '../read/arn.ts'
import type { Account } from '../read/aws/map-account.ts'
import { gapsIn } from './gaps.ts'
import type { Page } from './pages.ts'

export interface Export extends Account {
  readonly complete: boolean
  /** Why it can't be taken as the whole account. */
  readonly gaps: readonly string[]
  /** Of the last of its replies. */
  readonly report: FileReport
}

/**
 * What the replies say of each account. Pages of one account, or replies made with `--filter`, are put together: a user
 * and its group may be in different ones. Replies that are whole each stand for themselves: they are of different days.
 */
export function accountsOf(pages: readonly Page[], scopeName: string | undefined): readonly Export[] {
  const used = pages.map((page) => ({ page, all: itemsOf(page) })).filter(({ all }) => all.length > 0)
  const named = used.map(({ page, all }) => ({ page, count: all.length, accounts: accountsIn(all) }))
  const ids = new Set(named.flatMap(({ accounts }) => accounts[0] ?? []))
  // A page of nothing but policies that AWS manages belongs to the account of the other pages.
  const fallback = scopeName ?? (ids.size === 1 ? [...ids][0] : undefined)
  const byId = new Map<string, { page: Page; accounts: readonly string[] }[]>()
  for (const { page, count, accounts } of named) {
    const id = accounts[0] ?? fallback
    if (id === undefined) {
      page.report.note('No user, role or policy of an account is in this file: say which it is of with --scope.')
      page.report.skipped('missing-identifier', '/', count)
      continue
    }
    page.report.mapped(count)
    if (accounts.length > 1) page.report.note(`Speaks of ${accounts.length} accounts; taken as an export of ${id}.`)
    byId.set(id, [...(byId.get(id) ?? []), { page, accounts }])
  }
  return [...byId].flatMap(([id, those]) => {
    const single = those.every(({ accounts }) => accounts.length <= 1)
    const alone = those.map(({ page }) => exportOf(id, [page], single))
    const isClosed = alone.length === 1 || alone.every(({ gaps }) => gaps.length === 0)
    return isClosed ? alone : [exportOf(id, those.map(({ page }) => page), single)] // prettier-ignore
  })
}

const itemsOf = ({ users, groups, roles, policies }: Page): readonly { readonly Arn: string }[] => [
  ...users,
  ...groups,
  ...roles,
  ...policies,
]

function exportOf(id: string, pages: readonly Page[], single: boolean): Export {
  const files = new Map(pages.flatMap((page) => itemsOf(page).map(({ Arn }) => [Arn, page.file] as const)))
  const [first] = pages
  const account: Account = {
    ...{ source: 'aws-authorization-details', id, file: first!.file },
    originOf: (arn) => ({ file: files.get(arn) ?? first!.file, record: arn }),
    users: pages.flatMap(({ users }) => users),
    groups: pages.flatMap(({ groups }) => groups),
    roles: pages.flatMap(({ roles }) => roles),
    policies: pages.flatMap(({ policies }) => policies),
  }
  const gaps = gapsIn(
    pages.map(({ details }) => details),
    account,
  )
  return { ...account, gaps, report: pages.at(-1)!.report, complete: gaps.length === 0 && single }
}

/** Accounts the ARNs name, the one named most first. `aws` is no account: it owns the policies AWS manages. */
function accountsIn(items: readonly { readonly Arn: string }[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { Arn } of items) {
    const account = parseArn(Arn)?.account ?? ''
    if (account !== '' && account !== 'aws') counts.set(account, (counts.get(account) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([account]) => account)
}
