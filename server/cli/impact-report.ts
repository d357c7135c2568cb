import type { BlastReply, Dependent } from '../../graph/wire.ts'
import { smallPrint, type Report } from './report.ts'
import { verdictMarks } from './verdict-words.ts'

/** The answer of `impact` for a ticket: the verdict first, then where and when, who, what to do, what is not known. */
export function impactReport(reply: BlastReply, items: readonly Dependent[], server: string | undefined): Report {
  const { headline, subject, change, systems, bands, cells, steps, unknowns, notes, coverage, counts, snapshot } = reply
  const cellAt = (sys: number, band: number): string => {
    const cell = cells.find((one) => one.sys === sys && one.band === band)
    if (!cell) return '·'
    const shown = (['breaks', 'unknown', 'steps', 'keeps'] as const).filter((verdict) => cell[verdict] > 0)
    return shown.map((verdict) => `${verdictMarks[verdict][0]} ${cell[verdict]}`).join(' ')
  }
  const left = counts.dependents - items.length
  return {
    title: headline.title,
    lines: [
      headline.sentence,
      `${subject.title} ${subject.name}${subject.where ? `, ${subject.where}` : ''}: ${change.words}.`,
    ],
    sections: [
      ...(notes.length > 0 ? [{ title: 'Mind', lines: notes.map(({ text }) => text) }] : []),
      {
        title: 'Systems by time',
        table: {
          head: ['system', 'tier', 'owner', ...bands.map(({ title }) => title)],
          rows: systems.map((system, sys) => [
            system.name,
            system.tier === null ? '' : String(system.tier),
            system.owner ?? 'owner unknown',
            ...bands.map((_, band) => cellAt(sys, band)),
          ]),
        },
        lines: [
          Object.values(verdictMarks)
            .map(([mark, words]) => `${mark} ${words}`)
            .join(', '),
        ],
      },
      {
        title: 'Dependants',
        table: {
          head: ['dependant', 'system', 'verdict', 'why', 'owner'],
          rows: items.map((one) => [
            one.name,
            one.system,
            verdictMarks[one.verdict].join(' '),
            one.why,
            one.owner ?? 'owner unknown',
          ]),
        },
        ...(left > 0 && { lines: [`the first ${items.length} of ${counts.dependents}, worst first`] }),
      },
      ...(steps.length > 0
        ? [
            {
              title: 'Steps before it',
              table: {
                head: ['step', 'what it touches', 'settles', 'who', ''],
                rows: steps.map(({ title, detail, settles, who, confirmed }) => [
                  title,
                  detail,
                  String(settles),
                  who ?? 'nobody known',
                  confirmed ? 'confirmed' : 'to be confirmed',
                ]),
              },
            },
          ]
        : []),
      ...(unknowns.length > 0
        ? [
            {
              title: 'Not known',
              lines: unknowns.map(
                ({ count, reason, settles }) =>
                  `${count > 0 ? `${count}: ` : ''}${reason}. Would settle it: ${settles}`,
              ),
            },
          ]
        : []),
      { title: 'Undo', lines: [change.undo] },
    ],
    footer: [
      coverage.sentence,
      ...coverage.missing.map(
        ({ source, why, collect }) => `missing: ${source}: ${why}${collect ? `. To collect it: ${collect}` : ''}`,
      ),
      smallPrint(snapshot, server),
    ],
  }
}
