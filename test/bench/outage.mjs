import assert from 'node:assert/strict'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { changeOf } from '../../dist/graph/answer/change.js'
import { engineInput, modelOf } from '../../dist/graph/answer/model.js'
import { placesOf } from '../../dist/graph/answer/subject.js'
import { entityKinds } from '../../dist/graph/kinds/entity-kinds.js'
import { simulate, toExpect } from '../../dist/graph/outage/simulate.js'
import { naiveOutages } from './naive.mjs'
import { race } from './rounds.mjs'

const CREDENTIALS = 20

/**
 * One outage, both runs, starts and ends: the most used credentials one after the other. The naive fixpoint, which shares
 * no code with the engine, says what is right; it is slow, so on large sizes it checks fewer of them.
 */
export async function benchOutage({ size, rounds, imported }) {
  const estate = buildEstate(imported.scopes, { id: 'bench', at: null, sample: false })
  const model = modelOf(estate, { op: 'revoke' })
  const naiveInput = engineInput(estate, { op: 'revoke' })
  const subjects = mostUsed(estate).slice(0, CREDENTIALS)
  const changes = subjects.map((subject) => changeOf(estate, subject, 'revoke', undefined, placesOf(estate, subject)))
  const checked = estate.entities.length > 20_000 ? 1 : 3
  const expected = changes.slice(0, checked).map((change) => naiveOutages(naiveInput, change))
  const affected = changes.reduce((sum, change) => sum + simulate(model, change).entities.length, 0)

  const times = await race(
    rounds,
    {
      [`engine, ${changes.length} credentials`]: () => changes.map((change) => simulate(model, change)),
      ...(estate.entities.length <= 20_000 && {
        [`naive fixpoint, ${checked} of them`]: () =>
          changes.slice(0, checked).map((change) => naiveOutages(naiveInput, change)),
      }),
    },
    (found) => {
      const outages = [...found.values()][0]
      expected.forEach((one, at) => assert.deepEqual(Object.fromEntries(toExpect(outages[at])), one))
    },
  )
  const perOutage = Object.values(times)[0].median / changes.length
  return [
    {
      name: 'outage',
      size,
      what: `revoke each of the ${changes.length} most used credentials; ${(affected / changes.length).toFixed(0)} affected on average`,
      times,
      figures: { 'ms an outage': perOutage.toFixed(3), 'answers checked by the naive twin': checked },
    },
  ]
}

function mostUsed(estate) {
  const used = (index) => estate.in.start[index + 1] - estate.in.start[index]
  return [...estate.entities.keys()]
    .filter((index) => entityKinds[estate.entities[index].kind].role === 'credential')
    .sort((a, b) => used(b) - used(a) || a - b)
}
