import { EstateQuery, type EstateReply, type EstateRow } from '../../graph/wire-estate.ts'
import { cell } from './csv.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallWords } from './verdict-words.ts'

export interface InventoryOptions {
  readonly dataDir?: string
  readonly filter?: string
  readonly gap?: string
  readonly sort?: string
  readonly limit: number
  readonly json?: boolean
  readonly csv?: boolean
}

/** Every credential with its owner, purpose, rule, expiry and verdict; and what is missing, in numbers. */
export async function inventory(print: Print, options: InventoryOptions): Promise<number> {
  const { filter, gap, sort, limit, json = false, csv = false } = options
  if (sort !== undefined && !EstateQuery.safeParse({ sort }).success)
    throw new UsageProblem(
      `there is no column called ${JSON.stringify(sort.slice(0, 40))} to sort by`,
      'there are name, kind, owner, age, used, weight; with - before it the other way round',
    )
  const desk = await openDesk(options)
  const query = {
    ...(filter !== undefined && { f: filter }),
    ...(gap !== undefined && { gap }),
    ...(sort !== undefined && { sort }),
  }
  try {
    const reply = await desk.estate({ ...query, limit: csv ? 200 : limit })
    if (reply.problem)
      throw new UsageProblem(
        `the filter is not understood at character ${reply.problem.at + 1}: ${reply.problem.message}`,
        'for example: own:unknown tier:1 used:<7d',
      )
    if (gap !== undefined && !reply.gaps.some(({ id }) => id === gap))
      throw new UsageProblem(`there is no gap called ${gap}`, `there are ${reply.gaps.map(({ id }) => id).join(', ')}`)
    if (json) print.line(jsonText(reply))
    else if (csv)
      for await (const line of csvLines(reply, (cursor) => desk.estate({ ...query, limit: 200, cursor })))
        print.line(line)
    else show(print, reply)
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function show(print: Print, { totals, gaps, rows, matched }: EstateReply): void {
  const { credentials, systems } = totals
  if (credentials === 0) return print.line('Nothing is imported yet: keyfall import PATH…')
  const share = (part: number): string => `${Math.round((100 * part) / credentials)} %`
  print.line(`${credentials} credentials, ${systems} systems.`)
  print.line(
    `${share(totals.complete)} have an owner, a purpose, a rule to rotate them and an expiry that a source states ` +
      `(owner ${share(totals.withOwner)}, purpose ${share(totals.withPurpose)}, rule ${share(totals.withRotation)}, expiry ${share(totals.withExpiry)}).`,
  )
  print.line()
  printTable(
    print,
    ['gap', 'count', 'what it is', 'what to do next'],
    gaps.filter(({ count }) => count > 0).map((gap) => [gap.id, String(gap.count), gap.title, gap.todo]),
  )
  print.line()
  printTable(print, ['credential', 'kind', 'owner', 'age', 'last used', 'gaps', 'if changed'], rows.map(cellsOf))
  if (matched === 0) print.line('No credential fits the filter.')
  if (matched > rows.length) print.line(`and ${matched - rows.length} more: --limit, --filter, --gap, --csv`)
}

const days = (value: number | null): string => (value === null ? '' : `${Math.max(0, value)} d`)

function cellsOf(row: EstateRow): string[] {
  return [
    row.name,
    row.title,
    row.owner ?? 'unknown',
    days(row.ageDays),
    row.usedDays === null ? '' : `${days(row.usedDays)} ago`,
    row.flags.join(' '),
    row.front ? overallWords[row.front.verdict] : '',
  ]
}

const columns = [
  'id',
  'name',
  'kind',
  'where',
  'owner',
  'purpose',
  'rotation',
  'expiresAt',
  'ageDays',
  'usedDays',
  'places',
  'users',
] as const

async function* csvLines(first: EstateReply, page: (cursor: number) => Promise<EstateReply>): AsyncGenerator<string> {
  yield [...columns, 'systems', 'gaps', 'verdict'].join(',')
  for (let reply = first; ;) {
    for (const row of reply.rows)
      yield [...columns.map((name) => row[name]), row.systems.join('; '), row.flags.join(' '), row.front?.verdict]
        .map(cell)
        .join(',')
    if (reply.next === undefined) return
    reply = await page(reply.next)
  }
}
