import type { CompareReply } from '../../graph/wire-acts.ts'
import { seenInLogs } from '../logs/seen-in-logs.ts'
import { operationOf, secondsOf } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report, type Section } from './report.ts'
import { UsageProblem } from './usage-problem.ts'

export interface CompareCommand extends Form {
  readonly dataDir?: string
  readonly credential: string
  readonly logs: readonly string[]
  readonly at: string
  readonly do?: string
  readonly overlap?: string
}

/** New logs against what was predicted; they are read, not imported. */
export async function compare(
  print: Print,
  { dataDir, credential, logs, at, ...asked }: CompareCommand,
): Promise<number> {
  if (!Number.isFinite(Date.parse(at))) throw new UsageProblem('--at is no time', 'ISO 8601, like 2026-11-20T04:00:00Z')
  const op = operationOf(asked.do)
  const change = { ...(op && { op }), ...(asked.overlap !== undefined && { overlap: secondsOf(asked.overlap) }) }
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const { id } = op === undefined ? await desk.credential(credential) : await desk.subject(credential, op)
    const { places } = await desk.watch(id, change)
    const { seen, until, records } = await seenInLogs(logs, at, new Set([id, ...places.map((place) => place.id)]))
    if (records === 0)
      throw new UsageProblem(
        'no CloudTrail or Vault audit record since then is in these files',
        'name logs of the time after the change',
      )
    const reply = await desk.compare(id, {
      ...change,
      at,
      ...(until !== undefined && { until }),
      seen: seen.map(({ of: _of, ...one }) => one),
    })
    say(print, asked, reply, () => reportOf(reply, desk.server))
    return { 'as-predicted': exitCodes.done, differs: exitCodes.notSafe, 'too-early': exitCodes.cannotSay }[
      reply.verdict
    ]
  } finally {
    await desk.close()
  }
}

const titles = {
  'as-predicted': 'As predicted, so far',
  differs: 'It differs from what was predicted',
  'too-early': 'Too early to say',
} as const

function reportOf(reply: CompareReply, server: string | undefined): Report {
  return {
    title: titles[reply.verdict],
    lines: [
      reply.sentence,
      `${reply.subject.title} ${reply.subject.name}, changed ${reply.at}; logs until ${reply.until}.`,
    ],
    sections: [
      listOf('Seen and not predicted', reply.seenNotPredicted),
      listOf('Predicted and not seen', reply.predictedNotSeen),
      listOf('Predicted and seen', reply.predictedAndSeen),
      listOf('Not due yet', reply.notDue),
    ].flat(),
    footer: [
      'Logs show what they record: calls that fail to authenticate are missing from some, so silence is no success.',
      smallPrint(reply.snapshot, server),
    ],
  }
}

function listOf(title: string, rows: CompareReply['notDue']): Section[] {
  if (rows.length === 0) return []
  return [
    {
      title: `${title} (${rows.length})`,
      table: {
        head: ['who', 'predicted', 'first failure', 'failures', 'last success', 'codes', ''],
        rows: rows
          .slice(0, 40)
          .map((one) => [
            one.thing?.name ?? one.who,
            one.predicted ?? 'keeps working',
            one.firstFailure ?? '',
            String(one.failures),
            one.lastSuccess ?? '',
            one.codes.join(', '),
            one.words,
          ]),
      },
    },
  ]
}
