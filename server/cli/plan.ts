import { icsOf, type CalendarEvent } from '../../graph/plan/ics.ts'
import type { PlanItem, PlanQuery, PlanReply, RunbookReply, Wave } from '../../graph/wire-plan.ts'
import { operationOf } from './duration.ts'
import type { Desk } from './desk.ts'
import { exitCodes } from './exit-codes.ts'
import { cell } from './csv.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, smallPrint, type Form, type Report, type Section } from './report.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallWords } from './verdict-words.ts'

export interface PlanCommand extends Form {
  readonly dataDir?: string
  readonly credentials: readonly string[]
  readonly filter?: string
  readonly gap?: string
  readonly do?: string
  readonly waves?: number
  readonly from?: string
  readonly freeze?: readonly string[]
  readonly exposed?: string
  readonly csv?: boolean
  readonly ics?: boolean
}

/** A cutover of the named credentials, or of all that the filter leaves. */
export async function plan(print: Print, command: PlanCommand): Promise<number> {
  const desk = await openDesk(command.dataDir === undefined ? {} : { dataDir: command.dataDir })
  try {
    const reply = await desk.plan(await queryOf(desk, command))
    if (reply.problem)
      throw new UsageProblem(
        `the filter is not understood at character ${reply.problem.at + 1}: ${reply.problem.message}`,
        'for example: tier:1 flag:never-rotated',
      )
    if (command.csv) for (const line of csvOf(reply)) print.line(line)
    else if (command.ics) print.write(icsOf(await eventsOf(desk, reply), reply.snapshot.at ?? reply.from))
    else say(print, command, reply, () => reportOf(reply, desk.server))
    return reply.ready ? exitCodes.done : exitCodes.notReady
  } finally {
    await desk.close()
  }
}

/** Names become ids. */
export async function queryOf(desk: Desk, command: Omit<PlanCommand, keyof Form>): Promise<PlanQuery> {
  const { credentials, filter, gap, waves, from, freeze, exposed } = command
  const op = operationOf(command.do)
  if (waves !== undefined && !(Number.isInteger(waves) && waves >= 1 && waves <= 52))
    throw new UsageProblem('waves is not a whole number from 1 to 52', 'for example --waves 3')
  const ids: string[] = []
  for (const text of credentials) ids.push((await desk.credential(text)).id)
  return {
    ...(ids.length > 0 && { credentials: ids.join(',') }),
    ...(filter !== undefined && { f: filter }),
    ...(gap !== undefined && { gap }),
    ...(op && { op }),
    ...(waves !== undefined && { waves }),
    ...(from !== undefined && { from }),
    ...(freeze !== undefined && { freeze: freeze.join(',') }),
    ...(exposed !== undefined && { exposed: (await desk.thing(exposed)).id }),
  }
}

const day = (iso: string): string => iso.slice(0, 10)
const hour = (iso: string): string => iso.slice(11, 16)

function reportOf(reply: PlanReply, server: string | undefined): Report {
  const { title, sentence, waves, gates, missing, conflicts, left, rules, snapshot } = reply
  return {
    title,
    lines: [
      sentence,
      ...(left > 0 ? [`${left} more fit and are left out: one plan holds 200. Narrow the filter.`] : []),
    ],
    sections: [
      ...(waves.length > 0
        ? [
            {
              title: 'What holds it up',
              table: {
                head: ['gate', 'met', 'not met', 'not known', 'what would change it'],
                rows: gates.map((one) => [
                  one.title,
                  String(one.met),
                  String(one.notMet),
                  String(one.unknown),
                  one.todo,
                ]),
              },
              lines: missing.map(({ words }) => words),
            },
          ]
        : []),
      ...waves.map(waveSection),
      ...(conflicts.length > 0
        ? [{ title: 'Conflicts of the whole', lines: conflicts.map(({ words, todo }) => `${words}. To do: ${todo}`) }]
        : []),
    ],
    footer: [...rules, 'Nothing was changed anywhere.', smallPrint(snapshot, server)],
  }
}

function waveSection(wave: Wave): Section {
  const { number, pilot, start, end, items, unprepared, prepared, sum, conflicts } = wave
  const of = (one: { breaks: number; unknown: number }): string => `${one.breaks} break, ${one.unknown} not known`
  const systems = unprepared.systems.length > 0 ? ` (${shortly(unprepared.systems)})` : ''
  return {
    title: `Wave ${number}${pilot ? ', pilot' : ''}: ${day(start)}, ${hour(start)} to ${hour(end)} UTC`,
    lines: [
      `All at once, unprepared: ${of(unprepared)}${systems}. One by one they would add up to ${of(sum)}.`,
      `All at once, with every step done: ${of(prepared)}${prepared.first.length > 0 ? `, first ${prepared.first.join(', ')}` : ''}.`,
      ...conflicts.map(({ words, todo }) => `Conflict: ${words}. To do: ${todo}.`),
    ],
    table: {
      head: ['credential', 'change', 'owner', 'verdict', 'gates', 'breaks', 'risk', 'first open gate'],
      rows: items.map((one) => [
        one.credential.name,
        one.op,
        one.owner ?? 'owner unknown',
        overallWords[one.verdict],
        `${one.gates.filter(({ state }) => state === 'met').length}/${one.gates.length}`,
        String(one.breaks),
        String(one.risk),
        firstOpen(one),
      ]),
    },
  }
}

function shortly(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
}

/** What stops it hardest: not met before not known; names that are missing are listed once above. */
function firstOpen({ gates, ready }: PlanItem): string {
  if (ready) return 'ready'
  const open = gates.filter(({ state }) => state !== 'met')
  const other = open.filter(({ id }) => id !== 'accountable')
  const first = other.find(({ state }) => state === 'not-met') ?? other[0] ?? open[0]!
  return `${first.id}: ${first.why}`
}

const columns = ['wave', 'start', 'end', 'credential', 'id', 'kind', 'where', 'operation', 'owner', 'verdict', 'ready']

function* csvOf({ waves }: PlanReply): Generator<string> {
  const duties = ['approver', 'revoker', 'business-owner', 'vendor-contact', 'on-call'] as const
  const gateIds = waves[0]?.items[0]?.gates.map(({ id }) => id) ?? []
  yield [...columns, ...duties, ...gateIds, 'rollback', 'breaks', 'unknown', 'risk', 'after', 'todo'].join(',')
  for (const wave of waves)
    for (const one of wave.items)
      yield [
        ...[wave.number, wave.start, wave.end, one.credential.name, one.credential.id, one.credential.title],
        ...[one.credential.where, one.op, one.owner, one.verdict, one.ready ? 'yes' : 'no'],
        ...duties.map((duty) => one.named.find((name) => name.duty === duty)?.name),
        ...gateIds.map((id) => one.gates.find((gate) => gate.id === id)!.state),
        ...[one.rollback.verdict, one.breaks, one.unknown, one.risk, one.after.join(' ')],
        one.gates.flatMap(({ todo }) => (todo === '' ? [] : [todo])).join('; '),
      ]
        .map(cell)
        .join(',')
}

/** Each wave, and each dated step of each runbook in it. */
async function eventsOf(desk: Desk, { waves, snapshot }: PlanReply): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = []
  for (const wave of waves) {
    const names = wave.items.map(({ credential, owner }) => `${credential.name} (${owner ?? 'owner unknown'})`)
    const conflicts = wave.conflicts.map(({ words }) => `Conflict: ${words}`)
    events.push({
      uid: `wave-${wave.number}-${snapshot.id}@keyfall`,
      start: wave.start,
      end: wave.end,
      summary: `Cutover wave ${wave.number}${wave.pilot ? ' (pilot)' : ''}: ${wave.items.length} credentials`,
      description: [...names, ...conflicts].join('\n'),
    })
    for (const { credential, op } of wave.items)
      events.push(...stepEvents(await desk.runbook(credential.id, { op, at: wave.start }), snapshot.id))
  }
  return events
}

/** Half an hour each; what lasts is said in the words. */
function stepEvents({ credential, steps }: RunbookReply, snapshot: string): CalendarEvent[] {
  return steps.flatMap(({ number, date, title, detail, who, run, check, undo, when }) =>
    date === null
      ? []
      : [
          {
            uid: `step-${number}-${credential.id}-${snapshot}@keyfall`,
            start: date,
            end: new Date(Date.parse(date) + 1_800_000).toISOString(),
            summary: `${when}: ${title}`,
            description: [detail, `Who: ${who ?? 'nobody named'}`, ...run, `Check: ${check}`, `Undo: ${undo}`].join(
              '\n',
            ),
          },
        ],
  )
}
