import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { WhatIfQuery, WhatIfReply } from '../wire-acts.ts'
import type { Overall, Verdict } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { bands } from './bands.ts'
import { assessed, momentOfAnswer, snapshotOf } from './blast.ts'
import { coverageOfChange } from './coverage-of-change.ts'
import { duration, plural } from './durations.ts'
import { overallOf } from './headline.ts'
import { countsAfter } from './move-table.ts'
import { operations } from './operations.ts'
import { standingsWith, type Standing } from './standings.ts'
import { supposedEstate } from './supposed.ts'
import { systemRow } from './systems.ts'
import { thingOf } from './things.ts'

const LISTED = 500

/** An answer and where everybody stands in it. */
interface Side {
  readonly assessment: Assessment
  readonly standing: (one: AssessedDependent) => Standing
  readonly ticked: number
}

/**
 * An answer before and after what somebody supposes: steps done, another operation or overlap, another way for a
 * dependent, a relationship that is not there. Both are asked of the engine; the reply is their difference.
 */
export function answerWhatIf(estate: Estate, id: string, query: WhatIfQuery, now: string): WhatIfReply {
  const at = momentOfAnswer(estate, now)
  const { op, overlap, instead, insteadOverlap } = query
  const before = assessed(estate, id, { ...(op && { op }), ...(overlap !== undefined && { overlap }) }, at)
  const steps = listOf(query.steps)
  const supposed = supposedEstate(before, listOf(query.fallback), listOf(query.without))
  const afterOp = instead ?? before.op
  const afterOverlap = insteadOverlap ?? (instead === undefined || instead === before.op ? overlap : undefined)
  const after = assessed(
    supposed.estate,
    id,
    { op: afterOp, ...(afterOverlap !== undefined && { overlap: afterOverlap }) },
    at,
  )
  for (const step of steps)
    if (!after.steps.some((one) => one.id === step))
      throw new QuestionError(
        'bad-change',
        `the answer has no step ${step}`,
        `it has: ${after.steps.map((one) => one.id).join(', ') || 'none'}`,
      )
  const sides: { before: Side; after: Side } = {
    before: { assessment: before, standing: ({ verdict, band }) => ({ verdict, band }), ticked: 0 },
    after: { assessment: after, standing: standingsWith(after, steps), ticked: steps.length },
  }
  const moved = movesBetween(estate, sides.before, sides.after)
  const words = [
    ...(instead !== undefined && instead !== before.op
      ? [`${operations[instead].verb} instead of ${operations[before.op].verb}`]
      : []),
    ...(insteadOverlap !== undefined ? [`both values accepted for ${duration(insteadOverlap)}`] : []),
    ...steps.map((step) => after.steps.find((one) => one.id === step)!.title),
    ...supposed.words,
  ]
  if (words.length === 0)
    throw new QuestionError(
      'bad-change',
      'nothing is supposed',
      'say steps, instead, insteadOverlap, fallback or without',
    )
  return {
    snapshot: snapshotOf(estate),
    subject: thingOf(estate, before.subject),
    supposed: words,
    before: sideOf(sides.before, at),
    after: sideOf(sides.after, at),
    better: moved.filter((one) => one.better).length,
    worse: moved.filter((one) => !one.better).length,
    moved: moved.slice(0, LISTED),
    movedCount: moved.length,
  }
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

function sideOf({ assessment, standing, ticked }: Side, at: string): WhatIfReply['before'] {
  const counts = countsAfter(assessment, standing)
  const coverage = coverageOfChange(assessment, at)
  const found = overallOf(assessment, counts, coverage, at)
  const verdict = found === 'safe' && ticked > 0 ? 'safe-after-steps' : found
  const { breaks, unknown, steps, keeps } = counts
  const needed = assessment.steps.filter((step) => step.needed !== false).length
  return {
    op: assessment.op,
    overlap: assessment.change.overlap ?? null,
    verdict,
    // While somebody still waits for a step, those ticked are not all it takes.
    title: titles[verdict](counts.steps > 0 || ticked === 0 ? needed : ticked),
    counts: { breaks, unknown, steps, keeps },
  }
}

const titles = {
  'not-safe': () => 'Not safe',
  'cannot-say': () => 'Cannot say yet',
  'safe-after-steps': (steps: number) => `Safe after ${plural(steps, 'step')}`,
  safe: () => 'Safe',
} as const satisfies Record<Overall, (steps: number) => string>

const quality = { keeps: 0, steps: 1, unknown: 2, breaks: 3 } as const satisfies Record<Verdict, number>

/** Who stands elsewhere afterwards, by entity; whoever gets worse first. */
function movesBetween(estate: Estate, before: Side, after: Side): WhatIfReply['moved'] {
  const standings = ({ assessment, standing }: Side) =>
    new Map(assessment.dependents.map((one) => [one.index, { ...standing(one), system: one.system }]))
  const [was, is] = [standings(before), standings(after)]
  const order = (one: Standing | undefined): number =>
    one ? quality[one.verdict] * 10 - bands.findIndex(({ id }) => id === one.band) : -1
  const moved: { index: number; change: number; row: WhatIfReply['moved'][number] }[] = []
  for (const index of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(index), is.get(index)]
    if (from?.verdict === to?.verdict && from?.band === to?.band) continue
    const system = (from ?? to)!.system
    const row = {
      dependent: thingOf(estate, index),
      system: system < 0 ? null : systemRow(estate, system).name,
      from: from ? { verdict: from.verdict, band: from.band } : null,
      to: to ? { verdict: to.verdict, band: to.band } : null,
      better: order(to) < order(from),
    }
    moved.push({ index, change: order(to) - order(from), row })
  }
  return moved.sort((a, b) => b.change - a.change || a.index - b.index).map(({ row }) => row)
}
