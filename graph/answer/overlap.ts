import { QuestionError } from '../errors.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { deliveryModes } from '../kinds/delivery.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { OverlapAdvice, OverlapQuery, OverlapReply } from '../wire-acts.ts'
import { snapshotOf } from './blast.ts'
import { publishOf } from './change.ts'
import { atLeast, duration, plural } from './durations.ts'
import { modelOf, remedies, remedyOf, type Remedy, type View } from './model.ts'
import { canOverlap, changeRow, hasSecondUser, lagOf } from './operations.ts'
import { ANY_OVERLAP, overlapLevels } from './overlap-search.ts'
import { run } from './run.ts'
import { slotsTakenBy } from './slots.ts'
import { isUntouched, type Spans } from './spans.ts'
import { subjectOf } from './subject.ts'
import { rowOf } from './assess.ts'
import { systemRow } from './systems.ts'
import { thingOf } from './things.ts'
import { usersOf, type Users } from './users.ts'
import { isDependent } from './victims.ts'

const LISTED = 200
const NAMED = 20
/** What a restart that people were asked for may take, as the model of done steps has it. */
const RESTART_WITHIN = 86_400

/** A rotation as the advisor simulates it. */
interface Rotation {
  readonly estate: Estate
  readonly subject: number
  readonly users: Users
  readonly publish: readonly number[]
  readonly done: View['done']
}

/**
 * The smallest safe overlap of a rotation, and what no overlap saves. Found by asking the engine (overlap-search.ts), with
 * sessions and caches at nothing: a restart in the middle of the overlap must not hurt either.
 */
export function answerOverlap(estate: Estate, id: string, query: OverlapQuery, _now: string): OverlapReply {
  const subject = subjectOf(estate, id)
  const { kind, name } = estate.entities[subject]!
  const users = usersOf(estate, subject)
  const publish =
    query.publish === undefined ? publishOf(estate, subject, 'rotate', users.places) : named(estate, query)
  const everywhere = [
    ...new Set([
      ...publish,
      ...users.places.filter(({ put, confirmed }) => put && confirmed).map(({ index }) => index),
      ...handedBy(estate, subject, users),
    ]),
  ]
  const rotation = { estate, subject, users, publish, done: [] }
  const alone = adviceOf(rotation)
  const withSteps = adviceOf({ ...rotation, publish: everywhere, done: remedies })
  const instead = insteadOf(estate, subject)
  const possible = canOverlap(kind) && slotsTakenBy(estate, subject).length === 0
  return {
    snapshot: snapshotOf(estate),
    credential: thingOf(estate, subject),
    possible,
    instead,
    publish: publish.map((index) => thingOf(estate, index)),
    sentence: sentenceOf(name, alone, withSteps),
    alone,
    withSteps,
    restartWithin: RESTART_WITHIN,
  }
}

function named(estate: Estate, { publish = '' }: OverlapQuery): number[] {
  return publish
    .split(',')
    .filter(Boolean)
    .map((id) => {
      const index = estate.indexOf.get(id)
      if (index === undefined)
        throw new QuestionError(
          'not-found',
          `nothing with the id ${id} is known`,
          'name places and workloads by their ids',
        )
      return index
    })
}

/** Consumers that hold the credential itself and can be handed the new one. */
function handedBy(estate: Estate, subject: number, { workloads }: Users): number[] {
  return workloads.filter((workload) => {
    for (const number of along(estate.out, workload)) {
      const relationship = estate.relationships[number]!
      const isOwn = relationship.kind === 'USES_CREDENTIAL' && estate.heads[number] === subject
      if (isOwn && remedyOf(relationship)) return true
    }
    return false
  })
}

function adviceOf(rotation: Rotation): OverlapAdvice {
  const { estate } = rotation
  const at = spansAt(rotation, true)
  const strict = overlapLevels((overlap) => touchedBy(estate, at(overlap)))
  const hopeful = overlapLevels((overlap) => touchedBy(estate, spansAt(rotation, false)(overlap)))
  const last = at(ANY_OVERLAP)
  const never = strict.never
    .map((entity) => ({ entity, breaks: last.certain(entity) !== null && estate.entities[entity]!.kind !== 'caller' }))
    .sort((a, b) => Number(b.breaks) - Number(a.breaks) || a.entity - b.entity)
  return {
    smallest: strict.smallest,
    countingOnSessions: Math.min(hopeful.smallest, strict.smallest),
    saved: strict.saved.length,
    levels: strict.levels.map(({ overlap, entities }) => ({
      overlap,
      count: entities.length,
      things: entities.slice(0, NAMED).map((entity) => thingOf(estate, entity)),
    })),
    never: never.slice(0, LISTED).map(({ entity, breaks }) => ({
      thing: thingOf(estate, entity),
      verdict: breaks ? 'breaks' : 'unknown',
      why: whyNever(rotation, last, entity),
      system: systemName(estate, entity),
    })),
    neverCount: never.length,
  }
}

/** The engine's runs of the rotation with an overlap. Each is asked for once. */
function spansAt({ estate, subject, publish, done }: Rotation, unveiled: boolean): (overlap: number) => Spans {
  const model = modelOf(estate, { op: 'rotate', unveiled, ...(done && { done }) })
  const { id, kind } = estate.entities[subject]!
  const [soon, late] = lagOf(kind, 'rotate').span
  return (overlap) =>
    run(model, {
      action: 'rotate',
      targets: [id],
      at: 0,
      lag: [soon, late],
      overlap,
      publish: publish.map((index) => estate.entities[index]!.id),
    })
}

function touchedBy(estate: Estate, spans: Spans): number[] {
  return spans.affected.filter((entity) => isDependent(estate, entity) && !isUntouched(spans, entity))
}

function systemName(estate: Estate, entity: number): string | null {
  const system = rowOf(estate, entity)
  return system < 0 ? null : systemRow(estate, system).name
}

/** Why a longer overlap does not help it. */
function whyNever({ estate, subject, users, publish, done }: Rotation, last: Spans, entity: number): string {
  if (estate.entities[entity]!.kind === 'caller')
    return 'seen in a log, nobody known behind it: whether it takes a new value cannot be told'
  const places = new Set(users.places.map(({ index }) => index))
  const held = new Set([subject, ...users.issued])
  for (const number of along(estate.out, entity)) {
    const relationship = estate.relationships[number]!
    const to = estate.heads[number]!
    if (relationship.kind === 'USES_SECRET' && places.has(to)) {
      const copy = users.places.find(({ index }) => index === to)!
      if (copy.put && !publish.includes(to))
        return `reads ${estate.entities[to]!.name}, a copy of its own into which nobody puts the new value`
      if (!copy.put && last.possible(to) !== null) return `reads ${estate.entities[to]!.name}, which is lost itself`
    }
    if (relationship.kind !== 'USES_SECRET' && relationship.kind !== 'USES_CREDENTIAL') continue
    if (!places.has(to) && !held.has(to)) continue
    const words = relationship.delivery && deliveryModes[relationship.delivery].words
    const remedy = remedyOf(relationship)
    if (remedy && !done?.includes(remedy))
      return `${words}: takes a new value only when somebody acts: ${actWords[remedy]}`
    if (relationship.delivery === undefined && relationship.pickup === undefined)
      return 'how it takes the value is not known, so neither is when it takes a new one'
    if (relationship.delivery && deliveryModes[relationship.delivery].pickup === null)
      return `${words}: never takes a new value by itself`
    if (relationship.kind === 'USES_CREDENTIAL')
      return `holds the value itself (${words ?? 'a log shows it'}): nobody hands it the new one`
    return `${words ?? 'takes a new value by itself'}, but how soon at the latest is not known`
  }
  for (const number of along(estate.out, entity)) {
    const { to } = ends(estate, estate.relationships[number]!)
    if (last.possible(to) !== null && to !== subject) return `needs ${estate.entities[to]!.name}, which is lost`
  }
  return 'what it needs is made again too late, or at no known time'
}

const actWords = {
  restart: 'restart it after the new value has arrived',
  redeploy: 'deploy it again after the new value has arrived',
  'by-hand': 'give it the new value by hand',
  rebuild: 'build and roll out a new image',
  'change-code': 'change its code',
  'ask-vendor': 'ask its vendor',
} as const satisfies Record<Remedy, string>

function insteadOf(estate: Estate, subject: number): string | null {
  const { kind } = estate.entities[subject]!
  const others = slotsTakenBy(estate, subject).map((index) => estate.entities[index]!.name)
  if (canOverlap(kind))
    return others.length === 0
      ? null
      : `All ${others.length + 1} slots are taken (also ${others.join(', ')}): no second value before one is free.`
  const { title } = entityKinds[kind]
  if (changeRow(kind)?.maxConcurrent === 'unk' || changeRow(kind) === undefined)
    return `${title}: whether two values can be valid at once is not known. If they cannot, the times below are how long the gap lasts.`
  return hasSecondUser(kind)
    ? `${title}: one value at a time. Alternate two users instead; the times below then hold for the old user.`
    : `${title}: one value at a time, so there is no overlap on this platform; the times below say how long the gap would have to be bridged.`
}

function sentenceOf(name: string, alone: OverlapAdvice, withSteps: OverlapAdvice): string {
  const saves =
    alone.smallest === 0
      ? `Nothing that takes a new value of ${name} by itself needs an overlap.`
      : `Keep both values of ${name} for at least ${atLeast(alone.smallest)}: that saves ${plural(alone.saved, 'dependant')}.`
  if (alone.neverCount === 0) return saves
  const steps = alone.neverCount - withSteps.neverCount
  const lost = `${plural(alone.neverCount, 'dependant')} no overlap saves`
  return steps > 0
    ? `${saves} ${lost}; with every copy updated and restarts within ${duration(RESTART_WITHIN)}, ${atLeast(withSteps.smallest)} saves ${steps} of them.`
    : `${saves} ${lost}.`
}
