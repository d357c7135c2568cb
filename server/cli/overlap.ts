import { exactly } from '../../graph/answer/durations.ts'
import { atLeast } from '../../graph/answer/durations.ts'
import type { OverlapAdvice, OverlapReply } from '../../graph/wire-acts.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report, type Section } from './report.ts'

export interface OverlapCommand extends Form {
  readonly dataDir?: string
  readonly credential: string
}

const LISTED = 8

/** How long both values have to work. Exits 20 where that does not save everybody. */
export async function overlap(print: Print, { dataDir, credential, ...form }: OverlapCommand): Promise<number> {
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const reply = await desk.overlap((await desk.credential(credential)).id, {})
    say(print, form, reply, () => reportOf(reply, desk.server))
    return reply.alone.neverCount > 0 ? exitCodes.notSafe : exitCodes.done
  } finally {
    await desk.close()
  }
}

function reportOf(reply: OverlapReply, server: string | undefined): Report {
  const { credential, sentence, instead, publish, alone, withSteps, restartWithin, snapshot } = reply
  const where = publish.map(({ name }) => name).join(', ')
  return {
    title: `${credential.title} ${credential.name}: ${alone.smallest === 0 ? 'no overlap needed' : `at least ${atLeast(alone.smallest)}`}${alone.neverCount > 0 ? `, and ${alone.neverCount} that no overlap saves` : ''}`,
    lines: [
      sentence,
      ...(instead === null ? [] : [`! ${instead}`]),
      where === '' ? 'No place is known to put the new value.' : `The new value goes to ${where}.`,
    ],
    sections: [
      ...adviceOf('If nobody does more', alone),
      ...adviceOf(`With every copy updated and restarts within ${atLeast(restartWithin)}`, withSteps),
    ],
    footer: [
      'Sessions and caches count as nothing, so that a restart in the middle does no harm.',
      smallPrint(snapshot, server),
    ],
  }
}

function adviceOf(
  title: string,
  { smallest, countingOnSessions, saved, levels, never, neverCount }: OverlapAdvice,
): Section[] {
  const byTime = grouped(levels.flatMap((level) => level.things.map(({ name }) => [atLeast(level.overlap), name])))
  const byWhy = grouped(
    never.map(({ thing, verdict, why }) => [`${verdict === 'breaks' ? '✕' : '?'} ${why}`, thing.name]),
  )
  const more = neverCount - never.length
  return [
    {
      title: `${title}: ${atLeast(smallest)}`,
      lines: [
        `saves ${saved}${countingOnSessions < smallest ? `; ${atLeast(countingOnSessions)} would do if every open session and cache lasts` : ''}`,
        ...byTime.map(([time, names]) => `${time}: ${listed(names)}`),
      ],
    },
    ...(neverCount > 0
      ? [
          {
            title: `No overlap saves (${neverCount})`,
            lines: [
              ...byWhy.map(([why, names]) => `${why}: ${listed(names)}`),
              ...(more > 0 ? [`and ${exactly(more)} more: --json`] : []),
            ],
          },
        ]
      : []),
  ]
}

/** Names by what they have in common, in the order of its first. */
function grouped(pairs: readonly (readonly string[])[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const [what, name] of pairs) groups.set(what!, [...(groups.get(what!) ?? []), name!])
  return [...groups]
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ` and ${exactly(names.length - LISTED)} more` : ''}`
}
