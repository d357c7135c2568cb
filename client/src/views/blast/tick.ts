import type { BlastReply } from '../../../../graph/wire.ts'
import { act } from '../../app/undo.ts'
import { place, pushHere } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'

/** Ticks a step, or takes its tick away: one history entry, one thing to undo. */
export function toggleStep(reply: BlastReply, id: string): void {
  const before = place.peek().ticked
  const on = !before.includes(id)
  const title = cleanText(reply.steps.find((step) => step.id === id)?.title ?? id)
  change(`${on ? 'tick' : 'untick'} “${title}”`, before, on ? [...before, id] : before.filter((other) => other !== id))
}

/** Ticks all of these and nothing else. */
export function tickOnly(ids: readonly string[], title: string): void {
  const before = place.peek().ticked
  if (ids.length === before.length && ids.every((id) => before.includes(id))) return
  change(title, before, ids)
}

function change(title: string, before: readonly string[], after: readonly string[]): void {
  act({ title, undo: () => setTicked(before), redo: () => setTicked(after) })
}

const setTicked = (ticked: readonly string[]): void =>
  pushHere({ ticked, diff: ticked.length > 0 && place.peek().diff })

export const toggleDiff = (): void => pushHere({ diff: !place.peek().diff })
