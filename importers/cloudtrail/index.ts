import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { isMasked } from '../read/arn.ts'
import { jsonObjects, type JsonPiece } from '../read/json-objects.ts'
import { ledger, type Ledger } from './ledger.ts'
import { mapEvent, sessionTable } from './map.ts'
import { eventOf, type Event } from './records.ts'
import { seenEvents } from './seen-events.ts'

/** CloudTrail events: which key or role called what, from where and with which client, and when last. */
export const cloudtrail: Importer = {
  id: 'cloudtrail',
  title: 'AWS CloudTrail',
  reads: 'event files as delivered to S3, lookup-events output, one event a line (JSON, .gz)',
  collect: 'aws s3 sync s3://BUCKET/AWSLogs/ cloudtrail/',
  emits: [
    'aws.account',
    'aws.iam_access_key',
    'aws.console_password',
    'aws.iam_user',
    'aws.root_user',
    'aws.iam_role',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.identity_provider_or_trust_anchor',
    'aws.lambda_function',
    'aws.ec2_instance',
    'aws.service',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.kms_key',
    'caller',
  ],
  blindTo: [
    'use before the first or after the last event given',
    'regions and accounts whose trail is not among the files',
    'data events (S3 objects, Lambda invocations, DynamoDB items), which trails leave out unless told otherwise',
    'S3 requests that failed authentication: callers of a disabled key may leave no trace',
    'use of a copy outside AWS',
    'what stands behind an address, where the session is not named after a function or an instance',
  ],
  nature: 'log',
  detect: ({ head }) => detect(head),
  begin,
}

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first !== '{' && first !== '[') return 0
  // Without amazonaws.com it may be a notification of S3, which has fields of the same names.
  if (!head.includes('.amazonaws.com')) return 0
  if (head.includes('"CloudTrailEvent"') && head.includes('\\"userIdentity\\"')) return 0.95
  const plain = ['"userIdentity"', '"eventSource"', '"eventName"'].every((field) => head.includes(field))
  const inText = ['\\"userIdentity\\"', '\\"eventSource\\"', '\\"eventName\\"'].every((field) => head.includes(field))
  return plain || inText ? 0.9 : 0
}

function begin(context: RunContext) {
  const seen = seenEvents()
  const sessions = sessionTable()
  const ledgers = new Map<string, Ledger>()

  const ledgerOf = (account: string): Ledger => {
    const known = ledgers.get(account)
    if (known !== undefined) return known
    const fresh = ledger()
    ledgers.set(account, fresh)
    return fresh
  }

  const mapPiece = (text: string, file: string, where: string): SkipReason | 'merged' | undefined => {
    const event = eventIn(text)
    if (event === undefined) return 'unreadable-record'
    if (!seen.firstTime(identityOf(event))) return 'merged'
    const account = event.recipientAccountId ?? event.userIdentity?.accountId ?? context.scopeName
    if (account === undefined || account === '') return 'missing-identifier'
    if (isMasked(account)) return 'masked-identifier'
    const record = event.eventID ?? where
    const time = instant(event.eventTime)
    return mapEvent(event, account, { time, file, record }, ledgerOf(account), sessions)
  }

  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const options = { lists: ['Records', 'Events', 'events', 'logEvents'], firstKey: 'eventVersion' }
      for await (const pieces of jsonObjects(input.stream(), options))
        for (const piece of pieces) account(piece, report, (text, where) => mapPiece(text, input.name, where))
    },
    end(): void {
      for (const [account, book] of ledgers)
        book.emit(context.scope({ id: `aws/${account}`, title: `AWS account ${account}`, complete: false }))
    },
  }
}

function account(
  piece: JsonPiece,
  report: FileReport,
  map: (text: string, where: string) => SkipReason | 'merged' | undefined,
): void {
  const where = `byte ${piece.at}`
  report.read?.()
  const outcome = 'broken' in piece ? piece.broken : map(piece.text, where)
  if (outcome === undefined) report.mapped()
  else if (outcome === 'merged') report.merged()
  else report.skipped(outcome, where)
}

function eventIn(text: string): Event | undefined {
  try {
    return eventOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Ids are unique, except in test corpora and starred-out samples: there an event is the same only if more of it is. */
function identityOf(event: Event): string {
  const id = event.eventID ?? ''
  return id.length === 36 ? id : JSON.stringify(event)
}

/** Times are compared as text, so they all get one form; nearly all have it already. */
function instant(time: string | undefined): string | undefined {
  if (time === undefined) return undefined
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(time)) return time
  if (!/^\d{4}-\d{2}-\d{2}T/.test(time)) return undefined
  const parsed = new Date(time)
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString().replace('.000Z', 'Z')
}
