import type { Columns } from '../../graph/index/columns.ts'
import { bundleLineScan, SCAN_MARGIN } from '../../graph/scan/bundle-scan.ts'
import { columnBuilder } from '../../graph/scan/column-builder.ts'
import type { FileReport } from '../importer.ts'
import { limits } from '../read/limits.ts'
import { lineTaker } from './read-lines.ts'

export interface ScannedBundle {
  readonly columns: Columns
  /** Lines taken from their bytes, and lines that went through JSON.parse and their zod shape. */
  readonly scanned: number
  readonly parsed: number
}

export interface ScanOptions {
  /** Of a bundle that does not name its scope. */
  readonly scopeName?: string
  /** False: every line is parsed. The two have to give the same. */
  readonly isScanned?: boolean
}

const LINE_END = 0x0a
/** No line of so many bytes is short enough, whatever is in it. */
const LONGEST_LINE = 4 * limits.stringLength
const FIRST_ROOM = 1 << 20

/**
 * A bundle of lines straight to columns, as the index of the engine is made of them; `facts` are not made but for lines
 * that are not plain. Relationships stay as they are said: two records of one relationship are two rows, and what an
 * estate derives is not in it. Accounts for lines like `readLines`. Observations become relationships.
 */
export async function bundleColumns(
  chunks: AsyncIterable<Uint8Array>,
  report: FileReport,
  { scopeName = 'bundle', isScanned = true }: ScanOptions = {},
): Promise<ScannedBundle> {
  const builder = columnBuilder()
  const scan = bundleLineScan(builder)
  const lines = lineTaker(report, (header) => {
    if (header.format !== undefined && header.format !== 'keyfall.bundle/1') return undefined
    const sink = {
      entity: builder.entity,
      relationship: builder.relationship,
      observation: ({ kind, from, to, attributed, cadence }: Parameters<typeof observed>[0]) =>
        builder.relationship(observed({ kind, from, to, attributed, cadence })),
    }
    const map = { scope: header.scope ?? scopeName, file: '', asserted: header.nature === 'asserted', sink }
    return { map, incomplete: () => undefined }
  })
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let held = new Uint8Array(FIRST_ROOM)
  let view = new DataView(held.buffer)
  let length = 0
  let number = 1
  let scanned = 0
  /** The beginning of the line that is held was let go: it is too long. */
  let isCut = false
  let parsed = 0
  const takeText = (from: number, end: number): void => {
    parsed++
    if (isCut || end - from > LONGEST_LINE) {
      isCut = false
      return lines.take({ line: number++, tooLong: true })
    }
    const text = decoder.decode(held.subarray(from, end))
    if (text.length > limits.stringLength) lines.take({ line: number++, tooLong: true })
    else lines.take({ line: number++, text: text.endsWith('\r') ? text.slice(0, -1) : text })
  }
  const takeLines = (): void => {
    const end = held.lastIndexOf(LINE_END, length - 1) + 1
    let at = 0
    while (at < end) {
      const isRelationship = held[at + 2] === 0x72
      const close = isScanned && !isCut && lines.isOpen() ? scan(view, at, end) : -1
      if (close >= 0) {
        lines.tookElsewhere(isRelationship ? 'relationship' : 'entity')
        scanned++
        number++
        at = close + 1
        continue
      }
      const stop = held.indexOf(LINE_END, at)
      takeText(at, stop)
      at = stop + 1
    }
    held.copyWithin(0, end, length)
    length -= end
  }
  for await (const chunk of chunks) {
    if (length + chunk.length + SCAN_MARGIN > held.length) {
      const larger = new Uint8Array(Math.max(2 * held.length, length + chunk.length + SCAN_MARGIN))
      larger.set(held.subarray(0, length))
      held = larger
      view = new DataView(held.buffer)
    }
    held.set(chunk, length)
    length += chunk.length
    if (chunk.includes(LINE_END)) takeLines()
    if (length > LONGEST_LINE) {
      isCut = true
      length = 0
    }
  }
  if (length > 0 || isCut) takeText(0, length)
  lines.end()
  return { columns: builder.finish(), scanned, parsed }
}

interface Seen {
  readonly kind: Parameters<ReturnType<typeof columnBuilder>['relationship']>[0]['kind']
  readonly from: string
  readonly to: string
  readonly attributed?: boolean | undefined
  readonly cadence?: number | undefined
}

/** As graph/merge says it of a use that a log shows. */
function observed({
  kind,
  from,
  to,
  attributed,
  cadence,
}: Seen): Parameters<ReturnType<typeof columnBuilder>['relationship']>[0] {
  return {
    kind,
    from,
    to,
    ...(attributed === false && { confidence: 'possible' as const }),
    ...(cadence !== undefined && { cadence }),
  }
}
