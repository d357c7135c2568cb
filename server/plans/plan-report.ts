import type { CutoverConflict, CutoverItem, CutoverWave, KeptPlanReply } from '../../graph/wire-cutover.ts'
import type { Report, Section } from '../cli/report.ts'
import { smallPrint } from '../cli/report.ts'
import { overallWords } from '../cli/verdict-words.ts'

const LOG_SHOWN = 20
const BLOCKERS_SHOWN = 30

const statusWords = {
  draft: 'draft',
  ready: 'ready',
  running: 'running',
  closed: 'closed',
  'rolled-back': 'rolled back',
} as const satisfies Record<KeptPlanReply['status'], string>

const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

/** A kept plan, for a terminal or as Markdown. */
export function reportOfPlan(reply: KeptPlanReply, server: string | undefined): Report {
  const { name, version, status, title, sentence, authors, blockers, blockersCount, waves, conflicts } = reply
  const { names, exceptions, signOffs, log, rules, snapshot, freezes } = reply
  return {
    title: `${name}: ${title}`,
    lines: [
      sentence,
      `Plan ${reply.id}, version ${version}, ${statusWords[status]}; written by ${authors.map((one) => one.name).join(', ')}.`,
      ...(freezes.length > 0 ? [`Freezes: ${freezes.join(', ')}.`] : []),
    ],
    sections: [
      ...(blockersCount > 0
        ? [
            {
              title: 'What holds it up',
              lines: [
                ...blockers
                  .slice(0, BLOCKERS_SHOWN)
                  .map(({ words, todo }) => `${unended(words)}. To do: ${unended(todo || 'see above')}.`),
                ...(blockersCount > BLOCKERS_SHOWN ? [`and ${blockersCount - BLOCKERS_SHOWN} more`] : []),
              ],
            },
          ]
        : []),
      ...waves.map(waveSection),
      ...(conflicts.length > 0 ? [{ title: 'Conflicts of the whole', lines: conflicts.map(conflictWords) }] : []),
      ...(names.length > 0
        ? [
            {
              title: 'Names stated in this plan',
              table: {
                head: ['duty', 'of', 'plane', 'name', 'stated by', 'at'],
                rows: names.map((one) => [
                  one.duty,
                  nameOf(reply, one.credential),
                  one.plane ?? 'all',
                  ...[one.name, one.by.name, moment(one.at)],
                ]),
              },
            },
          ]
        : []),
      ...(signOffs.length > 0
        ? [
            {
              title: 'Sign-offs',
              table: {
                head: ['id', 'credential', 'for', 'by', 'at', 'state', 'what is different'],
                rows: signOffs.map((one) => [
                  one.id,
                  nameOf(reply, one.credential),
                  one.system?.name ?? 'the whole change',
                  `${one.by.name}${one.breakGlass ? ' (break-glass)' : ''}`,
                  moment(one.at),
                  one.state,
                  one.withdrawn?.reason ?? one.difference.words,
                ]),
              },
              lines: signOffs.flatMap(({ breakGlass, by }) =>
                breakGlass
                  ? [
                      `Break-glass by ${by.name}, until ${moment(breakGlass.until)} UTC: ${breakGlass.reason}. ${breakGlass.review ? `Reviewed by ${breakGlass.review.by.name}: ${breakGlass.review.words}` : 'A review is due'}.`,
                    ]
                  : [],
              ),
            },
          ]
        : []),
      ...(exceptions.length > 0
        ? [
            {
              title: 'Exceptions',
              table: {
                head: ['id', 'credential', 'what', 'risk', 'owner', 'until', 'in force', 'reason'],
                rows: exceptions.map((one) => [
                  ...[one.id, nameOf(reply, one.credential), one.what, one.risk, one.owner, one.until],
                  ...[`${one.inForce ? 'yes' : 'no'}: ${one.words}`, one.reason],
                ]),
              },
            },
          ]
        : []),
      {
        title: 'What was changed',
        table: {
          head: ['version', 'at', 'by', 'what'],
          rows: log
            .slice(0, LOG_SHOWN)
            .map((one) => [String(one.version), moment(one.at), one.by.name, one.words.join('; ')]),
        },
      },
    ],
    footer: [...rules, 'Nothing was changed anywhere.', smallPrint(snapshot, server)],
  }
}

const unended = (text: string): string => text.replace(/\.$/, '')

const conflictWords = ({ words, todo, blocks }: CutoverConflict): string =>
  `${blocks ? 'Conflict that holds it up' : 'Conflict'}: ${words}. To do: ${todo}.`

function nameOf({ waves }: KeptPlanReply, id: string | null): string {
  if (id === null) return 'all'
  return waves.flatMap(({ items }) => items).find(({ credential }) => credential.id === id)?.credential.name ?? id
}

function waveSection({
  number,
  title,
  pilot,
  start,
  end,
  items,
  unprepared,
  prepared,
  sum,
  conflicts,
}: CutoverWave): Section {
  const of = (one: { breaks: number; unknown: number }): string => `${one.breaks} break, ${one.unknown} not known`
  return {
    title: `Wave ${number}${title === '' ? '' : ` · ${title}`}${pilot ? ', pilot' : ''}: ${moment(start)} to ${moment(end)} UTC`,
    lines: [
      `All at once, unprepared: ${of(unprepared)}. One by one they would add up to ${of(sum)}.`,
      `All at once, with every step done: ${of(prepared)}.`,
      ...conflicts.map(conflictWords),
    ],
    table: {
      head: ['credential', 'id', 'change', 'owner', 'verdict', 'gates', 'steps', 'signed', 'first open'],
      rows: items.map((one) => [
        one.credential.name,
        one.credential.id,
        one.op,
        one.owner ?? 'owner unknown',
        overallWords[one.verdict],
        `${one.closed}/${one.gates.length}`,
        `${one.steps.done}/${one.steps.of}`,
        `${one.signOffs.filter(({ state }) => state === 'valid').length}/${one.signOffs.length}`,
        firstOpen(one),
      ]),
    },
  }
}

function firstOpen({ gates, stays, steps }: CutoverItem): string {
  if (stays !== null) return 'stays, by an exception'
  if (steps.cut) return 'cut'
  const open = gates.filter(({ state, excepted }) => state !== 'met' && excepted === null)
  const first = open.find(({ state }) => state === 'not-met') ?? open[0]
  return first ? `${first.id}: ${first.why}` : 'ready'
}
