import type { Overall } from '../../../graph/wire.ts'

const KEY = 'keyfall.seen'
const LIMIT = 60

type Seen = Readonly<Record<string, Overall>>

/** Verdicts by id as they stood when this tab last showed Find on another snapshot: ids and words of ours, no names. */
interface Kept {
  readonly snapshot: string
  readonly verdicts: Seen
  readonly before: Seen
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
    return kept && typeof kept.snapshot === 'string' && typeof kept.verdicts === 'object' ? kept : null
  } catch {
    return null
  }
}

/** What was shown before this snapshot; the verdicts of now are kept for the next one. Empty at the first visit. */
export function verdictsBefore(snapshot: string, now: readonly (readonly [string, Overall])[]): Seen {
  const kept = read()
  const before = kept === null ? {} : kept.snapshot === snapshot ? kept.before : kept.verdicts
  try {
    const verdicts = Object.fromEntries(now.slice(0, LIMIT))
    sessionStorage.setItem(KEY, JSON.stringify({ snapshot, verdicts, before } satisfies Kept))
  } catch {
    // Storage may be forbidden: nothing is told then.
  }
  return before
}
