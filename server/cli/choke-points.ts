import type { ChokePointsReply } from '../../graph/wire-choke-points.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report } from './report.ts'

export interface ChokePointsCommand extends Form {
  readonly dataDir?: string
  /** Any credential, where absent. */
  readonly thing: string | undefined
  readonly limit: number
}

/** What every known way to the crown jewels goes through. */
export async function chokePoints(
  print: Print,
  { dataDir, thing, limit, ...form }: ChokePointsCommand,
): Promise<number> {
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const id = thing === undefined ? undefined : (await desk.thing(thing)).id
    const reply = await desk.chokePoints(id, { limit: Math.max(1, Math.min(limit, 200)) })
    say(print, form, reply, () => reportOf(reply, desk.server))
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function reportOf(reply: ChokePointsReply, server: string | undefined): Report {
  const { headline, subject, points, total, lowerBound, coverage, snapshot } = reply
  const left = total - points.length
  return {
    title: headline.title,
    lines: [headline.sentence, `There may be more ways: ${lowerBound.join('; ')}.`],
    sections:
      points.length === 0
        ? []
        : [
            {
              title: 'Without one of these',
              ...(left > 0 && { lines: [`${left} more stand before fewer: --limit`] }),
              table: {
                head: [
                  'thing',
                  'kind',
                  'jewels cut off',
                  'things',
                  ...(subject ? ['links'] : ['credentials']),
                  'breaks',
                  'not known',
                  'first',
                ],
                rows: points.map((one) => [
                  one.thing.name,
                  one.thing.title,
                  String(one.jewels),
                  String(one.things),
                  String(one.way ? one.way.hops.length : one.credentials),
                  String(one.price.breaks),
                  String(one.price.unknown),
                  one.first.join(', '),
                ]),
              },
            },
          ],
    footer: [coverage.sentence, smallPrint(snapshot, server)],
  }
}
