import { momentOfAnswer } from '../answer/blast.ts'
import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { CutoverNamed, KeptRunbookReply } from '../wire-cutover.ts'
import { worldOf } from './kept-world.ts'
import { answerRunbook } from './answer-runbook.ts'
import { cutoverItem, type KeptState } from './kept-item.ts'
import { usualProposal } from './rollback.ts'
import { keyed } from './runbook.ts'
import { namesOfPlan } from './stated.ts'

/**
 * The runbook of one credential as this plan has it: its window as T, its names, its way back, and what is done.
 * @throws QuestionError for what is not in the plan, or in no source any more.
 */
export function answerKeptRunbook(estate: Estate, state: KeptState, credential: string, now: string): KeptRunbookReply {
  const { plan, version } = state
  const wave = plan.waves.findIndex(({ credentials }) => credentials.includes(credential))
  const world = worldOf(estate, state, now)
  const one = world.planned.get(credential)
  if (wave < 0) throw new QuestionError('not-found', 'this plan has no such credential', 'see its waves')
  if (!one)
    throw new QuestionError(
      'not-found',
      'this credential is in no source any more',
      'import its source, or take it out',
    )
  const { start, end } = plan.waves[wave]!
  const { kept, present } = one
  const { steps, named, ...book } = answerRunbook(estate, credential, { op: present.op, at: start }, now, {
    names: (imported) => namesOfPlan(plan.names, credential, imported),
    proposal: kept.proposal ?? usualProposal,
  })
  const item = cutoverItem(estate, state, one, momentOfAnswer(estate, now))
  const marks = plan.done.filter((mark) => mark.credential === credential)
  const dated = keyed(steps)
  const keys = new Set(dated.map(({ key }) => key))
  const markOf = (key: string): KeptRunbookReply['steps'][number]['done'] => {
    const mark = marks.find(({ step }) => step === key)
    return mark ? { step: key, by: mark.by, at: mark.at, proof: mark.proof } : null
  }
  return {
    ...book,
    plan: { id: plan.id, name: plan.name, version, status: plan.status },
    wave: wave + 1,
    window: { start, end },
    ready: item.ready,
    gates: item.gates,
    named: named as CutoverNamed[],
    steps: dated.map((step) => ({ ...step, done: markOf(step.key) })),
    orphans: marks.filter(({ step }) => !keys.has(step)).map(({ step, by, at, proof }) => ({ step, by, at, proof })),
    signOffs: item.signOffs,
    proposal: item.proposal,
  }
}
