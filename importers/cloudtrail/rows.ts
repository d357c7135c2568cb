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
  ['eventdatetime', 'eventTime'],
  ['sourceip', 'sourceIPAddress'],
  ['requestuseragent', 'userAgent'],
])
const nested = new Set(['userIdentity', 'requestParameters', 'responseElements', 'resources', 'additionalEventData'])

function fieldOf(heading: string): string | undefined {
  const plain = [...heading.toLowerCase()].filter((letter) => /[a-z0-9]/.test(letter)).join('')
  return headings.get(plain) ?? exactNames.get(plain)
}

/** Is this the first line of a table of CloudTrail events? */
export function isTable(head: string): boolean {
  const line = head.slice(0, head.indexOf('\n') + 1 || undefined)
  if (line.length > 8192 || !line.includes(',')) return false
  const fields = new Set(line.split(',').map((cell) => fieldOf(cell)))
  return ['eventName', 'eventID', 'eventTime', 'userIdentity'].every((field) => fields.has(field))
}

/** Rows of a table: what Athena or CloudTrail Lake export, and what scripts write of dictionaries. */
export async function readTable(
  input: InputFile,
  report: FileReport,
  take: (event: Event, where: string) => Taken,
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
        continue
      }
      const event = eventIn(cells, fields)
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

function eventIn(cells: readonly string[], fields: readonly (string | undefined)[]): Event | undefined {
  const values = new Map<string, unknown>()
  for (const [column, field] of fields.entries()) {
    const cell = cells[column]
    if (field === undefined || cell === undefined || cell === '') continue
    values.set(field, nested.has(field) ? inside(cell) : cell)
  }
  // A log of requests to buckets alone has no column for the service.
  if (!values.has('eventSource') && isBucket(values.get('requestParameters')))
    values.set('eventSource', 's3.amazonaws.com')
  return readEvent(Object.fromEntries(values))
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
