import type { z } from 'zod'
import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, InputFile } from '../importer.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import { awsReply } from '../read/aws-reply.ts'
import { AccountDetails, Group, Policy, Role, User } from '../read/aws/account-records.ts'
import { jsonObjects } from '../read/json-objects.ts'

export const listNames = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const

/** One reply: all of an account, or a page of it. */
export interface Page {
  readonly file: string
  readonly report: FileReport
  readonly details: AccountDetails
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly roles: readonly Role[]
  readonly policies: readonly Policy[]
}

/** Longest reply where several stand one after the other; one that is alone may be as long as a document. */
const PAGE_BYTES = 64 * 1024 * 1024

/** The replies of a file: one, a list of them, or one after the other as a loop over pages writes them. */
export async function readPages(input: InputFile, report: FileReport): Promise<readonly Page[]> {
  const document = parsed(await input.text())
  if (document === undefined) return pagesInARow(input, report)
  if (!Array.isArray(document)) return readPage(document, '', input.name, report)
  if (document.some(isPage)) return document.flatMap((one: unknown, at) => readPage(one, `/${at}`, input.name, report))
  report.note('This is a list of policies, not an account: run `aws iam get-account-authorization-details`.')
  return refused(report, 'unreadable-record', '/', Math.max(document.length, 1))
}

const isPage = (document: unknown): boolean =>
  typeof document === 'object' && document !== null && listNames.some((name) => name in document)

/** What is cut or broken is no row of pages: then nothing of it is used. */
async function pagesInARow(input: InputFile, report: FileReport): Promise<readonly Page[]> {
  const found: { readonly where: string; readonly value: unknown }[] = []
  for await (const pieces of jsonObjects(input.stream(), { lists: [], maxBytes: PAGE_BYTES }))
    for (const piece of pieces)
      found.push({ where: `byte ${piece.at}`, value: 'text' in piece ? parsed(piece.text) : undefined })
  if (found.length === 0 || !found.every(({ value }) => isPage(awsReply(value).body)))
    return refused(report, 'not-json', '/')
  return found.flatMap(({ where, value }) => readPage(value, where, input.name, report))
}

function readPage(document: unknown, where: string, file: string, report: FileReport): readonly Page[] {
  const { body, isError } = awsReply(document)
  if (isError) return refused(report, 'error-response', where || '/')
  const details = AccountDetails.safeParse(body).data
  if (!details || !isPage(body)) return refused(report, 'unreadable-record', where || '/')
  if (!listNames.some((name) => (details[name] ?? []).length > 0)) return refused(report, 'empty', where || '/')
  const items = <T extends z.ZodType<{ Arn: string }>>(name: (typeof listNames)[number], shape: T) =>
    itemsOf(details[name], shape, `${where}/${name}`, report)
  return [
    {
      ...{ file, report, details },
      users: items('UserDetailList', User),
      groups: items('GroupDetailList', Group),
      roles: items('RoleDetailList', Role),
      policies: items('Policies', Policy),
    },
  ]
}

/** Nothing of the document can be used; it counts as this many records. */
function refused(report: FileReport, reason: SkipReason, where: string, records = 1): readonly Page[] {
  report.read?.(records)
  report.skipped(reason, where, records)
  return []
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
