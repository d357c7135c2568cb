import { costs, entitiesOf, figures, sizes } from './figures.mjs'
import { duration } from './growth-plot.mjs'
import { rowOf } from './joined.mjs'

/** The page of a run: everything in it is of the run, but for words that hold of any. */
export function benchmarksPage(run) {
  const measured = figures.map((figure) => ({ figure, found: foundOf(run, figure) }))
  return `# Benchmarks

<!-- Made by \`node test/bench/report.mjs\` of docs/benchmarks/run.json; a test holds the two together. Do not edit. -->

${run.machines.map((one) => `Measured on ${one}.`).join('\n')} One machine, one day: compare ratios, not milliseconds. Answers were
compared before any time counted; contenders ran one after the other in each round on the same graph; a figure is the median
over rounds, its range in brackets.

## What is asked, and what was measured

A million entities with 5.6 million relationships unless said. At least: ≥, at most: ≤.

${table(
  ['', 'asked', 'aim', 'measured: median (min to max)', ''],
  measured.map(({ figure, found }) => [
    figure.title,
    bar(figure),
    aim(figure),
    words(figure, found),
    verdict(figure, found),
  ]),
)}

## How cost grows

![How cost grows from 10,000 to 1,000,000 things](benchmarks/growth.svg)

${table(
  ['median (min to max)', ...sizes.map((size) => `${entitiesOf[size].toLocaleString('en')} entities`)],
  costs.map(({ title, row, of }) => [title, ...sizes.map((size) => times(rowOf(run, row, size), of))]),
)}

## What loses, too

${losses(run, measured).join('\n')}

## Beside what a user would pick instead

Each contender holds the same graph in a process of its own and is timed there, so that no pipe is in its time; Neo4j is timed
at its client, as that is where the answer is needed. What is slow repeats less often inside a round (column "a round"); each
is asked for 1.5 seconds before the first. Keyfall is timed in the benchmark's own process.

${sizes
  .flatMap((size) =>
    ['peers-outage', 'peers-whole', 'peers-typical']
      .map((name) => rowOf(run, name, size))
      .filter((row) => row !== undefined),
  )
  .map(besides)
  .join('\n\n')}

Words on these tables:

- **One outage.** The same algorithm (label-setting, both runs, starts and ends, alternatives, values in places) over
  graphology's own iteration, and over Bolt: a client that asks for the needs of a whole frontier in one query. On the side of
  Neo4j everything about a need is packed into one number, and groups are rows of a list, which is faster than rows of needs. A
  procedure in Java inside the server would be much faster; nobody has one, and it was not tried. Our engine leaves the starts
  of both runs and makes columns of starts and ends when they are asked for; the row "Keyfall", which counts, has made those
  that the others give.
- **Reach.** Neo4j's plan of the pattern is \`VarLengthExpand(Pruning,BFS)\`, a breadth-first search that prunes. The whole graph is each
  pair of neighbours once for all but Neo4j, which has a type for each view.
- **igraph.** Debian's C library (0.10), called from C and compiled here, and python-igraph with its own C core (1.0), called
  once for all sources, so that one list of counts is all that Python makes. The fastest of the calls counts.
- **NetworkX** was asked for reach only.

## How to run it

\`\`\`sh
npm run bench -- index snapshot outage rank reach-all workers overlay scan --sizes 10k,100k,XL   # a table
npm run bench -- beside --sizes 100k --peers                                   # beside the others
npm run --silent bench -- beside --sizes 100k --peers --json > run.json        # for machines, progress on stderr
node test/bench/report.mjs docs/benchmarks/run.json run.json                   # this page, with those rows anew
\`\`\`

\`--peers\` makes what it needs under \`artifacts/peers\`: Neo4j from Maven Central (Java 17, Maven), python-igraph and NetworkX from
PyPI, and a few lines of C against \`libigraph-dev\`. What is not there is said aloud and has no row. The estates come from the
generator of the design's measurements, seeded. At a million entities the peers take some 10 GB of memory together.
`
}

function foundOf(run, { row: [name, size], of }) {
  const row = rowOf(run, name, size)
  return row ? of(row) : null
}

const isMet = ({ least, most }, { median }) => (least !== undefined ? median >= least : median <= most)

const bar = ({ least, most, unit }) => (least !== undefined ? `≥ ${least}${unit}` : `≤ ${most}${unit}`)
const aim = ({ least, aim: wanted, unit }) =>
  wanted === undefined ? '' : `${least !== undefined ? '≥' : '≤'} ${wanted.toLocaleString('en')}${unit}`

function words({ unit }, found) {
  if (!found) return 'not in this run'
  const { min, median, max, also } = found
  const beside = also ? `; ${also[0]} ${number(also[1])}${unit}` : ''
  const range = min === undefined || max === undefined ? '' : ` (${number(min)} to ${number(max)})`
  return `**${number(median)}${unit}**${range}${beside}`
}

function verdict(figure, found) {
  if (!found) return '–'
  if (!isMet(figure, found)) return '**no**'
  const { least, aim: wanted } = figure
  const isAim = wanted !== undefined && (least !== undefined ? found.median >= wanted : found.median <= wanted)
  return isAim ? 'yes, and the aim' : 'yes'
}

function losses(run, measured) {
  const short = measured
    .filter(({ figure, found }) => found && !isMet(figure, found))
    .map(
      ({ figure, found }) =>
        `- Short of what is asked: ${figure.title}: ${words(figure, found)}, asked ${bar(figure)}.`,
    )
  const absent = measured.filter(({ found }) => !found).map(({ figure }) => `- Not in this run: ${figure.title}.`)
  const faster = run.rows.flatMap((row) =>
    row.name.startsWith('peers-')
      ? Object.entries(row.times)
          .filter(([name, { timesFirst }]) => timesFirst < 1 && !name.startsWith('Keyfall'))
          .map(
            ([name, { timesFirst }]) =>
              `- Faster than Keyfall: ${name}, ${questions[row.name]}, ${entities(row)}: ${number(1 / timesFirst)}×.`,
          )
      : [],
  )
  const none = short.length + absent.length + faster.length === 0 ? ['- Nothing of the tables on this page.'] : []
  return [...short, ...absent, ...faster, ...none, ...always]
}

/** True of every run, so not taken from one. */
const always = [
  '- The shape of the estates is ours (hubs, teams, alternatives); the reach and falls of all credentials lean on hubs, and an',
  '  estate of no hubs and no cycles makes them as dear as a search from each.',
  '- Nothing was measured on a cold disk, on more than two cores, or beyond a million entities.',
]

const questions = { 'peers-outage': 'one outage', 'peers-whole': 'whole-graph reach', 'peers-typical': 'typical reach' }
const entities = ({ size }) => `${entitiesOf[size].toLocaleString('en')} entities`

function besides(row) {
  const said = Object.entries(row.figures).map(([label, value]) => `${label}: ${value}`)
  return `### ${capital(questions[row.name])}, ${entities(row)}

${capital(row.what)}. ${row.rounds} rounds. ${said.map(capital).join('. ')}.

${table(
  ['', 'ms: median (min to max)', 'times Keyfall', 'a round'],
  Object.entries(row.times).map(([name, { min, median, max, timesFirst, timesFirstRange, repetitions }]) => [
    name,
    `${number(median)} (${number(min)} to ${number(max)})`,
    timesFirst === 1 ? '' : `${number(timesFirst)} (${timesFirstRange.map(number).join(' to ')})`,
    String(repetitions),
  ]),
)}`
}

function times(row, of) {
  if (!row) return 'not in this run'
  const { min, median, max } = of(row)
  return `${duration(median)} (${duration(min)} to ${duration(max)})`
}

const capital = (text) => text[0].toUpperCase() + text.slice(1)
const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))))

/** As prettier writes a table, so that the page passes the check of the whole repository. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)))
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}
