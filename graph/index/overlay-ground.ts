import { copyOf, int32s } from '../arrays.ts'
import { isNeed } from '../outage/channels.ts'
import { alternativesOf } from './alternatives.ts'
import type { Columns } from './columns.ts'
import { classesOf } from './edge-classes.ts'
import { CLASS_WIDTH, classColumns } from './flat-index.ts'

/**
 * What edits have to know that an index does not keep: who needs something under a name, and the slot of each such
 * need. Made once for the columns of an index, whatever is laid over it later.
 */
export interface OverlayGround {
  readonly columns: Columns
  /** Needs with a name of entity `i`: `named[start[i]] … named[start[i + 1] - 1]`, by relationship number. */
  readonly start: Int32Array
  readonly named: Int32Array
  /** Slot of each of `named` in the index of these columns. */
  readonly slots: Int32Array
}

/** O(relationships), once. */
export function groundOf(columns: Columns): OverlayGround {
  const { entityCount, from, need } = columns
  const classes = classesOf(columns)
  const { slot } = alternativesOf(columns, classes)
  const start = int32s(entityCount + 1)
  const isNamed = (i: number): boolean =>
    need[i]! >= 0 && classes.of[i]! >= 0 && isNeed(classes.rows[classes.of[i]! * CLASS_WIDTH + classColumns.channel]!)
  for (let i = 0; i < need.length; i++) if (isNamed(i)) start[from[i]! + 1]!++
  for (let i = 0; i < entityCount; i++) start[i + 1]! += start[i]!
  const named = int32s(start[entityCount]!)
  const slots = int32s(named.length)
  const next = copyOf(start, entityCount)
  for (let i = 0; i < need.length; i++) {
    if (!isNamed(i)) continue
    const at = next[from[i]!]!++
    named[at] = i
    slots[at] = slot[i]!
  }
  return { columns, start, named, slots }
}
