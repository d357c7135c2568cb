import type { DeltaCounts } from '../../../graph/delta.ts'

export interface SegmentDelta {
  readonly entities: DeltaCounts
  readonly relationships: DeltaCounts
}

type Counts = { -readonly [K in keyof DeltaCounts]: number }

/**
 * How many lines came, changed and went between two states of one segment (graph/segments). Both are sorted by id, so
 * one walk along both tells, and nothing is parsed.
 */
export function segmentDelta(before: Buffer, after: Buffer): SegmentDelta {
  const entities: Counts = { added: 0, changed: 0, retired: 0 }
  const relationships: Counts = { added: 0, changed: 0, retired: 0 }
  const of = (line: LineAt): Counts => (line.place[0] === 'e' ? entities : relationships)
  let then = lineAt(before, 0)
  let now = lineAt(after, 0)
  while (then || now) {
    if (!then || (now && now.place < then.place)) {
      of(now!).added++
      now = lineAt(after, now!.end)
    } else if (!now || then.place < now.place) {
      of(then).retired++
      then = lineAt(before, then.end)
    } else {
      if (before.compare(after, now.start, now.end, then.start, then.end) !== 0) of(now).changed++
      now = lineAt(after, now.end)
      then = lineAt(before, then.end)
    }
  }
  return { entities, relationships }
}

interface LineAt {
  readonly start: number
  readonly end: number
  /** `e` or `r` and the id: lines stand in this order. */
  readonly place: string
}

const NEWLINE = 0x0a
const QUOTE = 0x22
const SORT = '{"'.length
/** In canonical text the first of these is the fact's own: what comes before it has none, and a quote in a text is escaped. */
const ID = Buffer.from('"id":"')

function lineAt(bytes: Buffer, start: number): LineAt | undefined {
  if (start >= bytes.length) return undefined
  const id = bytes.indexOf(ID, start) + ID.length
  const place =
    bytes.toString('latin1', start + SORT, start + SORT + 1) + bytes.toString('latin1', id, bytes.indexOf(QUOTE, id))
  return { start, end: bytes.indexOf(NEWLINE, id) + 1, place }
}
