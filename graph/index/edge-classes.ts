import { int32s, uint8s } from '../arrays.ts'
import { relationshipKindNames } from '../kinds/relationship-kinds.ts'
import { channelOfKind, channels, onlySeenKind } from '../outage/channels.ts'
import { standingBits, type Columns } from './columns.ts'
import { CLASS_WIDTH } from './flat-index.ts'

export const CONFIRMED = 2
const POSSIBLE = 1
const NONE = 0

export function confidenceIn(standing: number): number {
  return (standing >> standingBits.confidenceShift) & standingBits.confidenceMask
}

/** Kind and standing in one number, and what that makes of a relationship: channel and capped standing. */
const STANDINGS = 8
const combinations = relationshipKindNames.length * STANDINGS
const channelOf = uint8s(combinations)
const cappedOf = uint8s(combinations)
for (let kind = 0; kind < relationshipKindNames.length; kind++)
  for (let standing = 0; standing < STANDINGS; standing++) {
    const said = confidenceIn(standing)
    const capped = said === CONFIRMED && onlySeenKind[kind] === 1 ? POSSIBLE : said
    const at = kind * STANDINGS + standing
    channelOf[at] = capped === NONE ? channels.none : channelOfKind[kind]!
    cappedOf[at] = (standing & standingBits.soft) | (capped << standingBits.confidenceShift)
  }

/** Channel of a relationship of this kind and standing. */
export function channelOfOne(kind: number, standing: number): number {
  return channelOf[kind * STANDINGS + (standing & (STANDINGS - 1))]!
}

/** Its standing as its class keeps it. */
export function cappedStanding(kind: number, standing: number): number {
  return cappedOf[kind * STANDINGS + (standing & (STANDINGS - 1))]!
}

export interface EdgeClasses {
  /** Class of each relationship, -1 where it carries neither breakage nor a value. */
  readonly of: Int32Array
  readonly count: number
  /** `classColumns` of each. */
  readonly rows: Int32Array
}

/** Above so many possible classes they are interned by a Map instead of a table. */
const TABLE_LIMIT = 1 << 24

/** Millions of relationships have a few thousand combinations of kind, standing and timing: each is kept once. */
export function classesOf({ relationshipCount, kind, standing, timing, timings }: Columns): EdgeClasses {
  const of = int32s(relationshipCount)
  const rows: number[] = []
  const add = (combination: number, row: number): number => {
    rows.push(channelOf[combination]!, cappedOf[combination]!, row, Math.floor(combination / STANDINGS))
    return rows.length / CLASS_WIDTH - 1
  }
  const possible = (timings.length / 7 || 1) * combinations
  const table = possible <= TABLE_LIMIT ? int32s(possible) : null
  const map = new Map<number, number>()
  for (let i = 0; i < relationshipCount; i++) {
    const combination = kind[i]! * STANDINGS + (standing[i]! & (STANDINGS - 1))
    if (channelOf[combination] === channels.none) {
      of[i] = -1
      continue
    }
    const key = timing[i]! * combinations + combination
    let found = table ? table[key]! - 1 : (map.get(key) ?? -1)
    if (found < 0) {
      found = add(combination, timing[i]!)
      if (table) table[key] = found + 1
      else map.set(key, found)
    }
    of[i] = found
  }
  return { of, count: rows.length / CLASS_WIDTH, rows: Int32Array.from(rows) }
}
