import assert from 'node:assert/strict'
import { answerReach } from '../../dist/graph/answer/reach.js'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { canReach } from '../../dist/graph/reach/reach.js'
import { race } from './rounds.mjs'

const NOW = '2026-11-20T04:00:00Z'
const SUBJECTS = 5

/** What is within reach, with its containment: of the things that reach most, one after the other. */
export async function benchReach({ size, rounds, imported }) {
  const estate = buildEstate(imported.scopes, { id: 'bench', at: null, sample: false })
  const subjects = farthest(estate).slice(0, SUBJECTS)
  const expected = subjects.map((one) => answerReach(estate, estate.entities[one].id, {}, NOW))
  const times = await race(
    rounds,
    {
      [`the ${subjects.length} that reach most`]: () =>
        expected.map((one) => answerReach(estate, one.subject.id, {}, NOW)),
    },
    (found) => assert.deepEqual([...found.values()][0], expected),
  )
  const words = ({ counts, containment: { exact, cutCount, price, atLeast } }) =>
    `${counts.things} things; ${exact ? 'exact' : `at least ${atLeast}`}: ${cutCount} actions break ${price.breaks}+${price.unknown}`
  return [
    {
      name: 'reach',
      size,
      what: `${estate.entities.length.toLocaleString('en')} entities, ${estate.relationships.length.toLocaleString('en')} relationships`,
      times,
      figures: {
        'ms an answer': (Object.values(times)[0].median / subjects.length).toFixed(0),
        ...Object.fromEntries(expected.map((one, at) => [`${at + 1}. ${one.subject.title}`, words(one)])),
      },
    },
  ]
}

/** One of each kind, as a hundred like keys say no more than one; those that reach most first. */
function farthest(estate) {
  const best = new Map()
  const step = Math.max(1, Math.floor(estate.entities.length / 3000))
  for (let index = 0; index < estate.entities.length; index += step) {
    const { kind } = estate.entities[index]
    const reached = canReach(estate, index).things.length
    if (reached > (best.get(kind)?.reached ?? 0)) best.set(kind, { index, reached })
  }
  return [...best.values()].sort((a, b) => b.reached - a.reached || a.index - b.index).map(({ index }) => index)
}
