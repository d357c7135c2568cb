import type { ForecastItem, ForecastReply } from '../../graph/wire-acts.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report, type Section } from './report.ts'
import { overallWords } from './verdict-words.ts'

export interface ForecastCommand extends Form {
  readonly dataDir?: string
  readonly days: number
}

/** How many are listed; the others are in `--json`. */
const LISTED = 40

/** What runs out when, and what it breaks. Exits 20 where something would break. */
export async function forecast(print: Print, { dataDir, days, ...form }: ForecastCommand): Promise<number> {
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const reply = await desk.forecast({ days: Math.max(1, days) })
    say(print, form, reply, () => reportOf(reply, desk.server))
    return reply.items.some(({ breaks }) => breaks > 0) ? exitCodes.notSafe : exitCodes.done
  } finally {
    await desk.close()
  }
}

function reportOf(reply: ForecastReply, server: string | undefined): Report {
  const { items, itemsCount, over, overCount, unknown, endless, later, from, until, sentence, snapshot } = reply
  return {
    title:
      itemsCount === 0
        ? 'Nothing known runs out'
        : `${itemsCount} ${itemsCount === 1 ? 'runs out or rotates' : 'run out or rotate'} before ${until.slice(0, 10)}`,
    lines: [sentence],
    sections: [
      ...(items.length > 0 ? [listOf('If nobody acts', items, itemsCount)] : []),
      ...(over.length > 0 ? [listOf('Over already, and still stored or used', over, overCount)] : []),
      ...(unknown.count > 0
        ? [
            {
              title: `No source says when (${unknown.count})`,
              lines: unknown.kinds.map(({ title, count, settles }) => `${count} ${title}. Would settle it: ${settles}`),
            },
          ]
        : []),
    ],
    footer: [
      `From ${from}. ${later} later than that; ${endless} never run out by themselves.`,
      smallPrint(snapshot, server),
    ],
  }
}

function listOf(title: string, items: readonly ForecastItem[], count: number): Section {
  const left = count - Math.min(items.length, LISTED)
  return {
    title,
    table: {
      head: ['when', 'in days', 'what', 'kind', 'verdict', 'breaks', 'not known', 'tier 1', 'owner', 'first'],
      rows: items
        .slice(0, LISTED)
        .map((one) => [
          one.at.slice(0, 16).replace('T', ' '),
          String(one.days),
          `${one.thing.name}${one.what === 'rotates' ? ' (rotates)' : ''}`,
          one.thing.title,
          overallWords[one.verdict],
          String(one.breaks),
          String(one.unknown),
          String(one.tier1),
          one.owner ?? 'owner unknown',
          one.first.join(', '),
        ]),
    },
    ...(left > 0 && { lines: [`the first ${LISTED} of ${count}: --json has more`] }),
  }
}
