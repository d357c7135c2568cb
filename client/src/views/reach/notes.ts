import { signal } from '@preact/signals'
import { act } from '../../app/undo.ts'
import { secretLike } from '../../model/secret-like.ts'

/** A view of the incident that somebody pinned, with a line of text. */
export interface Note {
  /** ISO 8601. */
  readonly at: string
  readonly words: string
  /** What the ticked actions did then, in words; empty: nothing was ticked. */
  readonly state: string
  /** Path and query of the view. */
  readonly path: string
}

export const LONGEST_NOTE = 400
const MOST_NOTES = 200
const key = (subject: string): string => `keyfall.incident.${subject}`

/** Notes of the incident on screen, oldest first, and the line that is being written. Of this tab only. */
export const notes = signal<readonly Note[]>([])
export const draft = signal('')
let about = ''

/** Takes up the notes of this subject that this tab has kept. */
export function openNotes(subject: string): void {
  if (about === subject) return
  about = subject
  const kept = read(subject)
  notes.value = kept.notes
  draft.value = kept.draft
}

/** Keeps a line that is being written; what looks like a secret is kept nowhere. */
export function writeDraft(words: string): void {
  draft.value = words.slice(0, LONGEST_NOTE)
  keep()
}

/** Why this line is not kept; `null`: it is. */
export function refusal(words: string): string | null {
  if (words.trim() === '') return 'A note needs a line of text.'
  return holdsSecret(words) ? 'This looks like it holds a secret value: notes are exported, so it is not kept.' : null
}

const holdsSecret = (words: string): boolean => words.split(/\s+/).some((word) => secretLike(word) !== null)

export function pin(note: Note): void {
  const before = notes.peek()
  const after = [...before, { ...note, words: note.words.trim().slice(0, LONGEST_NOTE) }].slice(-MOST_NOTES)
  act({ title: 'pin a note', undo: () => set(before), redo: () => set(after) })
  writeDraft('')
}

export function unpin(note: Note): void {
  const before = notes.peek()
  act({ title: 'remove a note', undo: () => set(before), redo: () => set(before.filter((one) => one !== note)) })
}

function set(next: readonly Note[]): void {
  notes.value = next
  keep()
}

function keep(): void {
  const words = holdsSecret(draft.peek()) ? '' : draft.peek()
  try {
    sessionStorage.setItem(key(about), JSON.stringify({ notes: notes.peek(), draft: words }))
  } catch {
    // Storage may be forbidden or full: notes last for this page.
  }
}

function read(subject: string): { notes: Note[]; draft: string } {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(subject)) ?? '{}') as { notes?: unknown; draft?: unknown }
    return {
      notes: Array.isArray(kept.notes) ? kept.notes.filter(isNote).slice(-MOST_NOTES) : [],
      draft: typeof kept.draft === 'string' ? kept.draft.slice(0, LONGEST_NOTE) : '',
    }
  } catch {
    return { notes: [], draft: '' }
  }
}

function isNote(value: unknown): value is Note {
  if (typeof value !== 'object' || value === null) return false
  const { at, words, state, path } = value as Record<string, unknown>
  return (
    [at, words, state, path].every((one) => typeof one === 'string') &&
    // Only pages of our own are linked to.
    /^\/[a-z](\/|\?|$)/.test(path as string)
  )
}
