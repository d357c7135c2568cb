import type { FileReport, InputFile } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { mapRecord } from './map.ts'
import type { OpenScope } from './open-scope.ts'
import { Document, Header, listOf, sortNames, Vector } from './records.ts'

/** One JSON document: a bundle, or a test vector with a bundle inside. */
export async function readDocument(input: InputFile, report: FileReport, openScope: OpenScope): Promise<void> {
  const text = await input.text()
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return report.skipped('too-deep', '/')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    report.note(
      'The document is not JSON to its end. Nothing of it was taken: NDJSON would have kept what came before.',
    )
    return report.skipped(text.trimEnd().endsWith('}') ? 'not-json' : 'truncated', '/')
  }
  const vector = Vector.safeParse(value)
  const document = Document.safeParse(vector.success ? vector.data.bundle : value)
  const header = Header.safeParse(vector.success ? vector.data.bundle : value)
  if (!document.success || !header.success) return report.skipped('unreadable-record', '/')
  const scope = openScope(header.data, report)
  if (!scope) return report.skipped('unsupported-version', '/')
  const inside = vector.success ? '/bundle' : ''
  for (const sort of sortNames) {
    for (const [index, record] of (document.data[listOf[sort]] ?? []).entries()) {
      const where = `${inside}/${listOf[sort]}/${index}`
      report.read?.()
      const skipped = mapRecord(scope.map, sort, record, where)
      if (skipped === undefined) report.mapped()
      else {
        report.skipped(skipped, where)
        scope.incomplete()
      }
    }
  }
}
