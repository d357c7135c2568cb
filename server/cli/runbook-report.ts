import type { StepDone } from '../../graph/wire-cutover.ts'
import type { Gate, RunbookReply, RunbookStep } from '../../graph/wire-plan.ts'
import { smallPrint, type Report } from './report.ts'

const gateWords = { met: 'met', 'not-met': 'not met', unknown: 'not known' } as const satisfies Record<
  Gate['state'],
  string
>
const CONSUMERS = 15

/** A runbook, kept in a plan or not. */
export type AnyRunbook = Omit<RunbookReply, 'gates' | 'steps'> & {
  readonly gates: readonly Omit<Gate, 'id'>[]
  readonly steps: readonly (RunbookStep & { readonly done?: StepDone | null })[]
}

export function reportOfRunbook(reply: AnyRunbook, server: string | undefined): Report {
  const { title, sentence, gates, named, raci, consumers, consumersCount, steps, rollback, watch, snapshot } = reply
  const final = steps.find(({ number }) => number === reply.pointOfNoReturn)
  return {
    title,
    lines: [
      sentence,
      final ? `Point of no return: step ${final.number} (${final.when}), ${final.title}.` : 'Every step can be undone.',
    ],
    sections: [
      {
        title: 'Gates',
        table: {
          head: ['gate', 'state', 'why', 'what would change it'],
          rows: gates.map(({ title: of, state, why, todo }) => [of, gateWords[state], why, todo]),
        },
      },
      {
        title: 'Who',
        lines: named
          .filter(({ needed }) => needed)
          .map(({ duty, name, why, proposed }) =>
            name === null
              ? `${duty}: MISSING, ${why}${proposed === undefined ? '' : ` (likely: ${proposed}; confirm it)`}`
              : `${duty}: ${name} (${why})`,
          ),
        table: {
          head: ['plane', 'does it', 'answers for it', 'is asked', 'is told'],
          rows: raci.map((row) => [
            row.title,
            ...[row.responsible, row.accountable, row.consulted, row.informed].map((who) => who ?? 'missing'),
          ]),
        },
      },
      ...(consumers.length > 0
        ? [
            {
              title: 'What its consumers can take instead',
              table: {
                head: ['consumer', 'short-lived', 'proxied', 'approved', 'why'],
                rows: consumers
                  .slice(0, CONSUMERS)
                  .map((one) => [one.thing.name, one.shortLived, one.proxied, one.approved, one.why]),
              },
              ...(consumersCount > CONSUMERS && {
                lines: [`the first ${CONSUMERS} of ${consumersCount}: --json has more`],
              }),
            },
          ]
        : []),
      ...steps.map((step) => ({ title: headOf(step, final), lines: linesOf(step), ...codeOf(step.run) })),
      {
        title: `Rollback: ${rollback.verdict}`,
        lines: [
          `${rollback.why}.`,
          ...(rollback.todo === '' ? [] : [`To do: ${rollback.todo}.`]),
          ...(rollback.until === null ? [] : [`It can be taken ${rollback.until}.`]),
        ],
        code: reply.rollbackSteps.map(({ title: of, run }, at) => ({
          title: `${at + 1}. ${of}`,
          language: 'sh',
          text: run.length > 0 ? run.join('\n') : '# no command is known here',
        })),
      },
      {
        title: 'Signals',
        lines: [watch.why],
        table: {
          head: ['where', 'signal', 'means'],
          rows: watch.signals.map(({ where, signal, means }) => [where, signal, means]),
        },
      },
    ],
    footer: [
      'Commands are for people: nothing here was run. Words in capitals are to be filled in.',
      smallPrint(snapshot, server),
    ],
  }
}

function headOf(step: AnyRunbook['steps'][number], final: RunbookStep | undefined): string {
  const date = step.date === null ? '' : `, ${step.date.slice(0, 16).replace('T', ' ')} UTC`
  const mark = final?.number === step.number ? '  ◀ point of no return' : ''
  return `${step.done ? '✓ ' : ''}${step.number}. ${step.when}${date}: ${step.title}${mark}`
}

function linesOf({ detail, who, check, undo, done }: AnyRunbook['steps'][number]): string[] {
  return [
    detail,
    `who: ${who ?? 'nobody named'}`,
    `check: ${check}`,
    `undo: ${undo}`,
    ...(done ? [`done ${done.at.slice(0, 16).replace('T', ' ')} UTC by ${done.by.name}: ${done.proof}`] : []),
  ].filter((line) => line !== '')
}

function codeOf(run: readonly string[]): { code?: { title: string; language: string; text: string }[] } {
  return run.length > 0 ? { code: [{ title: 'run by hand:', language: 'sh', text: run.join('\n') }] } : {}
}
