import { exactly } from '../answer/durations.ts'
import { assess, type Assessment } from '../answer/assess.ts'
import { AMPLE_OVERLAP } from '../answer/change.ts'
import { duration, plural } from '../answer/durations.ts'
import { lagAt } from '../answer/lag.ts'
import { modelOf, remedies } from '../answer/model.ts'
import { run } from '../answer/run.ts'
import { isUntouched, type Spans } from '../answer/spans.ts'
import { defaultPublish } from '../answer/subject.ts'
import { thingOf } from '../answer/things.ts'
import { isDependent } from '../answer/victims.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import type { Rollback } from '../wire-plan.ts'
import { moveOf, type Move } from './move.ts'

/** A way back, as somebody proposes it. */
export interface Proposal {
  /** The old value is made to work again. */
  readonly restores: boolean
  /** The value, user or vault way made for the change is taken away again. */
  readonly removesNew: boolean
  /** Seconds after the cut at which it is done. */
  readonly after: number
}

/** A rollback is decided on within a window of this. */
export const WINDOW = 4 * 3600
const LISTED = 20

/** What the runbook proposes. */
export const usualProposal: Proposal = { restores: true, removesNew: true, after: WINDOW }

/**
 * Whether a rollback does what it says. Two things are simulated: that everything which the cut puts out comes back
 * once the old value is accepted again, and that everybody who has taken the new value takes the old one back before
 * the new one is removed. Accepted only where nothing remains out, in the worst case too, and one value is left.
 */
export function checkRollback(estate: Estate, subject: number, op: Operation, proposal: Proposal): Rollback {
  const move = moveOf(estate, subject, op)
  const madeNew = move.second !== 'none'
  const standing = (proposal.restores ? 1 : 0) + (madeNew && !proposal.removesNew ? 1 : 0)
  const untilCut = madeNew && move.undo.possible === 'no'
  const until = untilCut
    ? 'until T: with the cut the old value is gone'
    : move.retire === null
      ? 'as long as nobody deletes it'
      : 'until the old value is deleted'
  const found = (verdict: Rollback['verdict'], why: string, todo: string, left: readonly number[] = []): Rollback => ({
    ...{ verdict, why, todo, standing, leftCount: left.length },
    until: verdict === 'refused' ? null : until,
    left: left.slice(0, LISTED).map((index) => thingOf(estate, index)),
  })
  if (!proposal.restores)
    return found(
      'refused',
      'it does not make the old value work again, so the prior path stays shut',
      'restore it first',
    )
  if (move.undo.possible === 'no' && !madeNew)
    return found(
      'refused',
      `there is no way back: ${lowered(move.undo.words)}`,
      'disable or rotate it with both values accepted, so that it can be taken back',
    )
  if (standing > 1)
    return found(
      'refused',
      `it leaves ${standing} values that let somebody in: the old one and the ${newWords[move.second]}`,
      `take the ${newWords[move.second]} away as the last act of the rollback`,
    )
  const lag = lagAt(estate, subject, op).span
  if (lag[1] === null)
    return found(
      'unknown',
      'when the platform accepts the old value again is not known',
      'measure it, and say it: keyfall override --lag',
    )
  const { gone, doubtful } = untilCut ? { gone: [], doubtful: [] } : remaining(estate, subject, proposal.after, lag)
  if (gone.length > 0)
    return found(
      'refused',
      `${plural(gone.length, 'thing')} would not come back with the old value: ${named(estate, gone)}`,
      'find what each of them needs to start again, and do that first',
      gone,
    )
  const stuck = madeNew ? unsureToReturn(assess(estate, subject, op)) : []
  const open = [...new Set([...doubtful, ...stuck])].sort((a, b) => a - b)
  if (open.length > 0)
    return found(
      'unknown',
      `whether ${named(estate, open)} would be back on the old value is not known`,
      'find out how they get the value and when they read it again: keyfall override --uses … --delivery …',
      open,
    )
  if (move.undo.possible === 'unknown')
    return found('unknown', lowered(move.undo.words), 'try it on a value that nobody uses')
  return found('accepted', acceptedWords(move, proposal, untilCut), '')
}

const newWords = { value: 'new value', user: 'second user', vault: 'way through the vault', none: '' } as const

function acceptedWords(move: Move, { after }: Proposal, untilCut: boolean): string {
  if (untilCut)
    return 'simulated: before T both values are accepted, so consumers go back and nothing is out; after T there is no way back'
  const one =
    move.second === 'none' ? '' : `, and only the old value is left once the ${newWords[move.second]} is removed`
  return `simulated: ${duration(after)} after the cut the old value is accepted again and nothing remains out${one}`
}

/** What is out for good although the cut is taken back: for certain, and in the worst case. */
function remaining(
  estate: Estate,
  subject: number,
  after: number,
  lag: readonly [number, number | null],
): { gone: number[]; doubtful: number[] } {
  const { id } = estate.entities[subject]!
  const change = {
    action: 'disable' as const,
    targets: [id],
    at: 0,
    lag: [...lag] as [number, number | null],
    until: after,
  }
  const gone = new Set<number>()
  const doubtful = new Set<number>()
  for (const unveiled of [false, true]) {
    const spans = run(modelOf(estate, { op: 'disable', unveiled }), change)
    for (const index of spans.affected) {
      if (isForGood(spans.certain(index))) gone.add(index)
      else if (isForGood(spans.possible(index)) || isForGood(spans.degraded(index))) doubtful.add(index)
    }
  }
  return { gone: [...gone], doubtful: [...doubtful].filter((index) => !gone.has(index)) }
}

const isForGood = (span: ReturnType<Spans['certain']>): boolean => span !== null && span[1] === null

/** Who may have taken the new value and may not take the old one back: neither certain to move nor certain to stay. */
function unsureToReturn({ estate, users, change }: Assessment): number[] {
  const put = users.places.filter((place) => place.put && place.confirmed)
  const publish = [...new Set([...defaultPublish(users.places), ...put])].map(({ index }) => estate.entities[index]!.id)
  const spans = run(modelOf(estate, { op: 'rotate', unveiled: true, done: remedies }), {
    action: 'rotate',
    targets: change.targets,
    at: 0,
    lag: change.lag ?? [0, 0],
    overlap: AMPLE_OVERLAP,
    publish,
  })
  return users.workloads.filter(
    (index) => isDependent(estate, index) && !isUntouched(spans, index) && spans.certain(index) === null,
  )
}

function named(estate: Estate, indices: readonly number[]): string {
  const names = indices.slice(0, 3).map((index) => estate.entities[index]!.name)
  return indices.length > 3 ? `${names.join(', ')} and ${exactly(indices.length - 3)} more` : names.join(', ')
}

const lowered = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)
