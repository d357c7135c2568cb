import { computed, signal } from '@preact/signals'
import type { Command } from './commands.ts'
import { place } from './place.ts'
import { say } from './say.ts'

/** Something a person did that can be taken back, and done again. */
export interface Act {
  /** Names itself: "tick “Add a second key”". */
  readonly title: string
  readonly undo: () => void
  readonly redo: () => void
}

interface Kept extends Act {
  /** View and subject it was done in: it is taken back only there. */
  readonly where: string
}

const LIMIT = 100
const done = signal<readonly Kept[]>([])
const undone = signal<readonly Kept[]>([])

const here = computed(() => `${place.value.view} ${place.value.id}`)
const lastOf = (list: readonly Kept[]): Kept | undefined => list.findLast((act) => act.where === here.value)

/** Does it, and remembers how to take it back. What was taken back before can no longer be done again. */
export function act(what: Act): void {
  done.value = [...done.peek(), { ...what, where: here.peek() }].slice(-LIMIT)
  undone.value = undone.peek().filter((other) => other.where !== here.peek())
  what.redo()
}

function undo(): void {
  const last = lastOf(done.peek())
  if (!last) return say('Nothing to undo here')
  done.value = done.peek().filter((other) => other !== last)
  undone.value = [...undone.peek(), last]
  last.undo()
  say(`Undone: ${last.title}`)
}

function redo(): void {
  const last = lastOf(undone.peek())
  if (!last) return say('Nothing to redo here')
  undone.value = undone.peek().filter((other) => other !== last)
  done.value = [...done.peek(), last]
  last.redo()
  say(`Done again: ${last.title}`)
}

/** What can be undone and redone now, by name. */
export const undoable = computed(() => lastOf(done.value)?.title ?? null)
export const redoable = computed(() => lastOf(undone.value)?.title ?? null)

/** For the commands of a view. */
export function undoCommands(): Command[] {
  return [
    { id: 'undo', title: undoable.value === null ? 'Undo' : `Undo: ${undoable.value}`, key: 'Mod+Z', run: undo },
    { id: 'redo', title: redoable.value === null ? 'Redo' : `Redo: ${redoable.value}`, key: 'Mod+Shift+Z', run: redo },
  ]
}
