import { parse } from 'csv-parse/sync'
import { keys } from '../../graph/keys.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import { awsReply } from '../read/aws-reply.ts'
import { mapRow } from './map.ts'
import { columns, Reply, Row } from './records.ts'

/** `aws iam get-credential-report`: passwords, access keys by slot, their age and last use. */
export const awsCredentialReport: Importer = {
  id: 'aws-credential-report',
  title: 'AWS credential report',
  reads: 'aws iam get-credential-report (JSON reply, or its CSV)',
  collect: 'aws iam get-credential-report --output json > credential-report.json',
  emits: [
    'aws.account',
    'aws.iam_user',
    'aws.root_user',
    'aws.iam_access_key',
    'aws.console_password',
    'aws.signing_certificate',
  ],
  blindTo: [
    'ids of access keys (only the slot is named)',
    'any use but the last one, and who made it',
    'use since the report was made (up to four hours earlier)',
    'roles and their sessions',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

/** `user,arn,user_creation_time` as AWS encodes it. */
const headerInBase64 = 'dXNlcixhcm4sdXNlcl9jcmVhdGlvbl90aW1l'

function detect(head: string): number {
  const text = head.trimStart()
  if (headerOf(text) !== undefined || text.startsWith(headerInBase64)) return 1
  if (!text.startsWith('{')) return 0
  if (text.includes('"user,arn,user_creation_time') || text.includes(headerInBase64)) return 1
  // A recorded refusal (no report yet): to be said, not to be passed over.
  return text.includes('"ReportNotPresent"') || text.includes('"ReportInProgress"') ? 0.8 : 0
}

/** The first line, where it is the report's: spreadsheets and shells quote it, order its columns anew or part them by `;`. */
function headerOf(text: string): { readonly delimiter: string } | undefined {
  const line = text.slice(0, 4096).split('\n', 1)[0]!
  const delimiter = [',', ';', '\t'].find((one) => {
    const names = line.split(one).map((name) => name.trim().replaceAll('"', ''))
    return columns.every((column) => names.includes(column))
  })
  return delimiter === undefined ? undefined : { delimiter }
}

function begin(context: RunContext) {
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const found = contentOf(await input.text(), report)
      if (found !== undefined) readCsv(found, input.name, report, context)
    },
    end(): void {},
  }
}

interface Content {
  readonly csv: string
  readonly generatedAt: string | undefined
  /** A JSON reply that parses is whole; a CSV may have been cut between two rows. */
  readonly whole: boolean
}

function contentOf(text: string, report: FileReport): Content | undefined {
  const start = text.trimStart()
  // `--query Content --output text` prints it so.
  if (start.startsWith(headerInBase64)) return { csv: decoded(start), generatedAt: undefined, whole: false }
  if (!start.startsWith('{')) return { csv: start, generatedAt: undefined, whole: false }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return refused(report, 'not-json')
  }
  const { body, isError } = awsReply(document)
  if (isError) {
    report.note('The reply is an error: run `aws iam generate-credential-report` and wait until it says COMPLETE.')
    return refused(report, 'error-response')
  }
  const reply = Reply.safeParse(body)
  if (!reply.success) return refused(report, 'unreadable-record')
  const { Content: content, GeneratedTime: generatedAt } = reply.data
  const csv = content.startsWith('user,') ? content : decoded(content)
  return { csv, generatedAt, whole: true }
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8')

function refused(report: FileReport, reason: Parameters<FileReport['skipped']>[0]): undefined {
  report.read?.()
  report.skipped(reason, '/')
  return undefined
}

function readCsv({ csv, generatedAt, whole }: Content, file: string, report: FileReport, context: RunContext): void {
  const rows = table(csv)
  const header = rows?.[0]
  if (rows === undefined || header === undefined || !columns.every((column) => header.includes(column)))
    return void refused(report, 'unreadable-record')
  const read = rows.slice(1).map((cells, at) => ({ line: `row ${at + 2}`, cells, row: rowOf(header, cells) }))
  const account = context.scopeName ?? mostNamed(read.flatMap(({ row }) => (row === undefined ? [] : [accountOf(row)])))
  const scope = account === undefined || account === '' ? 'unknown' : account
  const users = new Set<string>()
  const usable = read.filter(({ line, cells, row }) => {
    report.read?.()
    if (row === undefined) report.skipped(cells.length < header.length ? 'truncated' : 'unreadable-record', line)
    else if (isMasked(row.arn) || parseArn(row.arn) === undefined) report.skipped('masked-identifier', line)
    else if (users.has(row.arn)) report.merged()
    else {
      report.mapped()
      users.add(row.arn)
      return true
    }
    return false
  })
  const hasRoot = usable.some(({ row }) => row?.user === '<root_account>')
  const allUsed = usable.length === read.length
  if (!hasRoot) report.note('The row of the root user is missing: this is a part of a report.')
  if (!whole) report.note('A CSV does not show that it is whole: give the JSON reply to let deleted users be retired.')
  const sink = context.scope({
    id: `aws/${scope}`,
    title: `AWS account ${scope}`,
    complete: whole && hasRoot && allUsed,
  })
  if (usable.length > 0) sink.entity({ id: keys.awsAccount(scope), kind: 'aws.account', name: scope })
  for (const { line, row } of usable) mapRow(row!, line, { account: scope, file, generatedAt }, sink)
}

/** Rows of cells; undefined where it is no CSV. A row with too few cells is kept, to be reported. */
function table(csv: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(csv, {
      delimiter: headerOf(csv)?.delimiter ?? ',',
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 65_536,
    })
  } catch {
    return undefined
  }
}

function rowOf(header: readonly string[], cells: readonly string[]): Row | undefined {
  if (cells.length < header.length) return undefined
  return Row.safeParse(Object.fromEntries(new Map(header.map((column, at) => [column, cells[at]])))).data
}

const accountOf = (row: Row): string => parseArn(row.arn)?.account ?? ''

function mostNamed(accounts: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const account of accounts) counts.set(account, (counts.get(account) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0]
}
