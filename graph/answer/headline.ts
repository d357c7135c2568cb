import { entityKinds } from '../kinds/entity-kinds.ts'
import type { BlastReply, Coverage, Overall } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { exactly, plural } from './durations.ts'
import { withArticle } from './article.ts'
import { hasNoEffect } from './notes.ts'
import { needsSlot, operations } from './operations.ts'
import { slotsTakenBy } from './slots.ts'
import { NO_SYSTEM, UNATTRIBUTED } from './systems.ts'
import { textProp } from './things.ts'
import { unexplainedUse } from './unknowns.ts'
import { daysBetween, UNUSED_AFTER_DAYS } from './unused.ts'

export type Counts = BlastReply['counts']

export function countsOf({ dependents }: Pick<Assessment, 'dependents'>): Counts {
  const counts = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
  const systems = new Set<number>()
  const broken = new Set<number>()
  for (const { verdict, system } of dependents) {
    counts[verdict]++
    if (system < 0) continue
    systems.add(system)
    if (verdict === 'breaks') broken.add(system)
  }
  return { ...counts, dependents: dependents.length, systems: systems.size, systemsBroken: broken.size }
}

/**
 * Verdict of the whole change, in this order (client.md 2): any breaks, any unknown or a coverage cap, any step, safe.
 * A credential that nobody seems to use is safe only where that was really looked at.
 */
export function overallOf(assessment: Assessment, counts: Counts, coverage: Coverage, now: string): Overall {
  if (counts.breaks > 0) return 'not-safe'
  if (counts.unknown > 0 || coverage.state !== 'complete' || hasNoEffect(assessment)) return 'cannot-say'
  if (unexplainedUse(assessment, now)) return 'cannot-say'
  // No new value can be made beside the old one before a slot is free, and whether that breaks nothing is its own question.
  if (needsSlot(assessment.op) && slotsTakenBy(assessment.estate, assessment.subject).length > 0) return 'cannot-say'
  if (counts.steps > 0) return 'safe-after-steps'
  return counts.dependents === 0 && !isProvenUnused(assessment, now) ? 'cannot-say' : 'safe'
}

/** The platform itself says that nobody used it for long, or ever. */
function isProvenUnused({ estate, subject }: Assessment, now: string): boolean {
  const entity = estate.entities[subject]!
  const lastUsed = textProp(entity, 'lastUsedAt')
  if (lastUsed !== undefined)
    return Number.isFinite(Date.parse(lastUsed)) && daysBetween(lastUsed, now) > UNUSED_AFTER_DAYS
  return entity.props?.['neverUsed'] === true
}

const titles = {
  'not-safe': (verb: string) => `Not safe to ${verb} now`,
  'cannot-say': (verb: string) => `Cannot say yet whether it is safe to ${verb}`,
  'safe-after-steps': (verb: string, steps: number) => `Safe to ${verb} after ${plural(steps, 'step')}`,
  safe: (verb: string) => `Safe to ${verb} now`,
} as const satisfies Record<Overall, (verb: string, steps: number) => string>

/** The sentence that a reader of one line takes away. */
export function headlineOf(
  assessment: Assessment,
  overall: Overall,
  counts: Counts,
  coverage: Coverage,
  now: string,
): BlastReply['headline'] {
  const { estate, subject, op } = assessment
  if (hasNoEffect(assessment)) {
    const kind = withArticle(entityKinds[estate.entities[subject]!.kind].title)
    const sentence = `The platform does not enforce this on ${kind}: whoever holds it still gets in.`
    return { title: `${operations[op].doing} has no effect`, sentence, first: null }
  }
  const steps = neededSteps(assessment)
  const assumed = steps.filter((step) => !step.confirmed).length
  const suffix = overall === 'safe-after-steps' && assumed > 0 ? `, ${assumed} to be confirmed` : ''
  return {
    title: titles[overall](operations[op].verb, steps.length) + suffix,
    sentence: sentenceOf(assessment, overall, counts, coverage, now),
    first: firstOf(assessment),
  }
}

function sentenceOf(assessment: Assessment, overall: Overall, counts: Counts, coverage: Coverage, now: string): string {
  const { dependents } = assessment
  const steps = neededSteps(assessment)
  const parts: string[] = []
  if (counts.breaks > 0) {
    const atOnce = dependents.filter((one) => one.verdict === 'breaks' && one.band === 'now').length
    const where = counts.systemsBroken > 0 ? ` in ${plural(counts.systemsBroken, 'system')}` : ''
    const when = atOnce === 0 ? '' : atOnce === counts.breaks ? ' at once' : `, ${exactly(atOnce)} of them at once`
    parts.push(`${plural(counts.breaks, 'dependant')}${where} ${counts.breaks === 1 ? 'breaks' : 'break'}${when}.`)
  }
  if (counts.steps > 0) {
    const more = counts.breaks > 0 ? ' more' : ''
    const be = counts.steps === 1 ? 'is' : 'are'
    parts.push(
      `${counts.breaks > 0 ? exactly(counts.steps) : plural(counts.steps, 'dependant')}${more} ${be} safe after ${plural(steps.length, 'step')}.`,
    )
  }
  if (counts.unknown > 0) parts.push(`${exactly(counts.unknown)} cannot be told.`)
  if (overall === 'cannot-say' && coverage.missing.length > 0) parts.push(`Missing: ${coverage.missing[0]!.source}.`)
  if (counts.dependents === 0) parts.push(noDependents(assessment, overall, now))
  if (overall === 'safe' && counts.dependents > 0)
    parts.push(`${plural(counts.keeps, 'dependant')} keep working; nothing else is known to use it.`)
  return parts.join(' ')
}

function noDependents({ estate, subject }: Assessment, overall: Overall, now: string): string {
  const lastUsed = textProp(estate.entities[subject]!, 'lastUsedAt')
  const days = lastUsed === undefined ? Infinity : Math.floor(daysBetween(lastUsed, now))
  const ago = days === Infinity ? undefined : days
  const used =
    ago === undefined
      ? 'No source says when it was last used.'
      : `It was last used ${ago < 1 ? 'today' : `${plural(ago, 'day')} ago`}.`
  if (overall === 'safe')
    return ago === undefined
      ? 'It was never used, and nothing known depends on it.'
      : `Nothing known depends on it. ${used}`
  return `Nothing we can see uses it, which is not the same as unused. ${used}`
}

/** The worst dependent: breaks before unknown, earliest first, lowest tier first. */
function firstOf({ estate, dependents }: Assessment): BlastReply['headline']['first'] {
  const rank = (one: AssessedDependent): number => (one.verdict === 'breaks' ? 0 : one.verdict === 'unknown' ? 1 : 2)
  const tier = (one: AssessedDependent): number => {
    const value = one.system >= 0 ? estate.entities[one.system]!.props?.['tier'] : undefined
    return typeof value === 'number' ? value : 9
  }
  const start = (one: AssessedDependent): number => one.possible?.[0] ?? Infinity
  const first = dependents
    .filter((one) => one.verdict !== 'keeps')
    .sort((a, b) => rank(a) - rank(b) || start(a) - start(b) || tier(a) - tier(b) || a.index - b.index)[0]
  if (!first) return null
  const entity = estate.entities[first.index]!
  const system =
    first.system === NO_SYSTEM || first.system === UNATTRIBUTED ? null : estate.entities[first.system]!.name
  return { id: entity.id, name: entity.name, system }
}

/** Those that make it safe; others have to be built or found out first. */
function neededSteps({ steps }: Assessment): Assessment['steps'] {
  return steps.filter((step) => step.needed !== false)
}
