import assert from 'node:assert/strict'
import { join } from 'node:path'
import { goodBoardFor } from '../../../dist/graph/outage/for-good-board.js'
import { outagesForGood } from '../../../dist/graph/outage/for-good-outages.js'
import { accessBoardFor, everythingBoardFor, reachedFrom } from '../../../dist/graph/reach/flat-reach.js'
import { pickCredentials, withColumns } from '../flat.mjs'
import { databaseOf, peers } from './contenders.mjs'
import { digestOfOutages } from './digest.mjs'
import { graphFiles } from './graph-files.mjs'
import { raceBeside } from './race.mjs'

const OUTAGES = 200
const TYPICAL = 20
/** The worst credential is sought among so many. */
const SOUGHT = 50

const OURS = 'Keyfall'

/** Our side of each question: what is asked (`numbers`), how it is answered and what an answer is compared by. */
const questions = {
  outage({ columns, index }) {
    const { some } = pickCredentials(columns, OUTAGES)
    const board = goodBoardFor(index)
    const strike = (target) => ({ struck: [target], cut: new Set(), inv: 0, until: Infinity })
    const late = (target) => outagesForGood(board, strike(target), strike(target))
    const answer = (target) => withColumns(late(target))
    const digests = some.map((one) => digestOfOutages(late(one)))
    const affected = some.map((one) => answer(one).entities.length)
    return {
      numbers: some,
      what: `revoke each of ${OUTAGES} credentials, both runs, starts and ends`,
      answer,
      also: { 'Keyfall, columns made when asked for': late },
      shape: (answers) => answers.map(({ entities }) => entities.length),
      expected: affected,
      checked: { digests },
      figures: { 'affected on average': mean(affected) },
    }
  },
  whole({ columns, index }) {
    const reach = searchOn(everythingBoardFor(index))
    const { some } = pickCredentials(columns, SOUGHT)
    const worst = some.reduce((best, one) => (reach.count(one) > reach.count(best) ? one : best))
    return reached([worst], reach, 'what the worst of 50 credentials reaches over all links of both views')
  },
  access({ columns, index }) {
    const { some } = pickCredentials(columns, TYPICAL)
    return reached(
      some,
      searchOn(accessBoardFor(index)),
      `what each of ${TYPICAL} credentials reaches over the access view`,
    )
  },
}

/** `count` is what is measured; `sum` adds up the numbers of what is reached, to compare answers by. */
const searchOn = (board) => ({
  count: (source) => reachedFrom(board, source),
  sum: (source) => board.queue.subarray(0, reachedFrom(board, source)).reduce((sum, one) => sum + one, 0),
})

function reached(numbers, { count, sum }, what) {
  const counts = numbers.map(count)
  return {
    numbers,
    what,
    answer: count,
    shape: (answers) => answers,
    expected: counts,
    checked: { counts, sums: numbers.map(sum) },
    figures: { 'reached on average': mean(counts) },
  }
}

const mean = (numbers) => Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length).toLocaleString('en')

const names = { outage: 'peers-outage', whole: 'peers-whole', access: 'peers-typical' }

/**
 * The same questions of ourselves and, with `beside`, of what a user would pick instead, on the same graph: a row for
 * each question. Answers are compared whole before the first round, and in every round by their sizes.
 */
export async function benchQuestions({ size, folder, rounds, columns, index, what }, asked, beside) {
  const files = beside.length > 0 ? graphFiles(size, columns, index) : null
  const database = databaseOf(size, files)
  const rows = []
  try {
    for (const question of asked) {
      const mine = questions[question]({ columns, index })
      const entities = columns.entityCount
      const start = { question, entities, files, database, estate: join(folder, 'estate.ndjson') }
      const opened = await opening(question, beside, start)
      try {
        for (const one of opened) one.spent = await compare(`${size} ${question}: ${one.name}`, one, mine)
        const contenders = { ...ours(mine), ...Object.assign({}, ...opened.map((one) => asContenders(one, mine))) }
        const times = await raceBeside(rounds, contenders, (name, answer) =>
          assert.deepEqual(answer, mine.expected, `${name} answers otherwise`),
        )
        rows.push({
          name: names[question],
          size,
          what: `${mine.what}; ${what}`,
          times,
          figures: { ...mine.figures, ...versions(opened), ...missing(opened, question, beside) },
        })
      } finally {
        for (const { peer } of opened) await peer.stop()
      }
    }
  } finally {
    await database.close()
  }
  return rows
}

/** Every peer of a question, with the graph; one that cannot start is said and left out. */
async function opening(question, beside, start) {
  const wanted = Object.entries(peers).filter(
    ([name, one]) => beside.includes(name) && one.questions.includes(question),
  )
  const opened = await Promise.all(
    wanted.map(async ([name, { start: open, ways = { '': 'm' }, suffix = () => '' }]) => {
      try {
        return { name, ways, suffix: suffix(question), peer: await open(start) }
      } catch (error) {
        console.error(`NOT MEASURED: ${name} (${question}): ${error instanceof Error ? error.message : error}`)
        return null
      }
    }),
  )
  return opened.filter((one) => one !== null)
}

/** The whole answer, before any round. Returns the milliseconds it took. */
async function compare(label, { peer, suffix }, { numbers, checked }) {
  const found = await peer.ask(`c${suffix}`, numbers)
  for (const [part, expected] of Object.entries(checked)) assert.deepEqual(found[part], expected, `${label}: ${part}`)
  console.error(`${label}: the same answer${found.queries ? `, ${found.queries} queries` : ''}`)
  return found.ms
}

function ours({ numbers, answer, also = {}, shape }) {
  const one = ([name, way]) => [
    name,
    {
      once() {
        const began = performance.now()
        const answers = numbers.map(way)
        return { ms: performance.now() - began, answer: shape(answers) }
      },
    },
  ]
  return Object.fromEntries(Object.entries({ [OURS]: answer, ...also }).map(one))
}

function asContenders({ name, ways, suffix, peer, spent }, { numbers }) {
  const one = ([call, way]) => [
    call ? `${name}, ${call}` : name,
    {
      spent,
      async once() {
        const { ms, counts } = await peer.ask(`${way}${suffix}`, numbers)
        return { ms, answer: counts }
      },
    },
  ]
  return Object.fromEntries(Object.entries(ways).map(one))
}

const versions = (opened) =>
  opened.some(({ peer }) => peer.version)
    ? {
        versions: opened
          .filter(({ peer }) => peer.version)
          .map(({ name, peer }) => `${name.split(',')[0]} ${peer.version}`)
          .join('; '),
      }
    : {}

function missing(opened, question, beside) {
  const names = Object.keys(peers).filter((name) => beside.includes(name) && peers[name].questions.includes(question))
  const absent = names.filter((name) => !opened.some((one) => one.name === name))
  return absent.length > 0 ? { 'not measured': absent.join('; ') } : {}
}
