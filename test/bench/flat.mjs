import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { bytesOf } from '../../dist/graph/index/flat-index.js'
import { indexOf } from '../../dist/graph/index/index-of.js'
import { boardFor } from '../../dist/graph/outage/flat-board.js'
import { flatOutages } from '../../dist/graph/outage/flat-outages.js'
import { goodBoardFor } from '../../dist/graph/outage/for-good-board.js'
import { outagesForGood } from '../../dist/graph/outage/for-good-outages.js'
import { runForGood } from '../../dist/graph/outage/for-good.js'
import { countFalls, fallCounterFor } from '../../dist/graph/reach/fall-counter.js'
import { fallBoardFor } from '../../dist/graph/reach/fall-board.js'
import {
  countLedger,
  FALL_WIDTH,
  fallClerkFor,
  fallColumns,
  fallLedgerOf,
  rewindLedger,
} from '../../dist/graph/reach/fall-ledger.js'
import { everythingBoardFor, reachedFrom } from '../../dist/graph/reach/flat-reach.js'
import { fallRun } from '../../dist/graph/reach/fall-run.js'
import { fallMemory, fallViewOf } from '../../dist/graph/reach/fall-view.js'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'
import { openIndexFile, writeIndexFile } from '../../dist/server/store/index-file.js'
import { bigColumns } from './big-estate.mjs'
import { graphologyEstate, graphologyOutage } from './graphology-outage.mjs'
import { median, race } from './rounds.mjs'

/** Entities of each size that is made by the generator of the design's measurements, where that is there. */
export const bigSizes = { '10k': 10_000, '100k': 100_000, XL: 1_000_000 }
const generator = join('..', 'shared', 'tools', 'gen-estate.mjs')
const SAMPLE = 200

/** The file of a big estate, made once; null where the generator is not there. */
export function bigFile(size, folder) {
  const file = join(folder, 'estate.ndjson')
  if (!existsSync(file)) {
    if (!existsSync(generator)) return null
    mkdirSync(folder, { recursive: true })
    const out = openSync(file, 'w')
    execFileSync(process.execPath, [generator, '--nodes', String(bigSizes[size])], { stdio: ['ignore', out, 'ignore'] })
    closeSync(out)
  }
  return file
}

/** The columns and the index of a big estate. */
export async function bigInput(file) {
  const start = performance.now()
  const columns = await bigColumns(file)
  const importing = performance.now() - start
  return { columns, importing, index: indexOf(columns), what: words(columns) }
}

const words = ({ entityCount, relationshipCount }) =>
  `${entityCount.toLocaleString('en')} entities, ${relationshipCount.toLocaleString('en')} relationships`

/** Columns to index. */
export async function benchBigIndex({ size, rounds, columns, index, what }) {
  const times = await race(rounds, { 'columns to index': () => indexOf(columns) }, (found) =>
    assert.ok(Buffer.from(bytesOf([...found.values()][0])).equals(Buffer.from(bytesOf(index)))),
  )
  const perRelationship = (bytesOf(index).length / columns.relationshipCount).toFixed(2)
  return [
    row('index', size, what, times, {
      'bytes a relationship, memory and disk': perRelationship,
      'bytes a relationship of names, beside': (
        (columns.ids.bytes.length + columns.ids.offsets.byteLength) /
        columns.relationshipCount
      ).toFixed(2),
      'classes, slots, groups': [index.classCount, index.slots, index.groups].join(', '),
    }),
  ]
}

/** A file of the index, opened, against importing the same. */
export async function benchSnapshot({ size, folder, rounds, index, importing, what }) {
  const path = join(folder, 'estate.index')
  writeIndexFile(path, index, 'bench')
  assert.equal(openIndexFile(path, 'another'), 'stale')
  const times = await race(rounds, { 'open the file, checked': () => openIndexFile(path, 'bench') }, (found) =>
    assert.ok(Buffer.from(bytesOf([...found.values()][0])).equals(Buffer.from(bytesOf(index)))),
  )
  const opened = Object.values(times)[0].median
  return [
    row('snapshot', size, what, times, {
      'MB on disk': (statSync(path).size / 1e6).toFixed(1),
      'ms to import the same, JSON.parse a line (once)': importing.toFixed(0),
      'import ÷ open': (importing / opened).toFixed(0),
    }),
  ]
}

/** Seeded picks among credentials. */
export function pickCredentials({ entityKind }, count) {
  const kind = entityKindNames.indexOf('generic.credential')
  const all = Int32Array.from([...entityKind.keys()].filter((i) => entityKind[i] === kind))
  let state = 1
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32
  return { all, some: Array.from({ length: count }, () => all[Math.floor(next() * all.length)]) }
}

const forGood = (target) => ({ struck: [target], cut: new Set(), inv: 0, until: Infinity })

/** Both runs of a revoke, starts and ends: against the same algorithm on graphology, and against the run with ends. */
export async function benchBigOutage({ size, rounds, columns, index, what }) {
  const { all, some } = pickCredentials(columns, SAMPLE)
  const board = goodBoardFor(index)
  // Before there is a graph of millions of objects, which every collection would walk.
  const leaving = largest(board, all, rounds)
  const ends = boardFor(index)
  const graph = graphologyEstate(columns)
  const late = () => some.map((one) => outagesForGood(board, forGood(one), forGood(one)))
  const flat = () => late().map(withColumns)
  const twin = goodBoardFor(index, false)
  const script = () => some.map((one) => outagesForGood(twin, forGood(one), forGood(one)))
  const withEnds = () => some.map((one) => flatOutages(ends, forGood(one), forGood(one)))
  const theirs = () => some.map((one) => graphologyOutage(graph, one))
  for (let i = 0; i < 30; i++) flat()
  for (const one of [late, script, withEnds, theirs]) one()
  const contenders = {
    'flat index': flat,
    'columns made when asked for': late,
    'its twin in TypeScript': script,
    'flat index, with ends': withEnds,
    graphology: theirs,
  }
  const times = await race(rounds, contenders, (found) => {
    const [made, mine, second, third, other] = Object.keys(contenders).map((name) => found.get(name))
    assert.deepEqual(second.map(spelled), mine.map(spelled))
    assert.deepEqual(third.map(spelled), mine.map(spelled))
    assert.deepEqual(made, mine.map(withColumns))
    mine.forEach((outages, at) => sameAs(outages, other[at], some[at]))
  })
  const affected = late().reduce((sum, one) => sum + one.entities.length, 0)
  return [
    row('outage', size, `revoke each of ${SAMPLE} credentials; ${what}`, times, {
      'affected on average': (affected / SAMPLE).toFixed(0),
      'graphology ÷ flat index': times.graphology.timesFirst.toFixed(1),
      'by a kernel': board.kernel
        ? `yes; twin ÷ kernel ${times['its twin in TypeScript'].timesFirst.toFixed(1)}`
        : 'no',
      ...leaving,
    }),
  ]
}

/** Starts and ends of what is out and of what degrades, of either run: what graphology's answer has. */
export function withColumns({ entities, certain, possible }) {
  const spans = [certain, possible].flatMap(({ needs, degraded }) => [needs, degraded])
  return { entities, columns: spans.flatMap(({ start, end }) => [start, end]) }
}

/** Every column; where there is no span, no end. */
function spelled({ entities, certain, possible }) {
  const spans = [certain, possible].flatMap(({ out, needs, degraded }) => [out, needs, degraded])
  return [
    entities,
    ...spans.flatMap(({ start, end }) => [start, end.map((one, i) => (one > start[i] ? one : -Infinity))]),
  ]
}

/** Every start and end of either run, entity by entity. */
function sameAs(outages, theirs, target) {
  for (const [side, ours] of [
    ['worst', outages.possible],
    ['best', outages.certain],
  ])
    outages.entities.forEach((entity, at) => {
      const { start, end } = ours.needs
      const found = theirs.get(String(entity))
      assert.equal(start[at], found[side])
      assert.ok(end[at] === Infinity || start[at] === Infinity)
      const soft =
        found[side] === Infinity && entity !== target ? found[side === 'worst' ? 'softWorst' : 'softBest'] : Infinity
      assert.equal(ours.degraded.start[at], soft)
    })
  assert.equal(theirs.size, outages.entities.length)
}

/** Of the largest answer: computing it, and taking it out as columns. */
function largest(board, credentials, rounds) {
  const step = Math.max(1, Math.floor(credentials.length / 5000))
  const bothRuns = board.kernel
    ? (one) => board.kernel.run([one], new Set(), 0, 0)
    : (one) => [true, false].map((worst) => runForGood(board.twin(), worst, forGood(one))) && board.twin().touchedCount
  let most = 0
  let target = credentials[0]
  for (let i = 0; i < credentials.length; i += step) {
    const met = bothRuns(credentials[i])
    if (met <= most) continue
    most = met
    target = credentials[i]
  }
  const shares = []
  const whole = []
  for (let round = 0; round < 2 * rounds; round++) {
    const strike = forGood(target)
    const start = performance.now()
    bothRuns(target)
    const computed = performance.now() - start
    const again = performance.now()
    outagesForGood(board, strike, strike)
    whole.push(performance.now() - again)
    shares.push((whole.at(-1) - computed) / computed)
  }
  return {
    'largest answer, entities': most.toLocaleString('en'),
    'largest answer, ms both runs and columns': median(whole).toFixed(2),
    'leaving ÷ computing, largest answer': median(shares).toFixed(2),
  }
}

/** Reach over every edge of both views, breakage and compromise: the unit that the rest is measured in. */
function wholeGraph(index, source) {
  const { entities, inStart, inEnd, edges, accessStart, accessEnd, accessTo } = index
  const queue = new Int32Array(entities)
  const seen = new Uint8Array(entities)
  let tail = 1
  queue[0] = source
  seen[source] = 1
  for (let head = 0; head < tail; head++) {
    const at = queue[head]
    for (let i = inStart[at], last = inEnd[at]; i < last; i++) {
      const to = edges[2 * i]
      if (seen[to] === 0) {
        seen[to] = 1
        queue[tail++] = to
      }
    }
    for (let i = accessStart[at], last = accessEnd[at]; i < last; i++) {
      const to = accessTo[i]
      if (seen[to] === 0) {
        seen[to] = 1
        queue[tail++] = to
      }
    }
  }
  return tail
}

/** What falls with each credential, all of them, exact, in both cases. */
export async function benchBigRank({ size, rounds, columns, index, what }) {
  const { all, some } = pickCredentials(columns, SAMPLE)
  useBuiltKernels()
  const view = fallViewOf(index, fallMemory())
  const counter = fallCounterFor(view)
  const ledger = fallLedgerOf(view, { things: all })
  const clerk = fallClerkFor(ledger)
  const everything = everythingBoardFor(index)
  const board = fallBoardFor(index)
  const source = some.reduce((best, one) => (wholeGraph(index, one) > wholeGraph(index, best) ? one : best))
  const reached = wholeGraph(index, source)
  const unit = 'whole-graph reach, kernel'
  const name = `all ${all.length.toLocaleString('en')} credentials, kernel`
  const [twinUnit, twin] = ['whole-graph reach, in script', 'all credentials, twin']
  const byKernel = () => {
    if (!clerk) return undefined
    rewindLedger(ledger)
    countLedger(clerk)
    const column = (number) => Int32Array.from(all, (_, i) => ledger.falls[i * FALL_WIDTH + number])
    return { certain: column(fallColumns.certain), possible: column(fallColumns.possible) }
  }
  const places = new Map(Array.from(all, (credential, place) => [credential, place]))
  const times = await race(
    rounds,
    {
      [unit]: () => reachedFrom(everything, source),
      [twinUnit]: () => wholeGraph(index, source),
      [name]: () => byKernel() ?? countFalls(counter, all),
      [twin]: () => countFalls(counter, all),
    },
    (found) => {
      assert.equal(found.get(unit), reached)
      assert.equal(found.get(twinUnit), reached)
      const { certain, possible } = found.get(name)
      assert.deepEqual(found.get(name), found.get(twin))
      for (const one of some) {
        assert.equal(possible[places.get(one)], fallRun(board, true, [one]))
        assert.equal(certain[places.get(one)], fallRun(board, false, [one]))
      }
    },
  )
  const broken = countFalls(counter, all).possible.reduce((sum, one) => sum + one, 0)
  return [
    row('rank', size, what, times, {
      'whole-graph reaches': times[name].timesFirst.toFixed(1),
      'twin ÷ kernel, falls': (times[twin].timesFirst / times[name].timesFirst).toFixed(2),
      'script ÷ kernel, reach': times[twinUnit].timesFirst.toFixed(2),
      'out in all': broken.toLocaleString('en'),
      'ns for each that is out': ((times[name].median * 1e6) / broken).toFixed(1),
      'whole-graph reach, entities': reached.toLocaleString('en'),
    }),
  ]
}

const row = (name, size, what, times, figures) => ({ name, size, what, times, figures })
