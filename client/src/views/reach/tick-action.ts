import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { act } from '../../app/undo.ts'
import { cleanText } from '../../model/clean-name.ts'
import { optionsOf } from './reach-queries.ts'

/** Ticks an action, or takes its tick away: one history entry, one thing to undo. */
export function toggleAction(reply: ReachReply, id: string): void {
  const before = place.peek().ticked
  const on = !before.includes(id)
  const title = cleanText(optionsOf(reply).find((option) => option.id === id)?.title ?? id)
  change(`${on ? 'tick' : 'untick'} “${title}”`, before, on ? [...before, id] : before.filter((one) => one !== id))
}

/** Ticks all of these and nothing else. */
export function tickOnly(ids: readonly string[], title: string): void {
  const before = place.peek().ticked
  if (ids.length === before.length && ids.every((id) => before.includes(id))) return
  change(title, before, ids)
}

function change(title: string, before: readonly string[], after: readonly string[]): void {
  act({ title, undo: () => pushHere({ ticked: before }), redo: () => pushHere({ ticked: after }) })
}
