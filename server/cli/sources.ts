import { clean } from './clean.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'

export async function sources(
  print: Print,
  { json = false, ...given }: { dataDir?: string; json?: boolean },
): Promise<number> {
  const desk = await openDesk(given)
  try {
    const reply = await desk.sources()
    if (json) {
      print.line(jsonText(reply))
      return exitCodes.done
    }
    const { snapshot } = reply
    if (desk.server) print.aside(`Answered by ${desk.server}.`)
    if (snapshot.sample) print.line('This is a sample: a company that does not exist.')
    if (reply.sources.length === 0) print.line('Nothing is imported yet: keyfall import PATH…')
    else print.line(`Snapshot ${snapshot.id}: ${snapshot.entities} things, ${snapshot.relationships} relationships.`)
    const rows = reply.sources.map((one) => [
      one.title,
      one.importerTitle,
      one.complete ? 'complete' : one.nature === 'log' ? 'log' : 'partial',
      `${one.at.slice(0, 16).replace('T', ' ')} UTC${one.stale ? ' (stale)' : ''}`,
      `${one.entities} / ${one.relationships}`,
    ])
    printTable(print, ['source', 'read by', 'listing', 'imported', 'things / relationships'], rows)
    for (const { title, loss } of reply.sources)
      if (loss && loss.files + loss.records > 0)
        print.line(
          clean(
            `Not understood of ${title}: ${loss.records} of ${loss.of} records` +
              (loss.files > 0 ? `, and ${loss.files} files not to their end` : ''),
          ),
        )
    return exitCodes.done
  } finally {
    await desk.close()
  }
}
