import { exactly } from '../answer/durations.ts'
import { idOf } from '../ids.ts'
import { plural } from '../answer/durations.ts'
import type { SetChange, SignOffDifference, SignOffState } from '../wire-cutover.ts'
import type { Operation, Verdict } from '../wire.ts'
import type { KeptSignOff } from './kept-plan.ts'

/** One dependent as a sign-off is bound to it; `system`: Thing.id of its business system. */
export interface Bound {
  readonly id: string
  readonly name: string
  readonly verdict: Verdict
  readonly system: string | null
}

/** What a sign-off would be given for now. */
export interface Present {
  readonly credential: string
  readonly op: Operation
  readonly window: { readonly start: string; readonly end: string }
  /** All dependents of the change. */
  readonly set: readonly Bound[]
  /** Ids of whoever wrote the plan: what one of them gave without break-glass does not count. */
  readonly authors: readonly string[]
}

/** Who it speaks for: dependents of its system, or all where it names none. */
export function boundTo(set: readonly Bound[], system: string | null): readonly Bound[] {
  return system === null ? set : set.filter((one) => one.system === system)
}

/** Names credential, action, window and set in one word: what was seen is what is signed. The order does not matter. */
export function setNameOf({ credential, op, window, set }: Omit<Present, 'authors'>): string {
  const members = set.map(({ id, verdict, system }) => [id, verdict, system ?? '']).sort()
  return idOf(JSON.stringify([credential, op, window.start, window.end, members]))
}

const severity = { keeps: 0, steps: 1, unknown: 2, breaks: 3 } as const satisfies Record<Verdict, number>

/** What is different now from what was signed. */
export function differenceOf(signed: KeptSignOff, present: Present): SignOffDifference {
  const now = new Map(boundTo(present.set, signed.system?.id ?? null).map((one) => [one.id, one]))
  const then = new Map(signed.set.map((one) => [one.id, one]))
  const changes: SetChange[] = [
    ...[...then.values()].map(({ id, name, verdict }) => ({
      ...{ id, name, before: verdict },
      after: now.get(id)?.verdict ?? null,
    })),
    ...[...now.values()]
      .filter(({ id }) => !then.has(id))
      .map(({ id, name, verdict }) => ({ id, name, before: null, after: verdict })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1))
  const of = (test: (one: SetChange) => boolean): SetChange[] => changes.filter(test)
  const rise = ({ before, after }: SetChange): number =>
    before === null || after === null ? 0 : severity[after] - severity[before]
  const difference = {
    added: of(({ before }) => before === null),
    gone: of(({ after }) => after === null),
    worse: of((one) => rise(one) > 0),
    better: of((one) => rise(one) < 0),
    action: signed.op !== present.op,
    window: !isSame(signed.window.start, present.window.start) || !isSame(signed.window.end, present.window.end),
  }
  const author = signed.breakGlass === null && present.authors.includes(signed.by.id)
  const all = { ...difference, ...(author && { author }) }
  return { ...all, words: wordsOf(all) }
}

const isSame = (a: string, b: string): boolean => Date.parse(a) === Date.parse(b)

const NAMED = 3

function wordsOf({ added, gone, worse, better, action, window, author }: Omit<SignOffDifference, 'words'>): string {
  const names = (all: readonly SetChange[]): string =>
    all.length > NAMED
      ? `${all.slice(0, NAMED).map(({ name }) => name).join(', ')} and ${exactly(all.length - NAMED)} more` // prettier-ignore
      : all.map(({ name }) => name).join(', ')
  return [
    ...(added.length > 0 ? [`${plural(added.length, 'new dependant')} (${names(added)})`] : []),
    ...(gone.length > 0 ? [`${plural(gone.length, 'dependant')} gone (${names(gone)})`] : []),
    ...(worse.length > 0 ? [`${worse.length} worse off (${names(worse)})`] : []),
    ...(better.length > 0 ? [`${better.length} better off (${names(better)})`] : []),
    ...(action ? ['another action'] : []),
    ...(window ? ['another window'] : []),
    ...(author ? ['who gave it has changed the plan since'] : []),
  ].join('; ')
}

/** Is anything different? */
export const differs = ({ words }: SignOffDifference): boolean => words !== ''

/**
 * Whether it stands: only for its credential, its action, its window and exactly the set it was given for, until that
 * window or its own time is over. Computed, so a set that is what it was again is signed again.
 */
export function stateOf(signed: KeptSignOff, present: Present | undefined, now: string): SignOffState {
  if (signed.withdrawn) return 'withdrawn'
  if (present === undefined || present.credential !== signed.credential) return 'lapsed'
  if (differs(differenceOf(signed, present))) return 'lapsed'
  if (signed.declined) return 'declined'
  const until = Math.min(Date.parse(signed.window.end), Date.parse(signed.breakGlass?.until ?? signed.window.end))
  return Date.parse(now) >= until || Number.isNaN(until) ? 'expired' : 'valid'
}

/** A break-glass sign-off that nobody else has looked at. */
export const isReviewDue = ({ breakGlass }: Pick<KeptSignOff, 'breakGlass'>): boolean =>
  breakGlass !== null && breakGlass.review === null
