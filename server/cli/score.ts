import type { EndWave, KeptPlanReply, ScorePlan, WaveScore } from '../../graph/wire-cutover.ts'
import { seenInLogs } from '../logs/seen-in-logs.ts'
import type { Desk } from './desk.ts'
import { exitCodes } from './exit-codes.ts'
import { planCalled, type PlanAsked } from './kept-plan.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Report, type Section } from './report.ts'
import { UsageProblem } from './usage-problem.ts'

async function withPlan(
  print: Print,
  plan: string,
  asked: PlanAsked,
  work: (desk: Desk, plan: { id: string; version: number }) => Promise<KeptPlanReply>,
): Promise<{ reply: KeptPlanReply }> {
  const desk = await openDesk(asked.dataDir === undefined ? {} : { dataDir: asked.dataDir })
  try {
    const reply = await work(desk, await planCalled(desk, plan))
    say(print, asked, reply, () => reportOf(reply, desk.server))
    return { reply }
  } finally {
    await desk.close()
  }
}

const codes = { close: exitCodes.done, 'roll-back': exitCodes.notSafe, wait: exitCodes.cannotSay } as const

/** Logs that are named are read here, and only what concerns the plan is sent on. */
export async function scorePlan(
  print: Print,
  plan: string,
  { logs, wave, ...asked }: PlanAsked & { readonly logs: readonly string[]; readonly wave?: number },
): Promise<number> {
  const { reply } = await withPlan(print, plan, asked, async (desk, { id, version }) => {
    const read = logs.length === 0 ? undefined : await logsOf(desk, id, logs)
    return desk.plans.score(id, { version, ...(wave !== undefined && { wave }), ...(read && { logs: read }) })
  })
  const scores = reply.waves.filter(({ number }) => wave === undefined || number === wave).flatMap(({ after }) => after?.score ?? []) // prettier-ignore
  const worst = (['roll-back', 'wait', 'close'] as const).find((advice) => scores.some((one) => one.advice === advice))
  return worst === undefined ? exitCodes.cannotSay : codes[worst]
}

async function logsOf(desk: Desk, plan: string, logs: readonly string[]): Promise<NonNullable<ScorePlan['logs']>> {
  const { credentials } = await desk.plans.watched(plan)
  const [first] = credentials.map(({ at }) => at).sort()
  if (first === undefined) throw new UsageProblem('nothing of the plan is cut yet', 'keyfall plan done PLAN CREDENTIAL STEP') // prettier-ignore
  const { seen, reaches, records } = await seenInLogs(logs, first, new Set(credentials.flatMap(({ ids }) => ids)))
  if (records === 0)
    throw new UsageProblem('no CloudTrail or Vault audit record since the first cut is in these files', `it was ${first}`) // prettier-ignore
  return { seen: [...seen], reaches: [...reaches], records }
}

export async function endWave(
  print: Print,
  plan: string,
  { wave, outcome, reason, ...asked }: PlanAsked & Omit<EndWave, 'version'>,
): Promise<number> {
  await withPlan(print, plan, asked, (desk, { id, version }) =>
    desk.plans.endWave(id, { version, wave, outcome, reason }),
  )
  return exitCodes.done
}

const advices = { close: 'can be closed', 'roll-back': 'to be rolled back', wait: 'wait' } as const
const verdicts = {
  'as-predicted': 'as predicted',
  differs: 'differs',
  'too-early': 'too early to say',
  'no-logs': 'no log reaches beyond the cut',
} as const

function reportOf(reply: KeptPlanReply, server: string | undefined): Report {
  const waves = reply.waves.flatMap(({ number, after }) => (after?.score ? [{ number, score: after.score, outcome: after.outcome }] : [])) // prettier-ignore
  return {
    title: `${reply.name}: after the change`,
    lines: waves.map(
      ({ number, score, outcome }) =>
        `Wave ${number}: ${outcome ? `${outcome.outcome === 'closed' ? 'closed' : 'rolled back'} by ${outcome.by.name}: ${outcome.reason}` : `${advices[score.advice]}: ${score.reason}`}`,
    ),
    sections: waves.flatMap(({ number, score }) => sectionsOf(number, score)),
    footer: [
      'Predictions are those of the moment of the cut. Logs show what they record: silence is no success.',
      smallPrint(reply.snapshot, server),
    ],
  }
}

function sectionsOf(number: number, { scores, records, from }: WaveScore): Section[] {
  const rows = scores.flatMap((one) =>
    [...one.hiddenCopies, ...one.seenNotPredicted, ...one.predictedNotSeen, ...one.predictedAndSeen].map((row) => [
      ...[one.name, row.who, row.predicted, row.words, row.firstFailure ?? '', String(row.failures), row.lastSuccess ?? ''], // prettier-ignore
    ]),
  )
  return [
    {
      title: `Wave ${number}, ${records} ${from === 'logs' ? 'records of the logs named' : 'uses in imported logs'}`,
      table: {
        head: ['credential', 'verdict', 'predicted and seen', 'not seen', 'not predicted', 'old value', 'working', 'silent', 'not due'], // prettier-ignore
        rows: scores.map(({ name, verdict, counts }) => [
          ...[name, verdicts[verdict], String(counts.predictedAndSeen), String(counts.predictedNotSeen)],
          ...[String(counts.seenNotPredicted), String(counts.hiddenCopies), String(counts.working)],
          ...[String(counts.silent), String(counts.notDue)],
        ]),
      },
    },
    ...(rows.length > 0
      ? [
          {
            title: `Wave ${number}: who`,
            table: { head: ['credential', 'who', 'predicted', '', 'first failure', 'failures', 'last success'], rows },
          },
        ]
      : []),
  ]
}
