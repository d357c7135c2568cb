import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { jsonObjects, type JsonPiece } from '../read/json-objects.ts'
import { books } from './books.ts'
import { eventOf, type Event } from './records.ts'
import { seenEvents } from './seen-events.ts'
import { fastTaker } from './fast.ts'
import { taker, type Taken } from './take.ts'

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

/** Keys of the outer objects whose lists hold events. */
const lists = ['Records', 'Events', 'events', 'logEvents']

function begin(context: RunContext) {
  const book = books()
  const seen = seenEvents()
  let file = 0
  const take = taker(book, seen, context.scopeName)
  const fast = fastTaker(book, seen, () => file, context.scopeName, lists)

  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      file = book.file(input.name)
      const options = {
        ...{ lists, firstKey: 'eventVersion' },
        take(bytes: Uint8Array, start: number, limit: number, at: number): number {
          const end = fast.take(bytes, start, limit)
          if (end >= 0) account(fast.taken(), at, report)
          return end
        },
      }
      for await (const pieces of jsonObjects(input.stream(), options))
        for (const piece of pieces) account(takePiece(piece, file, take), piece.at, report)
      if (book.unfollowed() > 0) report.note(tooManySessions)
    },
    end: (): void => book.report(context),
  }
}

const tooManySessions =
  'So many sessions were open at once that some were not followed to their source: give the files in order of time.'

function takePiece(piece: JsonPiece, file: number, take: ReturnType<typeof taker>): Taken {
  if ('broken' in piece) return piece.broken
  const event = eventIn(piece.text)
  return event === undefined ? 'unreadable-record' : take(event, file, `byte ${piece.at}`)
}

function account(taken: Taken, at: number, report: FileReport): void {
  report.read?.()
  if (taken === undefined) report.mapped()
  else if (taken === 'merged') report.merged()
  else report.skipped(taken, `byte ${at}`)
}

function eventIn(text: string): Event | undefined {
  try {
    return eventOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
