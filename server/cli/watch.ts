import { exactly } from '../../graph/answer/durations.ts'
import type { MovesQuery, WatchReply } from '../../graph/wire-acts.ts'
import { operationOf, secondsOf } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report } from './report.ts'

export interface WatchCommand extends Form {
  readonly dataDir?: string
  readonly credential: string
  readonly do?: string
  readonly overlap?: string
}

/** What to check and to watch when the change is made. */
export async function watch(print: Print, { dataDir, credential, ...asked }: WatchCommand): Promise<number> {
  const op = operationOf(asked.do)
  const query: MovesQuery = {
    ...(op && { op }),
    ...(asked.overlap !== undefined && { overlap: secondsOf(asked.overlap) }),
  }
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const { id } = op === undefined ? await desk.credential(credential) : await desk.subject(credential, op)
    const reply = await desk.watch(id, query)
    say(print, asked, reply, () => reportOf(reply, desk.server))
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function reportOf(
  { subject, op, checks, signals, queries, words, snapshot }: WatchReply,
  server: string | undefined,
): Report {
  return {
    title: `Watching ${op} of ${subject.title} ${subject.name}`,
    lines: [words],
    sections: [
      {
        title: 'Check on the workload’s own path',
        lines: checks.flatMap(({ family, on, onCount }) =>
          onCount === 0
            ? []
            : [
                `${family}, on ${on
                  .slice(0, 5)
                  .map(({ name }) => name)
                  .join(', ')}${onCount > 5 ? ` and ${exactly(onCount - 5)} more` : ''}`,
              ],
        ),
        code: checks.map(({ family, run, proves, provesNot }) => ({
          title: `${family}: proves ${proves}; does not prove ${provesNot}`,
          language: 'sh',
          text: run,
        })),
      },
      {
        title: 'Signals',
        table: {
          head: ['where', 'signal', 'means', 'mark'],
          rows: signals.map(({ where, signal, means, mark }) => [where, signal, means, mark]),
        },
      },
      ...(queries.length > 0
        ? [
            {
              title: 'Queries',
              code: queries.map(({ title, language, text, note }) => ({
                title: note ? `${title} (${note})` : title,
                language: fence[language],
                text,
              })),
            },
          ]
        : []),
    ],
    footer: [smallPrint(snapshot, server)],
  }
}

const fence = {
  'athena-sql': 'sql',
  sql: 'sql',
  kql: 'kusto',
  jq: 'sh',
  shell: 'sh',
  logql: 'logql',
  promql: 'promql',
} as const
