import { plural } from '../answer/durations.ts'
import type { SignOff, SignOffNeed, SignOffState } from '../wire-cutover.ts'
import type { KeptSignOff, PlanParts } from './kept-plan.ts'
import { differenceOf, setNameOf, stateOf, type Bound, type Present } from './sign-off.ts'

/** Somebody whose agreement is needed: a business system, or null for what has none. */
export interface NeedOf {
  readonly system: { readonly id: string; readonly name: string } | null
  /** Whom a source or the plan names for it. */
  readonly owner: string | null
}

/** Does the change touch it? Who keeps working in any case is not asked. */
const isTouched = ({ verdict }: Bound): boolean => verdict !== 'keeps'

/** Systems that have to agree; whether something has no system, or nothing is touched at all. */
export function systemsToAsk({ set }: Present): { systems: string[]; whole: boolean } {
  const touched = set.filter(isTouched)
  const systems = [...new Set(touched.flatMap(({ system }) => (system === null ? [] : [system])))]
  return { systems, whole: systems.length === 0 || touched.some(({ system }) => system === null) }
}

/** Of a yes and a no that both stand the newer one counts. */
const rank = { valid: 0, declined: 0, lapsed: 1, expired: 2, withdrawn: 3 } as const satisfies Record<
  SignOffState,
  number
>

/** Of two at one moment the no comes first. */
function newerFirst(a: KeptSignOff, b: KeptSignOff): number {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1
  return (a.declined ? 0 : 1) - (b.declined ? 0 : 1)
}

/** What becomes of one need: the best sign-off that speaks for it decides. */
export function needOf(
  { system, owner }: NeedOf,
  present: Present,
  signOffs: readonly KeptSignOff[],
  asks: PlanParts['asks'],
  now: string,
): SignOffNeed {
  const id = system?.id ?? null
  const members = present.set.filter((one) => isTouched(one) && one.system === id)
  const given = signOffs
    .filter((one) => one.credential === present.credential && (one.system === null || one.system.id === id))
    .map((one) => ({ one, state: stateOf(one, present, now) }))
    .sort((a, b) => rank[a.state] - rank[b.state] || newerFirst(a.one, b.one))
  const [best] = given
  const asked = asks.find((one) => one.credential === present.credential && (one.system?.id ?? null) === id) ?? null
  const isAskedAgain = asked !== null && (best === undefined || (best.state !== 'valid' && asked.at > best.one.at))
  return {
    ...{ system, owner },
    dependents: members.length,
    breaks: members.filter(({ verdict }) => verdict === 'breaks').length,
    state: best === undefined ? (asked ? 'asked' : 'missing') : best.state,
    signOff: best?.one.id ?? null,
    asked: asked && { of: asked.of, by: asked.by, at: asked.at },
    words: [
      ...(best ? [wordsOf(best.one, best.state, present)] : asked ? [] : ['nobody was asked']),
      ...(isAskedAgain ? [`${asked.of} asked ${day(asked.at)}`] : []),
    ].join('; '),
  }
}

const day = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`

function wordsOf(one: KeptSignOff, state: SignOff['state'], present: Present): string {
  const act = one.declined ? 'declined by' : one.breakGlass ? 'break-glass by' : 'signed by'
  const signed = `${act} ${one.by.name} ${day(one.at)}`
  if (state === 'declined') return `${signed}: ${one.declined!.reason}`
  if (state === 'lapsed') return `${signed}, then lapsed: ${differenceOf(one, present).words}`
  if (state === 'expired') return `${signed}, its time is over`
  if (state === 'withdrawn') return `${signed}, withdrawn: ${one.withdrawn!.reason}`
  return `${signed} for ${plural(one.set.length, 'dependant')}`
}

/** A sign-off as it stands now. Without a present change (its credential is gone, or left the plan) it has lapsed. */
export function signOffOf(one: KeptSignOff, present: Present | undefined, now: string): SignOff {
  const { id, plan, credential, system, snapshot, op, window, by, at, note, withdrawn, declined, breakGlass } = one
  const none = { added: [], gone: [], worse: [], better: [], action: false, window: false }
  return {
    ...{ id, plan, credential, system, snapshot, op, window, by, at, withdrawn, breakGlass },
    ...(note !== undefined && { note }),
    ...(declined && { declined }),
    set: setNameOf({ credential, op, window, set: one.set.map((member) => ({ ...member, system: null })) }),
    dependents: one.set.length,
    state: stateOf(one, present, now),
    difference: present ? differenceOf(one, present) : { ...none, words: 'the credential is no longer in the plan' },
  }
}
