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
  const slot = new Int32Array(need.length)
  const groupOfSlot = growing()
  const groupStart = growing()
  const groupConfirmed = growing()
  push(groupOfSlot, -1)
  const standingAt = (relationship: number) =>
    classes.rows[classes.of[relationship]! * CLASS_WIDTH + classColumns.standing]!
  // By name and strength: whose it was last, and the members found so far.
  const owner = new Int32Array(2 * names).fill(-1)
  const members = new Map<number, number[]>()
  for (let dependent = 0; dependent < entityCount; dependent++) {
    if (start[dependent + 1]! - start[dependent]! < 2) continue
    let shared = false
    for (let i = start[dependent]!; i < start[dependent + 1]!; i++) {
      const name = need[named[i]!]! * 2 + (standingAt(named[i]!) & standingBits.soft)
      if (owner[name] === dependent) shared = true
      owner[name] = dependent
    }
    if (!shared) continue
    members.clear()
    for (let i = start[dependent]!; i < start[dependent + 1]!; i++) {
      const name = need[named[i]!]! * 2 + (standingAt(named[i]!) & standingBits.soft)
      const list = members.get(name)
      if (list) list.push(named[i]!)
      else members.set(name, [named[i]!])
    }
    for (const group of members.values()) addGroup(group)
  }
  function addGroup(group: readonly number[]): void {
    const isConfirmed = (relationship: number) => confidenceIn(standingAt(relationship)) === CONFIRMED
    const confirmed = group.filter(isConfirmed)
    if (group.length < 2 || confirmed.length === 0) return
    const number = groupConfirmed.length
    push(groupStart, groupOfSlot.length)
    push(groupConfirmed, confirmed.length)
    const possible = confirmed.length === group.length ? [] : group.filter((one) => !isConfirmed(one))
    for (const list of [confirmed, possible])
      for (const relationship of list) {
        slot[relationship] = groupOfSlot.length
        push(groupOfSlot, number)
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
  const start = new Int32Array(entityCount + 1)
  let names = 0
  const isNamed = (i: number) =>
    need[i]! >= 0 && classes.of[i]! >= 0 && isNeed(classes.rows[classes.of[i]! * CLASS_WIDTH]!)
  for (let i = 0; i < need.length; i++) {
    if (need[i]! >= names) names = need[i]! + 1
    if (isNamed(i)) start[from[i]! + 1]!++
  }
  for (let i = 0; i < entityCount; i++) start[i + 1]! += start[i]!
  const named = new Int32Array(start[entityCount]!)
  const next = start.slice(0, entityCount)
  for (let i = 0; i < need.length; i++) if (isNamed(i)) named[next[from[i]!]!++] = i
  return { named, start, names }
}
