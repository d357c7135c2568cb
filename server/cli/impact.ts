import { duration } from '../../graph/answer/durations.ts'
import { operationNames, operationRow } from '../../graph/answer/operations.ts'
import { evidenceKinds } from '../../graph/kinds/evidence.ts'
import type { BlastQuery, BlastReply, Dependent, Operation, WhyReply } from '../../graph/wire.ts'
import { clean } from './clean.ts'
import type { Desk } from './desk.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import { secondsOf } from './duration.ts'
import { impactReport } from './impact-report.ts'
import type { Print } from './print.ts'
import { markdownOf } from './report.ts'
import { NOTHING, printTable, short } from './table.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallCodes, verdictMarks } from './verdict-words.ts'

export interface ImpactCommand {
  readonly dataDir?: string
  readonly credential: string
  readonly revoke?: boolean
  readonly rotate?: boolean
  readonly disable?: boolean
  readonly expire?: boolean
  /** Any operation by its name. */
  readonly do?: string
  readonly overlap?: string
  readonly for?: string
  readonly at?: string
  readonly only?: string
  readonly json?: boolean
  readonly markdown?: boolean
}

/** How many dependents get their reasons printed; the others are in `--json` and on the screen. */
const WORST = 3

export async function impact(print: Print, command: ImpactCommand): Promise<number> {
  const asked = queryOf(command)
  const desk = await openDesk(command.dataDir === undefined ? {} : { dataDir: command.dataDir })
  try {
    const { id } = await desk.subject(command.credential, asked.op)
    const query = { ...asked, ...(command.only !== undefined && { only: (await desk.thing(command.only)).id }) }
    const reply = await desk.blast(id, query)
    if (command.json) print.line(jsonText(reply))
    else if (command.markdown)
      print.write(markdownOf(impactReport(reply, (await desk.items(id, query)).items, desk.server)))
    else await printImpact(print, desk, reply, query)
    return overallCodes[reply.verdict]
  } finally {
    await desk.close()
  }
}

function queryOf(command: ImpactCommand): BlastQuery & { op: Operation } {
  const op = operationOf(command)
  const { engine } = operationRow(op)
  const { overlap, only } = command
  if (overlap !== undefined && engine !== 'rotate')
    throw new UsageProblem('--overlap belongs to --rotate', 'only a rotation has two values for a time')
  if (command.for !== undefined && engine !== 'disable')
    throw new UsageProblem('--for belongs to --disable and --do take-down', 'only what is undone later lasts a time')
  if (only !== undefined && engine !== 'cut')
    throw new UsageProblem('--only belongs to --do reduce and --do distrust', 'it names the other end of what goes')
  if (command.at !== undefined && op !== 'expire')
    throw new UsageProblem('--at belongs to --expire', 'it says when the credential ends')
  return {
    op,
    ...(command.at !== undefined && { at: command.at }),
    ...(overlap !== undefined && { overlap: secondsOf(overlap) }),
    ...(command.for !== undefined && { lasts: secondsOf(command.for) }),
  }
}

function operationOf({ do: named, rotate, disable, expire }: ImpactCommand): Operation {
  if (named === undefined) return rotate ? 'rotate' : disable ? 'disable' : expire ? 'expire' : 'revoke'
  const found = operationNames.find((name) => name === named)
  if (found) return found
  const what = operationNames.map((name) => `${name.padEnd(16)} ${operationRow(name).title}: ${operationRow(name).of}`)
  throw new UsageProblem(
    `there is no action called ${JSON.stringify(clean(named).slice(0, 40))}`,
    `one of\n  ${what.join('\n  ')}`,
  )
}

/** For three in the morning: the verdict first, then where and when, then why, then what is not known. */
async function printImpact(print: Print, desk: Desk, reply: BlastReply, query: BlastQuery): Promise<void> {
  const { bold, dim } = print.paint
  const { subject, change } = reply
  print.line(bold(clean(reply.headline.title)))
  print.line(clean(reply.headline.sentence))
  print.line(
    dim(clean(`${subject.title} ${subject.name}${subject.where ? `, ${subject.where}` : ''} · ${change.words}`)),
  )
  for (const note of reply.notes.filter(({ kind }) => kind === 'no-effect')) print.line(bold(`! ${clean(note.text)}`))
  printFront(print, reply)
  await printWorst(print, desk, reply, query)
  printSteps(print, reply)
  if (reply.unknowns.length > 0) {
    print.line(bold('\nNot known'))
    for (const { count, reason, settles } of reply.unknowns) {
      print.line(clean(`  ${count > 0 ? `${count}: ` : ''}${reason}. Would settle it: ${settles}`))
    }
  }
  const others = reply.notes.filter(({ kind }) => kind !== 'no-effect')
  if (others.length > 0) {
    print.line(bold('\nAlso'))
    for (const note of others) print.line(`  ${clean(note.text)}`)
  }
  if (change.run?.length) {
    print.line(bold('\nThe command, for you to run'))
    for (const line of change.run) print.line(`  ${clean(line)}`)
  }
  print.line(bold('\nUndo'))
  print.line(`  ${clean(change.undo)}${change.until === undefined ? '' : ` (${clean(change.until)})`}`)
  print.line(dim(`\n${clean(reply.coverage.sentence)}`))
  for (const { source, why, collect } of reply.coverage.missing) {
    print.line(clean(`  missing: ${source}: ${why}${collect ? `. To collect it: ${collect}` : ''}`))
  }
  print.line(
    dim(
      `Snapshot ${reply.snapshot.id}${reply.snapshot.sample ? ', a sample' : ''}${desk.server ? `, answered by ${desk.server}` : ''}`,
    ),
  )
}

/** What makes it safe, and apart from it what somebody has to build or find out first. */
function printSteps(print: Print, { steps }: BlastReply): void {
  const needed = steps.filter((step) => step.needed !== false)
  const further = steps.filter((step) => step.needed === false)
  for (const [title, some] of [
    ['Steps before it', needed],
    ['Would help, and has to be built or found out first', further],
  ] as const) {
    if (some.length === 0) continue
    print.line(print.paint.bold(`\n${title}`))
    for (const step of some) {
      const who = step.who === undefined ? '' : ` · ${step.who}`
      const after = step.after ? `, ${duration(step.after)} after it at the earliest` : ''
      const open = step.confirmed || step.needed === false ? '' : ' (to be confirmed)'
      print.line(clean(`  ${step.title}${after}: ${step.detail}${who} · settles ${step.settles}${open}`))
    }
  }
}

/** Systems by bands, as the screen draws them. */
function printFront(print: Print, { systems, bands, cells }: BlastReply): void {
  if (cells.length === 0) return print.line('\nNothing is known to depend on it.')
  const glyphs = new Map(cells.map((cell) => [`${cell.sys} ${cell.band}`, cellText(cell)]))
  const rows = systems.map((system, sys) => [
    short(clean(system.tier === null ? system.name : `${system.name} (tier ${system.tier})`), 36),
    ...bands.map((_, band) => glyphs.get(`${sys} ${band}`) ?? NOTHING),
  ])
  const head = ['', ...bands.map(({ title }) => short(clean(title), 18))]
  print.line()
  printTable(print, head, rows)
  const legend = Object.values(verdictMarks).map(([mark, words]) => `${mark} ${words}`)
  print.line(print.paint.dim(legend.join('   ')))
}

function cellText(cell: BlastReply['cells'][number]): string {
  const parts = (['breaks', 'unknown', 'steps', 'keeps'] as const).filter((verdict) => cell[verdict] > 0)
  return parts.map((verdict) => `${verdictMarks[verdict][0]} ${cell[verdict]}`).join(' ')
}

async function printWorst(print: Print, desk: Desk, reply: BlastReply, query: BlastQuery): Promise<void> {
  const { items } = await desk.items(reply.subject.id, query)
  const worst = items.filter(({ verdict }) => verdict === 'breaks' || verdict === 'unknown').slice(0, WORST)
  if (worst.length === 0) return
  print.line(print.paint.bold('\nWhy'))
  for (const dependent of worst) printWhy(print, dependent, await desk.why(reply.subject.id, dependent.id, query))
  const left = reply.counts.breaks + reply.counts.unknown - worst.length
  if (left > 0) print.line(print.paint.dim(`  and ${left} more: --json, or the page /b/${reply.subject.id}`))
}

function printWhy(print: Print, dependent: Dependent, { claim, whyThisTime, paths }: WhyReply): void {
  const { dim } = print.paint
  print.line(`  ${verdictMarks[dependent.verdict][0]} ${clean(claim)}`)
  print.line(`    ${clean(whyThisTime)}`)
  for (const { from, verb, to, strength, fact } of paths[0]?.hops ?? []) {
    print.line(
      `    ${clean(from.name)} ${clean(verb)} ${clean(to.name)} ${dim(clean(`[${evidenceKinds[strength].words}: ${fact}]`))}`,
    )
  }
}
