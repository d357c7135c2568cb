import type { ReachReply } from '../../graph/wire.ts'
import { smallPrint, type Report } from './report.ts'

const LISTED = 100

/** The answer of `reach` for a ticket. Containment in full: `keyfall contain --markdown`. */
export function reachReport(reply: ReachReply, server: string | undefined): Report {
  const {
    subject,
    headline,
    lowerBound,
    jewels,
    counts,
    exposed,
    rotation,
    survivors,
    things,
    containment,
    snapshot,
    since,
    networks,
  } = reply
  const { cut, price, exact, atLeast } = containment
  const priceWords = `breaks ${price.breaks}${price.unknown > 0 ? `, ${price.unknown} cannot be told` : ''}`
  return {
    title: `${subject.title} ${subject.name}: ${headline.title}`,
    lines: [
      headline.sentence,
      ...(since ? [`Use counts since ${since}${networks.length ? ` from ${networks.join(', ')}` : ''}.`] : []),
      `A lower bound: ${lowerBound.join('; ')}.`,
    ],
    sections: [
      {
        title: `Crown jewels within reach (${counts.jewels})`,
        table: {
          head: ['crown jewel', 'links', 'evidence', 'over'],
          rows: jewels.map(({ thing, shortest }) => [
            thing.name,
            String(thing.links),
            `${shortest.may ? 'if a permission holds, ' : ''}${shortest.weakest}`,
            shortest.hops.map(({ from, verb, to }) => `${from.name} ${verb} ${to.name}`).join('; '),
          ]),
        },
      },
      ...(cut.length > 0
        ? [
            {
              title: 'Contain now',
              lines: [
                `${priceWords} (${exact ? 'no cheaper set exists' : `not proven: none breaks fewer than ${atLeast}`})`,
                ...cut.map(({ title, undo }) => `${title}. Undo: ${undo}`),
              ],
            },
          ]
        : []),
      {
        title: 'Rotate in this order',
        table: {
          head: ['', 'step', 'because'],
          rows: rotation.steps
            .slice(0, LISTED)
            .map(({ words, thing }, at) => [
              String(at + 1),
              words,
              exposed.find(({ credential }) => credential.id === thing.id)?.why ?? '',
            ]),
        },
        ...(rotation.steps.length > LISTED && { lines: [`the first ${LISTED} of ${rotation.steps.length}`] }),
      },
      ...(survivors.length > 0
        ? [
            {
              title: 'Lives on after that',
              table: {
                head: ['credential', 'what', 'until', 'what cuts it'],
                rows: survivors
                  .slice(0, LISTED)
                  .map(({ credential, what, until, exact: known, cut: how }) => [
                    credential.name,
                    what,
                    until === null ? 'no known end' : `${until}${known ? '' : ' at the latest'}`,
                    how,
                  ]),
              },
            },
          ]
        : []),
      {
        title: `Within reach (${counts.things}, ${counts.used} seen used)`,
        table: {
          head: ['', 'thing', 'kind', 'links', 'evidence'],
          rows: things
            .slice(0, LISTED)
            .map((one) => [
              `${one.may ? 'may ' : ''}${one.way}`,
              one.name,
              one.title,
              String(one.links),
              `${one.strength}${one.used ? ', seen used' : ''}`,
            ]),
        },
        ...(counts.things > LISTED && { lines: [`the first ${LISTED} of ${counts.things}, nearest first`] }),
      },
    ],
    footer: [smallPrint(snapshot, server)],
  }
}
