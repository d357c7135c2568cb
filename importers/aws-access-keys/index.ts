import type { FileReport, Importer, InputFile, RunContext, Sink } from '../importer.ts'
import { isMasked } from '../read/arn.ts'
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
  const early = head.slice(0, 512)
  return early.includes('"AccessKeyMetadata"') || early.includes('"AccessKeyLastUsed"') ? 0.95 : 0
}

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
  skip('unreadable-record', where, report)
}

function readKeys(list: readonly unknown[], where: string, { input, report, sink, account }: Replies): void {
  if (list.length === 0) return skip('empty', where, report)
  for (const [at, item] of list.entries()) {
    const record = `${where}/AccessKeyMetadata/${at}`
    const key = AccessKey.safeParse(item)
    if (!key.success) skip('unreadable-record', record, report)
    else if (isMasked(key.data.AccessKeyId) || !/^\w{4,128}$/.test(key.data.AccessKeyId))
      skip('masked-identifier', record, report)
    else {
      report.read?.()
      report.mapped()
      mapKey(key.data, { account, file: input.name, record }, sink)
    }
  }
}

/** Recorders name the file after the call: `get-access-key-last-used__AKIA….json`. */
function readLastUsed(used: LastUsed, where: string, { input, report, sink, account }: Replies): void {
  const id = keyIdIn(input.name)
  if (id === undefined) {
    report.note(
      'The reply does not say which key it is of: name the file after it, as `get-access-key-last-used__AKIA….json`.',
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
