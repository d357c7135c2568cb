import { channels } from '../outage/channels.ts'
import { TIMING_WIDTH } from '../outage/timings.ts'
import { cappedStanding, channelOfOne } from './edge-classes.ts'
import { classKeyOf, sortOfClass } from './class-key.ts'
import { CLASS_WIDTH, classColumns } from './flat-index.ts'
import { OverlayFull, type Overlay } from './overlay.ts'

/** Class of a relationship, a new one where none is like it; -1 where it carries neither breakage nor a value. */
export function classNumber(overlay: Overlay, kind: number, said: number, timing: number): number {
  const channel = channelOfOne(kind, said)
  if (channel === channels.none) return -1
  const standing = cappedStanding(kind, said)
  const key = classKeyOf(timing, kind, standing)
  const known = overlay.classNumbers.get(key)
  if (known !== undefined) return known
  const number = overlay.classCount
  if (number === overlay.limits.classes) throw new OverlayFull('classes')
  const at = number * CLASS_WIDTH
  const { classes } = overlay.index
  classes[at + classColumns.channel] = channel
  classes[at + classColumns.standing] = standing
  classes[at + classColumns.timing] = timing
  classes[at + classColumns.kind] = kind
  overlay.classNumbers.set(key, number)
  overlay.log?.classes.push(key)
  overlay.sameClass[number] = number
  overlay.sorts[number] = sortOfClass(classes, number)
  overlay.classCount++
  return number
}

/** Row of these seconds. A row that the base has under another number is made again: it costs a class, no answer. */
export function timingNumber(overlay: Overlay, timing: number | readonly number[]): number {
  if (typeof timing === 'number') return timing
  const key = timing.join(' ')
  const known = overlay.timingNumbers.get(key)
  if (known !== undefined) return known
  const row = overlay.timingCount
  const { timings } = overlay.index
  if ((row + 1) * TIMING_WIDTH > timings.length) throw new OverlayFull('timings')
  timings.set(timing, row * TIMING_WIDTH)
  overlay.timingNumbers.set(key, row)
  overlay.log?.timings.push(key)
  overlay.timingCount++
  return row
}
