import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { FileReport, InputFile } from '../importer.ts'
import { looseJson } from './loose-value.ts'
import { readEvent, type Event } from './records.ts'
import type { Taken } from './take.ts'

const RECORD_BYTES = 1024 * 1024

/** Fields of an event, as tables call them when they lower the letters. */
const exactNames = new Map(
  [
    ...['eventID', 'eventTime', 'eventSource', 'eventName', 'eventType', 'awsRegion', 'sourceIPAddress', 'userAgent'],
    ...['vpcEndpointId', 'errorCode', 'recipientAccountId', 'sessionCredentialFromConsole', 'userIdentity'],
    ...['requestParameters', 'responseElements', 'resources', 'additionalEventData', 'type', 'principalId', 'arn'],
    ...['accountId', 'accessKeyId', 'userName', 'invokedBy', 'identityProvider', 'sessionContext', 'sessionIssuer'],
    ...['attributes', 'creationDate', 'webIdFederationData', 'federatedProvider', 'inScopeOf', 'credentialsIssuedTo'],
    ...['onBehalfOf', 'identityStoreArn'],
  ].map((name) => [name.toLowerCase(), name]),
)
const nameOf = (key: string): string => exactNames.get(key.toLowerCase()) ?? key

/** Other headings of the same, letters and digits only. */
const headings = new Map<string, string>([
  ['userid', 'userIdentity'],
  ['awsaccesskey', 'accessKeyId'],
  ['eventdatetime', 'eventTime'],
  ['sourceip', 'sourceIPAddress'],
  ['requestuseragent', 'userAgent'],
])
const nested = new Set(['userIdentity', 'requestParameters', 'responseElements', 'resources', 'additionalEventData'])

/** Name of a field; of a column that is a part of one (`useridentity.arn`) its path. */
function fieldOf(heading: string): string | undefined {
  const parts = heading.trim().split('.').map(plainName)
  const names = parts.map((plain) => (parts.length === 1 ? headings.get(plain) : undefined) ?? exactNames.get(plain))
  return names.includes(undefined) ? undefined : names.join('.')
}

const plainName = (heading: string): string =>
  [...heading.toLowerCase()].filter((letter) => /[a-z0-9]/.test(letter)).join('')

/** Is this the first line of a table of CloudTrail events? */
export function isTable(head: string): boolean {
  const line = head.slice(0, head.indexOf('\n') + 1 || undefined)
  if (line.length > 8192 || !line.includes(',')) return false
  const fields = new Set(line.split(',').map((cell) => fieldOf(cell)))
  const who = ['userIdentity', 'userIdentity.arn', 'userIdentity.accessKeyId', 'accessKeyId']
  if (!who.some((field) => fields.has(field))) return false
  return ['eventName', 'eventID', 'eventTime'].every((field) => fields.has(field))
}

/** Rows of a table: what Athena or CloudTrail Lake export, and what scripts write of dictionaries. */
export async function readTable(
  input: InputFile,
  report: FileReport,
  take: (event: Event, where: string) => Taken,
  account: string | undefined,
): Promise<void> {
  const options = {
    max_record_size: RECORD_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  }
  const rows = Readable.from(input.stream(), { objectMode: false }).pipe(parse(options))
  let fields: readonly (string | undefined)[] | undefined
  let row = 0
  try {
    for await (const cells of rows as AsyncIterable<readonly string[]>) {
      row++
      if (fields === undefined) {
        fields = cells.map(fieldOf)
        if (account === undefined && !fields.some((field) => field?.startsWith('userIdentity') === true))
          report.note('The table names no account: give it with --scope, else nobody is known who made the calls.')
        continue
      }
      const event = eventIn(cells, fields, account)
      const taken = event === undefined ? 'unreadable-record' : take(event, `row ${row}`)
      report.read?.()
      if (taken === undefined) report.mapped()
      else if (taken === 'merged') report.merged()
      else report.skipped(taken, `row ${row}`)
    }
  } catch {
    // The message of the parser quotes the file.
    report.read?.()
    report.skipped('unreadable-record', `row ${row + 1} and all after it`)
  }
}

const eventIn = (
  cells: readonly string[],
  fields: readonly (string | undefined)[],
  account: string | undefined,
): Event | undefined =>
  eventOfFields(
    fields.flatMap((field, column) => (field === undefined ? [] : [[field, cells[column] ?? '']])),
    account,
  )

/** An event out of the columns of a query's answer. */
export const eventOfCells = (cells: readonly (readonly [column: string, cell: string])[]): Event | undefined =>
  eventOfFields(
    cells.flatMap(([column, cell]) => {
      const field = fieldOf(column)
      return field === undefined ? [] : [[field, cell]]
    }),
  )

/** Longest path of a column: `userIdentity.sessionContext.sessionIssuer.arn`. */
const DEPTH = 5

function eventOfFields(
  cells: readonly (readonly [field: string, cell: string])[],
  account?: string,
): Event | undefined {
  const values = new Map<string, unknown>()
  const parts = new Map<string, Record<string, unknown>>()
  for (const [field, cell] of cells) {
    if (cell === '' || cell === 'null') continue
    const [first = '', ...rest] = field.split('.').slice(0, DEPTH)
    if (rest.length === 0)
      values.set(first, nested.has(first) ? inside(cell) : first === 'eventTime' ? timeIn(cell) : cell)
    else place(parts, first, rest, cell)
  }
  for (const [field, part] of parts)
    if (!values.has(field)) values.set(field, field === 'userIdentity' ? withAccount(part) : part)
  const bare = values.has('userIdentity') ? undefined : userOfColumns(values, account)
  if (bare !== undefined) values.set('userIdentity', bare)
  // A log of requests to buckets alone has no column for the service.
  if (!values.has('eventSource') && isBucket(values.get('requestParameters')))
    values.set('eventSource', 's3.amazonaws.com')
  return readEvent(Object.fromEntries(values))
}

function place(
  parts: Map<string, Record<string, unknown>>,
  first: string,
  rest: readonly string[],
  cell: string,
): void {
  let at = parts.get(first) ?? {}
  parts.set(first, at)
  for (const step of rest.slice(0, -1)) {
    const next = at[step]
    const inner = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : {}
    at[step] = inner
    at = inner
  }
  at[rest.at(-1)!] = cell
}

/** A query may ask for the ARN alone, which says the rest. */
function withAccount(identity: Record<string, unknown>): Record<string, unknown> {
  const parts = typeof identity['arn'] === 'string' ? identity['arn'].split(':') : []
  const [account, what] = [parts[4], parts.slice(5).join(':')]
  if (account === undefined) return identity
  const type = [['user/', 'IAMUser'], ['assumed-role/', 'AssumedRole'], ['root', 'Root']].find(([start]) => what.startsWith(start!)) // prettier-ignore
  return { accountId: account, ...(type && { type: type[1] }), ...identity }
}

/**
 * The table of the console names a user and a key, and no account (`--scope` does). A long-lived key is of an IAM user or
 * of root; whose session an `ASIA…` is, such a table does not say.
 */
function userOfColumns(
  values: ReadonlyMap<string, unknown>,
  account: string | undefined,
): Record<string, unknown> | undefined {
  const [key, name] = [values.get('accessKeyId'), values.get('userName')]
  if (typeof key !== 'string' || !key.startsWith('AKIA') || typeof name !== 'string') return undefined
  if (account?.length !== 12) return undefined
  const [type, what] = name === 'root' ? ['Root', 'root'] : ['IAMUser', `user/${name}`]
  return { type, userName: name, accessKeyId: key, accountId: account, arn: `arn:aws:iam::${account}:${what}` }
}

/** `2026-05-01 10:00:00.000` of Athena and Lake (UTC), `May 01, 2026, 10:00:00 (UTC+01:00)` of the console. */
function timeIn(cell: string): string {
  const isPlain = cell[4] === '-' && cell[10] === ' '
  const text = isPlain ? `${cell.slice(0, 10)}T${cell.slice(11, 23).trim()}Z` : cell
  if (text[4] === '-' || text.length > 60) return text
  const time = Date.parse(text.replace('(', '').replace(')', '').replace('UTC', 'GMT'))
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}

function inside(cell: string): unknown {
  const json = looseJson(cell, nameOf)
  try {
    return json === undefined ? undefined : (JSON.parse(json) as unknown)
  } catch {
    return undefined
  }
}

const isBucket = (parameters: unknown): boolean =>
  typeof parameters === 'object' && parameters !== null && 'bucketName' in parameters
