import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { marks } from '../kinds/marks.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { BlastQuery, Hop, WhyReply } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { assessed, rowsOf, snapshotOf } from './blast.ts'
import { alternativesOf } from './alternatives.ts'
import { dependentOf } from './dependent.ts'
import { duration } from './durations.ts'
import { clocksOf, type Clock } from './clocks.ts'
import { pathsTo, type Path } from './path.ts'
import { bestFact, evidenceItem, strengthOf, thingOf, weaker } from './things.ts'
import { lagAt } from './lag.ts'
import { operations } from './operations.ts'

const PATHS = 3

/** Why a dependent gets its verdict, and at this time: the paths with their evidence, and its other ways. */
export function answerWhy(estate: Estate, id: string, dependentId: string, query: BlastQuery, now: string): WhyReply {
  const assessment = assessed(estate, id, query, now)
  const index = estate.indexOf.get(dependentId)
  const one = assessment.dependents.find((dependent) => dependent.index === index)
  if (!one)
    throw new QuestionError(
      'not-found',
      `${index === undefined ? dependentId : estate.entities[index]!.name} does not depend on ${estate.entities[assessment.subject]!.name} in any way that is known`,
      'the dependants of a change: GET /api/blast/:id/items',
    )
  const dependent = dependentOf(assessment, one, rowsOf(assessment))
  return {
    snapshot: snapshotOf(estate),
    dependent,
    claim: claimOf(estate, one),
    whyThisTime: whyThisTime(assessment, one),
    paths: pathsTo(assessment, one.index, PATHS).map((path) => pathOf(assessment, path)),
    alternatives: alternativesOf(assessment, one),
  }
}

function claimOf(estate: Estate, one: AssessedDependent): string {
  const { name } = estate.entities[one.index]!
  if (one.verdict === 'keeps') return `Why ${name} keeps working`
  if (one.possible === null)
    return one.degraded ? `Why ${name} goes on with less` : `Why ${name} breaks at its next restart`
  if (one.certain === null && one.verdict === 'breaks') return `Why ${name} breaks, at once or at its next restart`
  const at = moment(one.possible[0])
  return one.certain === null ? `Why ${name} may break at ${at}` : `Why ${name} breaks at ${at}`
}

/** The times that add up to the moment, in one sentence. */
function whyThisTime({ estate, subject, op, change }: Assessment, one: AssessedDependent): string {
  const lag = lagAt(estate, subject, op).span[1]
  const parts: string[] = []
  if (operations[op].engine === 'rotate')
    parts.push(
      change.overlap
        ? `the old value is refused ${duration(change.overlap)} after the new one exists`
        : 'the old value is refused as soon as the new one exists',
    )
  else parts.push(`${operations[op].done} at t+0`)
  if (lag) parts.push(`enforced everywhere within ${duration(lag)}`)
  if (one.verdict === 'keeps') return `${sentence(parts)}, and nothing it needs is lost.`
  if (one.possible === null) return `${sentence(parts)}; an open session or a cache hides it until the next restart.`
  const [start, end] = one.possible
  if (one.certain === null)
    parts.push(
      one.verdict === 'breaks'
        ? 'how long an open session hides it is not known'
        : 'in the best case it is not hit at all',
    )
  else if (one.certain[0] > start)
    parts.push(`out from ${moment(start)} at the earliest, ${moment(one.certain[0])} at the latest`)
  parts.push(end === null ? 'nothing brings it back by itself' : `back by itself after ${duration(end)}`)
  return `${sentence(parts)}.`
}

/** "t+0", "t+20 h". */
function moment(seconds: number): string {
  return `t+${seconds === 0 ? '0' : duration(seconds)}`
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function pathOf(assessment: Assessment, path: Path): WhyReply['paths'][number] {
  const { estate } = assessment
  const weakest = path.map((number) => strengthOf(estate.relationships[number]!)).reduce(weaker, 'observed')
  return { weakest, hops: path.map((number) => hopOf(assessment, number)) }
}

/** One link as it is read from the change towards the dependent: against the arrow. */
function hopOf({ estate, op }: Assessment, number: number): Hop {
  const relationship = estate.relationships[number]!
  const [from, to] = [estate.tails[number]!, estate.heads[number]!]
  const fact = bestFact(relationship)
  const assumed: Hop['assumed'] = (relationship.assumed ?? []).map(({ attribute, words, mark }) => ({
    what: attribute,
    mark,
    words: `${words} (${marks[mark].words})`,
  }))
  if (relationship.set)
    for (const what of relationship.set.attributes)
      assumed.push({ what, mark: 'set', words: `${what} set by ${relationship.set.who}${noteOf(relationship.set)}` })
  const clocks = clocksOf(estate, number, op)
  for (const what of ['session', 'tolerance', 'pickup'] as const) {
    const clock = clocks[what]
    if (clock && clock.span[1] !== 0)
      assumed.push({ what, mark: clock.mark, words: `${clockWords[what](clock)} (${marks[clock.mark].words})` })
  }
  return {
    from: thingOf(estate, to),
    to: thingOf(estate, from),
    kind: relationship.kind,
    verb: relationshipKinds[relationship.kind].inverse,
    strength: strengthOf(relationship),
    fact: fact.words,
    ...(fact.at !== undefined && { factAt: fact.at }),
    evidence: (relationship.evidence ?? []).map(evidenceItem),
    assumed,
  }
}

const within = ({ span }: Clock): string =>
  span[1] === null ? 'for an unknown time' : `for up to ${duration(span[1])}`
const clockWords = {
  session: (clock: Clock) => `what is already signed in lives on ${within(clock)}`,
  tolerance: (clock: Clock) => `what it has already goes on working ${within(clock)}`,
  pickup: (clock: Clock) =>
    clock.span[1] === null
      ? 'when it takes a new value is not known'
      : `takes a new one within ${duration(clock.span[1])}`,
} as const

const noteOf = ({ note }: { readonly note?: string }): string => (note === undefined ? '' : `: ${note}`)
