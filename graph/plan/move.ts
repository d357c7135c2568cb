import { callFacts, filled } from '../answer/actions.ts'
import { undoWords } from '../answer/change-words.ts'
import { availability, canOverlap, hasSecondUser, operations } from '../answer/operations.ts'
import type { Estate } from '../estate/estate.ts'
import { platformCalls } from '../kinds/platform-calls.ts'
import type { Operation } from '../wire.ts'

/** What an operation comes to on one credential, as acts of a person: make, cut, take back, delete. */
export interface Move {
  readonly op: Operation
  /** What takes the old value's place before it goes; `none`: nothing, or it is overwritten. */
  readonly second: 'value' | 'user' | 'vault' | 'none'
  readonly make: readonly string[]
  readonly cut: readonly string[]
  readonly cutWords: string
  /** What makes the old value work again after the cut, and whether there is such a thing. */
  readonly undo: {
    readonly run: readonly string[]
    readonly words: string
    readonly possible: 'yes' | 'no' | 'unknown'
  }
  /** After the cut the old value still exists, refused, and is deleted in the end with this; null: the cut was the end. */
  readonly retire: readonly string[] | null
  /** Deletes the new value, for a rollback. */
  readonly unmake: readonly string[]
}

/** Can two values be valid at once? Not where what makes it destroys the old one first (Terraform without `create_before_destroy`). */
export function keepsBoth({ kind, props }: Pick<Estate['entities'][number], 'kind' | 'props'>): boolean {
  return canOverlap(kind) && props?.['replacedWithOverlap'] !== false
}

/** The operation a cutover takes unless it is told: two values or two users at once where that can be. */
export function usualMove(estate: Estate, subject: number): Operation {
  const entity = estate.entities[subject]!
  const wanted: Operation[] = [
    ...(keepsBoth(entity) ? (['rotate'] as const) : []),
    ...(hasSecondUser(entity.kind) ? (['rotate-users'] as const) : []),
    'rotate',
    'rotate-in-place',
    'disable',
    'revoke',
    'expire',
  ]
  return wanted.find((op) => availability(entity, op).available) ?? 'revoke'
}

/** Commands are of the table of platform calls; where it has none, words. */
export function moveOf(estate: Estate, subject: number, op: Operation): Move {
  const { kind } = estate.entities[subject]!
  const known = callFacts(estate, subject, op)
  const hasCall = platformCalls[kind]?.[op] !== undefined
  const table = platformCalls[kind]?.revoke?.run ?? []
  // A command that names only the user would hit both values of that user, the prior path too.
  const isOfOne = table.every(
    (line) => !line.includes('{identity}') || line.includes('{name}') || line.includes('{key}'),
  )
  const isOtherUser = op === 'rotate-users'
  const unmake =
    isOfOne || isOtherUser
      ? table.map((line) =>
          filled(estate, subject, isOtherUser ? line.replaceAll('{identity}', '{SECOND_USER}') : line, true),
        )
      : []
  const revoke = table.length > 0 && (isOfOne || isOtherUser) ? callFacts(estate, subject, 'revoke').run : []
  const cutUndo = (possible: 'yes' | 'no' | 'unknown', run: readonly string[], words: string): Move['undo'] => ({
    ...{ possible, run, words },
  })
  const reversal = cutUndo(known.reversible, hasCall && known.reversible === 'yes' ? [known.undo] : [], known.undo)
  const isRotation = operations[op].engine === 'rotate'
  if (!isRotation)
    return {
      ...{ op, second: 'none', make: [], cut: known.run, cutWords: operations[op].title, undo: reversal, unmake },
      retire: null,
    }
  if (op === 'enforce-vault' || op === 'enforce-jit')
    return {
      ...{ op, second: 'vault', make: [], cut: known.run, cutWords: 'Switch the static value off' },
      undo: hasCall ? reversal : cutUndo('unknown', [], 'whether the static value can be given back is not known'),
      retire: revoke.length > 0 ? revoke : null,
      unmake: [],
    }
  const second =
    op === 'rotate-users' ? 'user' : keepsBoth(estate.entities[subject]!) && op === 'rotate' ? 'value' : 'none'
  if (second === 'none')
    return {
      ...{ op, second, make: [], cut: known.run, cutWords: 'Set the new value over the old one', unmake: [] },
      undo: hasCall
        ? reversal
        : cutUndo('unknown', [], 'whether the old value can be set again once it is replaced is not known'),
      retire: null,
    }
  return twoAtOnce(estate, subject, op, second, { known, hasCall, unmake, revoke })
}

interface Calls {
  readonly known: ReturnType<typeof callFacts>
  readonly hasCall: boolean
  readonly unmake: readonly string[]
  readonly revoke: readonly string[]
}

/** Old and new work side by side: the last command of a rotation is its cut. */
function twoAtOnce(estate: Estate, subject: number, op: Operation, second: 'value' | 'user', calls: Calls): Move {
  const { known, hasCall, unmake, revoke } = calls
  const entity = estate.entities[subject]!
  if (hasCall && known.run.length > 1) {
    const isKept = known.reversible === 'yes'
    return {
      ...{ op, second, unmake, make: known.run.slice(0, -1), cut: known.run.slice(-1) },
      cutWords: isKept ? 'Switch the old one off' : 'Remove the old one',
      undo: { possible: known.reversible, run: isKept ? [known.undo] : [], words: known.undo },
      retire: isKept ? (revoke.length > 0 ? revoke : []) : null,
    }
  }
  const disable = availability(entity, 'disable').available ? callFacts(estate, subject, 'disable') : undefined
  // A password is switched off with its user: beside a second value of the same user that would cut both.
  if (second === 'value' && disable?.reversible === 'yes')
    return {
      ...{ op, second, unmake, make: known.run, cut: disable.run, cutWords: 'Switch the old one off' },
      undo: { possible: 'yes', run: disable.run.length > 0 ? [disable.undo] : [], words: disable.undo },
      retire: revoke,
    }
  return {
    ...{ op, second, unmake, make: known.run, cut: revoke, cutWords: 'Remove the old one' },
    undo: { possible: 'no', run: [], words: undoWords(estate, subject, 'revoke') },
    retire: null,
  }
}
