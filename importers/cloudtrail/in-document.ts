import type { FileReport, InputFile } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { eventOf, type Event } from './records.ts'
import type { Taken } from './take.ts'

/**
 * Forms that can't be cut into events as they stream by: a list of texts, as `lookup-events --query
 * 'Events[].CloudTrailEvent'` prints it, and the answer of a search of OpenSearch or Elastic, whose list lies deeper.
 */
export function isOneDocument(head: string): boolean {
  const start = head.slice(0, 4096).replaceAll(/\s/g, '')
  if (start.startsWith('["') || start.startsWith('[["')) return true
  return start.startsWith('{') && head.includes('"hits"') && head.includes('"_source"')
}

export async function readDocument(
  input: InputFile,
  report: FileReport,
  take: (event: Event, where: string) => Taken,
): Promise<void> {
  const records = recordsIn(await input.text())
  if (typeof records === 'string') {
    report.read?.()
    return report.skipped(records, '/')
  }
  if (records.length === 0) {
    report.read?.()
    report.skipped('empty', '/')
  }
  for (const [at, record] of records.entries()) {
    const event = eventOf(record)
    const taken = event === undefined ? 'unreadable-record' : take(event, `/${at}`)
    report.read?.()
    if (taken === undefined) report.mapped()
    else if (taken === 'merged') report.merged()
    else report.skipped(taken, `/${at}`)
  }
}

function recordsIn(text: string): readonly unknown[] | 'not-json' | 'too-deep' | 'unreadable-record' {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return 'too-deep'
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return 'not-json'
  }
  // `--query 'Events[].[CloudTrailEvent]'` makes a row of each.
  if (Array.isArray(document)) return document.flat()
  const { hits } = document as { hits?: unknown }
  const inner: unknown = typeof hits === 'object' && hits !== null && 'hits' in hits ? hits.hits : hits
  return Array.isArray(inner) ? inner : 'unreadable-record'
}
