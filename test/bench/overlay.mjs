import assert from 'node:assert/strict'
import { indexOf } from '../../dist/graph/index/index-of.js'
import { editedColumns } from '../../dist/graph/index/overlay-columns.js'
import { edit, suppose } from '../../dist/graph/index/overlay-edit.js'
import { groundOf } from '../../dist/graph/index/overlay-ground.js'
import { overlayOf } from '../../dist/graph/index/overlay.js'
import { goodBoardFor } from '../../dist/graph/outage/for-good-board.js'
import { outagesForGood } from '../../dist/graph/outage/for-good-outages.js'
import { fallBoardFor } from '../../dist/graph/reach/fall-board.js'
import { fallRun } from '../../dist/graph/reach/fall-run.js'
import { pickCredentials } from './flat.mjs'
import { median, race } from './rounds.mjs'

const EDITS = 1000
const SAMPLE = 200
/** Rounds that nobody times: the first thousands of edits are run by the interpreter. */
const WARM = 30

/**
 * Half go, half come: each new one is another relationship with one end elsewhere, or as it was under a need that others
 * have too. What goes is drawn from what is there.
 */
function editsFrom(overlay, seed) {
  const { columns } = overlay.ground
  let state = seed
  const draw = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const removed = new Set()
  while (removed.size < EDITS / 2) {
    const one = draw(columns.relationshipCount)
    if (!overlay.gone.has(one)) removed.add(one)
  }
  const added = Array.from({ length: EDITS / 2 }, () => {
    const [like, other] = [draw(columns.relationshipCount), draw(columns.relationshipCount)]
    const { from, kind, standing, need, timing } = columns
    return {
      from: from[like],
      to: columns.to[other],
      kind: kind[like],
      standing: standing[like],
      need: need[like],
      timing: timing[like],
    }
  })
  return { removed, added }
}

const forGood = (target) => ({ struck: [target], cut: new Set(), inv: 0, until: Infinity })

function timed(work) {
  const start = performance.now()
  const result = work()
  return { ms: performance.now() - start, result }
}

/** What a board says of each of some credentials, in full. */
const answersOn = (board, some) =>
  some.map((one) => {
    const { entities, certain, possible } = outagesForGood(board, forGood(one), forGood(one))
    return {
      entities,
      starts: [certain.out.start, possible.out.start, certain.degraded.start, possible.degraded.start],
    }
  })

/**
 * 1,000 changed relationships laid over an index and taken back, against an index of what they leave; questions before
 * and after; and how much room nine thousand take.
 */
export async function benchOverlay({ size, rounds, columns, index, what }) {
  const { some } = pickCredentials(columns, SAMPLE)
  const ground = timed(() => groundOf(columns))
  const copy = timed(() => overlayOf(index, ground.result))
  const overlay = copy.result
  const board = goodBoardFor(overlay.index)
  const bare = answersOn(board, some)
  assert.deepEqual(bare, answersOn(goodBoardFor(index), some))
  const back = []
  let edits
  let seed = 0
  for (; seed < WARM; seed++) layAndTakeBack(overlay, editsFrom(overlay, seed), [])
  const names = ['1,000 changes, laid over', 'rebuild']
  const times = await race(
    rounds,
    {
      [names[0]]: () => layAndTakeBack(overlay, (edits = editsFrom(overlay, ++seed)), back),
      [names[1]]: () => indexOf(columns),
    },
    (found) => {
      // An index of what the edits leave says the same, asked of the overlay while they lay over it.
      if (back.length === 1) sameAsRebuilt(overlay, edits, board, some)
      assert.deepEqual(answersOn(board, some), bare)
      assert.ok(found.get(names[1]).edgeCount === index.edgeCount)
    },
  )
  // What is laid over is timed apart from taking it back.
  times[names[0]] = { ...summary(back.map(({ laid }) => laid)), timesFirst: 1 }
  times[names[1]].timesFirst = times[names[1]].median / times[names[0]].median
  times['taken back'] = { ...summary(back.map(({ taken }) => taken)), timesFirst: 0 }
  times['taken back'].timesFirst = times['taken back'].median / times[names[0]].median
  const growth = await growing(index, ground.result, some, rounds)
  return [
    {
      name: 'overlay',
      size,
      what: `${EDITS.toLocaleString('en')} changed relationships, half of them gone; ${what}`,
      times,
      figures: {
        'rebuild ÷ laid over': times[names[1]].timesFirst.toFixed(0),
        'rebuild ÷ laid over and taken back': (
          times[names[1]].median /
          (times[names[0]].median + times['taken back'].median)
        ).toFixed(0),
        'ms to copy the index with room, once': copy.ms.toFixed(1),
        'ms to know who needs what by name, once': ground.ms.toFixed(1),
        ...growth,
      },
    },
  ]
}

function layAndTakeBack(overlay, edits, back) {
  const start = performance.now()
  let laid
  const supposed = suppose(overlay, edits, () => (laid = performance.now()))
  assert.ok('answer' in supposed)
  back.push({ laid: laid - start, taken: performance.now() - laid })
}

function summary(numbers) {
  return { min: Math.min(...numbers), median: median(numbers), max: Math.max(...numbers) }
}

function sameAsRebuilt(overlay, edits, board, some) {
  suppose(overlay, edits, () =>
    assert.deepEqual(answersOn(board, some), answersOn(goodBoardFor(indexOf(editedColumns(overlay))), some)),
  )
}

/** Changes for good, nine thousand of them: the room they take, and what it does to questions. */
async function growing(index, ground, some, rounds) {
  const overlay = overlayOf(index, ground)
  const after = goodBoardFor(overlay.index)
  const fallsAfter = fallBoardFor(overlay.index)
  // Against an index of the same: what changes add to an answer is not what an overlay costs.
  const slower = async () => {
    const fresh = indexOf(editedColumns(overlay))
    const before = goodBoardFor(fresh)
    const falls = [fallBoardFor(fresh), fallsAfter]
    const ask = (board) => () => some.map((one) => outagesForGood(board, forGood(one), forGood(one)))
    const fall = (board) => () => some.map((one) => fallRun(board, true, [one]))
    const names = ['before', 'after']
    const race2 = async (contenders) => (await race(2 * rounds, contenders, () => {})).after.timesFirst
    const outage = await race2({ [names[0]]: ask(before), [names[1]]: ask(after) })
    const fell = await race2({ [names[0]]: fall(falls[0]), [names[1]]: fall(falls[1]) })
    return `${outage.toFixed(2)} outage, ${fell.toFixed(2)} fall`
  }
  await slower()
  const figures = { 'questions, nothing laid over ÷ an index of the same': await slower() }
  const lasting = []
  for (let batch = 1; batch <= 9; batch++) {
    const { ms, result } = timed(() => edit(overlay, editsFrom(overlay, 1000 + batch)))
    if (result !== null) {
      figures[`room is used up by`] = `${batch},000 changes`
      break
    }
    lasting.push(ms)
    if (batch === 1) figures['questions, 1,000 changes ÷ an index of the same'] = await slower()
    if (batch === 9) {
      assert.deepEqual(answersOn(after, some), answersOn(goodBoardFor(indexOf(editedColumns(overlay))), some))
      figures['questions, 9,000 changes ÷ an index of the same'] = await slower()
      const tail = (overlay.edgeTail - index.edgeCount) / index.edgeCount
      figures['edges more after 9,000 changes'] = `${(100 * tail).toFixed(1)} %`
    }
  }
  figures['ms for 1,000 changes for good'] = median(lasting).toFixed(2)
  return figures
}
