import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BUNDLE_FORMAT } from '../../graph/facts.ts'
import { clean } from './clean.ts'
import { openDesk } from './open-desk.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

export interface ExportOptions {
  readonly dataDir?: string
  readonly format: 'bundle' | 'ndjson'
  readonly out?: string
}

/** Names and structure of the whole estate: the file is readable by its owner alone. */
export async function exportBundle(print: Print, { format, out, ...given }: ExportOptions): Promise<number> {
  const desk = await openDesk(given)
  try {
    const text = format === 'ndjson' ? desk.bundle() : asDocument(desk.bundle())
    if (out === undefined) {
      for await (const chunk of text) print.write(chunk)
      return exitCodes.done
    }
    try {
      await pipeline(Readable.from(text), createWriteStream(out, { mode: 0o600 }))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!code.startsWith('E')) throw error
      throw new UsageProblem(`${clean(out)} cannot be written (${code})`, 'name a file in a folder that exists')
    }
    print.aside(`written to ${clean(out)}`)
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

/** One JSON document from the lines: entities go out as they come, what joins them is held until the list of them ends. */
async function* asDocument(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const rest = { relationship: [] as string[], observation: [] as string[] }
  let separator = ''
  yield `{"format":${JSON.stringify(BUNDLE_FORMAT)},\n"entities":[`
  for await (const line of linesOf(chunks)) {
    const sort = line.slice(2, line.indexOf('"', 2))
    const value = line.slice(line.indexOf(':') + 1, -1)
    if (sort === 'entity') {
      yield `${separator}\n${value}`
      separator = ','
    } else if (sort === 'relationship' || sort === 'observation') rest[sort].push(value)
  }
  yield `\n],\n"relationships":[\n${rest.relationship.join(',\n')}\n],\n"observations":[\n${rest.observation.join(',\n')}\n]}\n`
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const chunk of chunks) {
    const lines = (held + chunk).split('\n')
    held = lines.pop()!
    yield* lines
  }
  if (held) yield held
}
