import assert from 'node:assert/strict'
import { fallRanking } from '../../dist/graph/answer/fall-ranking.js'
import { modelOf } from '../../dist/graph/answer/model.js'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { simulate } from '../../dist/graph/outage/simulate.js'
import { race } from './rounds.mjs'

/** Of so many credentials, spread over the ranking, the engine says who is out as well; it is the yardstick. */
const CHECKED = 200

/** What falls with each credential of the estate, all of them, exact; and the order that gives. */
export async function benchRank({ size, rounds, imported }) {
  const estate = buildEstate(imported.scopes, { id: 'bench', at: null, sample: false })
  const model = modelOf(estate, { op: 'revoke', unveiled: true })
  const expected = fallRanking(estate)
  const step = Math.max(1, Math.floor(expected.falls.length / CHECKED))
  const checked = expected.falls.filter((_, at) => at % step === 0)
  const simulated = () =>
    checked.map(({ credential }) =>
      simulate(model, { action: 'revoke', targets: [estate.entities[credential].id], at: 0, lag: [0, 300] }),
    )
  const fresh = () => {
    const copy = { ...estate }
    modelOf(copy, { op: 'revoke', unveiled: true })
    return copy
  }
  const copies = Array.from({ length: rounds }, fresh)
  const times = await race(
    rounds,
    {
      [`all ${expected.falls.length.toLocaleString('en')} credentials`]: () => fallRanking(copies.pop()),
      [`engine, ${checked.length} of them`]: simulated,
    },
    (found) => {
      const [ranking, outages] = [...found.values()]
      assert.deepEqual(ranking.falls, expected.falls)
      outages.forEach((one, at) => assert.ok(one.entities.length >= checked[at].breaks + checked[at].unknown))
    },
  )
  const all = Object.values(times)[0].median
  return [
    {
      name: 'rank',
      size,
      what: `${estate.entities.length.toLocaleString('en')} entities, ${estate.relationships.length.toLocaleString('en')} relationships, ranked completely`,
      times,
      figures: {
        'µs a credential': ((all / expected.falls.length) * 1000).toFixed(1),
        'µs a credential, engine': ((Object.values(times)[1].median / checked.length) * 1000).toFixed(1),
        heaviest: expected.falls
          .slice(0, 3)
          .map((one) => `${one.breaks}+${one.unknown}`)
          .join(', '),
      },
    },
  ]
}
