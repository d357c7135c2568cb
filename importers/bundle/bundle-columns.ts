import type { Columns } from '../../graph/index/columns.ts'
import type { columnBuilder } from '../../graph/scan/column-builder.ts'
import type { FileReport } from '../importer.ts'
import { limits } from '../read/limits.ts'
import { lineRoomInMemory } from './line-room-wasm.ts'
import { LONGEST_LINE, lineRoom, PIECE } from './line-room.ts'
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
  /** False: lines are scanned in TypeScript, kernel or not. */
  readonly isInMemory?: boolean
}

const LINE_END = 0x0a

/**
 * A bundle of lines straight to columns, as the index of the engine is made of them; `facts` are not made but for lines
 * that are not plain. Relationships stay as they are said: two records of one relationship are two rows, and what an
 * estate derives is not in it. Accounts for lines like `readLines`. Observations become relationships.
 */
export async function bundleColumns(
  chunks: AsyncIterable<Uint8Array>,
  report: FileReport,
  { scopeName = 'bundle', isScanned = true, isInMemory = true }: ScanOptions = {},
): Promise<ScannedBundle> {
  const room = (isInMemory ? lineRoomInMemory() : undefined) ?? lineRoom()
  const { builder, took } = room
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
  let length = 0
  let number = 1
  let scanned = 0
  /** The beginning of the line that is held was let go: it is too long. */
  let isCut = false
  let parsed = 0
  const takeText = (from: number, end: number): void => {
    parsed++
    const line = number++
    if (isCut || end - from > LONGEST_LINE) {
      isCut = false
      return lines.take({ line, tooLong: true })
    }
    const text = textOf(decoder.decode(room.bytes().subarray(from, end)), line === 1)
    lines.take(text.length > limits.stringLength ? { line, tooLong: true } : { line, text: withoutReturn(text) })
  }
  const takeLines = (): void => {
    const end = room.bytes().lastIndexOf(LINE_END, length - 1) + 1
    let at = 0
    while (at < end) {
      if (isScanned && !isCut && lines.isOpen()) {
        at = room.take(at, end)
        lines.tookElsewhere(took)
        scanned += took.entities + took.relationships
        number += took.entities + took.relationships
        if (at >= end) break
      }
      const stop = room.bytes().indexOf(LINE_END, at)
      takeText(at, stop)
      at = stop + 1
    }
    room.bytes().copyWithin(0, end, length)
    length -= end
  }
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE)
      room.bytes().set(piece, length)
      length += piece.length
      if (piece.includes(LINE_END)) takeLines()
      if (length > LONGEST_LINE) {
        isCut = true
        length = 0
      }
    }
  if (length > 0 || isCut) takeText(0, length)
  lines.end()
  const columns = builder.finish()
  room.close()
  return { columns, scanned, parsed }
}

const BYTE_ORDER_MARK = '\ufeff'
const textOf = (text: string, isFirst: boolean): string =>
  isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)

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
