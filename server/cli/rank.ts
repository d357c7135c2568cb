import type { RankReply } from '../../graph/wire-acts.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report } from './report.ts'

export interface RankCommand extends Form {
  readonly dataDir?: string
  readonly limit: number
}

/** The linchpins: credentials with which most falls. */
export async function rank(print: Print, { dataDir, limit, ...form }: RankCommand): Promise<number> {
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const reply = await desk.rank({ limit: Math.max(1, Math.min(limit, 1000)) })
    say(print, form, reply, () => reportOf(reply, desk.server))
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function reportOf(
  { items, total, unranked, rule, state, why, snapshot }: RankReply,
  server: string | undefined,
): Report {
  const worst = items[0]
  return {
    title:
      worst === undefined
        ? 'No credential is known'
        : worst.breaks === 0
          ? `None of ${total} credentials is known to break anything`
          : `Most falls with ${worst.credential.name}: ${worst.breaks} dependants in ${worst.systems} systems`,
    lines: [
      `${total} credentials ranked, ${state}.${unranked > 0 ? ` ${unranked === 1 ? '1 token of a job is' : `${unranked} tokens of jobs are`} not ranked.` : ''}`,
    ],
    sections: [
      {
        title: 'Credentials by what falls with them',
        table: {
          head: [
            '',
            'credential',
            'kind',
            'breaks',
            'not known',
            'systems',
            'tier 1',
            'weight',
            'when',
            'within reach',
            'owner',
            'first',
          ],
          rows: items.map((one) => [
            String(one.rank),
            one.credential.name,
            one.credential.title,
            String(one.breaks),
            String(one.unknown),
            String(one.systems),
            String(one.tier1),
            String(one.weight),
            (one.bands ?? []).map(({ title, count }) => `${count} ${title.toLowerCase()}`).join(', '),
            one.within === undefined ? '' : String(one.within),
            one.owner ?? 'owner unknown',
            one.first.join(', '),
          ]),
        },
      },
    ],
    footer: [rule, why, smallPrint(snapshot, server)],
  }
}
