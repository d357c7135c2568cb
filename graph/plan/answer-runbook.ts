import { exactly } from '../answer/durations.ts'
import { momentOfAnswer, snapshotOf } from '../answer/blast.ts'
import { duration, plural } from '../answer/durations.ts'
import { operations } from '../answer/operations.ts'
import { thingOf } from '../answer/things.ts'
import { answerWatch } from '../answer/watch.ts'
import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { WatchReply } from '../wire-acts.ts'
import type { RunbookQuery, RunbookReply, RunbookStep } from '../wire-plan.ts'
import { isoOf } from './calendar.ts'
import { readinessOf, type SaidOfPlan } from './gates.ts'
import { missingOf } from './raci.ts'
import { stepsOf, type CheckLine } from './runbook.ts'
import { watchingTime } from './watching.ts'

const CONSUMERS_SHOWN = 200

/**
 * The change of one credential step by step: exact commands (nobody here runs them), who, when, the check, the undo, and
 * a rollback that the engine has checked.
 * @throws QuestionError for what is no credential, an operation that it does not have, a T that is no moment.
 */
export function answerRunbook(
  estate: Estate,
  id: string,
  query: RunbookQuery,
  now: string,
  said?: SaidOfPlan,
): RunbookReply {
  const at = momentOfAnswer(estate, now)
  const readiness = readinessOf(estate, id, query.op, at, said)
  const { assessment, op, verdict, gates, consumers, named, raci, rollback, ready } = readiness
  const moment = momentOf(query.at)
  const watch = watchingTime(assessment)
  const seen = answerWatch(estate, id, { op }, at)
  const { steps, rollbackSteps } = stepsOf(estate, readiness, checkOf(seen), watch)
  const dated = steps.map((step, number): RunbookStep => ({
    ...step,
    number: number + 1,
    when: whenOf(step.at),
    date: moment === null ? null : isoOf(moment + step.at * 1000),
  }))
  const final = dated.find((step) => step.final)
  const thing = thingOf(estate, assessment.subject)
  const open = gates.filter(({ state }) => state !== 'met').length
  return {
    snapshot: snapshotOf(estate),
    credential: thing,
    ...{ op, verdict, ready, rollback },
    title: `Runbook: ${operations[op].verb} ${thing.title} ${thing.name}`,
    sentence: ready
      ? readiness.sentence
      : `Not ready: ${plural(open, 'gate')} open${missingOf(named).length > 0 ? ', names are missing' : ''}. ${readiness.sentence}`,
    gates: [...gates],
    named: [...named],
    raci: [...raci],
    consumers: consumers.slice(0, CONSUMERS_SHOWN),
    consumersCount: consumers.length,
    steps: dated,
    pointOfNoReturn: final?.number ?? null,
    rollbackSteps: rollback.verdict === 'refused' ? [] : [...rollbackSteps],
    watch: {
      ...watch,
      signals: seen.signals.map(({ where, signal, means }) => ({ where, signal, means })),
      queries: seen.queries.map(({ title, language, text }) => ({ title, language, text })),
    },
  }
}

function momentOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(moment))
    throw new QuestionError('bad-change', 'at is no moment', 'write T like 2026-12-01T09:00:00Z')
  return moment
}

/** "T − 1 d", "T", "T + 4 h". */
export function whenOf(seconds: number): string {
  return seconds === 0 ? 'T' : `T ${seconds < 0 ? '−' : '+'} ${duration(Math.abs(seconds))}`
}

/** On which path the check runs, in words, and its commands. */
export function checkOf({ checks }: WatchReply): CheckLine {
  const used = checks.filter(({ onCount }) => onCount > 0)
  const shown = used.length > 0 ? used : checks
  const words = shown.map(({ family, on, onCount }) =>
    onCount === 0
      ? `${family}, on each consumer`
      : `${family}, on ${on
          .slice(0, 5)
          .map(({ name }) => name)
          .join(', ')}${onCount > 5 ? ` and ${exactly(onCount - 5)} more` : ''}`,
  )
  return { words: words.join('; '), run: [...new Set(shown.map(({ run }) => run))] }
}
