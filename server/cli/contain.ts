import { exactly } from '../../graph/answer/durations.ts'
import type { CutOption, ReachReply } from '../../graph/wire.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report } from './report.ts'
import { overallWords } from './verdict-words.ts'

export interface ContainCommand extends Form {
  readonly dataDir?: string
  readonly thing: string
}

const LISTED = 30

/** The cheapest cut between a thing in foreign hands and what matters. Exits 20 where something is within reach. */
export async function contain(print: Print, { dataDir, thing, ...form }: ContainCommand): Promise<number> {
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const reply = await desk.reach((await desk.thing(thing)).id, {})
    const { snapshot, subject, containment, survivors, lowerBound } = reply
    say(print, form, { snapshot, subject, containment, survivors, lowerBound }, () => reportOf(reply, desk.server))
    return containment.targets === 'nothing' ? exitCodes.done : exitCodes.withinReach
  } finally {
    await desk.close()
  }
}

function priceWords({ breaks, unknown }: { readonly breaks: number; readonly unknown: number }): string {
  // What cannot be told weighs: it stands first where nothing is known to break.
  if (breaks === 0) return unknown === 0 ? 'breaks nothing known' : `${unknown} cannot be told, none known to break`
  return unknown === 0 ? `breaks ${breaks}` : `breaks ${breaks}, ${unknown} more cannot be told`
}

function reportOf(
  { containment, subject, survivors, lowerBound, snapshot }: ReachReply,
  server: string | undefined,
): Report {
  const { targets, count, routes, cut, cutCount, price, exact, atLeast, uncuttable, options, curve } = containment
  const what =
    targets === 'jewels'
      ? `${count} crown ${count === 1 ? 'jewel' : 'jewels'}`
      : `${count} secrets, workloads and resources`
  const footer = [
    'Keyfall changes nothing. A price is that of all actions done together and now, when nobody has done any step.',
    `A lower bound: ${lowerBound.join('; ')}.`,
    smallPrint(snapshot, server),
  ]
  if (targets === 'nothing')
    return { title: `Nothing is known to be within reach of ${subject.name}`, lines: [], sections: [], footer }
  const proven = exact ? 'no cheaper set exists' : `not proven: none breaks fewer than ${atLeast}`
  return {
    title:
      cut.length > 0
        ? `Contain ${subject.name}: ${cutCount} ${cutCount === 1 ? 'action' : 'actions'}, ${priceWords(price)}`
        : `No known action takes any of the ${what} out of reach of ${subject.name}`,
    lines: [
      cut.length > 0 ? `Takes the ${what} out of reach (${proven}).` : '',
      uncuttable.length > 0
        ? `Stay within reach whatever is done here: ${uncuttable
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ')}${uncuttable.length > 5 ? ` and ${exactly(uncuttable.length - 5)} more` : ''}.`
        : '',
    ].filter(Boolean),
    sections: [
      ...(cut.length > 0
        ? [
            {
              title: 'Do all of these',
              table: optionTable(cut),
              ...(cutCount > LISTED && { lines: [`the first ${LISTED} of ${cutCount}: --json has more`] }),
            },
          ]
        : []),
      ...(options.some((one) => !one.chosen)
        ? [{ title: 'Other single actions, best first', table: optionTable(options.filter((one) => !one.chosen)) }]
        : []),
      ...(curve.length > 0
        ? [
            {
              title: 'What containment costs, action by action',
              table: {
                head: ['then', 'routes cut', 'targets left', 'breaks', 'not known'],
                rows: curve
                  .slice(0, LISTED)
                  .map((one) => [
                    one.title,
                    `${one.routes} of ${routes}`,
                    String(one.targetsLeft),
                    String(one.price.breaks),
                    String(one.price.unknown),
                  ]),
              },
              ...(curve.length > LISTED && { lines: [`the first ${LISTED} of ${curve.length}: --json has more`] }),
            },
          ]
        : []),
      ...(survivors.length > 0
        ? [
            {
              title: 'Lives on after that',
              lines: survivors
                .slice(0, LISTED)
                .map(
                  ({ credential, what: lives, until, exact: known, cut: how }) =>
                    `${credential.name}: ${lives}, ${until === null ? 'with no known end' : `until ${until}${known ? '' : ' at the latest'}`}. Cut: ${how}`,
                ),
            },
          ]
        : []),
    ],
    footer,
  }
}

function optionTable(options: readonly CutOption[]): { head: string[]; rows: string[][] } {
  return {
    head: ['action', 'ends routes', 'breaks', 'not known', 'by itself', 'first', 'undo'],
    rows: options
      .slice(0, LISTED)
      .map((one) => [
        one.title,
        String(one.routes),
        String(one.price.breaks),
        String(one.price.unknown),
        overallWords[one.verdict],
        one.first.join(', '),
        one.undo,
      ]),
  }
}
