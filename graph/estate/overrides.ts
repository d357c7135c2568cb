import { idOf } from '../ids.ts'
import type { DeliveryMode, Span } from '../kinds/delivery.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { KnownEntity, KnownRelationship } from '../known.ts'
import type { Props } from '../facts.ts'

/** What a person may set of a relationship: how a value gets there and the times that follow. Seconds. */
export interface SetTimes {
  readonly session?: Span
  readonly tolerance?: Span
  readonly pickup?: Span
  readonly cadence?: number
  readonly delivery?: DeliveryMode
}

/** Of a thing: until a change to it is enforced everywhere. */
export interface SetLag {
  readonly lag?: Span
}

/** What a person states of a credential or a business system because no source says it, or says it wrong. */
export interface Statement {
  readonly owner?: string
  readonly purpose?: string
  /** The rule by which it is rotated, in words: "every 90 days". */
  readonly rotation?: string
  /** Of a business system: 1 is the most critical. */
  readonly tier?: number
  readonly breakGlass?: boolean
}
export const statable = ['owner', 'purpose', 'rotation', 'tier', 'breakGlass'] as const
export type Statable = (typeof statable)[number]

/**
 * What somebody set who knows better than any import and table. Canonical keys, so that it outlives imports; without
 * `kind` and `to` it is about the thing itself.
 */
export interface Override extends SetTimes, SetLag {
  readonly from: string
  readonly kind?: RelationshipKind
  readonly to?: string
  /** Of a thing: what is stated of it. */
  readonly said?: Statement
  /** Role or name of the account that set it. */
  readonly who: string
  /** ISO 8601. */
  readonly at: string
  readonly note?: string
}

export const settable = ['session', 'tolerance', 'pickup', 'cadence', 'delivery'] as const
export type Settable = (typeof settable)[number]

/** Who set which attributes of a relationship. */
export interface SetBy {
  readonly attributes: readonly Settable[]
  readonly who: string
  readonly at: string
  readonly note?: string
}

/** Names what an override is about: there is one for each relationship and each thing. */
export function overrideId({ kind, from, to }: Pick<Override, 'kind' | 'from' | 'to'>): string {
  return idOf(kind === undefined ? `override ${from}` : `override ${kind} ${from} > ${to}`)
}

export interface Overrides {
  /** The relationship as it was set, and by whom; undefined where nobody set anything of it. */
  of(relationship: KnownRelationship): { relationship: KnownRelationship; set: SetBy } | undefined
  /** Lags by id of the thing. */
  readonly lags: ReadonlyMap<string, Span>
  /** The thing with what was stated of it; itself where nothing was. */
  thing(entity: KnownEntity): KnownEntity
}

/** What was set, ready to be looked up by the ids of an estate. */
export function overridesOf(list: readonly Override[]): Overrides {
  const byEnds = new Map<string, Override>()
  const lags = new Map<string, Span>()
  const said = new Map<string, Override>()
  for (const one of list) {
    if (one.kind === undefined) {
      if (one.lag) lags.set(idOf(one.from), one.lag)
      if (one.said) said.set(idOf(one.from), one)
    } else if (one.to !== undefined) byEnds.set(`${one.kind} ${idOf(one.from)} ${idOf(one.to)}`, one)
  }
  return {
    lags,
    thing(entity) {
      const override = said.get(entity.id)
      return override ? stated(entity, override) : entity
    },
    of(relationship) {
      const override = byEnds.get(`${relationship.kind} ${relationship.from} ${relationship.to}`)
      if (!override) return undefined
      const attributes = settable.filter((name) => override[name] !== undefined)
      const { who, at, note } = override
      return {
        relationship: { ...withoutOldTimes(relationship, override), ...timesOf(override) },
        set: { attributes, who, at, ...(note !== undefined && { note }) },
      }
    },
  }
}

/** Another delivery takes the times of the former one along. */
function withoutOldTimes(relationship: KnownRelationship, { delivery }: Override): KnownRelationship {
  if (delivery === undefined || delivery === relationship.delivery) return relationship
  const { pickup: _pickup, ...rest } = relationship
  return rest
}

function timesOf({ session, tolerance, pickup, cadence, delivery }: Override): Partial<KnownRelationship> {
  const span = (value: Span): [number, number | null] => [value[0], value[1]]
  return {
    ...(session && { session: span(session) }),
    ...(tolerance && { tolerance: span(tolerance) }),
    ...(pickup && { pickup: span(pickup) }),
    ...(cadence !== undefined && { cadence }),
    ...(delivery && { delivery }),
  }
}

/** The owner goes under a name of its own: it stands above what sources say, whichever way they say it. */
function stated(entity: KnownEntity, { said, who, at }: Override): KnownEntity {
  const { owner, ...others } = said!
  const props: Props = { ...entity.props }
  if (owner !== undefined) props['statedOwner'] = owner
  for (const [name, value] of Object.entries(others)) if (value !== undefined) props[name] = value
  const names = statable.filter((name) => said![name] !== undefined)
  props['stated'] = names.map((name) => statedWords[name])
  const note = `${names.map((name) => statedWords[name]).join(', ')} stated by ${who}`.slice(0, 400)
  const evidence = { source: 'people', kind: 'asserted' as const, lastSeen: at, note }
  return { ...entity, props, evidence: [evidence, ...(entity.evidence ?? [])] }
}

export const statedWords: Readonly<Record<Statable, string>> = {
  owner: 'owner',
  purpose: 'purpose',
  rotation: 'rotation rule',
  tier: 'tier',
  breakGlass: 'break-glass',
}
