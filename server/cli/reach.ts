import { isNetwork } from '../../graph/reach/network.ts'
import type { CutOption, ReachChain, ReachQuery, ReachReply } from '../../graph/wire.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { reachReport } from './reach-report.ts'
import { markdownOf } from './report.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallWords } from './verdict-words.ts'

export interface ReachCommand {
  readonly dataDir?: string
  readonly thing: string
  readonly since?: string
  readonly from?: string
  readonly json?: boolean
  readonly markdown?: boolean
}

/** How much of each list is printed; the rest is in `--json`. */
const LISTED = 12
const OPTIONS = 6
const JEWELS = 3

export async function reach(print: Print, command: ReachCommand): Promise<number> {
  const { since, from } = command
  if (since !== undefined && Number.isNaN(Date.parse(since)))
    throw new UsageProblem('--since takes a time', 'for example 2026-11-13T21:40:00Z')
  const strange = from?.split(',').find((one) => one.trim() !== '' && !isNetwork(one))
  // Nobody was ever seen there: it would look as if nothing was used.
  if (strange !== undefined)
    throw new UsageProblem(
      `--from: ${JSON.stringify(strange.trim().slice(0, 60))} is no address or prefix`,
      'for example 203.0.113.7,198.51.100.0/24',
    )
  const query: ReachQuery = { ...(since !== undefined && { since }), ...(from !== undefined && { networks: from }) }
  const desk = await openDesk(command.dataDir === undefined ? {} : { dataDir: command.dataDir })
  try {
    const { id } = await desk.thing(command.thing)
    const reply = await desk.reach(id, query)
    if (command.json) print.line(jsonText(reply))
    else if (command.markdown) print.write(markdownOf(reachReport(reply, desk.server)))
    else printReach(print, reply, desk.server)
    return reply.counts.things > 0 ? exitCodes.withinReach : exitCodes.done
  } finally {
    await desk.close()
  }
}

/** For three in the morning: how far it goes, what to do now and what that costs, what to rotate, what still lives. */
function printReach(print: Print, reply: ReachReply, server: string | undefined): void {
  const { bold, dim } = print.paint
  const { subject } = reply
  print.line(bold(clean(reply.headline.title)))
  print.line(clean(reply.headline.sentence))
  print.line(dim(clean(`${subject.title} ${subject.name}${subject.where ? `, ${subject.where}` : ''}`)))
  print.line(clean(`A lower bound: ${reply.lowerBound.join('; ')}.`))
  if (reply.seenFrom.length > 0) print.line(clean(`Used from: ${reply.seenFrom.join(', ')}`))
  printJewels(print, reply)
  printContainment(print, reply)
  printRotation(print, reply)
  printSurvivors(print, reply)
  printThings(print, reply)
  const { snapshot } = reply
  print.line(
    dim(`\nSnapshot ${snapshot.id}${snapshot.sample ? ', a sample' : ''}${server ? `, answered by ${server}` : ''}`),
  )
}

function printJewels(print: Print, { jewels, counts }: ReachReply): void {
  if (jewels.length === 0) return
  print.line(print.paint.bold('\nCrown jewels within reach'))
  for (const { thing, shortest } of jewels.slice(0, JEWELS)) {
    print.line(clean(`  ${thing.name} (${thing.title})${shortest.may ? ', if a permission holds' : ''}`))
    printChain(print, shortest)
  }
  more(print, counts.jewels - JEWELS)
}

function printChain(print: Print, chain: ReachChain): void {
  for (const { from, verb, to, strength, fact, may } of chain.hops)
    print.line(
      `    ${clean(from.name)} ${may ? 'may: ' : ''}${clean(verb)} ${clean(to.name)} ${print.paint.dim(clean(`[${strength}: ${fact}]`))}`,
    )
  if (chain.conditions.length > 0)
    print.line(clean(`    under conditions nobody evaluated: ${chain.conditions.join(', ')}`))
}

function printContainment(print: Print, { containment }: ReachReply): void {
  const { bold, dim } = print.paint
  const { targets, cut, options, price, exact, uncuttable, count } = containment
  if (targets === 'nothing') return
  const what =
    targets === 'jewels'
      ? `${count} crown ${count === 1 ? 'jewel' : 'jewels'}`
      : `${count} secrets, workloads and resources`
  print.line(bold('\nContain now'))
  if (cut.length > 0) {
    const proven = exact ? 'no cheaper set exists' : 'the cheapest found, not proven'
    const left = uncuttable.length ? ', but those below,' : ''
    print.line(`  Takes the ${what}${left} out of reach; ${priceWords(price)} (${proven}):`)
    for (const one of cut.slice(0, LISTED)) printOption(print, '    ', one)
    more(print, containment.cutCount - LISTED)
  } else if (uncuttable.length < count)
    print.line(`  No whole cut of the ${what} was found within the bounds; single actions below.`)
  else print.line(`  No action known here takes any of the ${what} out of reach.`)
  if (uncuttable.length > 0)
    print.line(
      clean(
        `  Not taken out of reach by any: ${uncuttable
          .slice(0, 5)
          .map(({ name }) => name)
          .join(', ')}`,
      ),
    )
  const others = options.filter((one) => !one.chosen).slice(0, OPTIONS)
  if (others.length > 0) print.line('  Other actions, best first:')
  for (const one of others) printOption(print, '    ', one)
  print.line(
    dim('  Keyfall changes nothing. A price counts what would be safe after steps too: now nobody has done them.'),
  )
}

function printOption(print: Print, indent: string, { title, routes, price, verdict, first, undo }: CutOption): void {
  const names = first.length ? `: ${first.join(', ')}` : ''
  print.line(clean(`${indent}${title}: ends ${routes} of the shortest routes, ${priceWords(price)}${names}`))
  print.line(print.paint.dim(clean(`${indent}  ${overallWords[verdict]} by itself · ${undo}`)))
}

function priceWords({ breaks, unknown }: { breaks: number; unknown: number }): string {
  // What cannot be told weighs: it stands first where nothing is known to break.
  if (breaks === 0) return unknown === 0 ? 'breaks nothing known' : `${unknown} cannot be told, none known to break`
  return unknown === 0 ? `breaks ${breaks}` : `breaks ${breaks}, ${unknown} more cannot be told`
}

function printRotation(print: Print, { rotation, exposed, counts }: ReachReply): void {
  const { bold, dim } = print.paint
  if (rotation.steps.length === 0) return
  print.line(bold(`\nRotate in this order (${counts.credentials} exposed)`))
  const whys = new Map(exposed.map((one) => [one.credential.id, one]))
  rotation.steps.slice(0, LISTED).forEach(({ words, thing }, at) => {
    const why = whys.get(thing.id)
    const reason = why ? dim(clean(`  [${why.used ? 'seen used; ' : ''}${why.why}]`)) : ''
    print.line(`  ${String(at + 1).padStart(2)}. ${clean(words)}${reason}`)
  })
  more(print, rotation.steps.length - LISTED)
  for (const { credentials, price } of rotation.cycles) {
    const names = credentials.slice(0, 5).map(({ name }) => name)
    const ring =
      credentials.length === 1
        ? `${names[0]} can read its own new value`
        : `a ring: ${names.join(', ')} can read each other’s new values`
    print.line(clean(`  ! ${ring}; stopping it there ${price ? priceWords(price) : 'was not priced'}`))
  }
}

function printSurvivors(print: Print, { survivors }: ReachReply): void {
  if (survivors.length === 0) return
  print.line(print.paint.bold('\nLives on after that'))
  for (const { credential, what, until, exact, cut } of survivors.slice(0, LISTED)) {
    const end = until === null ? 'with no known end' : `until ${until}${exact ? '' : ' at the latest'}`
    print.line(clean(`  ${credential.name}: ${what}, ${end}. Cut: ${cut}`))
  }
  more(print, survivors.length - LISTED)
}

const wayWords = { 'act-as': 'act as', read: 'read', change: 'change', reach: 'reach' } as const

function printThings(print: Print, { things, counts }: ReachReply): void {
  if (things.length === 0) return
  print.line(print.paint.bold(`\nWithin reach: ${counts.things}, ${counts.used} of them seen used`))
  const rows = things
    .slice(0, LISTED)
    .map(({ way, name, title, links, strength, may, used }) => [
      `${may ? 'may ' : ''}${wayWords[way]}`,
      name,
      title,
      String(links),
      `${strength}${used ? ', seen used' : ''}`,
    ])
  printTable(print, ['', 'thing', 'kind', 'links', 'evidence'], rows, '  ')
  more(print, counts.things - LISTED)
}

function more(print: Print, left: number): void {
  if (left > 0) print.line(print.paint.dim(`  and ${left} more: --json`))
}
