import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'
import { overallWords } from './verdict-words.ts'

export interface FindOptions {
  readonly dataDir?: string
  readonly text: string
  readonly limit: number
  readonly json?: boolean
}

export async function find(print: Print, { text, limit, json = false, ...given }: FindOptions): Promise<number> {
  const desk = await openDesk(given)
  try {
    const reply = await desk.find(text, limit)
    if (json) {
      print.line(jsonText(reply))
      return exitCodes.done
    }
    const rows = reply.hits.map((hit) => [
      hit.id,
      hit.name,
      hit.title,
      hit.where ?? '',
      hit.front ? overallWords[hit.front.verdict] : '',
    ])
    printTable(print, ['id', 'name', 'kind', 'where', 'if revoked'], rows)
    const left = reply.total - reply.hits.length
    if (reply.total === 0) print.line('Nothing matches. `keyfall sources` shows what was imported.')
    else if (left > 0) print.line(`and ${left} more: --limit ${Math.min(reply.total, 100)}`)
    return exitCodes.done
  } finally {
    await desk.close()
  }
}
