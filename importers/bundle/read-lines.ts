import type { FileReport, InputFile } from '../importer.ts'
import { isTooDeep } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { textLines, type TextLine } from '../read/text-lines.ts'
import { mapRecord } from './map.ts'
import type { OpenedScope, OpenScope } from './open-scope.ts'
import { End, Header, listOf, sortNames, type Sort } from './records.ts'
import type { SkipReason } from '../../graph/facts.ts'

/** NDJSON: a header line and one record a line, at any size: nothing is held but the line. */
export async function readLines(input: InputFile, report: FileReport, openScope: OpenScope): Promise<void> {
  const lines = lineTaker(report, openScope)
  for await (const some of textLines(input.stream(), limits.stringLength)) for (const line of some) lines.take(line)
  lines.end()
}

export interface LineTaker {
  take(line: TextLine): void
  /** Records that were taken elsewhere, without a look at their text. */
  tookElsewhere(took: { readonly entities: number; readonly relationships: number }): void
  /** A header was there, of a version that is read: records may follow. */
  isOpen(): boolean
  end(): void
}

/** Takes the lines of one file, in order. */
export function lineTaker(report: FileReport, openScope: OpenScope): LineTaker {
  let scope: OpenedScope | undefined
  let refused = false
  let lastSkipped: SkipReason | undefined
  const counts = { entities: 0, relationships: 0, observations: 0 }

  const take = (line: TextLine): SkipReason | undefined => {
    if ('tooLong' in line) return 'too-large'
    if (isTooDeep(line.text, limits.jsonDepth)) return 'too-deep'
    const record = parse(line.text)
    if (typeof record !== 'object' || record === null) return 'not-json'
    const sort = sortNames.find((name) => Object.hasOwn(record, name))
    if (sort !== undefined) return takeRecord(sort, (record as Record<Sort, unknown>)[sort], line.line)
    return takeFrame(record)
  }
  const opened = (header: Header): OpenedScope | undefined => {
    if (!scope && !refused) {
      scope = openScope(header, report)
      refused = scope === undefined
    }
    return scope
  }
  const takeRecord = (sort: Sort, value: unknown, line: number): SkipReason | undefined => {
    const into = opened({})
    if (!into) return 'unsupported-version'
    counts[listOf[sort]]++
    return mapRecord(into.map, sort, value, `line ${line}`)
  }
  const takeFrame = (record: object): SkipReason | undefined => {
    if (Object.hasOwn(record, 'end')) {
      if (refused) return 'unsupported-version'
      const end = End.safeParse((record as { end: unknown }).end)
      if (!end.success) return 'unreadable-record'
      const missing = sortNames.some((sort) => counts[listOf[sort]] !== (end.data[listOf[sort]] ?? 0))
      if (missing) {
        opened({})?.incomplete()
        report.note('The end line counts other records than the file has: something was lost on the way.')
      }
      return undefined
    }
    const header = Header.safeParse(record)
    if (scope || !header.success || header.data.format === undefined) return 'unreadable-record'
    return opened(header.data) ? undefined : 'unsupported-version'
  }

  return {
    take(line) {
      if ('text' in line && line.text.trim() === '') return
      report.read?.()
      lastSkipped = take(line)
      if (lastSkipped === undefined) report.mapped()
      else {
        report.skipped(lastSkipped, `line ${line.line}`)
        scope?.incomplete()
      }
    },
    tookElsewhere({ entities, relationships }) {
      if (entities + relationships === 0) return
      counts.entities += entities
      counts.relationships += relationships
      report.read?.(entities + relationships)
      report.mapped(entities + relationships)
      lastSkipped = undefined
    },
    isOpen: () => scope !== undefined,
    end() {
      if (lastSkipped === 'not-json') report.note('The last line is no JSON: the file may have been cut there.')
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
