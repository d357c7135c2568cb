import { scoreBacktest } from '../../graph/answer/backtest.ts'
import type { BacktestReply } from '../../graph/wire-acts.ts'
import { logPart } from '../logs/estate-of-logs.ts'
import { logRecords } from '../logs/log-records.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { say, type Form, type Report } from './report.ts'
import { UsageProblem } from './usage-problem.ts'

export interface BacktestCommand extends Form {
  readonly logs: readonly string[]
  readonly at: string
}

export async function backtest(print: Print, { logs, at, ...form }: BacktestCommand): Promise<number> {
  const reply = await backtestLogs(logs, at)
  say(print, form, reply, () => reportOf(reply))
  return exitCodes.done
}

/**
 * Cuts logs at a moment and scores what the earlier part predicts against the later one. Reads and stores nothing.
 * @throws UsageProblem where the moment cannot be read, or one side of it is empty
 */
export async function backtestLogs(logs: readonly string[], at: string): Promise<BacktestReply> {
  const cut = Date.parse(at)
  if (!Number.isFinite(cut)) throw new UsageProblem('--at is no time', 'ISO 8601, like 2026-11-20T04:00:00Z')
  const [before, after] = [logPart('before'), logPart('after')]
  let [undated, from, until] = [0, Infinity, -Infinity]
  const seen = { other: 0 }
  for await (const { log, record, at: time } of logRecords(logs, seen)) {
    const moment = Date.parse(time ?? '')
    if (!Number.isFinite(moment)) {
      undated++
      continue
    }
    from = Math.min(from, moment)
    until = Math.max(until, moment)
    ;(moment < cut ? before : after).add(log, record)
  }
  if (before.records === 0 || after.records === 0)
    throw new UsageProblem(
      before.records + after.records === 0
        ? 'no CloudTrail or Vault audit record with a time is in these files'
        : `all records lie ${before.records === 0 ? 'after' : 'before'} the cut`,
      Number.isFinite(from) ? `the logs reach from ${iso(from)} to ${iso(until)}` : 'see keyfall backtest --help',
    )
  const records = { before: before.records, after: after.records, undated }
  return scoreBacktest({
    ...{ before: await before.estate(), after: await after.estate(), at: iso(cut), records },
    ...{ from: iso(from), until: iso(until) },
  })
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

const share = (value: number | null): string => (value === null ? 'nothing to score' : `${(value * 100).toFixed(1)} %`)

function reportOf(reply: BacktestReply): Report {
  const { at, from, until, records, credentials, byClient, missed, limits } = reply
  const row = (name: string, one: BacktestReply['byClient']): string[] => [
    name,
    String(one.predicted),
    String(one.happened),
    String(one.both),
    share(one.precision),
    share(one.recall),
  ]
  return {
    title: `Precision ${share(reply.precision)}, recall ${share(reply.recall)} for a revoke at ${at}`,
    lines: [
      `${records.before} records before it, ${records.after} after it, from ${from} to ${until}.`,
      `${credentials.both} of ${credentials.before} credentials were used on both sides; ${credentials.onlyAfter} only after it, which no prediction can name.`,
    ],
    sections: [
      {
        title: 'Who would be hit',
        table: {
          head: ['counted', 'predicted', 'happened', 'both', 'precision', 'recall'],
          rows: [row('by address and client', reply), row('by client', byClient)],
        },
      },
      ...(missed.length > 0
        ? [
            {
              title: 'Happened and not predicted',
              table: {
                head: ['credential', 'who'],
                rows: missed.slice(0, 20).map(({ credential, who }) => [credential, who]),
              },
            },
          ]
        : []),
      { title: 'What these figures do not say', lines: limits },
    ],
    footer: [],
  }
}
