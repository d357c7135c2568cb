import type { SkipReason } from '../../graph/facts.ts'
import type { InputFile } from '../importer.ts'
import { awsReply } from './aws-reply.ts'
import { jsonObjects } from './json-objects.ts'

/** One reply of an AWS operation, and where it stands in its file. */
export interface PlacedReply {
  readonly where: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Longest reply of several in one file. One that is alone in its file may be as long as a document. */
const REPLY_BYTES = 16 * 1024 * 1024

/**
 * Every reply of a file: one document, an array of them, or one after the other as a shell loop writes them; recorded by
 * boto3 or not. What is no reply goes to `skip`, with its place.
 */
export async function* awsReplies(
  input: InputFile,
  skip: (reason: SkipReason, where: string) => void,
): AsyncGenerator<PlacedReply> {
  for await (const { where, value, broken } of documentsIn(input)) {
    if (broken !== undefined) {
      skip(broken, where)
      continue
    }
    const { body, isError } = awsReply(value)
    if (isError) skip('error-response', where || '/')
    else if (typeof body !== 'object' || body === null || Array.isArray(body)) skip('unreadable-record', where || '/')
    else yield { where, body: body as Readonly<Record<string, unknown>> }
  }
}

/** One document of a file, or what stands where one should be. */
export interface Found {
  readonly where: string
  readonly value?: unknown
  readonly broken?: SkipReason
}

/** The whole document where it is one; else its objects one after the other, as a shell loop writes them. */
export async function* documentsIn(input: InputFile): AsyncGenerator<Found> {
  const document = parsed(await input.text())
  if (document !== undefined) {
    if (!Array.isArray(document.value)) yield { where: '', value: document.value }
    else for (const [at, value] of document.value.entries()) yield { where: `/${at}`, value }
    return
  }
  for await (const pieces of jsonObjects(input.stream(), { lists: [], maxBytes: REPLY_BYTES }))
    for (const piece of pieces) {
      const where = `byte ${piece.at}`
      if ('text' in piece) yield { where, ...(parsed(piece.text) ?? { broken: 'not-json' }) }
      else yield { where, broken: piece.broken }
    }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** The first name in a reply, of the whole file or of the first of several; undefined where the text begins otherwise. */
export function firstName(head: string): string | undefined {
  let at = 0
  const skipped = (of: string): void => {
    while (at < head.length && (head[at]! <= ' ' || of.includes(head[at]!))) at++
  }
  skipped('[{')
  let name = quoted(head, at)
  // boto3 recordings: {"status_code": 200, "data": {…}}
  if (name === 'status_code' || name === 'data') {
    at = head.indexOf('"data"')
    if (at < 0) return undefined
    at += '"data"'.length
    skipped(':{')
    name = quoted(head, at)
  }
  return name
}

function quoted(head: string, at: number): string | undefined {
  if (head[at] !== '"') return undefined
  const end = head.indexOf('"', at + 1)
  return end < 0 ? undefined : head.slice(at + 1, end)
}
