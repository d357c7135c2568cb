import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { Operation, Verdict } from '../wire.ts'
import { AMPLE_OVERLAP } from './change.ts'
import { plural } from './durations.ts'
import { modelOf, remedies, remedyOf, type Remedy } from './model.ts'
import { canOverlap } from './operations.ts'
import { run } from './run.ts'
import { isUntouched, type Spans } from './spans.ts'
import { slotsTakenBy } from './slots.ts'
import { defaultPublish, type Place } from './subject.ts'
import { ownerOf, thingOf } from './things.ts'
import type { Users } from './users.ts'

export interface FoundStep {
  readonly id: string
  readonly title: string
  readonly detail: string
  /** Dependents that are safe with all steps and would not be without this one. */
  readonly settles: number
  /** Known to work for what it touches, and somebody is known who does it; else assumed. */
  readonly confirmed: boolean
  readonly who?: string
}

/** A dependent with its verdict, and the steps it needs. */
export interface Judged {
  readonly index: number
  readonly verdict: Verdict
  readonly steps: readonly string[]
}

export interface Remedied {
  safeAfter(index: number): boolean
  stepsFor(index: number): readonly string[]
  steps(dependents: readonly Judged[]): readonly FoundStep[]
}

/** One thing to leave out, to see who needs it. */
interface Candidate {
  readonly id: string
  readonly without: { publish: readonly string[]; done: readonly Remedy[] }
  readonly describe: (needing: readonly number[]) => Omit<FoundStep, 'id' | 'settles'>
}

const none: Remedied = { safeAfter: () => false, stepsFor: () => [], steps: () => [] }

/** Kinds with one value at a time, for which a second user does what a second value does elsewhere (change-semantics 13.5). */
const secondUser = /^db\./

/**
 * What would make the change safe: the same credential given a second value first, published to every hand-made copy,
 * and the consumers that read it only at their start restarted; then the old value retired with ample overlap. Each step
 * is left out once to see who needs it. Steps beyond the standard ones (change code, ask the vendor) save nobody here.
 */
export function findSteps(
  estate: Estate,
  subject: number,
  op: Operation,
  users: Users,
  change: ChangeInput,
  base: Spans,
  unveiled: Spans,
): Remedied {
  const kind = estate.entities[subject]!.kind
  const touched = [...base.affected, ...unveiled.affected]
  if (touched.length === 0 || !(canOverlap(kind) || secondUser.test(kind))) return none

  const standard = defaultPublish(users.places)
  const further = users.places.filter((place) => place.put && place.confirmed && !standard.includes(place))
  const handed = handedOver(estate, subject, users)
  const idOf = (place: Place): string => estate.entities[place.index]!.id
  const everything = {
    publish: [...standard, ...further].map(idOf).concat(handed.map((index) => estate.entities[index]!.id)),
    done: remedies,
  }
  const rotated = (publish: readonly string[], done: readonly Remedy[], overlap = AMPLE_OVERLAP): Spans =>
    run(modelOf(estate, { op: 'rotate', unveiled: true, done }), {
      action: 'rotate',
      targets: change.targets,
      at: 0,
      lag: change.lag ?? [0, 0],
      overlap,
      publish: [...publish],
    })
  const after = rotated(everything.publish, everything.done)
  const saved = touched.filter((index) => isUntouched(after, index))
  if (saved.length === 0) return none

  const candidates: Candidate[] = [
    ...[...byKind(estate, further)].map(([kind, places]) => {
      const left = new Set(places.map(idOf))
      return {
        id: `publish-${kind}`,
        without: { publish: everything.publish.filter((id) => !left.has(id)), done: everything.done },
        describe: () => describePublish(estate, places),
      }
    }),
    ...remedies.map((remedy) => ({
      id: remedy,
      without: { publish: everything.publish, done: everything.done.filter((one) => one !== remedy) },
      describe: (needing: readonly number[]) => describeRemedy(estate, remedy, needing),
    })),
  ]
  const needs = new Map<string, Set<number>>()
  for (const candidate of candidates) {
    const without = rotated(candidate.without.publish, candidate.without.done)
    const needing = saved.filter((index) => !isUntouched(without, index))
    if (needing.length) needs.set(candidate.id, new Set(needing))
  }
  const isSaved = new Set(saved)
  // For a rotation the second value comes anyway; what may be missing is time for everybody to take it.
  const first = op === 'rotate' ? 'overlap' : 'second-value'
  const inTime = op === 'rotate' ? rotated(everything.publish, everything.done, change.overlap ?? 0) : undefined
  needs.set(first, new Set(inTime ? saved.filter((index) => !isUntouched(inTime, index)) : saved))
  return {
    safeAfter: (index) => isSaved.has(index),
    stepsFor: (index) => [first, ...candidates.map(({ id }) => id)].filter((id) => needs.get(id)?.has(index)),
    steps: (dependents) => {
      const needing = dependents.filter((one) => one.verdict === 'steps')
      if (needing.length === 0) return []
      const opening = needing.filter((one) => one.steps.includes(first)).length
      const rest = candidates.flatMap(({ id, describe }) => {
        const settled = needing.filter((one) => one.steps.includes(id)).map((one) => one.index)
        return settled.length ? [{ id, settles: settled.length, ...describe(settled) }] : []
      })
      rest.sort((a, b) => b.settles - a.settles)
      if (opening === 0) return rest
      return [{ id: first, settles: opening, ...describeOpening(estate, subject, op, standard, further) }, ...rest]
    },
  }
}

/** Consumers that use the credential itself and whose way of getting it somebody can serve. */
function handedOver(estate: Estate, subject: number, users: Users): number[] {
  const handed: number[] = []
  for (const workload of users.workloads)
    for (const number of along(estate.out, workload)) {
      const relationship = estate.relationships[number]!
      if (
        relationship.kind === 'USES_CREDENTIAL' &&
        relationship.to === estate.entities[subject]!.id &&
        remedyOf(relationship)
      )
        handed.push(workload)
    }
  return handed
}

function describeOpening(
  estate: Estate,
  subject: number,
  op: Operation,
  standard: readonly Place[],
  further: readonly Place[],
): Omit<FoundStep, 'id' | 'settles'> {
  const entity = estate.entities[subject]!
  const title = entityKinds[entity.kind].title
  const where = [...standard, ...further].map((place) => estate.entities[place.index]!.name)
  const into = where.length ? `into ${listed(where)}` : 'to whoever uses it'
  const owner = ownerOf(estate, subject)
  const second = canOverlap(entity.kind)
    ? `Create a second value of this ${title}`
    : 'Create a second user with the same rights'
  const others = slotsTakenBy(estate, subject).map((index) => estate.entities[index]!.name)
  if (others.length > 0 && op !== 'rotate')
    return {
      title: `Move to ${listed(others)}, which is there already`,
      detail: `all ${others.length + 1} slots are taken: no other value can be made before one is free; its value ${into}`,
      confirmed: false,
      ...(owner !== null && { who: owner }),
    }
  const opening =
    op === 'rotate'
      ? { title: 'Keep both values until everybody has taken the new one', detail: `new value ${into}` }
      : { title: `${second} and move to it`, detail: `new value ${into}` }
  return { ...opening, confirmed: owner !== null && canOverlap(entity.kind), ...(owner !== null && { who: owner }) }
}

/** Copies of one kind are one step: whoever can write one of them can write the others. */
function byKind(estate: Estate, places: readonly Place[]): Map<EntityKind, Place[]> {
  const kinds = new Map<EntityKind, Place[]>()
  for (const place of places) {
    const { kind } = estate.entities[place.index]!
    kinds.set(kind, [...(kinds.get(kind) ?? []), place])
  }
  return kinds
}

function describePublish(estate: Estate, places: readonly Place[]): Omit<FoundStep, 'id' | 'settles'> {
  const things = places.map((place) => thingOf(estate, place.index))
  const owners = places.map((place) => ownerOf(estate, place.index))
  const teams = [...new Set(owners.filter((owner) => owner !== null))].sort()
  const what = things.length === 1 ? things[0]!.name : plural(things.length, things[0]!.title)
  return {
    title: `Put the new value into ${what} too`,
    detail: `copies of their own, not synchronised from anywhere: ${listed(things.map(({ name, where }) => (where ? `${name} (${where})` : name)))}`,
    confirmed: owners.every((owner) => owner !== null),
    ...(teams.length > 0 && { who: listed(teams) }),
  }
}

const remedyWords = {
  restart: {
    title: (what: string) => `Restart ${what} after the new value has arrived`,
    why: 'read at start, never again',
  },
  redeploy: {
    title: (what: string) => `Deploy ${what} again after the new value has arrived`,
    why: 'read at deployment',
  },
  'by-hand': { title: (what: string) => `Give ${what} the new value by hand`, why: 'put in by a person' },
} as const satisfies Record<Remedy, { title: (what: string) => string; why: string }>

function describeRemedy(estate: Estate, remedy: Remedy, needing: readonly number[]): Omit<FoundStep, 'id' | 'settles'> {
  const touched = needing.filter((index) => needsRemedy(estate, index, remedy))
  const names = touched.map((index) => estate.entities[index]!.name)
  const owners = touched.map((index) => ownerOf(estate, index))
  const teams = [...new Set(owners.filter((owner) => owner !== null))].sort()
  return {
    title: remedyWords[remedy].title(touched.length === 1 ? names[0]! : plural(touched.length, 'workload')),
    detail: `${remedyWords[remedy].why}: ${listed(names)}`,
    confirmed: owners.every((owner) => owner !== null),
    ...(teams.length > 0 && { who: listed(teams) }),
  }
}

function needsRemedy(estate: Estate, index: number, remedy: Remedy): boolean {
  for (const number of along(estate.out, index)) if (remedyOf(estate.relationships[number]!) === remedy) return true
  return false
}

/** "a, b, c and 4 more". */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ')
}
