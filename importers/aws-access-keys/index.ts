import type { FileReport, Importer, InputFile, RunContext, Sink } from '../importer.ts'
import { isMasked } from '../read/arn.ts'
import { firstName } from '../read/aws-replies.ts'
import { awsReply } from '../read/aws-reply.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { mapKey, mapLastUsed } from './map.ts'
import { AccessKey, KeyList, LastUsed } from './records.ts'

/** `aws iam list-access-keys` and `get-access-key-last-used`: the ids of the keys, which the credential report lacks. */
export const awsAccessKeys: Importer = {
  id: 'aws-access-keys',
  title: 'AWS access keys',
  reads: 'aws iam list-access-keys and get-access-key-last-used (JSON, one or many replies a file)',
  collect: 'aws iam list-access-keys --user-name USER --output json > access-keys.json',
  emits: ['aws.iam_access_key', 'aws.iam_user'],
  blindTo: [
    'any use but the last one, and who made it',
    'users whose keys were not listed',
    'the account and the path of the user (only the name is given)',
  ],
  nature: 'snapshot',
  detect: ({ head }) => detect(head),
  begin,
}

function detect(head: string): number {
  const first = head.trimStart()[0]
  if (first !== '{' && first !== '[') return 0
  // Recordings of many operations in one file have the words, too, but deeper inside.
  const early = beside.has(firstName(head) ?? '') ? head : head.slice(0, 512)
  if (early.includes('"AccessKeyMetadata"') || early.includes('"AccessKeyLastUsed"')) return 0.95
  // `--query 'AccessKeyMetadata[]'` leaves the keys alone.
  const isKey = ['"AccessKeyId"', '"Status"', '"CreateDate"'].every((field) => early.includes(field))
  return isKey && !early.includes('"SecretAccessKey"') ? 0.9 : 0
}

/** What may stand before the list, and be long. */
const beside = new Set(['ResponseMetadata', 'IsTruncated', 'Marker', 'NextToken'])

interface Replies {
  readonly input: InputFile
  readonly report: FileReport
  readonly sink: Sink
  readonly account: string | undefined
}

function begin(context: RunContext) {
  const account = context.scopeName
  const scope = account ?? 'unknown'
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const sink = context.scope({ id: `aws/${scope}`, title: `AWS account ${scope}`, complete: false })
      const replies: Replies = { input, report, sink, account }
      for await (const pieces of jsonObjects(input.stream(), { lists: [] }))
        for (const piece of pieces)
          if ('text' in piece) readReply(piece.text, `byte ${piece.at}`, replies)
          else skip(piece.broken, `byte ${piece.at}`, report)
      if (account === undefined)
        report.note('The replies do not say their account: give it with --scope, so that the keys find their users.')
    },
    end(): void {},
  }
}

function skip(reason: Parameters<FileReport['skipped']>[0], where: string, report: FileReport): void {
  report.read?.()
  report.skipped(reason, where)
}

function readReply(text: string, where: string, replies: Replies): void {
  const { report } = replies
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return skip('not-json', where, report)
  }
  const { body, isError } = awsReply(document)
  if (isError) return skip('error-response', where, report)
  const list = KeyList.safeParse(body)
  if (list.success) return readKeys(list.data.AccessKeyMetadata, where, replies)
  const used = LastUsed.safeParse(body)
  if (used.success) return readLastUsed(used.data, where, replies)
  if (typeof body === 'object' && body !== null && 'AccessKeyId' in body) return readKey(body, where, replies)
  skip('unreadable-record', where, report)
}

function readKeys(list: readonly unknown[], where: string, replies: Replies): void {
  if (list.length === 0) return skip('empty', where, replies.report)
  for (const [at, item] of list.entries()) readKey(item, `${where}/AccessKeyMetadata/${at}`, replies)
}

function readKey(item: unknown, record: string, { input, report, sink, account }: Replies): void {
  const key = AccessKey.safeParse(item)
  if (!key.success) return skip('unreadable-record', record, report)
  if (isMasked(key.data.AccessKeyId) || !isKeyId(key.data.AccessKeyId)) return skip('masked-identifier', record, report)
  report.read?.()
  report.mapped()
  mapKey(key.data, { account, file: input.name, record }, sink)
}

const isKeyId = (text: string): boolean => /^\w{4,128}$/.test(text)

/** Recorders name the file after the call, `get-access-key-last-used__AKIA….json`, or put the id into the reply. */
function readLastUsed(used: LastUsed, where: string, { input, report, sink, account }: Replies): void {
  const said = used.AccessKeyId ?? ''
  const id = isKeyId(said) ? said : keyIdIn(input.name)
  if (id === undefined) {
    report.note(
      'The reply does not say which key it is of: name the file after it, as `get-access-key-last-used__AKIA….json`, or add it, as `jq \'. + {AccessKeyId: "AKIA…"}\'`.',
    )
    return skip('missing-identifier', where, report)
  }
  report.read?.()
  report.mapped()
  mapLastUsed(id, used, { account, file: input.name, record: where }, sink)
}

function keyIdIn(name: string): string | undefined {
  const file = name.slice(name.lastIndexOf('/') + 1)
  const akia = /AKIA[A-Z0-9]{12,124}/.exec(file)?.[0]
  return akia ?? /__(\w{4,128}?)(?:\.json)?(?:\.gz)?$/.exec(file)?.[1]
}
