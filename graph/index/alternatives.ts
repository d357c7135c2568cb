import { copyOf, int32s } from '../arrays.ts'
import { isNeed } from '../outage/channels.ts'
import { growing, push, trimmed } from '../outage/growing.ts'
import { CONFIRMED, confidenceIn, type EdgeClasses } from './edge-classes.ts'
import { standingBits, type Columns } from './columns.ts'
import { CLASS_WIDTH, classColumns } from './flat-index.ts'

/**
 * Alternatives: relationships of one dependent with the same need and the same strength (engine.md rule 8). A group has
 * at least two and at least one that is confirmed; whatever is in none is a need of its own, for the engine too.
 */
export interface Alternatives {
  /** Slot of each relationship, 0: none. */
  readonly slot: Int32Array
  /** Group of each slot; that of slot 0 means nothing. */
  readonly groupOfSlot: Int32Array
  /** First slot of each group, and one more; confirmed members come first. */
  readonly groupStart: Int32Array
  readonly groupConfirmed: Int32Array
}

/** O(relationships): those with a named need are brought together by dependent, then each dependent's by name. */
export function alternativesOf({ entityCount, from, need }: Columns, classes: EdgeClasses): Alternatives {
  const { named, start, names } = byDependent(entityCount, from, need, classes)
  const slot = int32s(need.length)
  const groupOfSlot = growing()
  const groupStart = growing()
  const groupConfirmed = growing()
  push(groupOfSlot, -1)
  const { rows, of } = classes
  // By name and strength: whose it was last, how many of that dependent have it, the first of them and the last.
  const owner = int32s(2 * names).fill(-1)
  const count = int32s(2 * names)
  const first = int32s(2 * names)
  const last = int32s(2 * names)
  /** By place among the named: the next with the same name. */
  const next = int32s(named.length)
  const isConfirmed = (i: number): boolean =>
    confidenceIn(rows[of[named[i]!]! * CLASS_WIDTH + classColumns.standing]!) === CONFIRMED
  const addGroup = (name: number): void => {
    let confirmed = 0
    for (let i = first[name]!, left = count[name]!; left > 0; i = next[i]!, left--) if (isConfirmed(i)) confirmed++
    if (confirmed === 0) return
    const number = groupConfirmed.length
    push(groupStart, groupOfSlot.length)
    push(groupConfirmed, confirmed)
    for (let isFor = 1; isFor >= 0; isFor--)
      for (let i = first[name]!, left = count[name]!; left > 0; i = next[i]!, left--) {
        if ((isConfirmed(i) ? 1 : 0) !== isFor) continue
        slot[named[i]!] = groupOfSlot.length
        push(groupOfSlot, number)
      }
  }
  for (let dependent = 0; dependent < entityCount; dependent++) {
    const [begin, end] = [start[dependent]!, start[dependent + 1]!]
    if (end - begin < 2) continue
    let isShared = false
    for (let i = begin; i < end; i++) {
      const relationship = named[i]!
      const standing = rows[of[relationship]! * CLASS_WIDTH + classColumns.standing]!
      const name = need[relationship]! * 2 + (standing & standingBits.soft)
      if (owner[name] === dependent) {
        isShared = true
        next[last[name]!] = i
        count[name]!++
      } else {
        owner[name] = dependent
        first[name] = i
        count[name] = 1
      }
      last[name] = i
    }
    if (!isShared) continue
    // Groups in the order of their first members.
    for (let i = begin; i < end; i++) {
      const relationship = named[i]!
      const standing = rows[of[relationship]! * CLASS_WIDTH + classColumns.standing]!
      const name = need[relationship]! * 2 + (standing & standingBits.soft)
      if (first[name] === i && count[name]! > 1) addGroup(name)
    }
  }
  push(groupStart, groupOfSlot.length)
  return {
    slot,
    groupOfSlot: trimmed(groupOfSlot),
    groupStart: trimmed(groupStart),
    groupConfirmed: trimmed(groupConfirmed),
  }
}

/** Needs with a name, by dependent (counting sort). */
function byDependent(entityCount: number, from: Int32Array, need: Int32Array, classes: EdgeClasses) {
  const start = int32s(entityCount + 1)
  let names = 0
  const { rows, of } = classes
  // Told once of each: which is the dependent of a need with a name.
  const dependent = int32s(need.length)
  for (let i = 0; i < need.length; i++) {
    dependent[i] = -1
    if (need[i]! < 0) continue
    if (need[i]! >= names) names = need[i]! + 1
    if (of[i]! < 0 || !isNeed(rows[of[i]! * CLASS_WIDTH]!)) continue
    dependent[i] = from[i]!
    start[from[i]! + 1]!++
  }
  for (let i = 0; i < entityCount; i++) start[i + 1]! += start[i]!
  const named = int32s(start[entityCount]!)
  const next = copyOf(start, entityCount)
  for (let i = 0; i < need.length; i++) if (dependent[i]! >= 0) named[next[dependent[i]!]!++] = i
  return { named, start, names }
}
