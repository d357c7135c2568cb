import type { EntityFact } from '../../graph/facts.ts'
import type { RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import { activity, type Activity } from './activity.ts'
import type { Thing } from './identity.ts'
import type { Outcome } from './outcome.ts'
import type { Locator, Tally } from './tallies.ts'
import type { Workload } from './workload.ts'

/** What was seen of one relationship with one outcome. */
export interface Seen {
  count: number
  first: number
  last: number
  at: Locator
}

export interface Use {
  readonly kind: RelationshipKind
  readonly from: string
  readonly to: string
  readonly attributed: boolean
  readonly notes: Set<string>
  /** Calls that got through, and those that were denied: the credential was good. */
  good: Seen | undefined
  denied: number
  /** Calls whose credential was not taken. */
  refused: Seen | undefined
  /** Of relationships whose rhythm is worth saying. */
  readonly times: Activity | undefined
}

export interface Known {
  thing: Thing
  readonly lists: Map<string, Set<string>>
  readonly facts: Map<string, { readonly value: string; readonly at: number }>
}

/** A workload of which the log gives the name but not the region: it calls services of other regions as well. */
export interface Named {
  readonly kind: 'aws.lambda_function' | 'aws.ec2_instance'
  readonly account: string
  readonly name: string
  readonly regions: Map<string, number>
}

/** How often they are used decides when a change is noticed. */
const rhythmic: ReadonlySet<RelationshipKind> = new Set(['USES_CREDENTIAL', 'USES_SECRET', 'RUNS_AS'])

const LIST_LENGTH = 40
const NOTES = 3

/**
 * What the log of one account shows, summed up: one line for each use however many events show it, so that memory
 * grows with the number of callers and things, not with the number of events. Nothing in it depends on the order in
 * which it is told.
 */
export function ledger() {
  const uses = new Map<string, Use>()
  const things = new Map<string, Known>()
  const workloads = new Map<string, Named>()
  const definedIn = new Map<string, string>()

  const know = (thing: Thing): Known => {
    const known = things.get(thing.key)
    if (known !== undefined) {
      // Of one principal that events give to two accounts, the same is kept whichever comes first.
      if (thing.name < known.thing.name) known.thing = thing
      return known
    }
    const fresh: Known = { thing, lists: new Map(), facts: new Map() }
    things.set(thing.key, fresh)
    return fresh
  }

  const list = (thing: Thing, prop: string, value: string, length: number, latest: boolean): void => {
    const { lists } = know(thing)
    const values = lists.get(prop) ?? new Set<string>()
    lists.set(prop, values)
    values.add(value.slice(0, 200))
    if (values.size > length) values.delete(endOf(values, latest))
  }

  return {
    uses: uses as ReadonlyMap<string, Use>,
    things: things as ReadonlyMap<string, Known>,
    workloads: workloads as ReadonlyMap<string, Named>,
    definedIn: definedIn as ReadonlyMap<string, string>,

    thing(thing: Thing): string {
      know(thing)
      return thing.key
    },

    /** A word about a thing: its services, its session names. Of each list the first forty by alphabet are kept. */
    list: (thing: Thing, prop: string, value: string): void => list(thing, prop, value, LIST_LENGTH, false),

    /** A line of what became of a thing; the latest forty are kept. */
    history: (thing: Thing, line: string): void => list(thing, 'history', line, LIST_LENGTH, true),

    /** A fact about a thing as of a time (ms; NaN where it is not known); what is known of later replaces it. */
    fact(thing: Thing, prop: string, value: string, at: number): void {
      const { facts } = know(thing)
      const known = facts.get(prop)
      const time = Number.isNaN(at) ? -Infinity : at
      if (known === undefined || time > known.at || (time === known.at && value > known.value))
        facts.set(prop, { value, at: time })
    },

    /** @returns the key of the workload; provisional where the region is decided when all calls are known */
    workload(workload: Exclude<Workload, { build: string }>, region: string | undefined, count: number): string {
      if ('thing' in workload) {
        const { definedIn: of, thing } = workload
        const known = definedIn.get(thing.key)
        if (of !== undefined && (known === undefined || of < known)) definedIn.set(thing.key, of)
        return know(thing).thing.key
      }
      const { named: kind, account, name } = workload
      const token = `${kind}|${account}|${name}`
      const named = workloads.get(token) ?? { kind, account, name, regions: new Map<string, number>() }
      workloads.set(token, named)
      if (region !== undefined) named.regions.set(region, (named.regions.get(region) ?? 0) + count)
      return token
    },

    use(
      kind: RelationshipKind,
      from: string,
      to: string,
      said: { readonly outcome: Outcome; readonly attributed: boolean; readonly note?: string | undefined },
      tally: Tally,
      times?: Activity,
    ): void {
      const key = `${kind} ${from} > ${to}`
      let use = uses.get(key)
      if (use === undefined) {
        use = {
          ...{ kind, from, to, attributed: said.attributed, notes: new Set<string>() },
          ...{ good: undefined, denied: 0, refused: undefined, times: rhythmic.has(kind) ? activity() : undefined },
        }
        uses.set(key, use)
      }
      if (times !== undefined) use.times?.join(times)
      else {
        use.times?.add(tally.first)
        use.times?.add(tally.last)
      }
      if (said.note !== undefined) {
        use.notes.add(said.note)
        if (use.notes.size > NOTES) use.notes.delete(endOf(use.notes, false))
      }
      if (said.outcome === 'denied') use.denied += tally.count
      if (said.outcome === 'refused') use.refused = joined(use.refused, tally)
      else use.good = joined(use.good, tally)
    },
  }
}
export type Ledger = ReturnType<typeof ledger>

/** The last by alphabet, or the first. */
function endOf(values: ReadonlySet<string>, first: boolean): string {
  let end: string | undefined
  for (const value of values) if (end === undefined || (first ? value < end : value > end)) end = value
  return end!
}

function joined(seen: Seen | undefined, tally: Tally): Seen {
  if (seen === undefined)
    return {
      count: tally.count,
      first: tally.first,
      last: tally.last,
      at: { ...tally.at, words: tally.at.words.slice() },
    }
  seen.count += tally.count
  if (Number.isNaN(seen.first) || tally.first < seen.first) seen.first = tally.first
  if (isAfter(tally, seen)) {
    seen.last = tally.last
    seen.at = { ...tally.at, words: tally.at.words.slice() }
  }
  return seen
}

/** Later, or of the same moment and with the greater id: so that order does not matter. */
function isAfter(one: { last: number; at: Locator }, than: { last: number; at: Locator }): boolean {
  if (Number.isNaN(one.last) !== Number.isNaN(than.last)) return Number.isNaN(than.last)
  if (one.last !== than.last && !Number.isNaN(one.last)) return one.last > than.last
  if (one.at.text !== undefined || than.at.text !== undefined) return (one.at.text ?? '') > (than.at.text ?? '')
  for (let word = 0; word < 4; word++)
    if (one.at.words[word] !== than.at.words[word]) return one.at.words[word]! > than.at.words[word]!
  return false
}

export function propsOf({ thing, lists, facts }: Known): Exclude<EntityFact['props'], undefined> {
  const props: Record<string, string | boolean | string[]> = { ...thing.props }
  for (const [prop, { value }] of facts) props[prop] = value
  for (const [prop, values] of lists) props[prop] = [...values].sort()
  return props
}
