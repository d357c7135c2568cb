import type { WhatIfQuery, WhatIfReply } from '../../graph/wire-acts.ts'
import type { Operation, Thing } from '../../graph/wire.ts'
import { operationOf, secondsOf } from './duration.ts'
import { openDesk } from './open-desk.ts'
import type { Desk } from './desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report } from './report.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallCodes, overallWords, verdictMarks } from './verdict-words.ts'

export interface WhatIfCommand extends Form {
  readonly dataDir?: string
  readonly credential: string
  readonly do?: string
  readonly overlap?: string
  readonly steps?: string
  readonly instead?: string
  readonly insteadOverlap?: string
  readonly fallback?: readonly string[]
  readonly without?: readonly string[]
}

const LISTED = 40

/** An answer before and after what is supposed. Exits with the verdict after it. */
export async function whatIf(print: Print, command: WhatIfCommand): Promise<number> {
  const desk = await openDesk(command.dataDir === undefined ? {} : { dataDir: command.dataDir })
  try {
    const op = operationOf(command.do)
    const subject =
      op === undefined ? await desk.credential(command.credential) : await desk.subject(command.credential, op)
    const query = await queryOf(desk, command, op, subject)
    const reply = await desk.whatIf(subject.id, query)
    say(print, command, reply, () => reportOf(reply, desk.server))
    return overallCodes[reply.after.verdict]
  } finally {
    await desk.close()
  }
}

async function queryOf(
  desk: Desk,
  command: WhatIfCommand,
  op: Operation | undefined,
  subject: Thing,
): Promise<WhatIfQuery> {
  const { overlap, instead, insteadOverlap, without = [], fallback = [] } = command
  const insteadOp = operationOf(instead)
  const base = { ...(op && { op }), ...(overlap !== undefined && { overlap: secondsOf(overlap) }) }
  const pairs = await Promise.all(fallback.map((pair) => pairOf(desk, pair)))
  const supposed = insteadOp !== undefined || insteadOverlap !== undefined || without.length > 0 || pairs.length > 0
  const steps = command.steps ?? (supposed ? undefined : 'all')
  return {
    ...base,
    ...(steps === 'all'
      ? { steps: (await neededSteps(desk, subject, base)).join(',') }
      : steps !== undefined && { steps }),
    ...(insteadOp && { instead: insteadOp }),
    ...(insteadOverlap !== undefined && { insteadOverlap: secondsOf(insteadOverlap) }),
    ...(without.length > 0 && { without: without.join(',') }),
    ...(pairs.length > 0 && { fallback: pairs.join(',') }),
  }
}

/** The smallest set that saves whom steps can save. */
async function neededSteps(desk: Desk, subject: Thing, query: { op?: Operation; overlap?: number }): Promise<string[]> {
  const { steps, needed } = await desk.moves(subject.id, query)
  const ids = steps.filter((_, bit) => needed & (1 << bit)).map(({ id }) => id)
  if (ids.length === 0)
    throw new UsageProblem(
      `no step is known that would help ${subject.name}`,
      'suppose something else: --instead, --instead-overlap, --fallback, --without',
    )
  return ids
}

async function pairOf(desk: Desk, pair: string): Promise<string> {
  const [dependent, thing, ...more] = pair.split('>').map((one) => one.trim())
  if (!dependent || !thing || more.length > 0)
    throw new UsageProblem('a fallback is "DEPENDENT>THING"', 'for example --fallback "orders-api>orders-replica"')
  const [from, to] = [await desk.thing(dependent), await desk.thing(thing)]
  return `${from.id}>${to.id}`
}

function reportOf(reply: WhatIfReply, server: string | undefined): Report {
  const { before, after, supposed, moved, movedCount, better, worse, subject, snapshot } = reply
  const words = (one: { verdict: keyof typeof verdictMarks; band: string } | null): string =>
    one === null
      ? 'no dependant'
      : `${verdictMarks[one.verdict].join(' ')}${one.verdict === 'keeps' ? '' : `, ${one.band}`}`
  const left = movedCount - Math.min(moved.length, LISTED)
  return {
    title: `${after.title}, if so (now: ${overallWords[before.verdict]})`,
    lines: [
      `${subject.title} ${subject.name}: ${better} better, ${worse} worse.`,
      ...supposed.map((one) => `Supposed: ${one}.`),
    ],
    sections: [
      {
        title: 'Before and after',
        table: {
          head: ['', 'breaks', 'not known', 'safe after steps', 'keeps working'],
          rows: [before, after].map(({ counts }, at) => [
            at === 0 ? 'before' : 'after',
            String(counts.breaks),
            String(counts.unknown),
            String(counts.steps),
            String(counts.keeps),
          ]),
        },
      },
      ...(moved.length > 0
        ? [
            {
              title: 'Who moves',
              table: {
                head: ['dependant', 'system', 'before', 'after'],
                rows: moved
                  .slice(0, LISTED)
                  .map((one) => [one.dependent.name, one.system ?? '', words(one.from), words(one.to)]),
              },
              ...(left > 0 && { lines: [`the first ${LISTED} of ${movedCount}: --json has more`] }),
            },
          ]
        : []),
    ],
    footer: ['Nothing was changed anywhere: both sides are simulated.', smallPrint(snapshot, server)],
  }
}
