import { CLASS_WIDTH, classColumns } from './flat-index.ts'
import { sortOf } from './index-of.ts'

/** What is in a class, as one number: timing, kind and capped standing. The channel follows from them. */
export function classKey(classes: Int32Array, number: number): number {
  const at = number * CLASS_WIDTH
  return classKeyOf(
    classes[at + classColumns.timing]!,
    classes[at + classColumns.kind]!,
    classes[at + classColumns.standing]!,
  )
}

export const classKeyOf = (timing: number, kind: number, standing: number): number =>
  (timing * 256 + kind) * 8 + standing

export function sortOfClass(classes: Int32Array, number: number): number {
  const at = number * CLASS_WIDTH
  return sortOf(classes[at + classColumns.channel]!, classes[at + classColumns.standing]!)
}
