import type { EntityKind } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { Operation, Step } from '../wire.ts'
import { AMPLE_OVERLAP } from './change.ts'
import { isElsewhere, modelOf, projects, remedies, remedyOf, type Remedy } from './model.ts'
import { canOverlap, hasSecondUser, operations } from './operations.ts'
import { run } from './run.ts'
import { isUntouched, type Spans } from './spans.ts'
import { smallest, type Candidate, type Prepared } from './smallest.ts'
import { leastOverlap, restartsAfter } from './step-times.ts'
import {
  describeAsking,
  describeMoving,
  describeOpening,
  describePublish,
  describeRemedy,
  type Judged,
} from './step-words.ts'
import { defaultPublish, type Place } from './subject.ts'
import type { Users } from './users.ts'

export type FoundStep = Step

export interface Remedied {
  safeAfter(index: number): boolean
  stepsFor(index: number): readonly string[]
  steps(dependents: readonly Judged[]): readonly FoundStep[]
}

/**
 * What would make the change safe: the same credential given a second value first, published to every hand-made copy,
 * and the consumers that read it only at their start restarted; then the old value retired with ample overlap. Of what
 * could be done the smallest set that saves all that can be saved; each of it is left out once to see who needs it. What
 * somebody has to build first (other code, another image, the vendor) is named and saves nobody here.
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
  const { kind } = estate.entities[subject]!
  const asking = (dependents: readonly Judged[]): FoundStep[] => [
    ...describeMoving(estate, op, dependents, users.workloads),
    ...describeAsking(estate, dependents),
  ]
  const nothing: Remedied = { safeAfter: () => false, stepsFor: () => [], steps: asking }
  if (!isValue(op) || !(canOverlap(kind) || hasSecondUser(kind))) return nothing
  const touched = [...new Set([...base.affected, ...unveiled.affected])]
  if (touched.length === 0) return nothing

  const standard = defaultPublish(users.places)
  const further = users.places.filter((place) => place.put && place.confirmed && !standard.includes(place))
  const idOf = (place: Place): string => estate.entities[place.index]!.id
  const opening = [...standard.map(idOf), ...handedOver(estate, subject, users)]
  const spansOf = ({ publish, done }: Prepared, overlap = AMPLE_OVERLAP): Spans =>
    run(modelOf(estate, { op: 'rotate', unveiled: true, done }), {
      action: 'rotate',
      targets: change.targets,
      at: 0,
      lag: change.lag ?? [0, 0],
      overlap,
      publish: [...opening, ...publish],
    })
  const present = remediesOf(estate, touched)
  const candidates: Candidate[] = [
    ...[...byKind(estate, further)].map(([name, places]) => ({
      id: `publish-${name}`,
      publish: places.map(idOf),
      done: [],
      describe: () => describePublish(estate, places),
    })),
    ...remedies
      .filter((remedy) => present.has(remedy))
      .map((remedy) => ({
        id: remedy,
        publish: [],
        done: [remedy],
        describe: (needing: readonly number[]) => describeRemedy(estate, remedy, needing),
      })),
  ]
  const whole = together(candidates)
  const after = spansOf(whole)
  const saved = touched.filter((index) => isUntouched(after, index))
  // A list of fronts needs to know who is safe, and not what for: several runs of a large change.
  const built = once(() => projectSteps(estate, candidates, present, touched, saved, spansOf))
  if (saved.length === 0) return { ...nothing, steps: (dependents) => [...built()(dependents), ...asking(dependents)] }

  const isSaved = new Set(saved)
  // For a rotation the second value comes anyway; what may be missing is time for everybody to take it.
  const isRotation = operations[op].engine === 'rotate'
  const first = isRotation ? 'overlap' : 'second-value'
  const needed = once(() => {
    const chosen = smallest(candidates, (some) => {
      const spans = spansOf(together(some))
      return saved.filter((index) => !isUntouched(spans, index))
    })
    const done = together(chosen.map(({ candidate }) => candidate))
    const inTime = isRotation ? spansOf(done, change.overlap ?? 0) : undefined
    const late = new Set(inTime ? saved.filter((index) => !isUntouched(inTime, index)) : saved)
    return { chosen, done, late }
  })
  const stepsFor = (index: number): readonly string[] => {
    const { chosen, late } = needed()
    return [
      ...(late.has(index) ? [first] : []),
      ...chosen.filter(({ needing }) => needing.has(index)).map(({ candidate }) => candidate.id),
    ]
  }
  return {
    safeAfter: (index) => isSaved.has(index),
    stepsFor,
    steps: (dependents) => {
      const { chosen, done, late } = needed()
      const needing = dependents.filter((one) => one.verdict === 'steps')
      const found = chosen.flatMap(({ candidate, needing: who }): FoundStep[] => {
        const settled = needing.filter((one) => who.has(one.index)).map((one) => one.index)
        if (settled.length === 0) return []
        const times = restartsAfter(estate, candidate, spansOf, done, settled)
        return [{ id: candidate.id, settles: settled.length, needed: true, ...candidate.describe(settled), ...times }]
      })
      found.sort((a, b) => b.settles - a.settles)
      const opened = needing.filter((one) => late.has(one.index)).length
      const least = opened > 0 ? leastOverlap(saved, (overlap) => spansOf(done, overlap)) : undefined
      const begin = opened > 0 ? describeOpening(estate, subject, op, [...standard, ...further], least) : []
      return [
        ...begin.map((step) => ({ settles: opened, needed: true, ...step })),
        ...found,
        ...built()(dependents),
        ...asking(dependents),
      ]
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined
  return () => (made ??= { it: make() }).it
}

/** Is it the value that stops working, so that another one in time would do? */
function isValue(op: Operation): boolean {
  return ['revoke', 'disable', 'expire', 'rotate', 'rotate-in-place', 'rotate-users'].includes(op)
}

function together(candidates: readonly Candidate[]): Prepared {
  return { publish: candidates.flatMap((one) => one.publish), done: candidates.flatMap((one) => one.done) }
}

/** Steps that somebody has to build first: how many dependents each would save with everything else done. */
function projectSteps(
  estate: Estate,
  candidates: readonly Candidate[],
  present: ReadonlySet<Remedy>,
  touched: readonly number[],
  saved: readonly number[],
  spansOf: (prepared: Prepared) => Spans,
): (dependents: readonly Judged[]) => FoundStep[] {
  const open = projects.filter((remedy) => present.has(remedy))
  if (open.length === 0) return () => []
  const { publish, done } = together(candidates)
  const all = spansOf({ publish, done: [...done, ...open] })
  const isSaved = new Set(saved)
  const further = touched.filter((index) => isUntouched(all, index) && !isSaved.has(index))
  const settledBy = new Map(
    open.map((remedy) => {
      if (open.length === 1) return [remedy, new Set(further)]
      const without = spansOf({ publish, done: [...done, ...open.filter((one) => one !== remedy)] })
      return [remedy, new Set(further.filter((index) => !isUntouched(without, index)))]
    }),
  )
  return (dependents) =>
    open.flatMap((remedy): FoundStep[] => {
      const settled = dependents.filter((one) => settledBy.get(remedy)!.has(one.index)).map((one) => one.index)
      if (settled.length === 0) return []
      return [
        {
          id: remedy,
          settles: settled.length,
          needed: false,
          ...describeRemedy(estate, remedy, settled),
          confirmed: false,
        },
      ]
    })
}

/** What has to be done to the consumers among these. */
function remediesOf(estate: Estate, touched: readonly number[]): Set<Remedy> {
  const found = new Set<Remedy>()
  for (const index of touched)
    for (const number of along(estate.out, index)) {
      const remedy = remedyOf(estate.relationships[number]!)
      if (remedy) found.add(remedy)
    }
  return found
}

/** Consumers that use the credential itself: those who can be served get the new value from whoever serves them. */
function handedOver(estate: Estate, subject: number, users: Users): string[] {
  const handed: string[] = []
  for (const workload of users.workloads)
    for (const number of along(estate.out, workload)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'USES_CREDENTIAL' || estate.heads[number] !== subject) continue
      if (remedyOf(relationship) || isElsewhere(relationship)) handed.push(estate.entities[workload]!.id)
    }
  return handed
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
