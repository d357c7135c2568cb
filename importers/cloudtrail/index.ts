import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { jsonObjects, type JsonPiece } from '../read/json-objects.ts'
import { books } from './books.ts'
import { eventOf, type Event } from './records.ts'
import { seenEvents } from './seen-events.ts'
import { taker } from './take.ts'

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
  const book = books()
  const take = taker(book, seenEvents(), context.scopeName)

  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const file = book.file(input.name)
      const options = { lists: ['Records', 'Events', 'events', 'logEvents'], firstKey: 'eventVersion' }
      for await (const pieces of jsonObjects(input.stream(), options))
        for (const piece of pieces) takePiece(piece, file, report, take)
      const unfollowed = book.unfollowed()
      if (unfollowed > 0) report.note(tooManySessions)
    },
    end: (): void => book.report(context),
  }
}

const tooManySessions =
  'So many sessions were open at once that some were not followed to their source: give the files in order of time.'

function takePiece(piece: JsonPiece, file: number, report: FileReport, take: ReturnType<typeof taker>): void {
  const where = `byte ${piece.at}`
  report.read?.()
  const event = 'broken' in piece ? undefined : eventIn(piece.text)
  const taken = 'broken' in piece ? piece.broken : event === undefined ? 'unreadable-record' : take(event, file, where)
  if (taken === undefined) report.mapped()
  else if (taken === 'merged') report.merged()
  else report.skipped(taken, where)
}

function eventIn(text: string): Event | undefined {
  try {
    return eventOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
