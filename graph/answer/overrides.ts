import { QuestionError } from '../errors.ts'
import { idOf } from '../ids.ts'
import { along, type Estate } from '../estate/estate.ts'
import { overrideId, settable, statable, statedWords, type Override } from '../estate/overrides.ts'
import { deliveryModes, type DeliveryMode, type Span } from '../kinds/delivery.ts'
import { relationshipKinds, type RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { OverridesReply, SetOverride } from '../wire-overrides.ts'
import { snapshotOf } from './blast.ts'
import { duration } from './durations.ts'
import { thingOf } from './things.ts'

/** An override with the names its ends had when it was set, for when no source names them any more. */
export interface KeptOverride extends Override {
  readonly names: { readonly from: string; readonly to?: string }
}

/** What people set, each with whether it is in force now. */
export function answerOverrides(estate: Estate, kept: readonly KeptOverride[]): OverridesReply {
  return {
    snapshot: snapshotOf(estate),
    overrides: kept.map((one) => {
      const { kind, session, tolerance, pickup, cadence, delivery, lag } = one
      return {
        id: overrideId(one),
        kind: kind ?? null,
        from: endOf(estate, one.from, one.names.from),
        to: one.to === undefined ? null : endOf(estate, one.to, one.names.to ?? one.to),
        ...(session && { session: pair(session) }),
        ...(tolerance && { tolerance: pair(tolerance) }),
        ...(pickup && { pickup: pair(pickup) }),
        ...(lag && { lag: pair(lag) }),
        ...(one.said && { said: { ...one.said } }),
        ...(cadence !== undefined && { cadence }),
        ...(delivery && { delivery }),
        sentence: sentenceOf(one),
        who: one.who,
        at: one.at,
        ...(one.note !== undefined && { note: one.note }),
        inForce: isInForce(estate, one),
      }
    }),
  }
}

const pair = (span: Span): [number, number | null] => [span[0], span[1]]

function endOf(estate: Estate, key: string, name: string): OverridesReply['overrides'][number]['from'] {
  const index = estate.indexOf.get(idOf(key))
  return { name, thing: index === undefined ? null : thingOf(estate, index) }
}

function isInForce(estate: Estate, { kind, from, to }: Override): boolean {
  const tail = estate.indexOf.get(idOf(from))
  if (kind === undefined || tail === undefined) return tail !== undefined
  const head = to === undefined ? undefined : estate.indexOf.get(idOf(to))
  return [...along(estate.out, tail)].some(
    (one) => estate.heads[one] === head && estate.relationships[one]!.kind === kind,
  )
}

/** "5 min", "1 min to 5 min", "1 min or longer". */
function spanWords([least, most]: Span): string {
  if (most === null) return `${duration(least)} or longer`
  return least === 0 || least === most ? duration(most) : `${duration(least)} to ${duration(most)}`
}

function sentenceOf({ kind, names, ...set }: KeptOverride): string {
  const about =
    kind === undefined
      ? names.from
      : `${names.from} ${relationshipKinds[kind].sentence.split(' ')[1] ?? 'needs'} ${names.to}`
  const parts = [
    set.delivery && deliveryModes[set.delivery].words,
    set.session && `what is signed in lives on for ${spanWords(set.session)}`,
    set.tolerance && `does without for ${spanWords(set.tolerance)}`,
    set.pickup && `takes a new value within ${spanWords(set.pickup)}`,
    set.cadence !== undefined && `used every ${duration(set.cadence)}`,
    ...statable.map((name) => set.said?.[name] !== undefined && `${statedWords[name]}: ${String(set.said[name])}`),
    set.lag && `a change is enforced within ${spanWords(set.lag)}`,
  ].filter((part) => typeof part === 'string')
  return `${about}: ${parts.join('; ')} (set by you)`
}

/**
 * What a person sets, by the keys of what it is about.
 * @throws QuestionError where nothing is set, there is no such thing or relationship, or an attribute does not belong to it.
 */
export function overrideFrom(
  estate: Estate,
  asked: SetOverride,
  said: { readonly who: string; readonly at: string },
): KeptOverride {
  const from = entityOf(estate, asked.from)
  const names = settable.filter((name) => asked[name] !== undefined)
  if ((asked.kind === undefined) !== (asked.to === undefined))
    throw new QuestionError('bad-change', 'kind and to go together', 'both for a relationship, neither for a thing')
  const isThing = asked.kind === undefined
  if (isThing ? asked.lag === undefined || names.length > 0 : asked.lag !== undefined || names.length === 0)
    throw new QuestionError(
      'bad-change',
      isThing ? 'of a thing only its lag can be set' : `of a relationship one of these is set: ${settable.join(', ')}`,
      'times are [shortest, longest] in seconds, null for no known end',
    )
  const { session, tolerance, pickup, cadence, delivery, lag, note } = asked
  const values = {
    ...(session && { session }),
    ...(tolerance && { tolerance }),
    ...(pickup && { pickup }),
    ...(cadence !== undefined && { cadence }),
    ...(delivery !== undefined && { delivery: delivery as DeliveryMode }),
    ...(lag && { lag }),
    ...said,
    ...(note !== undefined && { note }),
  }
  if (asked.to === undefined) return { from: from.key, names: { from: from.name }, ...values }
  const to = entityOf(estate, asked.to)
  const kind = asked.kind as RelationshipKind
  const known = estate.relationships.some((one) => one.kind === kind && one.from === from.id && one.to === to.id)
  if (!known)
    throw new QuestionError(
      'not-found',
      `no source shows that ${from.name} ${relationshipKinds[kind].sentence.split(' ')[1] ?? 'needs'} ${to.name}`,
      'state the link first: keyfall links, POST /api/connections',
    )
  return { kind, from: from.key, to: to.key, names: { from: from.name, to: to.name }, ...values }
}

function entityOf(estate: Estate, id: string): Estate['entities'][number] {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up: GET /api/find?q=…')
  return estate.entities[index]!
}
