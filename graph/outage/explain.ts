import { QuestionError } from '../errors.ts'
import { relationshipKindNames, type RelationshipKind } from '../kinds/relationship-kinds.ts'
import { chainTo, stepOf, waysOut, type Chain } from './chain.ts'
import { CONFIRMED, keyOfRelationship } from './compile.ts'
import { isNeed } from './channels.ts'
import { alternativesOf, countedAlternatives } from './needs.ts'
import { reasonsOf, whyNames, type KeptBy, type Reason, type Why } from './reasons.ts'
import { withRuns, type BothRuns } from './restore.ts'
import type { Run } from './run.ts'
import { rowOf, spanAt, type Outages } from './simulate.ts'
import { spanJson, type SpanJson } from './span.ts'

/** Times are seconds, spans `[start, end)`, an end of null is never. Ids are those of the estate that was compiled. */
export interface Explanation {
  readonly entity: string
  /** The best case. */
  readonly certain: RunExplanation
  /** The worst case. */
  readonly possible: RunExplanation
}

export interface RunExplanation {
  readonly outage: SpanJson | null
  readonly degraded: SpanJson | null
  /** What the change itself does to it, being a target. */
  readonly byChange: SpanJson | null
  /** Every need that anything reached, those that decide the outage first. */
  readonly needs: readonly NeedExplanation[]
  /** From the change to the entity over what decided its start. Empty for a target, and where nothing is out. */
  readonly chain: readonly Hop[]
}

export interface NeedExplanation {
  /** Its name; null for a relationship that is a need of its own. */
  readonly need: string | null
  readonly strength: 'hard' | 'soft'
  /** Out while all alternatives that count are; null: it holds. */
  readonly span: SpanJson | null
  /** It decides when the entity's outage (for a soft need: its degradation) starts, or ends. */
  readonly binds: { readonly start: boolean; readonly end: boolean }
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  readonly relationship: string
  readonly kind: RelationshipKind
  readonly to: string
  readonly confidence: 'confirmed' | 'possible'
  /** False: known only as possible, which this run does not count on (worst case), or not at all (best case). */
  readonly counts: boolean
  /** Null: this alternative holds. */
  readonly span: SpanJson | null
  /** Why it is out; with `keptBy` set, why something that reached it did not put it out. Empty: nothing reached it. */
  readonly reasons: readonly ReasonWords[]
}

export interface ReasonWords {
  readonly why: Why
  readonly span: SpanJson | null
  readonly keptBy: KeptBy | null
  /** The credential whose value is refused. */
  readonly credential: string | null
  /** Relationships from the dependent to where the cause is. */
  readonly walked: readonly string[]
}

/** One relationship on the way from the change to an entity; `from` depends on `to`. */
export interface Hop {
  readonly relationship: string
  /** Number in the compiled estate: the place in its input. */
  readonly number: number
  readonly kind: RelationshipKind
  readonly from: string
  readonly to: string
  /** Outage of `from`, or its degradation where it has none; null for a place that only holds a refused value. */
  readonly certain: SpanJson | null
  readonly possible: SpanJson | null
}

function numberOf({ estate }: Outages, id: string): number {
  const entity = estate.entityNumbers.get(id)
  if (entity === undefined)
    throw new QuestionError('not-found', `'${id}' is no entity of this estate`, 'name an entity by its id')
  return entity
}

/**
 * Why an entity is out, degraded, or keeps working, in each run.
 * @throws QuestionError `not-found` for an id the estate does not have.
 */
export function explain(outages: Outages, entityId: string): Explanation {
  const entity = numberOf(outages, entityId)
  return withRuns(outages, (runs) => ({
    entity: entityId,
    certain: explainRun(outages, runs.certain, entity),
    possible: explainRun(outages, runs.possible, entity),
  }))
}

function explainRun(outages: Outages, run: Run, entity: number): RunExplanation {
  const byChange = run.resolved.struck.has(entity) ? spanJson(run.inv, run.until) : null
  const outage = spanJson(run.outStart[entity]!, run.outEnd[entity]!)
  const degraded = outage ? null : spanJson(run.softStart[entity]!, run.softEnd[entity]!)
  const isTarget = byChange !== null && run.inv <= run.needStart[entity]!
  const chain = (outage && !isTarget) || degraded ? chainTo(run, entity, outage ? 0 : 1) : null
  return { outage, degraded, byChange, needs: needsExplained(run, entity), chain: hops(outages, chain ?? []) }
}

function needsExplained(run: Run, entity: number): NeedExplanation[] {
  const { estate } = run
  const seen = new Set<number>()
  const explained: NeedExplanation[] = []
  for (let i = estate.out.start[entity]!; i < estate.out.start[entity + 1]!; i++) {
    const relationship = estate.out.list[i]!
    if (!isNeed(estate.channel[relationship]!) || seen.has(relationship)) continue
    const all = alternativesOf(run, relationship)
    for (const one of all) seen.add(one)
    const need = needExplained(run, entity, relationship, all)
    if (need.alternatives.some((one) => one.reasons.length > 0)) explained.push(need)
  }
  const rank = ({ binds, span }: NeedExplanation) => (binds.start ? 0 : binds.end ? 1 : span ? 2 : 3)
  return explained.sort((a, b) => rank(a) - rank(b))
}

function needExplained(run: Run, entity: number, relationship: number, all: readonly number[]): NeedExplanation {
  const { estate } = run
  const counted = new Set(countedAlternatives(run, relationship))
  let latest = -Infinity
  let earliest = Infinity
  const alternatives = all.map((one) => {
    const reasons = reasonsOf(run, one)
    const start = reasons.reduce((least, reason) => Math.min(least, reason.start), Infinity)
    const end = reasons.reduce((most, reason) => Math.max(most, reason.end), -Infinity)
    if (counted.has(one)) {
      latest = Math.max(latest, start)
      earliest = Math.min(earliest, end)
    }
    return alternative(run, one, counted.has(one), spanJson(start, end), reasons)
  })
  const soft = estate.soft[relationship] === 1
  const isOut = counted.size > 0 && earliest > latest
  const need = estate.need[relationship]!
  return {
    need: need < 0 ? null : estate.needNames[need]!,
    strength: soft ? 'soft' : 'hard',
    span: isOut ? spanJson(latest, earliest) : null,
    binds: {
      start: isOut && latest === (soft ? run.softStart[entity] : run.outStart[entity]),
      end: isOut && earliest === (soft ? run.softEnd[entity] : run.outEnd[entity]),
    },
    alternatives,
  }
}

function alternative(
  { estate }: Run,
  relationship: number,
  counts: boolean,
  span: SpanJson | null,
  reasons: readonly Reason[],
): Alternative {
  return {
    relationship: keyOfRelationship(estate, relationship),
    kind: relationshipKindNames[estate.kind[relationship]!]!,
    to: estate.entityIds[estate.to[relationship]!]!,
    confidence: estate.confidence[relationship] === CONFIRMED ? 'confirmed' : 'possible',
    counts,
    span,
    reasons: reasons.map((reason) => ({
      why: whyNames[reason.cause]!,
      span: spanJson(reason.start, reason.end),
      keptBy: reason.keptBy,
      credential: reason.credential < 0 ? null : estate.entityIds[reason.credential]!,
      walked: reason.walked.map((one) => keyOfRelationship(estate, one)),
    })),
  }
}

function hops(outages: Outages, chain: Chain): Hop[] {
  const { estate, certain, possible } = outages
  return chain.map((number) => {
    const row = rowOf(outages, estate.from[number]!)
    return {
      relationship: keyOfRelationship(estate, number),
      number,
      kind: relationshipKindNames[estate.kind[number]!]!,
      from: estate.entityIds[estate.from[number]!]!,
      to: estate.entityIds[estate.to[number]!]!,
      certain: spanAt(certain.out, row) ?? spanAt(certain.degraded, row),
      possible: spanAt(possible.out, row) ?? spanAt(possible.degraded, row),
    }
  })
}

/**
 * Up to `k` different ways from the change to an entity, each through another of its relationships or causes, those
 * that decide its start first. Ways of the worst case, or of the best one where only that degrades it. Empty where
 * nothing is out, and for a target that only the change itself puts out.
 * @throws QuestionError `not-found` for an id the estate does not have.
 */
export function paths(outages: Outages, entityId: string, k: number): Hop[][] {
  const entity = numberOf(outages, entityId)
  return withRuns(outages, (runs) => {
    const found = chainsTo(runs, entity, k)
    return found.map((chain) => hops(outages, chain))
  })
}

function chainsTo(runs: BothRuns, entity: number, k: number): Chain[] {
  for (const run of [runs.possible, runs.certain]) {
    const isOut = run.outEnd[entity]! > run.outStart[entity]!
    const found = chainsOfRun(run, entity, isOut ? 0 : 1, k)
    if (found.length > 0) return found
  }
  return []
}

function chainsOfRun(run: Run, entity: number, soft: number, k: number): Chain[] {
  const found = new Map<string, Chain>()
  for (const relationship of waysOut(run, entity, soft)) {
    const reasons = reasonsOf(run, relationship).filter((reason) => reason.end > reason.start)
    for (const reason of reasons.sort((a, b) => a.start - b.start)) {
      if (found.size >= k) return [...found.values()]
      const chain = chainTo(run, entity, soft, [stepOf(run, reason)])
      if (chain) found.set(chain.join(' '), chain)
    }
  }
  return [...found.values()]
}
