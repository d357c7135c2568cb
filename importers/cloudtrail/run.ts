import type { FileReport, ImporterRun, InputFile, RunContext } from '../importer.ts'
import { jsonObjects, type JsonPiece } from '../read/json-objects.ts'
import { books } from './books.ts'
import { fastTaker } from './fast.ts'
import { isOneDocument, readDocument } from './in-document.ts'
import { eventOf, TEXT_LENGTH, type Event } from './records.ts'
import { isQueryResult, readQueryResult } from './query-rows.ts'
import { readTable } from './rows.ts'
import type { eventScan } from './scan-event.ts'
import { seenEvents } from './seen-events.ts'
import { taker, type Taken } from './take.ts'

/** Keys of the outer objects whose lists hold events. */
const lists = ['Records', 'Events', 'events', 'logEvents', 'Messages', 'records', 'Items', 'items']

const tooManySessions =
  'So many sessions were open at once that some were not followed to their source: give the files in order of time.'

/**
 * @param exactOnly makes an object of every event: slow, and what the fast way is measured by in tests
 * @param scan how the fast way finds fields; the kernel where there is one
 */
export function startRun(context: RunContext, exactOnly = false, scan?: typeof eventScan): ImporterRun {
  const book = books()
  const seen = seenEvents()
  let file = 0
  const take = taker(book, seen, context.scopeName)
  const fast = fastTaker(book, seen, () => file, context.scopeName, lists, scan?.(lists, TEXT_LENGTH))

  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      file = book.file(input.name)
      const head = await headOf(input)
      if (isQueryResult(head)) return readQueryResult(input, report, (event, where) => take(event, file, where))
      if (isOneDocument(head)) return readDocument(input, report, (event, where) => take(event, file, where))
      if (beginsTable(head))
        return readTable(input, report, (event, where) => take(event, file, where), context.scopeName)
      fast.begin()
      const options = {
        ...{ lists, firstKey: 'eventVersion' },
        take(bytes: Uint8Array, start: number, limit: number, at: number): number {
          const end = exactOnly ? -1 : fast.take(bytes, start, limit, at)
          if (end >= 0) account(fast.taken(), at, report)
          return end
        },
        piece: (piece: JsonPiece) => account(takePiece(piece, file, take), piece.at, report),
      }
      for await (const none of jsonObjects(input.stream(), options)) void none
      if (book.unfollowed() > 0) report.note(tooManySessions)
    },
    end: (): void => book.report(context),
  }
}

/** JSON begins with a bracket; what else was claimed is a table. */
function beginsTable(head: string): boolean {
  const first = head.trimStart()[0]
  return first !== undefined && first !== '{' && first !== '['
}

const HEAD_BYTES = 64 * 1024

async function headOf(input: InputFile): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input.stream()) {
    chunks.push(chunk.subarray(0, HEAD_BYTES))
    length += chunk.length
    if (length >= HEAD_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, HEAD_BYTES)
}

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
